//! Counters for operators, in the words of docs/operations.md. Served by Prometheus' text format on a listener of its own.

use anyhow::Context;
use axum::{Router, routing::get};
use metrics::{counter, describe_counter};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;

/// Starts counting; the handle renders. Once for the process, however often it is asked.
pub fn install() -> anyhow::Result<PrometheusHandle> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .context("metrics cannot be counted")?;
    describe_counter!("homing_im_requests_total", "IM REST calls by command and ErrorCode");
    describe_counter!("homing_device_requests_total", "Device API calls by call and status");
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// The door of the metrics listener.
pub fn routes(handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(async move || handle.render()))
}

/// An IM REST call was answered. Both labels come from closed lists.
pub fn im_request(command: &'static str, code: u32) {
    counter!("homing_im_requests_total", "command" => command, "code" => code.to_string()).increment(1);
}

/// A device call was answered.
pub fn device_request(call: &'static str, status: u16) {
    counter!("homing_device_requests_total", "call" => call, "status" => status.to_string()).increment(1);
}
