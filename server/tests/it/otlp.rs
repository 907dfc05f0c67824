//! Spans of the real binary, as a collector gets them.

use crate::support::{
    im::ticket,
    process::{Served, apply, client},
    vendors,
};
use axum::{Router, body::Bytes, routing::post};
use domain::{SdkAppId, time::SystemClock};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value as Held},
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::{collections::BTreeMap, time::Duration};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Longer than a batch of spans waits.
const PATIENCE: Duration = Duration::from_mins(1);
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A collector, and what it is handed.
async fn collector() -> (String, mpsc::UnboundedReceiver<ExportTraceServiceRequest>) {
    let (spans, handed) = mpsc::unbounded_channel();
    let take = async move |body: Bytes| spans.send(ExportTraceServiceRequest::decode(body).unwrap()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/v1/traces", post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, handed)
}

fn attributes(of: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |held: &Held| match held {
        Held::StringValue(text) => text.clone(),
        Held::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let value = |pair: &KeyValue| text(pair.value.as_ref().unwrap().value.as_ref().unwrap());
    of.iter().map(|pair| (pair.key.clone(), value(pair))).collect()
}

/// The first span of this name.
async fn span(
    handed: &mut mpsc::UnboundedReceiver<ExportTraceServiceRequest>,
    seen: &mut Vec<Span>,
    name: &str,
) -> Span {
    let wait = async {
        loop {
            if let Some(place) = seen.iter().position(|span| span.name == name) {
                return seen.remove(place);
            }
            for of in handed.recv().await.unwrap().resource_spans {
                let service = attributes(&of.resource.unwrap().attributes);
                assert_eq!(service["service.name"], "homing-north");
                seen.extend(of.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the span comes")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_a_back_end_and_the_call_of_the_vendor_reach_the_collector() {
    let folder = TempDir::new().unwrap();
    let vendors = vendors::start().await;
    let (url, mut handed) = collector().await;
    let mut settings = vendors::settings(&vendors, folder.path());
    let report = apply(folder.path(), &settings, &vendors::description(&vendors, 1)).await;
    settings.extend([
        ("HOMING_OPENTELEMETRY__ENDPOINT", format!("{url}/")),
        ("HOMING_OPENTELEMETRY__SAMPLE_PERCENT", "100.0".into()),
        ("HOMING_OPENTELEMETRY__SERVICE_NAME", "homing-north".into()),
    ]);
    let served = Served::start(folder.path(), &settings).await;
    let im = &report["im_applications"][0];
    let app = SdkAppId(im["sdk_app_id"].as_i64().unwrap());
    let usersig = ticket(app, im["key"].as_str().unwrap(), "administrator", &SystemClock, 3600);
    let send = async |to: &str| -> Value {
        let address = format!(
            "{}/v4/openim/sendmsg?sdkappid={app}&identifier=administrator&usersig={usersig}",
            served.url
        );
        let message = json!({
            "To_Account": to, "MsgRandom": 7, "MsgSeq": 7,
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "a secret word" } }],
        });
        let call = client().post(&address).header("traceparent", TRACE).json(&message);
        call.send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(send("user0").await["ActionStatus"], "OK");

    let mut seen = vec![];
    let call = span(&mut handed, &mut seen, "im_call").await;
    assert_eq!(hex(&call.trace_id), &TRACE[3..35], "it is part of the back end's trace");
    assert_eq!(hex(&call.parent_span_id), &TRACE[36..52]);
    assert_eq!(call.kind(), SpanKind::Server);
    let told = attributes(&call.attributes);
    assert_eq!(
        (told["command"].as_str(), told["error_code"].as_str()),
        ("sendmsg", "0")
    );
    assert_eq!(told["sdk_app_id"], app.to_string());

    let push = span(&mut handed, &mut seen, "vendor_call").await;
    assert_eq!(push.kind(), SpanKind::Client);
    let pushed = attributes(&push.attributes);
    assert_eq!(
        pushed["message_ids"], told["message_id"],
        "the number leads from one to the other"
    );
    for (name, value) in [
        ("channel", "apns"),
        ("devices", "1"),
        ("taken", "1"),
        ("vendor_status", "200"),
    ] {
        assert_eq!(pushed[name], value, "{name}");
    }
    assert!(push.end_time_unix_nano > push.start_time_unix_nano);
    let whole = format!("{call:?} {push:?}");
    assert!(!whole.contains("secret word") && !whole.contains("user0") && !whole.contains(&vendors::vendor_token(0)));

    assert_eq!(send("nobody").await["ActionStatus"], "FAIL");
    served.signal("TERM").await;
    let refused = span(&mut handed, &mut seen, "im_call").await;
    assert_eq!(
        refused.status.unwrap().code(),
        StatusCode::Error,
        "what waits is sent before the end"
    );
    assert_ne!(attributes(&refused.attributes)["error_code"], "0");
    vendors.stop().await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
