//! Receipts, as a receiver on loopback gets them.

use std::time::Duration;

use base64::Engine as _;
use hmac::{KeyInit as _, Mac as _};
use reqwest::Client;
use serde_json::{Value, json};
use simulator::{Device, DeviceState, Latency, Receipts, Simulator, Vendor};

use crate::receiver::Receiver;
use crate::senders::{client, form_token, hex, simulator, vivo};

fn to(receiver: &Receiver) -> Receipts {
    Receipts {
        url: Some(receiver.url.clone()),
        ..Receipts::default()
    }
}

fn listen(simulator: &Simulator, vendor: Vendor, id: &str, receipts: Receipts) {
    simulator
        .change_application(vendor, id, |application| application.receipts = receipts)
        .unwrap();
}

fn device(simulator: &Simulator, vendor: Vendor, token: &str, state: DeviceState, receipt: Option<&str>) {
    let device = Device {
        state,
        receipt: receipt.map(str::to_owned),
        ..Device::new(vendor, token)
    };
    simulator.register_device(device).unwrap();
}

async fn huawei(simulator: &Simulator, client: &Client, tokens: &[String]) {
    let own = &simulator.credentials().unwrap().huawei;
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", own.app_id.as_str()),
        ("client_secret", own.app_secret.as_str()),
    ];
    let access = form_token(client, &simulator.addresses().huawei_token, &fields).await;
    let message = json!({ "data": "d", "android": { "bi_tag": "42", "category": "IM" }, "token": tokens });
    let answer = client
        .post(format!(
            "{}/v1/{}/messages:send",
            simulator.addresses().huawei,
            own.app_id
        ))
        .bearer_auth(access["access_token"].as_str().unwrap())
        .json(&json!({ "message": message }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn huawei_signs_its_receipts_and_sends_a_hundred_at_a_time() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let app_id = simulator.credentials().unwrap().huawei.app_id.clone();
    let manner = Receipts {
        callback_user: "homing".to_owned(),
        callback_key: "a-key".to_owned(),
        ..to(&receiver)
    };
    listen(&simulator, Vendor::Huawei, &app_id, manner);
    device(&simulator, Vendor::Huawei, "t-1", DeviceState::SwitchedOff, None);
    device(&simulator, Vendor::Huawei, "t-2", DeviceState::Active, Some("2"));
    let tokens: Vec<String> = (0..150).map(|number| format!("t-{number}")).collect();
    huawei(&simulator, &client, &tokens).await;
    let mut statuses = std::collections::HashMap::new();
    let mut sizes = Vec::new();
    for _ in 0..2 {
        let (headers, body) = receiver.next().await;
        let header = headers["x-huawei-callback-id"].to_str().unwrap();
        let part = |name: &str| header.split("; ").find_map(|part| part.strip_prefix(name)).unwrap();
        let signed = format!("{}{}homing", part("timestamp="), part("nonce="));
        let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"a-key").unwrap();
        mac.update(signed.as_bytes());
        let value = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(part("value="), value);
        let body: Value = serde_json::from_str(&body).unwrap();
        let items = body["statuses"].as_array().unwrap().clone();
        sizes.push(items.len());
        for item in items {
            assert_eq!((&item["biTag"], &item["appid"]), (&json!("42"), &json!(app_id)));
            statuses.insert(item["token"].as_str().unwrap().to_owned(), item["status"].clone());
        }
    }
    sizes.sort_unstable();
    assert_eq!((sizes, statuses.len()), (vec![50, 100], 150));
    assert_eq!(
        (&statuses["t-0"], &statuses["t-1"], &statuses["t-2"]),
        (&json!(0), &json!(6), &json!(2))
    );
}

#[tokio::test]
async fn the_second_version_of_huawei_and_a_receiver_that_refuses_at_first() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(2).await);
    let app_id = simulator.credentials().unwrap().huawei.app_id.clone();
    let manner = Receipts {
        version: 2,
        ..to(&receiver)
    };
    listen(&simulator, Vendor::Huawei, &app_id, manner);
    huawei(&simulator, &client, &["t".to_owned()]).await;
    let item = receiver.json().await["statuses"][0].clone();
    assert_eq!(
        (&item["token"], &item["deliveryStatus"]["result"]),
        (&json!("t"), &json!(0))
    );
}

