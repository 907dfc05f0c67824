//! What a push costs before and after the wire: the payload made, the answer read.

use bytes::Bytes;
use dispatcher::{
    channels::{apns, fcm},
    client::Answer,
};
use divan::{Bencher, black_box};
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Timestamp,
    certificate::Environment,
    channel::Channel,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{LaneKey, Parcel},
};
use http::HeaderMap;
use std::sync::Arc;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn main() {
    divan::main();
}

fn parcel(channel: Channel, body: &str) -> Parcel {
    let notification = Notification {
        title: "Alice".into(),
        body: body.into(),
        ext: r#"{"entity":{"sender":"alice","action":1}}"#.into(),
        from: "alice".into(),
        key: "4711_815_1795000000".into(),
        android: AndroidInfo::default(),
        apns: ApnsInfo::default(),
    };
    Parcel {
        delivery: DeliveryId(7_301_234_567_890_123_456),
        message: MessageId(1),
        plan: PlanId(9),
        lane: LaneKey::main(ApplicationId(5), channel),
        device: DeviceId(11),
        vendor_token: "ab".repeat(if channel == Channel::Apns { 32 } else { 80 }),
        identifier: "com.example.chat".into(),
        environment: Environment::Production,
        harmony_os: false,
        registered_at: NOW,
        attempts: 0,
        badge: Some(3),
        accepted_at: NOW,
        expires_at: NOW.plus_secs(604_800),
        leased_until: NOW.plus_secs(60),
        notification: Arc::new(notification),
    }
}

/// A chat line, and a text that must be cut to the vendor's limit.
const TEXTS: [&str; 2] = ["chat line", "too long"];

fn text(kind: &str) -> String {
    "See you at eight, then. 归雁 ".repeat(if kind == TEXTS[0] { 2 } else { 300 })
}

#[divan::bench(args = TEXTS)]
fn encode_apns(bencher: Bencher, kind: &str) {
    let parcel = parcel(Channel::Apns, &text(kind));
    bencher.bench(|| apns::encode(black_box(&parcel)));
}

#[divan::bench(args = TEXTS)]
fn encode_fcm(bencher: Bencher, kind: &str) {
    let parcel = parcel(Channel::Fcm, &text(kind));
    bencher.bench(|| fcm::encode(black_box(&parcel), "im", NOW));
}

fn answer(status: u16, body: &'static str) -> Answer {
    Answer {
        status,
        headers: HeaderMap::new(),
        body: Bytes::from_static(body.as_bytes()),
    }
}

#[divan::bench(args = [200, 410])]
fn verdict_apns(bencher: Bencher, status: u16) {
    let body = match status {
        200 => "",
        _ => r#"{"reason":"Unregistered","timestamp":1794000000123}"#,
    };
    let answer = answer(status, body);
    bencher.bench(|| apns::verdict_of(black_box(&answer), NOW));
}

#[divan::bench(args = [200, 404])]
fn verdict_fcm(bencher: Bencher, status: u16) {
    let body = match status {
        200 => r#"{"name":"projects/chat-1/messages/0:1500415314455276%31bd1c9631bd1c96"}"#,
        _ => {
            r#"{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND","details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"UNREGISTERED"}]}}"#
        }
    };
    let answer = answer(status, body);
    bencher.bench(|| fcm::verdict_of(black_box(&answer), NOW));
}
