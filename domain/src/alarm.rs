//! Alarms: what an operator should know before users do. One for each cause, however many messages it concerns.

use crate::{
    AccessId, AlarmId, ApplicationId, CertificateId, PackageId, Timestamp, channel::Channel, quota::QuotaClass,
};
use serde::{Deserialize, Serialize};

/// A certificate is an alarm for so long before it ends, in milliseconds: two weeks.
pub const CERTIFICATE_WARNING_MS: i64 = 14 * 86_400_000;
/// The most ended alarms that the list shows.
pub const MAX_HISTORY: u32 = 100;
/// An alarm that ended is kept for so long, in milliseconds: 90 days.
pub const KEPT_MS: i64 = 90 * 86_400_000;

/// What is wrong, and where. As long as it lasts it is one alarm.
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
}

impl Cause {
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
        }
    }

    /// Reads [`Cause::key`] back.
    pub fn from_key(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.split('/').collect();
        match *parts.as_slice() {
            ["credential_refused", channel, package] => Some(Self::CredentialRefused {
                channel: Channel::from_name(channel)?,
                package: PackageId(package.parse().ok()?),
            }),
            ["certificate_ends", certificate] => Some(Self::CertificateEnds(CertificateId(certificate.parse().ok()?))),
            ["quota_spent", channel, package, class] => Some(Self::QuotaSpent {
                channel: Channel::from_name(channel)?,
                package: PackageId(package.parse().ok()?),
                class: QuotaClass::from_name(class)?,
            }),
            _ => None,
        }
    }
}

/// What is wrong at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Where.
    pub application: ApplicationId,
    /// What.
    pub cause: Cause,
    /// When a certificate ends, when a quota is full again.
    pub until: Option<Timestamp>,
    /// The vendor's own code; empty where no vendor spoke.
    pub vendor_code: String,
    /// The vendor's own text, or the subject of the certificate.
    pub text: String,
}

/// An alarm as the console shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct AlarmView {
    /// Its number.
    pub id: AlarmId,
    /// The application's Access ID.
    pub access_id: AccessId,
    /// The application's name.
    pub application: String,
    /// What is wrong.
    pub cause: Cause,
    /// See [`Finding::until`].
    pub until: Option<Timestamp>,
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
        ] {
            assert_eq!(Cause::from_key(&cause.key()), Some(cause));
        }
        for bad in ["", "quota_spent/xiaomi/7", "certificate_ends/x", "certificate_ends/1/2"] {
            assert_eq!(Cause::from_key(bad), None, "{bad}");
        }
    }
}
