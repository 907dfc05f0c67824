//! Asking vendors about a credential, over the channels that pushes go through.

use async_trait::async_trait;
use dispatcher::Channel;
use domain::{
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::{Attempt, Verdict},
    parcel::{LaneKey, VersionedCredential},
    ports::{Verifier, VerifyOutcome},
    truncate,
};
use std::{collections::HashMap, fmt, sync::Arc};

/// The channels of this process; none for a command line tool.
#[derive(Default)]
pub struct Vendors {
    channels: HashMap<ChannelKind, Arc<dyn Channel>>,
}

impl fmt::Debug for Vendors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.channels.keys()).finish()
    }
}

impl Vendors {
    /// Over these channels.
    pub fn new(channels: Vec<Arc<dyn Channel>>) -> Self {
        let by_kind = channels.into_iter().map(|channel| (channel.kind(), channel));
        Self {
            channels: by_kind.collect(),
        }
    }
}

#[async_trait]
impl Verifier for Vendors {
    async fn verify(
        &self,
        lane: LaneKey,
        environment: Environment,
        credential: &VersionedCredential,
        identifier: &str,
    ) -> Option<VerifyOutcome> {
        let channel = self.channels.get(&lane.channel)?;
        let outcome = channel.verify(credential, environment, identifier).await;
        Some(VerifyOutcome {
            works: outcome.verdict == Verdict::Accepted,
            refused: outcome.verdict == Verdict::CredentialBroken,
            vendor_code: outcome.vendor_code,
            vendor_text: truncate::chars(&outcome.vendor_text, Attempt::MAX_TEXT),
        })
    }
}
