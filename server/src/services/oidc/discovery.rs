//! What the provider says of itself, and its keys: read once an hour, and when a token names a key that is not known.

use super::wire::ProviderWire;
use domain::{Timestamp, provider::Refused, time::Clock};
use openidconnect::{
    IssuerUrl,
    core::{CoreJsonWebKeySet, CoreProviderMetadata},
};
use std::{fmt, sync::Arc};
use tokio::sync::Mutex;

/// How long a description is good.
const FRESH_MS: i64 = 60 * 60_000;
/// How long one serves on while the provider does not answer.
const STALE_MS: i64 = 24 * 60 * 60_000;
/// How long nobody else is kept waiting for a provider that has just failed to answer.
const PAUSE_MS: i64 = 5_000;
/// Keys are asked for again no more often than this: who sends unknown ones must not make us call.
const KEYS_AGAIN_MS: i64 = 60_000;

/// The provider's description, as it was read last.
pub(super) struct Discovery {
    issuer: IssuerUrl,
    wire: Arc<ProviderWire>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Timestamp)>,
    failed_at: Option<Timestamp>,
    keys_at: Option<Timestamp>,
}

impl fmt::Debug for Discovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Discovery").field(&self.issuer.as_str()).finish()
    }
}

impl Discovery {
    pub(super) fn new(issuer: IssuerUrl, wire: Arc<ProviderWire>, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer,
            wire,
            clock,
            known: Mutex::default(),
        }
    }

    /// The description with its keys.
    pub(super) async fn read(&self) -> Result<Arc<CoreProviderMetadata>, Refused> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let age = known.metadata.as_ref().map(|(_, at)| now.ms_since(*at));
        let metadata = known.metadata.as_ref().map(|(metadata, _)| Arc::clone(metadata));
        if let (Some(age), Some(metadata)) = (age, &metadata)
            && age < FRESH_MS
        {
            return Ok(Arc::clone(metadata));
        }
        let usable = metadata.filter(|_| age.is_some_and(|age| age < STALE_MS));
        if known.failed_at.is_some_and(|at| now.ms_since(at) < PAUSE_MS) {
            return usable.ok_or(Refused::Unreachable);
        }
        match CoreProviderMetadata::discover_async(self.issuer.clone(), &*self.wire).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((Arc::clone(&metadata), now));
                known.failed_at = None;
                Ok(metadata)
            }
            Err(fault) => {
                tracing::warn!(issuer = self.issuer.as_str(), cause = %said(&fault), "the identity provider's description cannot be read");
                known.failed_at = Some(now);
                usable.ok_or(Refused::Unreachable)
            }
        }
    }

    /// The description with keys read anew, because a token was signed with one that was not among them; none when that
    /// was done a moment ago.
    pub(super) async fn read_keys_again(&self) -> Option<Arc<CoreProviderMetadata>> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if known.keys_at.is_some_and(|at| now.ms_since(at) < KEYS_AGAIN_MS) {
            return None;
        }
        known.keys_at = Some(now);
        let (metadata, at) = known.metadata.clone()?;
        match CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &*self.wire).await {
            Ok(keys) => {
                let metadata = Arc::new(CoreProviderMetadata::clone(&metadata).set_jwks(keys));
                known.metadata = Some((Arc::clone(&metadata), at));
                Some(metadata)
            }
            Err(fault) => {
                tracing::warn!(issuer = self.issuer.as_str(), cause = %said(&fault), "the identity provider's keys cannot be read");
                None
            }
        }
    }
}

/// An error with its causes. Descriptions and keys are public, so the texts hold nothing secret.
pub(super) fn said(fault: &(dyn std::error::Error + 'static)) -> String {
    let mut text = fault.to_string();
    let mut source = fault.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
