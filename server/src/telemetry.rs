//! The log: to standard error, as text for people or JSON for machines; standard output is for results. And spans of
//! OpenTelemetry, where the settings name a collector.

mod otlp;

use crate::settings::{Log, LogFormat, Opentelemetry};
use anyhow::Context;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::{io::IsTerminal, time::Duration};
use tokio::runtime::Handle;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer, filter::Targets, fmt, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

/// What waits for the collector when the server ends has so long.
const LAST_SPANS: Duration = Duration::from_secs(5);

/// What was started.
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Hands the last spans to the collector. What it does not take in time is lost.
    pub fn end(self) {
        if let Some(Err(fault)) = self.0.map(|provider| provider.shutdown_with_timeout(LAST_SPANS)) {
            tracing::warn!(cause = %fault, "the last spans did not reach the collector");
        }
    }
}

/// Starts log and spans, which are sent on a runtime. Later calls in the same process (tests) change nothing.
pub fn start(log: &Log, spans: &Opentelemetry, runtime: &Handle) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_new(&log.level).with_context(|| {
        format!(
            "log.level: {:?} is not understood; try \"info\" or \"info,server=debug\"",
            log.level
        )
    })?;
    let lines = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let provider = otlp::provider(spans, runtime)?;
    let registry = tracing_subscriber::registry().with(provider.as_ref().map(exported));
    // An error means that somebody listens already.
    _ = match log.format {
        LogFormat::Text => registry.with(lines.with_target(false).with_filter(filter)).try_init(),
        LogFormat::Json => registry.with(lines.json().with_filter(filter)).try_init(),
    };
    Ok(Telemetry(provider))
}

/// Takes the spans that are meant for a collector, and nothing of the log.
fn exported<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("homing"))
        .with_location(false)
        .with_threads(false)
        .with_filter(Targets::new().with_target(dispatcher::SPANS, Level::TRACE))
}
