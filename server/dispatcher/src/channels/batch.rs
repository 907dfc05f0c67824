//! From what a call came to, to one outcome per device.

use crate::{channel::Outcome, channels::judgement::Judgement, client::TransportFault};
use domain::time::Clock;
use std::time::Duration;

/// What became of one device of a call: the judgement, and the id under which the vendor knows the message.
pub(crate) type Judged = (Judgement, String);

/// Awaits a call for `count` devices, for no longer than `limit`. An `Err` and a time-out count for all devices; an
/// answer that is too short leaves the last ones to a later try.
pub(crate) async fn outcomes(
    count: usize,
    limit: Duration,
    clock: &dyn Clock,
    call: impl Future<Output = Result<Vec<Judged>, Judgement>>,
) -> Vec<Outcome> {
    let started = clock.now();
    let called = tokio::time::timeout(limit, call).await;
    let judged = called.unwrap_or_else(|_| Err(Judgement::unanswered(&TransportFault::Timeout)));
    let mut judged = judged.unwrap_or_else(|judgement| vec![(judgement, String::new()); count]);
    judged.resize_with(count, || {
        let text = "the vendor's answer says nothing of this device";
        let later = domain::delivery::Verdict::RetryLater { after_ms: None };
        (Judgement::local(later, "no_outcome", text), String::new())
    });
    let ended = clock.now();
    let outcome = |(judgement, id): Judged| judgement.into_outcome(id, started, ended);
    judged.into_iter().map(outcome).collect()
}
