//! Limits, lives and clocks of the Chinese vendors, beyond their golden requests.

use reqwest::Client;
use serde_json::{Value, json};
use simulator::{Application, Cut, Device, DeviceState, Filter, Limits, Options, Rule, Settings, Simulator, Vendor};

use crate::senders::{client, vivo};

const XIAOMI: &str = "/v3/message/regid";

async fn bare() -> Simulator {
    let options = Options {
        credentials: false,
        ..Options::default()
    };
    Simulator::start(options).await.unwrap()
}

fn limited(application: Application, limits: Limits) -> Application {
    Application { limits, ..application }
}

fn daily(class: &str, limit: u64) -> Limits {
    Limits {
        daily: [(class.to_owned(), limit)].into(),
        ..Limits::default()
    }
}

async fn xiaomi(simulator: &Simulator, client: &Client, tokens: &str) -> i64 {
    let fields = [
        ("restricted_package_name", "com.example"),
        ("title", "t"),
        ("description", "d"),
        ("pass_through", "0"),
        ("registration_id", tokens),
    ];
    let url = format!("{}{XIAOMI}", simulator.addresses().xiaomi);
    let request = client.post(url).header("authorization", "key=s").form(&fields);
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    body["code"].as_i64().unwrap()
}

#[tokio::test]
async fn a_quota_counts_devices_and_begins_anew_at_midnight_in_china() {
    let simulator = bare().await;
    let client = client(&simulator);
    simulator
        .register_application(limited(Application::xiaomi("com.example", "s"), daily("*", 3)))
        .unwrap();
    // 2023-11-14 23:59 in China.
    simulator.advance_clock_ms(1_699_977_540_000 - simulator.now_ms());
    assert_eq!(xiaomi(&simulator, &client, "a,b").await, 0);
    assert_eq!(xiaomi(&simulator, &client, "c,d").await, 200_001);
    simulator.advance_clock_ms(60_000);
    assert_eq!(xiaomi(&simulator, &client, "c,d").await, 0);
    assert_eq!(simulator.stats().vendors[&Vendor::Xiaomi].accepted, 4);
}

#[tokio::test]
async fn a_dropped_regid_is_not_counted_as_taken() {
    let simulator = bare().await;
    let client = client(&simulator);
    simulator
        .register_application(Application::xiaomi("com.example", "s"))
        .unwrap();
    let dead = Device {
        state: DeviceState::Unregistered,
        ..Device::new(Vendor::Xiaomi, "dead")
    };
    simulator.register_device(dead).unwrap();
    assert_eq!(xiaomi(&simulator, &client, "a,dead,b").await, 0);
    assert_eq!(simulator.stats().vendors[&Vendor::Xiaomi].accepted, 2);
    let record = &simulator.inbox(&Filter::token("dead"))[0];
    assert_eq!(record.project.as_deref(), Some("com.example"));
    assert_eq!(record.json.as_ref().unwrap()["registration_id"], "a,dead,b");
}

