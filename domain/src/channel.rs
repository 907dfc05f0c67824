//! Vendor channels and the fields of their credentials (tpns-and-im 1.5, vendors 9.1).

mod cards;

use crate::{
    ApplicationId, PackageId, Secret, Timestamp, field::FieldFault, field::Format, parcel::LaneKey, product::Platform,
    product::named_enum,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

named_enum! {
    /// A way to a device: Apple's, or an Android vendor's.
    Channel {
        /// Apple Push Notification service.
        Apns = "apns",
        /// Huawei.
        Huawei = "huawei",
        /// Honor.
        Honor = "honor",
        /// Xiaomi.
        Xiaomi = "xiaomi",
        /// OPPO.
        Oppo = "oppo",
        /// vivo.
        Vivo = "vivo",
        /// Meizu.
        Meizu = "meizu",
        /// Firebase Cloud Messaging.
        Fcm = "fcm",
    }
}

impl Channel {
    /// The maker's own spelling; the same in both languages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Apns => "APNs",
            Self::Huawei => "Huawei",
            Self::Honor => "HONOR",
            Self::Xiaomi => "Xiaomi",
            Self::Oppo => "OPPO",
            Self::Vivo => "vivo",
            Self::Meizu => "Meizu",
            Self::Fcm => "FCM",
        }
    }

    /// Whether the vendor reports back what became of a message; the others are measured by the device's `ack` alone.
    pub const fn has_receipts(self) -> bool {
        !matches!(self, Self::Apns | Self::Fcm)
    }

    /// Whether each call tells the vendor where to report to; the others are told in their own console.
    pub const fn is_told_where_to_report(self) -> bool {
        matches!(self, Self::Xiaomi | Self::Oppo | Self::Vivo | Self::Meizu)
    }

    /// Whether the vendor's credential serves several package names of one developer: a Firebase project holds several
    /// apps, and Xiaomi's `AppSecret` may name several packages (vendors 2, 5). A package without keys of its own then
    /// is served by those of the main one.
    pub const fn serves_several_packages(self) -> bool {
        matches!(self, Self::Fcm | Self::Xiaomi)
    }

    /// The channels that a platform's application can have.
    pub fn of(platform: Platform) -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(move |channel| (*channel == Self::Apns) == platform.is_apple())
    }

    /// The fields of the channel's card, in the order shown. APNs has none: it has certificates.
    pub const fn fields(self) -> &'static [ChannelField] {
        match self {
            Self::Apns => &[],
            Self::Huawei => cards::HUAWEI,
            Self::Honor => cards::HONOR,
            Self::Xiaomi => cards::XIAOMI,
            Self::Oppo => cards::OPPO,
            Self::Vivo => cards::VIVO,
            Self::Meizu => cards::MEIZU,
            Self::Fcm => cards::FCM,
        }
    }
}

/// A vendor channel's card of an application: the vendor's keys of one of its packages.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
pub struct Card {
    /// Whose keys.
    pub package: PackageId,
    /// Which vendor's.
    pub channel: Channel,
}

impl Card {
    /// The card of the application's own package name or Bundle ID.
    pub const fn main(channel: Channel) -> Self {
        Self {
            package: PackageId::MAIN,
            channel,
        }
    }

    /// What is sent with these keys.
    pub const fn lane(self, application: ApplicationId) -> LaneKey {
        LaneKey {
            application,
            package: self.package,
            channel: self.channel,
        }
    }
}

/// One field of a vendor channel's card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChannelField {
    /// The name in the form and in the stored record.
    pub name: &'static str,
    /// The vendor's own label; the same in both languages.
    pub label: &'static str,
    /// Whether it is write-only and stored encrypted.
    pub secret: bool,
    /// Whether the channel cannot work without it.
    pub required: bool,
    /// How it is typed and checked.
    pub form: FieldForm,
    /// What the console says under it.
    pub hint: Option<ChannelHint>,
}

/// How a field of a card is typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldForm {
    /// One line.
    Text,
    /// One line of digits.
    Number,
    /// A file or pasted JSON.
    ServiceAccount,
    /// One of [`REGIONS`].
    Region,
}

/// Xiaomi's regions; `cn` counts when none is given.
pub const REGIONS: [&str; 6] = ["cn", "global", "eu", "ru", "in", "sg"];

/// Hints under the fields; the sentences are the console's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChannelHint {
    /// Used when a message names no channel id.
    DefaultChannelId,
    /// Used when a message names no category; IM messages want "IM".
    Category,
    /// The launcher Activity's class; without it the badge does not work.
    BadgeClass,
    /// The server does not need it; kept for the client.
    ClientOnly,
    /// The Master Secret, which is often confused with the App Secret.
    MasterSecret,
    /// Where to get the file.
    ServiceAccount,
    /// Only for devices with HarmonyOS 5 or later.
    HarmonyOs,
    /// User and key under which receipts are signed; both or none.
    CallbackSignature,
    /// Which of Xiaomi's hosts knows the application.
    Region,
}

