//! Counters for operators, in the words of docs/operations.md. Served by Prometheus' text format on a listener of its own.

use anyhow::Context;
use async_trait::async_trait;
use axum::{Router, routing::get};
use dispatcher::{Count, Dispatch, Gate};
use domain::{AccessId, certificate::Environment, channel::Channel};
use metrics::{counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::{
    fmt::Write,
    sync::{Arc, OnceLock},
};
use store::plane::Ageing;

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
    describe_counter!(
        "homing_connections_refused_total",
        "Connections closed at once, because their address had too many"
    );
    describe_counter!(
        "homing_im_repeats_total",
        "Messages that came again, by command: answered as before, stored once"
    );
    describe_counter!("homing_device_requests_total", "Device API calls by call and status");
    describe_counter!(
        "homing_provisioning_requests_total",
        "Provisioning calls by call and status"
    );
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
    describe_counter!(
        "homing_forgotten_total",
        "Rows that were older than [retention] keeps them, by kind"
    );
    describe_gauge!("homing_deliveries_in_memory", "Deliveries waiting in the lanes");
    describe_gauge!(
        "homing_lanes_held",
        "Lanes waiting for a repaired credential: somebody has to act"
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
        handle.render() + &ends(&expiries.seconds_left().await)
    };
    Router::new().route("/metrics", get(render))
}

/// When credentials end, as the recorder would write it. A gauge of the recorder keeps its last value, and would alarm
/// for ever over a certificate that was removed.
fn ends(found: &[(AccessId, Environment, i64)]) -> String {
    let mut text = String::from(
        "# HELP homing_credential_expiry_seconds Seconds until a certificate in force ends; negative once it is over\n\
         # TYPE homing_credential_expiry_seconds gauge\n",
    );
    for (access_id, environment, seconds) in found {
        let (channel, environment) = (Channel::Apns.name(), environment.name());
        // Writing into a String cannot fail.
        _ = writeln!(
            text,
            "homing_credential_expiry_seconds{{application=\"{access_id}\",channel=\"{channel}\",\
             environment=\"{environment}\"}} {seconds}"
        );
    }
    text
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

/// A connection was closed at once: its address has all it may have.
pub fn connection_refused() {
    counter!("homing_connections_refused_total").increment(1);
}

/// A message came again: a back end that had no answer, or a recorded call.
pub fn im_repeat(command: &'static str) {
    counter!("homing_im_repeats_total", "command" => command).increment(1);
}

/// A vendor called with receipts: so many of them were `known` or `unknown`, or the call was `refused`.
pub fn receipts(channel: Channel, what: &'static str, n: u32) {
    counter!("homing_receipts_total", "channel" => channel.name(), "what" => what).increment(n.into());
}

/// A device call was answered.
pub fn device_request(call: &'static str, status: u16) {
    counter!("homing_device_requests_total", "call" => call, "status" => status.to_string()).increment(1);
}

/// Counts a call of the provisioning door.
pub fn provisioning_request(call: &'static str, status: u16) {
    counter!("homing_provisioning_requests_total", "call" => call, "status" => status.to_string()).increment(1);
}

/// Rows of a kind were forgotten, because they were older than the settings keep them.
pub fn forgotten(what: Ageing, rows: u64) {
    counter!("homing_forgotten_total", "what" => what.name()).increment(rows);
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        body::{Body, to_bytes},
        http::Request,
    };
    use std::sync::Mutex;
    use tower::ServiceExt;

    #[derive(Default)]
    struct Certificates(Mutex<Vec<(AccessId, Environment, i64)>>);

    #[async_trait]
    impl Expiries for Certificates {
        async fn seconds_left(&self) -> Vec<(AccessId, Environment, i64)> {
            self.0.lock().expect("not poisoned").clone()
        }
    }

    #[tokio::test]
    async fn a_certificate_that_was_removed_is_told_of_no_more() {
        let certificates = Arc::new(Certificates::default());
        let routes = routes(install().expect("a recorder"), vec![], certificates.clone());
        let scrape = async || {
            let request = Request::get("/metrics").body(Body::empty()).expect("a request");
            let answer = routes.clone().oneshot(request).await.expect("an answer");
            let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
            String::from_utf8(body.to_vec()).expect("text")
        };
        let line = "homing_credential_expiry_seconds{application=\"1500000001\",channel=\"apns\",\
                    environment=\"production\"} -60\n";
        let one = (AccessId(1_500_000_001), Environment::Production, -60);
        certificates.0.lock().expect("not poisoned").push(one);
        assert!(scrape().await.contains(line));
        certificates.0.lock().expect("not poisoned").clear();
        assert!(!scrape().await.contains("{application="), "still told of");
    }
}