async fn oppo_token(simulator: &Simulator, client: &Client) -> Value {
    let sign = "b2a9ee607fa3bce5a1f104fdf173a1e81e0ba74de248619c17bf961947267369";
    let fields = [("app_key", "appKeyX"), ("timestamp", "1700000000000"), ("sign", sign)];
    let url = format!("{}/server/v1/auth", simulator.addresses().oppo);
    client
        .post(url)
        .form(&fields)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

async fn oppo(simulator: &Simulator, client: &Client, token: &str, messages: &Value) -> Value {
    let url = format!(
        "{}/server/v1/message/notification/unicast_batch",
        simulator.addresses().oppo
    );
    let fields = [("auth_token", token), ("messages", &messages.to_string())];
    client
        .post(url)
        .form(&fields)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

fn oppo_message(token: &str, id: &str) -> Value {
    json!({ "target_type": 2, "target_value": token, "notification": {
        "app_message_id": id, "title": "t", "content": "c", "category": "IM", "call_back_parameter": "42",
    } })
}

#[tokio::test]
async fn an_oppo_token_lives_as_long_as_told_and_another_one_can_be_had() {
    let simulator = bare().await;
    let client = client(&simulator);
    let own = Application {
        token_life_s: Some(3),
        ..Application::oppo("appKeyX", "masterY")
    };
    simulator.register_application(own).unwrap();
    simulator.advance_clock_ms(1_700_000_000_000 - simulator.now_ms());
    let token = oppo_token(&simulator, &client).await["data"]["auth_token"].clone();
    let token = token.as_str().unwrap();
    let one = json!([oppo_message("a", "1")]);
    assert_eq!(oppo(&simulator, &client, token, &one).await["code"], 0);
    simulator.advance_clock_ms(3_000);
    assert_eq!(oppo(&simulator, &client, token, &one).await["code"], 11);
    assert_eq!(oppo_token(&simulator, &client).await["code"], 0);
    simulator.advance_clock_ms(601_000);
    assert_eq!(oppo_token(&simulator, &client).await["code"], 19);
}

#[tokio::test]
async fn a_device_of_oppo_has_a_limit_of_its_own_and_a_repeat_is_not_taken_twice() {
    let simulator = bare().await;
    let client = client(&simulator);
    let limits = Limits {
        device_daily: [("IM".to_owned(), 1)].into(),
        ..Limits::default()
    };
    simulator
        .register_application(limited(Application::oppo("appKeyX", "masterY"), limits))
        .unwrap();
    simulator.advance_clock_ms(1_700_000_000_000 - simulator.now_ms());
    let token = oppo_token(&simulator, &client).await["data"]["auth_token"].clone();
    let messages = json!([oppo_message("a", "1"), oppo_message("a", "2"), oppo_message("b", "1")]);
    let answer = oppo(&simulator, &client, token.as_str().unwrap(), &messages).await;
    assert_eq!(answer["data"][0]["registrationId"], "a");
    assert_eq!(
        (&answer["data"][1]["errorCode"], &answer["data"][2]["errorCode"]),
        (&json!(33), &json!(32))
    );
    assert_eq!(simulator.stats().vendors[&Vendor::Oppo].accepted, 1);
    assert_eq!(simulator.ids("a")[0].id, "42");
}

#[tokio::test]
async fn vivo_keeps_its_hours_and_its_text_rules_when_told_to() {
    let settings = Settings {
        vivo_rules: true,
        ..Settings::default()
    };
    let options = Options {
        settings,
        ..Options::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let client = client(&simulator);
    // 2023-11-15 03:00 in China.
    simulator.advance_clock_ms(1_699_988_400_000 - simulator.now_ms());
    assert_eq!(vivo(&simulator, &client, json!({})).await["result"], 10_071);
    let system = json!({ "classification": 1, "category": "IM" });
    assert_eq!(vivo(&simulator, &client, system).await["result"], 0);
    simulator.advance_clock_ms(5 * 3_600_000);
    assert_eq!(vivo(&simulator, &client, json!({})).await["result"], 0);
    assert_eq!(
        vivo(&simulator, &client, json!({ "title": "Ann" })).await["result"],
        10_085
    );
}

#[tokio::test]
async fn every_vendor_can_be_cut_and_told_its_own_codes() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let client = client(&simulator);
    let addresses = simulator.addresses();
    for (vendor, base) in [
        (Vendor::Huawei, &addresses.huawei),
        (Vendor::Honor, &addresses.honor),
        (Vendor::Xiaomi, &addresses.xiaomi),
        (Vendor::Oppo, &addresses.oppo),
        (Vendor::Vivo, &addresses.vivo),
        (Vendor::Meizu, &addresses.meizu),
    ] {
        // On arrival a rule can cut, whatever the request is worth.
        simulator.script(Rule::of(vendor).cut(Cut::Before).times(1)).unwrap();
        assert!(client.post(base).send().await.is_err(), "{vendor:?}");
        assert!(client.post(base).send().await.is_ok(), "{vendor:?}");
        assert_eq!(simulator.inbox(&Filter::vendor(vendor)).len(), 2, "{vendor:?}");
    }
    let own = simulator.credentials().unwrap().vivo.app_id.clone();
    let rule = Rule::of(Vendor::Vivo).project(own).error_code("10040").reason("later");
    simulator.script(rule.token("r")).unwrap();
    assert_eq!(vivo(&simulator, &client, json!({})).await["result"], 10_040);
    assert_eq!(
        vivo(&simulator, &client, json!({ "regId": "other" })).await["result"],
        0
    );
    let record = &simulator.inbox(&Filter::token("r"))[0];
    assert!(!record.accepted && record.answer.as_ref().unwrap().contains("later"));
    simulator.clear_script();
    // A rule for sends leaves authentication alone.
    let rule = Rule::of(Vendor::Vivo)
        .path("/message/send")
        .error_code("10000")
        .times(1);
    simulator.script(rule).unwrap();
    assert_eq!(vivo(&simulator, &client, json!({})).await["result"], 10_000);
}