#[tokio::test]
async fn receipts_are_late_lost_and_repeated_as_told() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let app_id = simulator.credentials().unwrap().huawei.app_id.clone();
    let manner = Receipts {
        delay_ms: Some(Latency::Fixed(300)),
        lost: 0.5,
        repeated: 1.0,
        batch: 1,
        ..to(&receiver)
    };
    listen(&simulator, Vendor::Huawei, &app_id, manner);
    let began = std::time::Instant::now();
    let tokens: Vec<String> = (0..40).map(|number| format!("t-{number}")).collect();
    huawei(&simulator, &client, &tokens).await;
    let first = receiver.json().await;
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(first["statuses"].as_array().unwrap().len(), 1);
    // The dice of seed 0 lose some and keep some; those that come, come twice.
    let mut counts = std::collections::HashMap::from([(first["statuses"][0]["token"].to_string(), 1)]);
    while simulator.stats().vendors[&Vendor::Huawei].receipts < 2 || counts.values().any(|count| *count != 2) {
        let token = receiver.json().await["statuses"][0]["token"].to_string();
        *counts.entry(token).or_insert(0) += 1;
    }
    assert!(counts.len() < 40, "{}", counts.len());
}

#[tokio::test]
async fn xiaomi_tells_by_form_what_the_request_asked_for() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let own = &simulator.credentials().unwrap().xiaomi;
    device(&simulator, Vendor::Xiaomi, "dead", DeviceState::Unregistered, None);
    device(&simulator, Vendor::Xiaomi, "off", DeviceState::SwitchedOff, None);
    let fields = [
        ("restricted_package_name", "com.example"),
        ("title", "t"),
        ("description", "d"),
        ("registration_id", "a,dead,off,b"),
        ("extra.callback", receiver.url.as_str()),
        ("extra.callback.param", "42"),
        ("extra.callback.type", "17"),
    ];
    let request = client
        .post(format!("{}/v3/message/regid", simulator.addresses().xiaomi))
        .header("authorization", format!("key={}", own.app_secret));
    let answer: Value = request.form(&fields).send().await.unwrap().json().await.unwrap();
    let id = answer["data"]["id"].as_str().unwrap();
    let mut told = std::collections::HashMap::new();
    for _ in 0..2 {
        let map = receiver.field("data").await;
        assert_eq!(map[id]["param"], "42");
        told.insert(map[id]["type"].as_i64().unwrap(), map[id]["targets"].clone());
    }
    assert_eq!((&told[&1], &told[&16]), (&json!("a,b"), &json!("dead")));
}

#[tokio::test]
async fn an_address_that_is_not_loopback_is_told_nothing() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let own = &simulator.credentials().unwrap().xiaomi;
    // The registered address takes what the request wanted sent away.
    listen(&simulator, Vendor::Xiaomi, &own.package, to(&receiver));
    let fields = [
        ("restricted_package_name", "com.example"),
        ("title", "t"),
        ("description", "d"),
        ("registration_id", "a"),
        ("extra.callback", "http://192.0.2.1/receipts"),
    ];
    let request = client
        .post(format!("{}/v3/message/regid", simulator.addresses().xiaomi))
        .header("authorization", format!("key={}", own.app_secret));
    request.form(&fields).send().await.unwrap();
    assert_eq!(receiver.field("data").await.as_object().unwrap().len(), 1);
    let refused = simulator.change_application(Vendor::Xiaomi, &own.package, |application| {
        application.receipts.url = Some("https://example.com".to_owned());
    });
    assert!(refused.is_err());
}

