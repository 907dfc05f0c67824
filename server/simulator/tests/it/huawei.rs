//! Huawei beyond its golden requests: lives, limits, signatures, scripts.

use serde_json::{Value, json};
use simulator::{Application, Cut, Filter, Limits, Rule, Simulator, Vendor};

use crate::senders::{client, form_token, service_account_token, simulator};

struct Huawei {
    client: reqwest::Client,
    url: String,
    access: String,
}

impl Huawei {
    async fn new(simulator: &Simulator, app_id: &str, secret: &str) -> Self {
        let client = client(simulator);
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", app_id),
            ("client_secret", secret),
        ];
        let answer = form_token(&client, &simulator.addresses().huawei_token, &fields).await;
        Self {
            client,
            url: format!("{}/v1/{app_id}/messages:send", simulator.addresses().huawei),
            access: answer["access_token"].as_str().unwrap().to_owned(),
        }
    }

    async fn ready(simulator: &Simulator) -> Self {
        let own = &simulator.credentials().unwrap().huawei;
        Self::new(simulator, &own.app_id, &own.app_secret).await
    }

    async fn post(&self, body: &Value) -> reqwest::Result<(u16, String)> {
        let answer = self
            .client
            .post(&self.url)
            .bearer_auth(&self.access)
            .json(body)
            .send()
            .await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// The code of a data message to these tokens.
    async fn code(&self, tokens: &[&str]) -> String {
        let (_, text) = self.post(&data(tokens)).await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        body["code"].as_str().unwrap().to_owned()
    }
}

fn data(tokens: &[&str]) -> Value {
    json!({ "message": { "data": "d", "android": { "bi_tag": "77", "category": "IM" }, "token": tokens } })
}

#[tokio::test]
async fn an_access_token_lives_as_long_as_its_application_says() {
    let simulator = simulator().await;
    let own = Application {
        token_life_s: Some(5),
        ..Application::huawei("1", "s")
    };
    simulator.register_application(own).unwrap();
    let huawei = Huawei::new(&simulator, "1", "s").await;
    assert_eq!(huawei.code(&["a"]).await, "80000000");
    simulator.advance_clock_ms(5_000);
    assert_eq!(huawei.code(&["a"]).await, "80200003");
}

#[tokio::test]
async fn too_many_devices_a_second_get_503_and_nothing_to_read() {
    let simulator = simulator().await;
    let own = Application {
        limits: Limits {
            per_second: 3,
            ..Limits::default()
        },
        ..Application::huawei("1", "s")
    };
    simulator.register_application(own).unwrap();
    let huawei = Huawei::new(&simulator, "1", "s").await;
    // More than a second's share can never pass, whatever the second.
    let answer = huawei.post(&data(&["a", "b", "c", "d"])).await.unwrap();
    assert_eq!(answer, (503, String::new()));
    assert_eq!(huawei.code(&["a", "b"]).await, "80000000");
}

#[tokio::test]
async fn a_body_counts_without_its_tokens() {
    let simulator = simulator().await;
    let huawei = Huawei::ready(&simulator).await;
    let tokens: Vec<String> = (0..1000).map(|number| format!("{number:0130}")).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    assert_eq!(huawei.code(&tokens).await, "80000000");
    let mut large = data(&["a"]);
    large["message"]["data"] = "x".repeat(4096).into();
    assert_eq!(huawei.post(&large).await.unwrap().0, 400);
    let many: Vec<&str> = tokens.iter().copied().chain(["one more"]).collect();
    assert_eq!(huawei.code(&many).await, "80300010");
}

#[tokio::test]
async fn devices_are_counted_one_by_one_and_kept_with_their_request() {
    let simulator = simulator().await;
    let huawei = Huawei::ready(&simulator).await;
    huawei.code(&["a", "b", "c"]).await;
    let stats = simulator.stats().vendors[&Vendor::Huawei].clone();
    assert_eq!((stats.accepted, stats.sends, stats.devices), (3, 1, 3));
    assert_eq!(simulator.ids("b")[0].id, "77");
    let records = simulator.inbox(&Filter::token("b").path("messages:send"));
    assert_eq!(records[0].tokens, ["a", "b", "c"]);
    assert_eq!(
        records[0].project.as_deref(),
        Some(simulator.credentials().unwrap().huawei.app_id.as_str())
    );
    assert_eq!(records[0].reason.as_deref(), Some("80000000"));
}

