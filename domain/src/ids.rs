//! Identifiers as types, so that one can never be passed for another.
//!
//! All are 64-bit integers made on the server: time-ordered for rows of ours, numbered by the vendor's convention
//! for the two that people see (Access ID, `SDKAppID`).

use serde::{Deserialize, Serialize};
use std::{fmt, num::ParseIntError, str::FromStr};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// A person who signs in: a root account or one of its sub-accounts.
    AccountId;
    /// A product: the container with one service access point and at most one application per platform.
    ProductId;
    /// An application of a product (internal number; people see the [`AccessId`]).
    ApplicationId;
    /// The 10-digit public number of an application: 15… Android, 16… iOS, 17… macOS.
    AccessId;
    /// The public number of an IM application: 1400…
    SdkAppId;
    /// A passkey of an account.
    PasskeyId;
    /// An API key of an IM back end.
    ApiKeyId;
    /// The permission of an IM application to push through an application.
    AuthorisationId;
    /// One more package name of an Android application; [`PackageId::MAIN`] stands for the application's own.
    PackageId;
    /// An uploaded APNs certificate or key.
    CertificateId;
    /// A push plan.
    PlanId;
    /// A message as the IM back end handed it over.
    MessageId;
    /// One message for one device: what a vendor is asked to deliver.
    DeliveryId;
    /// One installation of an application on a device.
    DeviceId;
    /// An outbound webhook of an application.
    WebhookId;
    /// An alarm.
    AlarmId;
    /// Somebody who is told of alarms.
    RecipientId;
}

impl PackageId {
    /// The package name of the application itself, which has no row of its own.
    pub const MAIN: Self = Self(0);

    /// Whether it is the application's own.
    pub const fn is_main(self) -> bool {
        self.0 == Self::MAIN.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        assert_eq!(AccessId(1_500_000_001).to_string().parse(), Ok(AccessId(1_500_000_001)));
        assert!("15x".parse::<AccessId>().is_err());
    }
}
