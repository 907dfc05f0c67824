//! Access tokens handed out, and whose they are.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::application::Application;
use crate::vendors::Vendor;

#[derive(Clone, Debug)]
struct Grant {
    application: Arc<Application>,
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
    pub(crate) fn remember(&self, token: String, application: Arc<Application>, expires_ms: i64, now_ms: i64) {
        let mut grants = self.lock();
        if grants.len() >= 10_000 {
            grants.retain(|_, grant| grant.expires_ms > now_ms);
        }
        grants.insert(
            token,
            Grant {
                application,
                expires_ms,
            },
        );
    }

    /// Whose token this is.
    pub(crate) fn owner(&self, vendor: Vendor, token: &str, now_ms: i64) -> Result<Arc<Application>, Spent> {
        let grants = self.lock();
        let grant = grants.get(token).filter(|grant| grant.application.vendor == vendor);
        match grant {
            None => Err(Spent::Unknown),
            Some(grant) if now_ms >= grant.expires_ms => Err(Spent::Expired),
            Some(grant) => Ok(Arc::clone(&grant.application)),
        }
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Grant>> {
        self.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Grants, Spent};
    use crate::application::Application;
    use crate::vendors::Vendor;

    #[test]
    fn a_token_opens_its_own_vendor_until_its_life_is_over() {
        let (grants, own) = (Grants::default(), Arc::new(Application::oppo("key", "secret")));
        grants.remember("t".to_owned(), own, 1000, 0);
        assert_eq!(grants.owner(Vendor::Oppo, "t", 999).unwrap().id, "key");
        assert_eq!(grants.owner(Vendor::Oppo, "t", 1000).unwrap_err(), Spent::Expired);
        assert_eq!(grants.owner(Vendor::Vivo, "t", 0).unwrap_err(), Spent::Unknown);
    }
}