#[tokio::test]
async fn a_script_speaks_in_huawei_codes_and_breaks_what_it_is_told_to() {
    let simulator = simulator().await;
    let huawei = Huawei::ready(&simulator).await;
    let rule = Rule::of(Vendor::Huawei).token("b").error_code("80200003").times(1);
    simulator.script(rule).unwrap();
    assert_eq!(huawei.code(&["x"]).await, "80000000");
    assert_eq!(huawei.code(&["a", "b"]).await, "80200003");
    simulator
        .script(Rule::of(Vendor::Huawei).status(502).body("<html>").times(1))
        .unwrap();
    assert_eq!(huawei.post(&data(&["a"])).await.unwrap(), (502, "<html>".to_owned()));
    simulator.script(Rule::of(Vendor::Huawei).status(200).times(1)).unwrap();
    assert_eq!(huawei.post(&data(&["a"])).await.unwrap(), (200, String::new()));
    let accepted = simulator.stats().vendors[&Vendor::Huawei].accepted;
    simulator
        .script(Rule::of(Vendor::Huawei).cut(Cut::After).times(1))
        .unwrap();
    assert!(huawei.post(&data(&["a"])).await.is_err());
    assert_eq!(simulator.stats().vendors[&Vendor::Huawei].accepted, accepted + 1);
}

async fn v3(simulator: &Simulator, jwt: &str) -> String {
    let own = &simulator.credentials().unwrap().huawei;
    let answer = client(simulator)
        .post(format!(
            "{}/v3/{}/messages:send",
            simulator.addresses().huawei,
            own.project_id
        ))
        .bearer_auth(jwt)
        .header("push-type", "0")
        .json(&json!({
            "payload": { "notification": {
                "category": "IM", "title": "t", "body": "b", "appMessageId": "m-1", "clickAction": { "actionType": 0 },
            } },
            "target": { "token": ["a"] },
        }))
        .send()
        .await
        .unwrap();
    let body: Value = answer.json().await.unwrap();
    body["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_service_account_signs_for_an_hour_and_a_day_at_most() {
    let simulator = simulator().await;
    let (ps, rs) = (
        service_account_token(&simulator, "PS256", 3600),
        service_account_token(&simulator, "RS256", 3600),
    );
    assert_eq!(v3(&simulator, &ps).await, "80000000");
    assert_eq!(v3(&simulator, &rs).await, "80000000");
    assert_eq!(
        v3(&simulator, &service_account_token(&simulator, "PS256", 86_401)).await,
        "80300036"
    );
    let forged = format!("{}x{}", &ps[..ps.len() - 10], &ps[ps.len() - 9..]);
    assert_eq!(v3(&simulator, &forged).await, "80200001");
    simulator.advance_clock_ms(3_601_000);
    assert_eq!(v3(&simulator, &ps).await, "80200005");
}

#[tokio::test]
async fn rs256_can_be_switched_off_and_a_repeated_app_message_id_reaches_nobody_twice() {
    let simulator = simulator().await;
    let mut settings = (*simulator.settings()).clone();
    settings.huawei_rs256 = false;
    simulator.set_settings(settings).unwrap();
    assert_eq!(
        v3(&simulator, &service_account_token(&simulator, "RS256", 3600)).await,
        "80200001"
    );
    let jwt = service_account_token(&simulator, "PS256", 3600);
    assert_eq!(v3(&simulator, &jwt).await, "80000000");
    assert_eq!(v3(&simulator, &jwt).await, "80000000");
    assert_eq!(simulator.stats().vendors[&Vendor::Huawei].accepted, 1);
}
