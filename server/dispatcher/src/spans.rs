//! What a collector of OpenTelemetry is told of a call to a vendor: numbers, codes and times. No tokens, no texts.

use crate::{SPANS, channel::Outcome, step::Call};
use domain::{delivery::Verdict, parcel::LaneKey};
use tracing::{Span, field::Empty, trace_span};

/// A call for hundreds of devices names so many messages.
const NAMED: usize = 10;

/// The span of a call that begins; costs nothing where nobody takes it.
pub(crate) fn of_call(lane: LaneKey, call: &Call) -> Span {
    trace_span!(
        target: SPANS,
        "vendor_call",
        otel.kind = "client",
        otel.status_code = Empty,
        channel = lane.channel.name(),
        application_id = lane.application.0,
        devices = call.batch.len(),
        message_ids = messages(call),
        first_try = call.batch.iter().map(|parcel| parcel.attempts + 1).min(),
        taken = Empty,
        vendor_status = Empty,
        vendor_code = Empty,
    )
}

/// Notes what came of it: how many devices the vendor took, and the first answer that was not that.
pub(crate) fn note(span: &Span, outcomes: &[Outcome]) {
    if span.is_disabled() {
        return;
    }
    let taken = |outcome: &&Outcome| outcome.verdict == Verdict::Accepted;
    span.record("taken", outcomes.iter().filter(taken).count());
    let refused = outcomes.iter().find(|outcome| !taken(outcome));
    if let Some(outcome) = refused.or(outcomes.first()) {
        span.record("vendor_status", outcome.vendor_status);
        span.record("vendor_code", outcome.vendor_code.as_str());
    }
    if refused.is_some() {
        span.record("otel.status_code", "ERROR");
    }
}

fn messages(call: &Call) -> String {
    let mut messages: Vec<i64> = call.batch.iter().map(|parcel| parcel.message.0).collect();
    messages.dedup();
    messages.truncate(NAMED);
    messages.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