#[tokio::test]
async fn meizu_tells_by_form_and_counts_who_opened_it() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let own = &simulator.credentials().unwrap().meizu;
    let manner = Receipts {
        clicked: 1.0,
        ..to(&receiver)
    };
    listen(&simulator, Vendor::Meizu, &own.app_id, manner);
    let message = json!({
        "noticeBarInfo": { "noticeMsgType": 1, "title": "t", "content": "c" }, "extra": { "callback.param": "42" },
    })
    .to_string();
    let text = format!("appId={}messageJson={message}pushIds=a,b{}", own.app_id, own.app_secret);
    let digest = <md5::Md5 as md5::Digest>::digest(text);
    let sign = hex(&digest);
    let fields = [
        ("appId", own.app_id.as_str()),
        ("pushIds", "a,b"),
        ("messageJson", &message),
        ("sign", &sign),
    ];
    let url = format!(
        "{}/garcia/api/server/push/varnished/pushByPushId",
        simulator.addresses().meizu
    );
    let answer = form_token(&client, &url, &fields).await;
    let id = answer["msgId"].as_str().unwrap();
    let map = receiver.field("cb").await;
    assert_eq!(
        map[format!("{id}-1")],
        json!({ "param": "42", "type": 1, "targets": ["a", "b"] })
    );
    assert_eq!(map[format!("{id}-2")]["targets"], json!(["a", "b"]));
}

#[tokio::test]
async fn oppo_tells_in_a_list_and_honor_as_huawei_does_without_a_signature() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let credentials = simulator.credentials().unwrap();
    listen(&simulator, Vendor::Honor, &credentials.honor.app_id, to(&receiver));
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", credentials.honor.client_id.as_str()),
        ("client_secret", credentials.honor.client_secret.as_str()),
    ];
    let access = form_token(&client, &simulator.addresses().honor_token, &fields).await;
    let path = format!("/api/v1/{}/sendMessage", credentials.honor.app_id);
    let send = client
        .post(simulator.addresses().honor.clone() + &path)
        .bearer_auth(access["access_token"].as_str().unwrap())
        .header("timestamp", simulator.now_ms().to_string())
        .json(&json!({ "data": "d", "android": { "biTag": "42" }, "token": ["a"] }));
    assert_eq!(send.send().await.unwrap().status(), 200);
    let item = receiver.json().await["statuses"][0].clone();
    assert_eq!((&item["token"], &item["biTag"]), (&json!("a"), &json!("42")));

    let own = &credentials.oppo;
    let now = simulator.now_ms().to_string();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(format!("{}{now}{}", own.app_key, own.master_secret));
    let sign = hex(&digest);
    let base = &simulator.addresses().oppo;
    let fields = [("app_key", own.app_key.as_str()), ("timestamp", &now), ("sign", &sign)];
    let access = form_token(&client, &format!("{base}/server/v1/auth"), &fields).await;
    let token = access["data"]["auth_token"].as_str().unwrap();
    device(
        &simulator,
        Vendor::Oppo,
        "gone",
        DeviceState::Active,
        Some("regid_invalid"),
    );
    let message = |target: &str| {
        json!({ "target_type": 2, "target_value": target, "notification": {
            "title": "t", "content": "c", "call_back_url": receiver.url, "call_back_parameter": "42",
        } })
    };
    let messages = json!([message("a"), message("gone")]).to_string();
    let fields = [("auth_token", token), ("messages", messages.as_str())];
    let url = format!("{base}/server/v1/message/notification/unicast_batch");
    let answer = form_token(&client, &url, &fields).await;
    let list = receiver.json().await;
    let mut events: Vec<(&str, &str)> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["registrationIds"].as_str().unwrap(),
                item["eventType"].as_str().unwrap(),
            )
        })
        .collect();
    events.sort_unstable();
    assert_eq!(events, [("a", "push_arrive"), ("gone", "regid_invalid")]);
    assert!(
        list.as_array()
            .unwrap()
            .iter()
            .any(|item| item["messageId"] == answer["data"][0]["messageId"])
    );
}

#[tokio::test]
async fn vivo_tells_of_a_single_message_under_its_task() {
    let simulator = simulator().await;
    let (client, mut receiver) = (client(&simulator), Receiver::new(0).await);
    let extra = json!({ "callback": receiver.url, "callback.param": "42" });
    let answer = vivo(&simulator, &client, json!({ "regId": "a", "extra": extra })).await;
    let map = receiver.json().await;
    let entry = &map[answer["taskId"].as_str().unwrap()];
    assert_eq!(
        (&entry["param"], &entry["targets"], &entry["ackType"]),
        (&json!("42"), &json!("a"), &json!("0"))
    );
}
