//! What travels between the outbox, the dispatcher's runner and a channel.

use crate::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PackageId, PlanId, Secret, Timestamp,
    certificate::Environment,
    channel::Channel,
    delivery::{Attempt, DeliveryState, Reason},
    message::Notification,
};
use std::sync::Arc;

/// A lane: deliveries through one credential, that of an application's package for a channel. Lanes never delay each
/// other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LaneKey {
    /// The application.
    pub application: ApplicationId,
    /// The package whose credential is used, which may be the main one for a device of another.
    pub package: PackageId,
    /// The channel.
    pub channel: Channel,
}

impl LaneKey {
    /// A lane of the application's own package name or Bundle ID.
    pub const fn main(application: ApplicationId, channel: Channel) -> Self {
        Self {
            application,
            package: PackageId::MAIN,
            channel,
        }
    }
}

/// A delivery under lease, ready to be handed to a vendor.
#[derive(Clone, PartialEq, Debug)]
pub struct Parcel {
    /// Which delivery; the vendor-side id is derived from it.
    pub delivery: DeliveryId,
    /// The message it is a delivery of. Together with the vendor's token it names the delivery in a receipt of a call
    /// for many devices.
    pub message: MessageId,
    /// The plan it is booked under.
    pub plan: PlanId,
    /// The lane it belongs to.
    pub lane: LaneKey,
    /// The device.
    pub device: DeviceId,
    /// The vendor's token for it.
    pub vendor_token: String,
    /// Package name or Bundle ID.
    pub identifier: String,
    /// APNs environment of the token.
    pub environment: Environment,
    /// Whether the device runs HarmonyOS 5 or later, whose tokens Huawei takes by another interface (vendors 3.2).
    pub harmony_os: bool,
    /// When the device last registered this token; a vendor's "gone since" counts only if it is later.
    pub registered_at: Timestamp,
    /// Tries made before this one.
    pub attempts: u32,
    /// The badge to show, when it counts.
    pub badge: Option<u32>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When it is given up.
    pub expires_at: Timestamp,
    /// Until when this node may send it; afterwards another may have claimed it.
    pub leased_until: Timestamp,
    /// What to show.
    pub notification: Arc<Notification>,
}

/// What came of a try, and what follows. Written in one transaction with its neighbours.
#[derive(Clone, PartialEq, Debug)]
pub struct Settlement {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// The plan, for the counters.
    pub plan: PlanId,
    /// The lane, for the counters.
    pub lane: LaneKey,
    /// The device, for retiring its token.
    pub device: DeviceId,
    /// The token that was tried; a device that registered another one meanwhile is left alone.
    pub vendor_token: String,
    /// The try; `None` when none was made (lane paused, TTL over).
    pub attempt: Option<Attempt>,
    /// The next state.
    pub state: DeliveryState,
    /// The reason, unless it was sent.
    pub reason: Option<Reason>,
    /// When to try again; `None` for terminal states.
    pub due_at: Option<Timestamp>,
    /// Since when the token is dead, when the vendor says so.
    pub token_dead_since: Option<Timestamp>,
}

/// What a channel signs in with. Belongs to an application; handed over per call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Credential {
    /// A team's .p8 key.
    ApnsToken {
        /// PEM, PKCS#8.
        key: Secret,
        /// 10 characters.
        key_id: String,
        /// 10 characters.
        team_id: String,
        /// The Bundle ID.
        topic: String,
    },
    /// A TLS client certificate.
    ApnsCertificate {
        /// Certificate chain and key as PEM.
        pem: Secret,
        /// The Bundle ID.
        topic: String,
    },
    /// A Google service account.
    Fcm {
        /// The JSON file.
        service_account: Secret,
        /// Used when a message names no channel id; may be empty.
        channel_id: String,
    },
    /// An application at Huawei; optional fields may be empty (vendors 3).
    Huawei {
        /// `AppID`, the client id of the OAuth call.
        app_id: String,
        /// `Client Secret`.
        app_secret: Secret,
        /// The service account's JSON file, for devices with HarmonyOS 5 or later; empty when there is none.
        service_account: Secret,
        /// Used when a message names no channel id.
        channel_id: String,
        /// Used when a message names no category.
        category: String,
        /// The launcher Activity's class, without which no badge is set.
        badge_class: String,
    },
    /// An application at Honor (vendors 4).
    Honor {
        /// `AppID`, part of the URL.
        app_id: String,
        /// `ClientID`.
        client_id: String,
        /// `Client Secret`.
        client_secret: Secret,
        /// The launcher Activity's class, without which no badge is set; may be empty.
        badge_class: String,
    },
    /// An application at Xiaomi (vendors 5).
    Xiaomi {
        /// `AppSecret`, sent with each request.
        app_secret: Secret,
        /// Used when a message names no channel id; may be empty.
        channel_id: String,
        /// `cn` (or empty), `global`, `eu`, `ru`, `in` or `sg`: which of Xiaomi's hosts knows the application.
        region: String,
    },
    /// An application at OPPO (vendors 6).
    Oppo {
        /// `AppKey`.
        app_key: String,
        /// `MasterSecret`.
        master_secret: Secret,
        /// Used when a message names no channel id; may be empty.
        channel_id: String,
    },
    /// An application at vivo (vendors 7).
    Vivo {
        /// `AppID`, digits.
        app_id: String,
        /// `AppKey`.
        app_key: String,
        /// `AppSecret`.
        app_secret: Secret,
    },
    /// An application at Meizu (vendors 8).
    Meizu {
        /// `AppID`.
        app_id: String,
        /// `AppSecret`.
        app_secret: Secret,
    },
}

/// A credential with the version under which caches keep what they derive from it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionedCredential {
    /// Changes whenever the credential is replaced.
    pub version: i64,
    /// The credential.
    pub credential: Arc<Credential>,
    /// Where the vendor is told to report what became of a message; the address holds a secret. Empty where vendors
    /// report nothing, where they are told so in their own console, or while the server has no public address.
    pub receipt_url: Secret,
}
