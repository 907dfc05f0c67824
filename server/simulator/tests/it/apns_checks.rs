//! The checks of APNs, in the order Apple makes them, and what an acceptance looks like.

use simulator::{Device, DeviceState, Filter, TOPIC, Vendor};

use crate::senders::{Apns, DEVICE, MESSAGE_ID, simulator, verdict};

/// A request that is wrong in everything; one thing after the other is put right.
struct Wrong<'a> {
    apns: &'a Apns,
    method: reqwest::Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Wrong<'_> {
    fn put(&mut self, name: &'static str, value: &str) {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
    }

    async fn expect(&self, status: u16, reason: &str) {
        let mut request = self
            .apns
            .client
            .request(self.method.clone(), format!("{}{}", self.apns.base, self.path));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(self.body.clone().unwrap_or_default());
        assert_eq!(
            verdict(request.send().await.unwrap()).await,
            (status, reason.to_owned())
        );
    }
}

#[tokio::test]
async fn the_first_wrong_thing_is_the_answer() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    let gone = Device {
        topic: Some("com.example.other".to_owned()),
        state: DeviceState::Unregistered,
        ..Device::new(Vendor::Apns, DEVICE)
    };
    simulator.register_device(gone.clone()).unwrap();
    let headers = [
        ("apns-id", "no-uuid"),
        ("apns-priority", "7"),
        ("apns-priority", "7"),
        ("apns-push-type", "shout"),
        ("apns-expiration", "tomorrow"),
        ("apns-collapse-id", &"c".repeat(65)),
    ];
    let headers = headers.map(|(name, value)| (name, value.to_owned())).to_vec();
    let mut wrong = Wrong {
        apns: &apns,
        method: reqwest::Method::PUT,
        path: "/4/device/x".to_owned(),
        headers,
        body: None,
    };

    wrong.expect(400, "DuplicateHeaders").await;
    wrong.put("apns-priority", "7");
    wrong.expect(400, "BadMessageId").await;
    wrong.put("apns-id", MESSAGE_ID);
    wrong.expect(405, "MethodNotAllowed").await;
    wrong.method = reqwest::Method::POST;
    wrong.expect(400, "MissingTopic").await;
    wrong.put("apns-topic", "com example");
    wrong.expect(400, "BadTopic").await;
    wrong.put("apns-topic", TOPIC);
    wrong.expect(400, "BadCollapseId").await;
    wrong.put("apns-collapse-id", &"c".repeat(64));
    wrong.expect(400, "BadPriority").await;
    wrong.put("apns-priority", "10");
    wrong.expect(400, "InvalidPushType").await;
    wrong.put("apns-push-type", "background");
    wrong.expect(400, "BadPriority").await;
    wrong.put("apns-priority", "5");
    wrong.expect(400, "BadExpirationDate").await;
    wrong.put("apns-expiration", "0");
    wrong.expect(404, "BadPath").await;
    wrong.path = "/3/device/".to_owned();
    wrong.expect(400, "MissingDeviceToken").await;
    wrong.path = "/3/device/abc".to_owned();
    wrong.expect(400, "BadDeviceToken").await;
    wrong.path = format!("/3/device/{DEVICE}");
    wrong.expect(410, "Unregistered").await;
    simulator
        .register_device(Device {
            state: DeviceState::Active,
            ..gone
        })
        .unwrap();
    wrong.expect(400, "DeviceTokenNotForTopic").await;
    simulator.forget_device(Vendor::Apns, DEVICE);
    wrong.expect(403, "MissingProviderToken").await;
    wrong.put("authorization", "bearer abc");
    wrong.expect(403, "InvalidProviderToken").await;
    wrong.put("authorization", &format!("bearer {}", apns.token));
    wrong.expect(400, "PayloadEmpty").await;
    wrong.body = Some("x".repeat(4097));
    wrong.expect(413, "PayloadTooLarge").await;
    wrong.body = Some("x".repeat(4096));
    wrong.expect(200, "").await;
}

#[tokio::test]
async fn the_id_is_echoed_or_made() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    let given = apns.push(DEVICE).header("apns-id", MESSAGE_ID).send().await.unwrap();
    assert_eq!(given.headers()["apns-id"], MESSAGE_ID);
    assert!(!given.headers().contains_key("apns-unique-id"), "production has none");
    let made = apns.push(DEVICE).send().await.unwrap();
    let made = made.headers()["apns-id"].to_str().unwrap();
    assert!(made.len() == 36 && made != MESSAGE_ID, "{made}");

    let sandbox = Apns {
        base: simulator.apns_sandbox_url().to_owned(),
        ..apns
    };
    let answer = sandbox.push(DEVICE).send().await.unwrap();
    assert!(answer.headers().contains_key("apns-unique-id"));
}

#[tokio::test]
async fn a_token_of_the_sandbox_is_none_in_production() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    let device = Device {
        environment: Some(simulator::Environment::Sandbox),
        ..Device::new(Vendor::Apns, DEVICE.to_uppercase())
    };
    simulator.register_device(device).unwrap();
    assert_eq!(apns.send(DEVICE).await, (400, "BadDeviceToken".to_owned()));
    let sandbox = Apns {
        base: simulator.apns_sandbox_url().to_owned(),
        ..apns
    };
    assert_eq!(sandbox.send(DEVICE).await.0, 200);
}

#[tokio::test]
async fn a_retired_device_says_since_when() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    let device = Device {
        state: DeviceState::Expired,
        gone_since_ms: Some(1_700_000_000_123),
        ..Device::new(Vendor::Apns, DEVICE)
    };
    simulator.register_device(device).unwrap();
    let answer = apns.push(DEVICE).send().await.unwrap();
    assert_eq!(answer.status(), 410);
    assert_eq!(
        answer.text().await.unwrap(),
        r#"{"reason":"ExpiredToken","timestamp":1700000000123}"#
    );
    assert_eq!(
        simulator.inbox(&Filter::token(DEVICE))[0].reason.as_deref(),
        Some("ExpiredToken")
    );
}

#[tokio::test]
async fn longer_tokens_and_larger_voip_payloads_are_taken() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    assert_eq!(apns.send(&"ab".repeat(80)).await.0, 200);
    assert_eq!(apns.send(&"ab".repeat(101)).await.1, "BadDeviceToken");
    let voip = |length: usize| {
        let request = apns.client.post(format!("{}/3/device/{DEVICE}", apns.base));
        request
            .bearer_auth(&apns.token)
            .header("apns-topic", format!("{TOPIC}.voip"))
            .body("x".repeat(length))
            .send()
    };
    assert_eq!(voip(5120).await.unwrap().status(), 200);
    assert_eq!(voip(5121).await.unwrap().status(), 413);
}
