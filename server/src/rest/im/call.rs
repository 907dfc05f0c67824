//! Who calls: the query parameters of an IM REST call, checked in the documented order.

use super::{
    frame::{Refusal, code},
    usersig::{Expected, TicketFault},
};
use crate::rest::RestState;
use axum::{extract::Query, http::Uri};
use domain::{SdkAppId, field};
use serde::Deserialize;

/// The parameters that every call carries; their names are case-sensitive.
#[derive(Clone, Deserialize, Default)]
pub struct Credentials {
    /// The IM application.
    #[serde(default)]
    pub sdkappid: String,
    /// The `UserID` the ticket belongs to.
    #[serde(default)]
    pub identifier: String,
    /// The ticket.
    #[serde(default)]
    pub usersig: String,
    /// Only checked for its form; absent is tolerated, as it proves nothing.
    #[serde(default)]
    pub random: Option<String>,
}

/// A caller whose ticket was verified.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The IM application.
    pub sdk_app_id: SdkAppId,
    /// The `UserID`.
    pub identifier: String,
    /// Whether it is an administrator of the IM application.
    pub administrator: bool,
    /// Whether the IM application is enabled.
    pub enabled: bool,
}

impl Credentials {
    /// From the query of a request's address.
    pub fn of_query(uri: &Uri) -> Result<Self, Refusal> {
        let query = Query::try_from_uri(uri);
        query.map(|Query(credentials)| credentials).map_err(|_| {
            let info = "the query of the address cannot be read: a parameter stands twice, or is wrongly encoded";
            Refusal::new(code::HTTP, info)
        })
    }

    /// Verifies them, for an IM application that this node serves. A guesser waits for the answer.
    pub async fn admit(&self, state: &RestState, address: &str) -> Result<Caller, Refusal> {
        let caller = self.verify(state, address);
        if caller
            .as_ref()
            .is_err_and(|refusal| refusal.code == TicketFault::TooMany.code())
        {
            state.tickets.hold().await;
        }
        caller
    }

    fn verify(&self, state: &RestState, address: &str) -> Result<Caller, Refusal> {
        let sdk_app_id = self.checked_sdk_app_id()?;
        if self.identifier.is_empty() {
            return Err(Refusal::new(
                code::IDENTIFIER,
                "identifier is missing: the UserID that made the UserSig",
            ));
        }
        if field::user_id(&self.identifier).is_err() {
            let info = "identifier is not a UserID: 1 to 32 letters, digits, _ or -";
            return Err(Refusal::new(code::IDENTIFIER, info));
        }
        if self.usersig.is_empty() {
            return Err(TicketFault::Empty.into());
        }
        let now = state.clock.now();
        let Some(entry) = state.directory.get(sdk_app_id) else {
            let tickets = &state.tickets;
            tickets.check_for_nobody(&self.usersig, sdk_app_id, &self.identifier, address, now)?;
            return Err(TicketFault::OtherKey.into());
        };
        let expected = Expected {
            sdk_app_id,
            identifier: &self.identifier,
            key: &entry.key,
        };
        state.tickets.check(&self.usersig, expected, address, now)?;
        state.places.check(&entry.access_point)?;
        Ok(Caller {
            sdk_app_id,
            administrator: entry.administrators.iter().any(|name| *name == self.identifier),
            enabled: entry.route.enabled,
            identifier: self.identifier.clone(),
        })
    }

    /// The IM application that is named, where all else that a call says has its form.
    pub fn checked_sdk_app_id(&self) -> Result<SdkAppId, Refusal> {
        self.check_random()?;
        self.sdk_app_id()
    }

    fn sdk_app_id(&self) -> Result<SdkAppId, Refusal> {
        if self.sdkappid.is_empty() {
            return Err(Refusal::new(
                code::NO_SDK_APP_ID,
                "sdkappid is missing in the query of the address",
            ));
        }
        let number = self.sdkappid.parse::<u32>();
        let number =
            number.map_err(|_| Refusal::new(code::SDK_APP_ID, "sdkappid is not a number such as 1400000001"))?;
        Ok(SdkAppId(number.into()))
    }

    fn check_random(&self) -> Result<(), Refusal> {
        match &self.random {
            Some(random) if random.parse::<u32>().is_err() => Err(Refusal::new(
                code::HTTP,
                "random must be an integer from 0 to 4294967295",
            )),
            _ => Ok(()),
        }
    }
}

impl Caller {
    /// Refuses callers that are not administrators, with the code of the service asked.
    pub fn require_administrator(&self, refusal: u32) -> Result<(), Refusal> {
        if self.administrator {
            return Ok(());
        }
        let info = format!(
            "{} is not an administrator of the SDKAppID {}",
            self.identifier, self.sdk_app_id
        );
        Err(Refusal::new(refusal, info))
    }

    /// Refuses calls for a disabled IM application.
    pub fn require_enabled(&self) -> Result<(), Refusal> {
        if self.enabled {
            return Ok(());
        }
        let info = format!(
            "the IM application {} is disabled: enable it in the console",
            self.sdk_app_id
        );
        Err(Refusal::new(code::DISABLED, info))
    }
}
