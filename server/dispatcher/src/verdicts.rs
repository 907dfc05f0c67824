//! A channel's answers, read for the lane: is the vendor alive, does it ask for a pause, is the credential proven.

use crate::{
    channel::{Channel, Outcome},
    figures::Count,
    step::Call,
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
    match outcome.verdict {
        Verdict::RetryLater { .. } => outcome.vendor_status.is_none_or(|status| status >= 500),
        Verdict::AddressRefused => true,
        _ => false,
    }
}

/// Whether the vendor took the credential and judged the push.
pub(crate) fn judges_the_push(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Accepted | Verdict::RecipientGone { .. } | Verdict::MessageRejected | Verdict::DeviceThrottled { .. }
    )
}

/// Whether the vendor looked at the push itself, so that it is not its speed that it minds.
pub(crate) fn judges_the_pace(verdict: Verdict) -> bool {
    judges_the_push(verdict) || matches!(verdict, Verdict::QuotaSpent { .. } | Verdict::CredentialBroken)
}

/// The longest pause that the answers ask of the whole lane, in milliseconds.
pub(crate) fn asked_pause(outcomes: &[Outcome], policy: &retry::Policy) -> Option<i64> {
    let asked = outcomes.iter().filter_map(|outcome| match outcome.verdict {
        Verdict::Throttled { after_ms } => Some(retry::bounded(policy, after_ms)),
        _ => None,
    });
    asked.max()
}

/// The answer that says that a quota is spent, and until when: the latest.
pub(crate) fn spent_quota(outcomes: &[Outcome]) -> Option<(&Outcome, Timestamp)> {
    let spent = outcomes.iter().filter_map(|outcome| match outcome.verdict {
        Verdict::QuotaSpent { until } => Some((outcome, until)),
        _ => None,
    });
    spent.max_by_key(|(_, until)| *until)
}

/// What a settlement counts as.
pub(crate) fn count(settlement: &Settlement) -> Count {
    use Reason::{ChannelDisabled, CredentialBroken, NoCredential, NoCredentialForEnvironment, QuotaSpent};
    match (settlement.state, settlement.reason) {
        (DeliveryState::Sent, _) => Count::Sent,
        (DeliveryState::Expired, _) => Count::Expired,
        (DeliveryState::Failed, _) => Count::Failed,
        (_, Some(QuotaSpent)) if settlement.attempt.is_none() => Count::Held,
        (_, Some(CredentialBroken | NoCredential | NoCredentialForEnvironment | ChannelDisabled)) => Count::Held,
        _ => Count::Retried,
    }
}
