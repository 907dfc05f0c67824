//! The control API, as curl would use it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use simulator::{Simulator, Vendor};

use crate::senders::{Apns, DEVICE, MESSAGE_ID, client, simulator};

struct Control {
    client: Client,
    base: String,
}

impl Control {
    fn of(simulator: &Simulator) -> Self {
        Self {
            client: client(simulator),
            base: simulator.control_url().to_owned(),
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    async fn text(&self, path: &str) -> String {
        self.client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Response {
        self.client
            .post(format!("{}{path}", self.base))
            .json(&body)
            .send()
            .await
            .unwrap()
    }

    async fn delete(&self, path: &str) -> u16 {
        self.client
            .delete(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    }
}

#[tokio::test]
async fn a_script_is_written_read_and_taken_back() {
    let simulator = simulator().await;
    let (control, apns) = (Control::of(&simulator), Apns::new(&simulator));
    let rules = json!([
        {"vendor": "apns", "token": DEVICE, "reason": "Unregistered", "timestamp_ms": 5, "times": 2},
        {"vendor": "fcm", "errorCode": "UNAVAILABLE", "headers": {"retry-after": "3"}, "share": 0.5},
        {"delay_ms": {"p50_ms": 20, "p99_ms": 200}, "vendor": "fcm"},
    ]);
    let answer: Value = control.post("/_script", rules).await.json().await.unwrap();
    assert_eq!(answer["ids"], json!([1, 2, 3]));
    assert_eq!(apns.send(DEVICE).await.0, 410);
    assert_eq!(control.get("/_script").await["rules"][0]["times"], 1);
    assert_eq!(control.delete("/_script/1").await, 204);
    assert_eq!(control.delete("/_script/1").await, 404);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    assert_eq!(control.delete("/_script").await, 204);
    assert_eq!(control.get("/_script").await["rules"], json!([]));
}

#[tokio::test]
async fn a_bad_script_is_refused_whole_and_says_why() {
    let simulator = simulator().await;
    let control = Control::of(&simulator);
    for (rules, word) in [
        (
            json!([{"vendor": "apns", "status": 503}, {"vendor": "apns", "reason": "Nope"}]),
            "Nope",
        ),
        (json!({"vendor": "apns", "statuss": 503}), "statuss"),
        (json!({"vendor": "apple", "status": 503}), "apple"),
        (json!({"vendor": "apns"}), "does nothing"),
    ] {
        let answer = control.post("/_script", rules).await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        assert!(
            body["error"].as_str().unwrap().contains(word),
            "{body} should name {word}"
        );
    }
    assert!(simulator.rules().is_empty());
}

#[tokio::test]
async fn the_inbox_shows_what_was_sent_and_answered() {
    let simulator = simulator().await;
    let (control, apns) = (Control::of(&simulator), Apns::new(&simulator));
    apns.push(DEVICE).header("apns-id", MESSAGE_ID).send().await.unwrap();
    apns.send(&"ab".repeat(32)).await;
    let inbox = control.get(&format!("/_inbox?vendor=apns&token={DEVICE}")).await;
    let record = &inbox["records"][0];
    assert_eq!(inbox["records"].as_array().unwrap().len(), 1);
    assert_eq!(record["headers"]["apns-id"], MESSAGE_ID);
    assert_eq!(record["json"]["aps"]["alert"], "Hello");
    assert_eq!(
        (&record["status"], &record["ending"], &record["environment"]),
        (&json!(200), &json!("answered"), &json!("production"))
    );
    assert_eq!(
        control.get("/_inbox?after=1").await["records"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let later = record["received_ms"].as_i64().unwrap() + 60_000;
    assert_eq!(
        control.get(&format!("/_inbox?since={later}")).await["records"],
        json!([])
    );
    assert_eq!(control.delete("/_inbox").await, 204);
    assert_eq!(control.get("/_inbox").await["records"], json!([]));
    let stats = control.get("/_stats").await;
    assert_eq!(
        (
            &stats["vendors"]["apns"]["requests"],
            &stats["vendors"]["apns"]["statuses"]["200"]
        ),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        control.get(&format!("/_ids/{DEVICE}")).await["ids"][0]["id"],
        MESSAGE_ID
    );
}

#[tokio::test]
async fn the_inbox_has_a_cap_and_a_mode_without_records() {
    let simulator = simulator().await;
    let (control, apns) = (Control::of(&simulator), Apns::new(&simulator));
    assert_eq!(control.post("/_settings", json!({"inbox_cap": 2})).await.status(), 200);
    for _ in 0..3 {
        apns.send(DEVICE).await;
    }
    let inbox = control.get("/_inbox").await;
    assert_eq!(
        (inbox["records"].as_array().unwrap().len(), &inbox["dropped"]),
        (2, &json!(1))
    );
    control.post("/_settings", json!({"inbox": "counters"})).await;
    apns.send(DEVICE).await;
    assert_eq!(control.get("/_inbox").await["last_seq"], 3);
    assert_eq!(simulator.stats().vendors[&Vendor::Apns].accepted, 4);
    let wrong = control.post("/_settings", json!({"inbox": "some"})).await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn devices_and_the_clock_are_set_from_outside() {
    let simulator = simulator().await;
    let (control, apns) = (Control::of(&simulator), Apns::new(&simulator));
    let device = json!({"vendor": "apns", "token": DEVICE, "state": "unregistered"});
    assert_eq!(control.post("/_devices", device).await.status(), 200);
    assert_eq!(apns.send(DEVICE).await.0, 410);
    assert_eq!(control.delete(&format!("/_devices/apns/{DEVICE}")).await, 204);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    control.post("/_clock", json!({"advance_ms": 3_700_000})).await;
    assert_eq!(apns.send(DEVICE).await.1, "ExpiredProviderToken");
    assert_eq!(control.post("/_reset", json!({})).await.status(), 204);
    assert_eq!(apns.send(DEVICE).await.0, 200);
}

#[tokio::test]
async fn the_ready_made_credentials_open_in_both_forms() {
    let simulator = simulator().await;
    let own = Control::of(&simulator).get("/_credentials").await;
    let certificate = &own["apns_certificate"];
    for form in ["p12_base64", "p12_legacy_base64"] {
        let der = STANDARD.decode(certificate[form].as_str().unwrap()).unwrap();
        let store = KeyStore::from_pkcs12(
            &der,
            certificate["password"].as_str().unwrap(),
            Pkcs12ImportPolicy::Strict,
        )
        .unwrap();
        let (_, chain) = store.private_key_chain().unwrap();
        assert!(
            chain.certs()[0].subject().contains("com.example.homing"),
            "{}",
            chain.certs()[0].subject()
        );
    }
    assert_eq!(own["fcm"]["service_account"]["token_uri"], simulator.oauth_token_url());
    assert!(
        own["apns"]["p8"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN PRIVATE KEY-----")
    );
    assert!(!format!("{:?}", simulator.credentials()).contains("PRIVATE KEY"));
}

#[tokio::test]
async fn addresses_health_and_authority_can_be_asked_for() {
    let simulator = simulator().await;
    let control = Control::of(&simulator);
    let addresses = control.get("/_addresses").await;
    assert_eq!(addresses["apns"], simulator.apns_url());
    assert_eq!(addresses["oauth_token"], simulator.oauth_token_url());
    assert_eq!(control.text("/healthz").await, "ok\n");
    assert_eq!(control.text("/_ca.pem").await, simulator.ca_pem());
}