impl ChannelField {
    /// Checks what was typed. An empty optional field is `Ok("")`.
    pub fn check(&self, text: &str) -> Result<String, FieldFault> {
        let text = text.trim();
        match () {
            () if text.is_empty() && self.required => Err(FieldFault::Required),
            () if self.form == FieldForm::ServiceAccount => Ok(text.to_owned()),
            () if text.chars().count() > 512 => Err(FieldFault::TooLong { max: 512 }),
            () if text.chars().any(|c| c.is_control() || c.is_whitespace()) => Err(FieldFault::ControlCharacters),
            () if self.form == FieldForm::Number && !text.chars().all(|c| c.is_ascii_digit()) => {
                Err(FieldFault::Format(Format::Number))
            }
            () if self.form == FieldForm::Region && !text.is_empty() && !REGIONS.contains(&text) => {
                Err(FieldFault::NotAChoice)
            }
            () => Ok(text.to_owned()),
        }
    }
}

/// A vendor channel of an application as the console shows it: secrets are told by their fingerprints.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ChannelView {
    /// Which.
    pub channel: Channel,
    /// Whether anything was saved.
    pub configured: bool,
    /// The enable switch.
    pub enabled: bool,
    /// The values of the fields that are not secret.
    pub values: BTreeMap<String, String>,
    /// For each secret that is set, when and by whom.
    pub secrets: BTreeMap<String, SecretNote>,
    /// Trouble that paused it.
    pub trouble: Option<ChannelTrouble>,
    /// What came of asking the vendor, newest version of the credential first; empty when it was never asked.
    pub verifications: Vec<Verification>,
    /// Where the vendor reports to; `None` where it reports nothing, or before the card is first saved.
    pub receipts: Option<crate::receipt::ReceiptView>,
}

impl ChannelView {
    /// Whether something is stored that the vendor has not yet been asked about.
    pub fn is_unverified(&self) -> bool {
        self.configured && !self.verifications.iter().any(|verification| verification.current)
    }
}

/// What came of asking a vendor whether a credential works.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Verification {
    /// The environment of the credential; production where the vendor has one world only.
    pub environment: crate::certificate::Environment,
    /// When.
    pub at: Timestamp,
    /// Whether the vendor took it.
    pub works: bool,
    /// Whether it refused it; neither means that the vendor could not be asked.
    pub refused: bool,
    /// The vendor's own code, or a word of ours where no answer came.
    pub vendor_code: String,
    /// The vendor's own text, capped.
    pub vendor_text: String,
    /// Whether this credential is still the one in force.
    pub current: bool,
}

/// What may be told of a write-only secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SecretNote {
    pub set_at: Timestamp,
    pub set_by: String,
    /// The first 8 hexadecimal digits of the SHA-256 of the secret.
    pub fingerprint: String,
}

/// Why a lane is paused: the vendor refused the credential.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ChannelTrouble {
    pub since: Timestamp,
    /// The vendor's own code.
    pub vendor_code: String,
    /// The vendor's own text, capped.
    pub vendor_text: String,
}

/// What the operator typed into a card. Empty secrets keep what is stored.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct ChannelChange {
    /// The enable switch.
    pub enabled: bool,
    /// Values of fields by name, secret or not.
    pub values: BTreeMap<String, Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_but_apple_has_a_required_secret() {
        for channel in Channel::ALL.iter().filter(|c| **c != Channel::Apns) {
            assert!(channel.fields().iter().any(|f| f.secret && f.required), "{channel:?}");
            assert_eq!(Channel::from_name(channel.name()), Some(*channel));
        }
    }

    #[test]
    fn an_apple_application_has_apns_and_an_android_one_the_seven_vendors() {
        assert_eq!(Channel::of(Platform::Ios).collect::<Vec<_>>(), [Channel::Apns]);
        assert_eq!(Channel::of(Platform::Android).count(), 7);
    }

    #[test]
    fn a_region_is_one_of_the_vendor_s() {
        let field = Channel::Xiaomi
            .fields()
            .iter()
            .find(|f| f.name == "region")
            .expect("a field");
        assert_eq!(field.check("eu"), Ok("eu".into()));
        assert_eq!(field.check(""), Ok(String::new()));
        assert_eq!(field.check("mars"), Err(FieldFault::NotAChoice));
    }

    #[test]
    fn a_blank_around_a_key_is_trimmed_and_one_inside_refused() {
        let field = Channel::Vivo.fields()[0];
        assert_eq!(field.check(" 10004 "), Ok("10004".into()));
        assert_eq!(field.check("10 04"), Err(FieldFault::ControlCharacters));
        assert_eq!(field.check("abc"), Err(FieldFault::Format(Format::Number)));
    }
}
