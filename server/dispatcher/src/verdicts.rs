//! A channel's answers, read for the lane: is the vendor alive, does it ask for a pause, is the credential proven.

use crate::{
    channel::{Channel, Outcome},
    figures::Count,
    lane::Call,
    pacing::Pause,
    settings::Settings,
};
use domain::{
    Timestamp,
    delivery::{DeliveryState, Reason, Verdict},
    parcel::Settlement,
    retry,
};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, time::Duration};

/// Makes a call. Answers one outcome per parcel even when the channel breaks its contract.
pub(crate) async fn ask(channel: &dyn Channel, call: &Call, limit: Duration) -> Vec<Outcome> {
    let deliver = AssertUnwindSafe(channel.deliver(&call.credential, &call.batch)).catch_unwind();
    let (mut outcomes, missing) = match tokio::time::timeout(limit, deliver).await {
        Ok(Ok(outcomes)) => (outcomes, "no_outcome"),
        Ok(Err(_)) => (vec![], "panic"),
        Err(_) => (vec![], "call_limit"),
    };
    outcomes.resize_with(call.batch.len(), || no_answer(missing));
    outcomes
}

/// What is noted when a channel breaks its contract.
fn no_answer(code: &str) -> Outcome {
    Outcome {
        verdict: Verdict::RetryLater { after_ms: None },
        vendor_status: None,
        vendor_code: code.into(),
        vendor_text: String::new(),
        vendor_id: String::new(),
        duration_ms: 0,
    }
}

/// Whether the vendor did not answer, or answered that it is broken.
pub(crate) fn is_fault(outcome: &Outcome) -> bool {
    matches!(outcome.verdict, Verdict::RetryLater { .. }) && outcome.vendor_status.is_none_or(|status| status >= 500)
}

/// Whether the vendor took the credential and judged the push.
pub(crate) fn judges_the_push(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Accepted | Verdict::RecipientGone { .. } | Verdict::MessageRejected | Verdict::DeviceThrottled { .. }
    )
}

/// The pause a verdict asks of the whole lane.
pub(crate) fn pause(verdict: Verdict, now: Timestamp, settings: &Settings) -> Option<Pause> {
    match verdict {
        Verdict::Throttled { after_ms } => {
            let wait = retry::bounded(&settings.retry, after_ms).max(settings.throttle_floor_ms.into());
            Some(Pause {
                until: now.plus_ms(wait),
                why: Reason::Throttled,
            })
        }
        Verdict::QuotaSpent { until } => Some(Pause {
            until,
            why: Reason::QuotaSpent,
        }),
        _ => None,
    }
}

/// What a settlement counts as.
pub(crate) fn count(settlement: &Settlement) -> Count {
    use Reason::{ChannelDisabled, CredentialBroken, NoCredential, NoCredentialForEnvironment};
    match (settlement.state, settlement.reason) {
        (DeliveryState::Sent, _) => Count::Sent,
        (DeliveryState::Expired, _) => Count::Expired,
        (DeliveryState::Failed, _) => Count::Failed,
        (_, Some(CredentialBroken | NoCredential | NoCredentialForEnvironment | ChannelDisabled)) => Count::Held,
        _ => Count::Retried,
    }
}
