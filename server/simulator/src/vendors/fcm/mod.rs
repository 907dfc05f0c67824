//! Firebase Cloud Messaging, HTTP v1, and Google's token endpoint, on one TLS listener with HTTP/2 and HTTP/1.1.
//!
//! `exchange` routes and notes a request, `oauth` hands out access tokens, `send` is `messages:send` with `schema` and
//! `message` behind it, `answers` writes Google's error bodies from the codes in `error_code`.

mod answers;
pub(crate) mod error_code;
mod exchange;
mod message;
mod oauth;
mod quota;
mod schema;
mod send;
pub(crate) mod tls;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio_rustls::TlsAcceptor;

use crate::socket::{Socket, Switch};
use crate::vendors::{Vendor, desk};
use crate::world::World;

/// Serves one TCP connection until it ends.
pub(crate) async fn serve(world: Arc<World>, tls: TlsAcceptor, socket: Socket, switch: Switch) {
    let pair = (socket, switch);
    desk::connection::serve(world, Vendor::Fcm, tls, pair, |connection, request| async move {
        exchange::run(&connection, request).await
    })
    .await;
}

/// An access token somebody was given.
#[derive(Clone, Debug)]
struct Access {
    project: String,
    expires_ms: i64,
    /// Whether its scopes include messaging.
    messaging: bool,
}

/// What the FCM side remembers between requests.
#[derive(Debug, Default)]
pub(crate) struct FcmState {
    access: Mutex<HashMap<String, Access>>,
    quota: quota::Quota,
    token_uri: OnceLock<String>,
}

impl FcmState {
    /// Tells the token endpoint its own address, one of the two audiences it accepts.
    pub(crate) fn set_token_uri(&self, uri: &str) {
        // Set once at start; a second call would be a second start.
        let _ = self.token_uri.set(uri.to_owned());
    }

    /// Forgets access tokens and quotas.
    pub(crate) fn reset(&self) {
        self.access().clear();
        self.quota.reset();
    }

    fn access(&self) -> MutexGuard<'_, HashMap<String, Access>> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
