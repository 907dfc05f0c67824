//! What a collector of OpenTelemetry is told of a call of an IM back end, as part of the back end's trace where it names one.

use dispatcher::SPANS;
use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field::Empty, trace_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Known once the caller is.
pub(super) const SDK_APP_ID: &str = "sdk_app_id";
/// Known once the message is on disk.
pub(super) const MESSAGE_ID: &str = "message_id";

/// The span of a call that begins; costs nothing where nobody takes it.
pub(super) fn of_call(command: &'static str, headers: &HeaderMap) -> Span {
    let span = trace_span!(
        target: SPANS,
        "im_call",
        otel.kind = "server",
        otel.status_code = Empty,
        command,
        sdk_app_id = Empty,
        message_id = Empty,
        error_code = Empty,
    );
    if !span.is_disabled() {
        let caller = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        // A header that is no trace's is as none.
        _ = span.set_parent(caller);
    }
    span
}

/// Notes the `ErrorCode` of the answer, 0 for OK.
pub(super) fn answered(span: &Span, code: u32) {
    span.record("error_code", code);
    if code != 0 {
        span.record("otel.status_code", "ERROR");
    }
}
