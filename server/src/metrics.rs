//! Counters for operators, in the words of docs/operations.md. Served by Prometheus' text format on a listener of its own.

use anyhow::Context;
use async_trait::async_trait;
use axum::{Router, routing::get};
use dispatcher::{Count, Dispatch, Gate};
use domain::{AccessId, certificate::Environment, channel::Channel};
use metrics::{counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::{Arc, OnceLock};

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
    describe_counter!(
        "homing_receipts_total",
        "Receipts of vendors by what they were of: known deliveries, unknown ones; refused counts calls"
    );
    describe_counter!(
        "homing_deliveries_total",
        "Deliveries by what happened to them; calls count calls"
    );
    describe_counter!(
        "homing_outbox_failures_total",
        "Times the outbox could not be read or written"
    );
    describe_gauge!("homing_deliveries_in_memory", "Deliveries waiting in the lanes");
    describe_gauge!(
        "homing_lanes_held",
        "Lanes waiting for a repaired credential: somebody has to act"
    );
    describe_gauge!(
        "homing_credential_expiry_seconds",
        "Seconds until a certificate in force ends; negative once it is over"
    );
    describe_gauge!("homing_lanes_vendor_unavailable", "Lanes whose vendor does not answer");
    Ok(HANDLE.get_or_init(|| handle).clone())
}

/// When credentials end.
#[async_trait]
pub trait Expiries: Send + Sync {
    /// Application, environment and seconds from now, negative once it is over; nothing when it cannot be told now.
    async fn seconds_left(&self) -> Vec<(AccessId, Environment, i64)>;
}

/// The door of the metrics listener; dispatchers and credentials are asked with every call.
pub fn routes(
    handle: PrometheusHandle,
    dispatchers: Vec<(String, Arc<Dispatch>)>,
    expiries: Arc<dyn Expiries>,
) -> Router {
    let render = async move || {
        for (access_point, dispatch) in &dispatchers {
            record(access_point, dispatch);
        }
        for (access_id, environment, seconds) in expiries.seconds_left().await {
            let labels = [
                ("application", access_id.to_string()),
                ("channel", Channel::Apns.name().to_owned()),
                ("environment", environment.name().to_owned()),
            ];
            // A hundred years fit.
            let seconds = i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX });
            gauge!("homing_credential_expiry_seconds", &labels).set(f64::from(seconds));
        }
        handle.render()
    };
    Router::new().route("/metrics", get(render))
}

fn record(access_point: &str, dispatch: &Dispatch) {
    for channel in Channel::ALL.iter().copied() {
        let labels = [
            ("access_point", access_point.to_owned()),
            ("channel", channel.name().to_owned()),
        ];
        for count in Count::ALL {
            let total = dispatch.figures().get(channel, count);
            counter!("homing_deliveries_total", "what" => count.name(), "access_point" => access_point.to_owned(), "channel" => channel.name()).absolute(total);
        }
        let (mut queued, mut held, mut unavailable, mut spent) = (0, 0, 0, 0);
        for lane in dispatch
            .lanes()
            .into_iter()
            .filter(|status| status.lane.channel == channel)
        {
            queued += lane.queued;
            held += u32::from(matches!(lane.gate, Gate::Held { .. }));
            unavailable += u32::from(matches!(lane.gate, Gate::VendorUnavailable { .. }));
            spent += u32::from(!lane.spent.is_empty());
        }
        gauge!("homing_deliveries_in_memory", &labels).set(f64::from(u32::try_from(queued).unwrap_or(u32::MAX)));
        gauge!("homing_lanes_held", &labels).set(f64::from(held));
        gauge!("homing_lanes_vendor_unavailable", &labels).set(f64::from(unavailable));
        gauge!("homing_quota_spent", &labels).set(f64::from(spent));
    }
    let failures = dispatch.figures().outbox_failures();
    counter!("homing_outbox_failures_total", "access_point" => access_point.to_owned()).absolute(failures);
}

/// An IM REST call was answered. Both labels come from closed lists.
pub fn im_request(command: &'static str, code: u32) {
    counter!("homing_im_requests_total", "command" => command, "code" => code.to_string()).increment(1);
}

/// A vendor called with receipts: so many of them were `known` or `unknown`, or the call was `refused`.
pub fn receipts(channel: Channel, what: &'static str, n: u32) {
    counter!("homing_receipts_total", "channel" => channel.name(), "what" => what).increment(n.into());
}

/// A device call was answered.
pub fn device_request(call: &'static str, status: u16) {
    counter!("homing_device_requests_total", "call" => call, "status" => status.to_string()).increment(1);
}
