//! What FCM says no to, and how it says it.

use serde_json::{Value, json};
use simulator::{Cut, Ending, Filter, Rule, Settings, Simulator, Vendor};

use crate::senders::{Fcm, assertion, client, grant, http1_client, simulator};

async fn sender(simulator: &Simulator) -> Fcm {
    Fcm::new(simulator, client(simulator)).await
}

async fn error(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json::<Value>().await.unwrap()["error"].clone())
}

fn field(error: &Value) -> &str {
    let details = error["details"].as_array().unwrap();
    let bad = details
        .iter()
        .find(|detail| detail["@type"] == "type.googleapis.com/google.rpc.BadRequest")
        .unwrap();
    bad["fieldViolations"][0]["field"].as_str().unwrap()
}

#[tokio::test]
async fn a_request_that_cannot_be_read_names_the_field_and_no_code() {
    let simulator = simulator().await;
    let fcm = sender(&simulator).await;
    for (message, named) in [
        (json!({"token": "t", "tokenn": "t"}), "message"),
        (json!({"token": "t", "data": {"n": 1}}), "message.data[0].value"),
        (
            json!({"token": "t", "android": {"notification": {"notification_count": "many"}}}),
            "message.android.notification.notification_count",
        ),
    ] {
        let (status, error) = error(fcm.post(json!({"message": message})).await).await;
        assert_eq!((status, field(&error)), (400, named));
        assert!(!error.to_string().contains("errorCode"), "{error}");
    }
}

#[tokio::test]
async fn a_message_that_fcm_refuses_has_a_code_as_well() {
    let simulator = simulator().await;
    let fcm = sender(&simulator).await;
    for (message, named) in [
        (json!({"token": "t", "data": {"from": "x"}}), "message.data"),
        (
            json!({"token": "t", "data": {"k": "x".repeat(4096)}}),
            "message.android",
        ),
        (json!({"data": {"k": "x"}}), "message"),
    ] {
        let (status, error) = error(fcm.post(json!({"message": message})).await).await;
        assert_eq!((status, field(&error)), (400, named));
        assert_eq!(error["details"][0]["errorCode"], "INVALID_ARGUMENT");
    }
}

#[tokio::test]
async fn every_code_is_scripted_or_asked_for_by_name() {
    let simulator = simulator().await;
    let fcm = sender(&simulator).await;
    for (code, status, name) in [
        ("UNREGISTERED", 404, "NOT_FOUND"),
        ("SENDER_ID_MISMATCH", 403, "PERMISSION_DENIED"),
        ("QUOTA_EXCEEDED", 429, "RESOURCE_EXHAUSTED"),
        ("UNAVAILABLE", 503, "UNAVAILABLE"),
        ("INTERNAL", 500, "INTERNAL"),
        ("THIRD_PARTY_AUTH_ERROR", 401, "UNAUTHENTICATED"),
        ("INVALID_ARGUMENT", 400, "INVALID_ARGUMENT"),
        ("UNSPECIFIED_ERROR", 500, "UNKNOWN"),
    ] {
        simulator
            .script(
                Rule::fcm()
                    .token("t")
                    .error_code(code)
                    .header("retry-after", "9")
                    .times(1),
            )
            .unwrap();
        let scripted = fcm.send("t").await;
        assert_eq!(scripted.headers()["retry-after"], "9");
        let asked = fcm
            .send(&format!("sim-{}-1", code.to_lowercase().replace('_', "-")))
            .await;
        for answer in [scripted, asked] {
            let (seen, error) = error(answer).await;
            assert_eq!(
                (seen, &error["status"], &error["details"][0]["errorCode"]),
                (status, &json!(name), &json!(code))
            );
        }
    }
    assert_eq!(simulator.stats().vendors[&Vendor::Fcm].reasons["UNREGISTERED"], 2);
}

#[tokio::test]
async fn a_spent_quota_says_when_to_come_back() {
    let simulator = simulator().await;
    let fcm = sender(&simulator).await;
    simulator
        .set_settings(Settings {
            fcm_quota_per_minute: 2,
            ..Settings::default()
        })
        .unwrap();
    assert_eq!(fcm.send("a").await.status(), 200);
    assert_eq!(fcm.send("b").await.status(), 200);
    let spent = fcm.send("c").await;
    assert_eq!(spent.status(), 429);
    let wait: i64 = spent.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let (_, error) = error(spent).await;
    assert_eq!(
        error["details"][1]["@type"],
        "type.googleapis.com/google.rpc.QuotaFailure"
    );
    simulator.advance_clock_ms(wait * 1000);
    assert_eq!(fcm.send("c").await.status(), 200);
}

#[tokio::test]
async fn one_device_has_a_quota_of_its_own() {
    let simulator = simulator().await;
    let fcm = sender(&simulator).await;
    simulator
        .set_settings(Settings {
            fcm_device_per_minute: 1,
            ..Settings::default()
        })
        .unwrap();
    assert_eq!(fcm.send("a").await.status(), 200);
    assert_eq!(fcm.send("a").await.status(), 429);
    assert_eq!(fcm.send("b").await.status(), 200);
}

#[tokio::test]
async fn the_token_service_fails_by_script_too() {
    let simulator = simulator().await;
    let client = client(&simulator);
    simulator.script(Rule::oauth().status(503).times(1)).unwrap();
    simulator
        .script(Rule::oauth().reason("invalid_grant").times(1))
        .unwrap();
    let signed = assertion(&simulator, json!({}));
    assert_eq!(grant(&simulator, &client, &signed).await.status(), 503);
    let refused = grant(&simulator, &client, &signed).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(refused.json::<Value>().await.unwrap()["error"], "invalid_grant");
    assert_eq!(grant(&simulator, &client, &signed).await.status(), 200);
}

#[tokio::test]
async fn connections_break_over_either_protocol() {
    let simulator = simulator().await;
    for client in [client(&simulator), http1_client(&simulator)] {
        let fcm = Fcm::new(&simulator, client).await;
        let faults = [
            (Rule::fcm().cut(Cut::Before), false),
            (Rule::fcm().cut(Cut::After), true),
            (Rule::fcm().refuse(), false),
            (Rule::fcm().goaway(None), false),
        ];
        for (rule, accepted) in faults {
            simulator.clear_inbox();
            simulator.script(rule.clone().times(1)).unwrap();
            let answer = fcm
                .post_to(simulator::PROJECT, json!({"message": {"token": "t"}}))
                .await;
            assert!(answer.is_err(), "{rule:?}");
            let records = simulator.inbox(&Filter::token("t"));
            assert_eq!((records.len(), records[0].accepted), (1, accepted), "{rule:?}");
            assert_ne!(records[0].ending, Ending::Answered);
            assert_eq!(fcm.send("t").await.status(), 200, "after {rule:?}");
        }
    }
}
