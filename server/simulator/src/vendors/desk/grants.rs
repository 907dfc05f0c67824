//! Access tokens handed out, and whose they are: the id only, because what is known of an application can change while
//! its tokens live.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::application::Application;
use crate::vendors::Vendor;
use crate::world::World;

#[derive(Clone, Debug)]
struct Grant {
    vendor: Vendor,
    application: String,
    expires_ms: i64,
}

/// Why a token is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    /// Never handed out, or by another vendor.
    Unknown,
    /// Its life is over.
    Expired,
}

/// All tokens. Several of one application live side by side.
#[derive(Debug, Default)]
pub(crate) struct Grants {
    grants: Mutex<HashMap<String, Grant>>,
}

impl Grants {
    /// Remembers a token, and forgets those that have run out if there are many.
    fn remember(&self, token: String, grant: Grant, now_ms: i64) {
        let mut grants = self.lock();
        if grants.len() >= 10_000 {
            grants.retain(|_, grant| grant.expires_ms > now_ms);
        }
        grants.insert(token, grant);
    }

    /// The id of the application a token was given to.
    fn owner(&self, vendor: Vendor, token: &str, now_ms: i64) -> Result<String, Spent> {
        let grants = self.lock();
        match grants.get(token).filter(|grant| grant.vendor == vendor) {
            None => Err(Spent::Unknown),
            Some(grant) if now_ms >= grant.expires_ms => Err(Spent::Expired),
            Some(grant) => Ok(grant.application.clone()),
        }
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Grant>> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    /// Lets a token stand for an application, for the life it was registered with or the vendor's usual one. Returns that
    /// life, in seconds.
    pub(crate) fn grant(&self, token: &str, application: &Application, usual_life_s: u64) -> u64 {
        let life_s = application.token_life_s.unwrap_or(usual_life_s);
        let expires_ms = self.clock.now_ms().saturating_add_unsigned(life_s.saturating_mul(1000));
        self.grant_until(token, application, expires_ms);
        life_s
    }

    /// As `grant`, to the end the token itself names.
    pub(crate) fn grant_until(&self, token: &str, application: &Application, expires_ms: i64) {
        let grant = Grant {
            vendor: application.vendor,
            application: application.id.clone(),
            expires_ms,
        };
        self.desk.grants.remember(token.to_owned(), grant, self.clock.now_ms());
    }

    /// Whose token this is.
    pub(crate) fn owner(&self, vendor: Vendor, token: &str) -> Result<Arc<Application>, Spent> {
        let id = self.desk.grants.owner(vendor, token, self.clock.now_ms())?;
        self.registry.application(vendor, &id).ok_or(Spent::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::{Grant, Grants, Spent};
    use crate::vendors::Vendor;

    #[test]
    fn a_token_opens_its_own_vendor_until_its_life_is_over() {
        let grants = Grants::default();
        let grant = Grant {
            vendor: Vendor::Oppo,
            application: "key".to_owned(),
            expires_ms: 1000,
        };
        grants.remember("t".to_owned(), grant, 0);
        assert_eq!(grants.owner(Vendor::Oppo, "t", 999), Ok("key".to_owned()));
        assert_eq!(grants.owner(Vendor::Oppo, "t", 1000), Err(Spent::Expired));
        assert_eq!(grants.owner(Vendor::Vivo, "t", 0), Err(Spent::Unknown));
    }
}
