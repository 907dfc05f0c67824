//! Alarms: what an operator should know before users do. One for each cause, however many messages it concerns.

pub mod recipient;

use crate::{
    AccessId, AccountId, AlarmId, ApplicationId, CertificateId, PackageId, Timestamp, channel::Channel,
    delivery::Reason, quota::QuotaClass,
};
use serde::{Deserialize, Serialize};

/// A certificate is an alarm for so long before it ends, in milliseconds: two weeks.
pub const CERTIFICATE_WARNING_MS: i64 = 14 * 86_400_000;
/// The most ended alarms that the list shows.
pub const MAX_HISTORY: u32 = 100;
/// An alarm that ended is kept for so long, in milliseconds: 90 days.
pub const KEPT_MS: i64 = 90 * 86_400_000;

/// What is wrong. As long as it lasts it is one alarm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
pub enum Cause {
    /// A vendor refuses the credential: the channel is paused, and messages wait.
    CredentialRefused {
        /// Which channel.
        channel: Channel,
        /// Of which package name.
        package: PackageId,
    },
    /// A push certificate in force ends soon, or has ended.
    CertificateEnds(CertificateId),
    /// A vendor's quota of the day is spent: messages of the class wait.
    QuotaSpent {
        /// Which channel.
        channel: Channel,
        /// Of which package name.
        package: PackageId,
        /// Of which class.
        class: QuotaClass,
    },
    /// Nothing goes through a vendor channel, and messages wait for it.
    LanePaused {
        /// Which channel.
        channel: Channel,
        /// Of which package name.
        package: PackageId,
        /// The vendor does not answer, asks to slow down, or there is nothing to send with.
        why: Reason,
        /// The node that cannot send.
        node: u32,
    },
    /// Messages that could go out have waited for long.
    MessagesWait {
        /// For which channel.
        channel: Channel,
        /// Of which package name.
        package: PackageId,
    },
    /// A vendor takes a smaller part of the messages than on any day of the week before.
    SuccessRateLow {
        /// Which channel.
        channel: Channel,
    },
    /// A vendor that reported arrivals reports none.
    ReceiptsStopped {
        /// Which channel.
        channel: Channel,
    },
    /// The disk under the data folder of a node is nearly full.
    DiskFilling {
        /// The node.
        node: u32,
    },
}

/// Where something is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// At an application.
    Application(ApplicationId),
    /// At the server: told to each root account on its own.
    Server(AccountId),
}

impl Cause {
    /// Whether tables of the control plane tell it, so that every node finds it.
    pub const fn is_recorded(self) -> bool {
        matches!(
            self,
            Self::CredentialRefused { .. } | Self::CertificateEnds(_) | Self::QuotaSpent { .. }
        )
    }

    /// The package name that it concerns; none where it is about no single one.
    pub const fn package(self) -> Option<PackageId> {
        match self {
            Self::CredentialRefused { package, .. }
            | Self::QuotaSpent { package, .. }
            | Self::LanePaused { package, .. }
            | Self::MessagesWait { package, .. } => Some(package),
            _ => None,
        }
    }

    /// The stable form in the database and in the audit log.
    pub fn key(self) -> String {
        match self {
            Self::CredentialRefused { channel, package } => format!("credential_refused/{}/{package}", channel.name()),
            Self::CertificateEnds(certificate) => format!("certificate_ends/{certificate}"),
            Self::QuotaSpent {
                channel,
                package,
                class,
            } => format!("quota_spent/{}/{package}/{}", channel.name(), class.name()),
            Self::LanePaused {
                channel,
                package,
                why,
                node,
            } => format!("lane_paused/{}/{package}/{}/{node}", channel.name(), why.name()),
            Self::MessagesWait { channel, package } => format!("messages_wait/{}/{package}", channel.name()),
            Self::SuccessRateLow { channel } => format!("success_rate_low/{}", channel.name()),
            Self::ReceiptsStopped { channel } => format!("receipts_stopped/{}", channel.name()),
            Self::DiskFilling { node } => format!("disk_filling/{node}"),
        }
    }

    /// Reads [`Cause::key`] back.
    pub fn from_key(key: &str) -> Option<Self> {
        let package = |id: &str| Some(PackageId(id.parse().ok()?));
        let parts: Vec<&str> = key.split('/').collect();
        match *parts.as_slice() {
            ["credential_refused", channel, of] => Some(Self::CredentialRefused {
                channel: Channel::from_name(channel)?,
                package: package(of)?,
            }),
            ["certificate_ends", certificate] => Some(Self::CertificateEnds(CertificateId(certificate.parse().ok()?))),
            ["quota_spent", channel, of, class] => Some(Self::QuotaSpent {
                channel: Channel::from_name(channel)?,
                package: package(of)?,
                class: QuotaClass::from_name(class)?,
            }),
            ["lane_paused", channel, of, why, node] => Some(Self::LanePaused {
                channel: Channel::from_name(channel)?,
                package: package(of)?,
                why: Reason::from_name(why)?,
                node: node.parse().ok()?,
            }),
            ["messages_wait", channel, of] => Some(Self::MessagesWait {
                channel: Channel::from_name(channel)?,
                package: package(of)?,
            }),
            ["success_rate_low", channel] => Some(Self::SuccessRateLow {
                channel: Channel::from_name(channel)?,
            }),
            ["receipts_stopped", channel] => Some(Self::ReceiptsStopped {
                channel: Channel::from_name(channel)?,
            }),
            ["disk_filling", node] => Some(Self::DiskFilling {
                node: node.parse().ok()?,
            }),
            _ => None,
        }
    }
}

/// What is wrong at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub cause: Cause,
    /// When a certificate ends, when a quota is full again, since when a lane is paused or a message waits.
    pub moment: Option<Timestamp>,
    /// The vendor's own code; empty where no vendor spoke.
    pub vendor_code: String,
    /// The vendor's own text, the subject of the certificate, or figures that need no words.
    pub text: String,
}

/// An alarm as the console shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct AlarmView {
    /// Its number.
    pub id: AlarmId,
    /// The application; none where the server is concerned.
    pub application: Option<(AccessId, String)>,
    /// What is wrong.
    pub cause: Cause,
    /// See [`Finding::moment`].
    pub moment: Option<Timestamp>,
    /// See [`Finding::vendor_code`].
    pub vendor_code: String,
    /// See [`Finding::text`].
    pub text: String,
    /// When it was found.
    pub raised_at: Timestamp,
    /// When it was found no more.
    pub ended_at: Option<Timestamp>,
    /// Who knows of it, and since when.
    pub acknowledged: Option<(String, Timestamp)>,
    /// Whether the reader may acknowledge it.
    pub may_acknowledge: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_reads_back_from_its_key() {
        let (channel, package) = (Channel::Xiaomi, PackageId(7));
        for cause in [
            Cause::CredentialRefused { channel, package },
            Cause::CertificateEnds(CertificateId(9)),
            Cause::QuotaSpent {
                channel,
                package,
                class: QuotaClass::Marketing,
            },
            Cause::LanePaused {
                channel,
                package,
                why: Reason::VendorUnavailable,
                node: 3,
            },
            Cause::MessagesWait { channel, package },
            Cause::SuccessRateLow { channel },
            Cause::ReceiptsStopped { channel },
            Cause::DiskFilling { node: 0 },
        ] {
            assert_eq!(Cause::from_key(&cause.key()), Some(cause));
        }
        for bad in ["", "quota_spent/xiaomi/7", "certificate_ends/x", "certificate_ends/1/2"] {
            assert_eq!(Cause::from_key(bad), None, "{bad}");
        }
    }
}
