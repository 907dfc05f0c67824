//! Plain senders for the tests: one reqwest client per sender, so one HTTP/2 connection each, and no retries of its own.

use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Certificate, Client, ClientBuilder, Identity, RequestBuilder, Response};
use serde_json::{Value, json};
use simulator::{Options, PROJECT, Simulator, TOPIC};

pub const DEVICE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
pub const MESSAGE_ID: &str = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

pub async fn simulator() -> Simulator {
    Simulator::start(Options::default()).await.unwrap()
}

fn builder(simulator: &Simulator) -> ClientBuilder {
    Client::builder()
        .tls_certs_only([Certificate::from_pem(simulator.ca_pem().as_bytes()).unwrap()])
        .retry(reqwest::retry::never())
        .timeout(Duration::from_secs(20))
        .no_proxy()
}

/// A client that trusts the simulator's authority and nobody else.
pub fn client(simulator: &Simulator) -> Client {
    builder(simulator).build().unwrap()
}

pub fn http1_client(simulator: &Simulator) -> Client {
    builder(simulator).http1_only().build().unwrap()
}

/// A client that shows a certificate.
pub fn client_with_certificate(simulator: &Simulator, certificate_pem: &str, key_pem: &str) -> Client {
    let identity = Identity::from_pem(format!("{certificate_pem}{key_pem}").as_bytes()).unwrap();
    builder(simulator).identity(identity).build().unwrap()
}

/// A provider token of the ready-made key, made `age_s` seconds ago.
pub fn provider_token(simulator: &Simulator, age_s: i64) -> String {
    let own = &simulator.credentials().unwrap().apns;
    signed(&own.p8, &own.key_id, &own.team_id, simulator.now_ms() / 1000 - age_s)
}

/// A provider token as any key would make it.
pub fn signed(p8: &str, key_id: &str, team_id: &str, issued_s: i64) -> String {
    let header = Header {
        kid: Some(key_id.to_owned()),
        ..Header::new(Algorithm::ES256)
    };
    let key = EncodingKey::from_ec_pem(p8.as_bytes()).unwrap();
    jsonwebtoken::encode(&header, &json!({ "iss": team_id, "iat": issued_s }), &key).unwrap()
}

/// Sends to APNs production over one connection with one provider token.
pub struct Apns {
    pub client: Client,
    pub base: String,
    pub token: String,
}

impl Apns {
    pub fn new(simulator: &Simulator) -> Self {
        Self {
            client: client(simulator),
            base: simulator.apns_url().to_owned(),
            token: provider_token(simulator, 0),
        }
    }

    /// A request that passes every check; the test adds what is wrong.
    pub fn push(&self, device: &str) -> RequestBuilder {
        self.client
            .post(format!("{}/3/device/{device}", self.base))
            .header("authorization", format!("bearer {}", self.token))
            .header("apns-topic", TOPIC)
            .header("apns-push-type", "alert")
            .body(r#"{"aps":{"alert":"Hello"}}"#)
    }

    /// Status and reason of one push.
    pub async fn send(&self, device: &str) -> (u16, String) {
        verdict(self.push(device).send().await.unwrap()).await
    }
}

/// Status and reason of an answer; the reason of an acceptance is empty.
pub async fn verdict(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    let reason = serde_json::from_str::<Value>(&body)
        .ok()
        .and_then(|body| body["reason"].as_str().map(str::to_owned));
    (status, reason.unwrap_or_default())
}

/// Sends to FCM with the ready-made service account.
pub struct Fcm {
    pub client: Client,
    pub base: String,
    pub access: String,
}

impl Fcm {
    pub async fn new(simulator: &Simulator, client: Client) -> Self {
        let answer = grant(simulator, &client, &assertion(simulator, json!({}))).await;
        let body: Value = answer.json().await.unwrap();
        Self {
            client,
            base: simulator.fcm_url().to_owned(),
            access: body["access_token"].as_str().unwrap().to_owned(),
        }
    }

    pub async fn post(&self, body: Value) -> Response {
        self.post_to(PROJECT, body).await.unwrap()
    }

    pub async fn post_to(&self, project: &str, body: Value) -> reqwest::Result<Response> {
        self.client
            .post(format!("{}/v1/projects/{project}/messages:send", self.base))
            .bearer_auth(&self.access)
            .json(&body)
            .send()
            .await
    }

    pub async fn send(&self, token: &str) -> Response {
        self.post(json!({ "message": { "token": token, "data": { "homing_delivery": "d-1" } } }))
            .await
    }
}

/// An assertion of the ready-made service account, with some claims exchanged.
pub fn assertion(simulator: &Simulator, changes: Value) -> String {
    let account = &simulator.credentials().unwrap().fcm.service_account;
    let now = simulator.now_ms() / 1000;
    let mut claims = json!({
        "iss": account["client_email"],
        "scope": "https://www.googleapis.com/auth/firebase.messaging",
        "aud": account["token_uri"],
        "iat": now,
        "exp": now + 3600,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name.as_str()] = value.clone();
    }
    let header = Header {
        kid: account["private_key_id"].as_str().map(str::to_owned),
        ..Header::new(Algorithm::RS256)
    };
    let key = EncodingKey::from_rsa_pem(account["private_key"].as_str().unwrap().as_bytes()).unwrap();
    jsonwebtoken::encode(&header, &claims, &key).unwrap()
}

/// Asks for an access token.
pub async fn grant(simulator: &Simulator, client: &Client, assertion: &str) -> Response {
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion),
    ];
    client
        .post(simulator.oauth_token_url())
        .form(&form)
        .send()
        .await
        .unwrap()
}

/// Posts a form and reads the JSON that comes.
pub async fn form_token(client: &Client, url: &str, fields: &[(&str, &str)]) -> Value {
    client
        .post(url)
        .form(fields)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

/// A token of the ready-made Huawei service account, for so many seconds.
pub fn service_account_token(simulator: &Simulator, algorithm: &str, life_s: i64) -> String {
    let account = &simulator.credentials().unwrap().huawei.service_account;
    let algorithm = if algorithm == "RS256" {
        Algorithm::RS256
    } else {
        Algorithm::PS256
    };
    let header = Header {
        kid: account["key_id"].as_str().map(str::to_owned),
        ..Header::new(algorithm)
    };
    let now = simulator.now_ms() / 1000;
    let claims = json!({
        "iss": account["sub_account"], "aud": account["token_uri"], "iat": now, "exp": now + life_s,
    });
    let key = EncodingKey::from_rsa_pem(account["private_key"].as_str().unwrap().as_bytes()).unwrap();
    jsonwebtoken::encode(&header, &claims, &key).unwrap()
}

/// Asks vivo for a token and sends a message with it, some of its fields exchanged; vivo's answer.
pub async fn vivo(simulator: &Simulator, client: &Client, changes: Value) -> Value {
    let own = &simulator.credentials().unwrap().vivo;
    let base = &simulator.addresses().vivo;
    let now = simulator.now_ms();
    let text = format!("{}{}{now}{}", own.app_id, own.app_key, own.app_secret);
    let digest = <md5::Md5 as md5::Digest>::digest(text);
    let sign = hex(&digest);
    let id: u64 = own.app_id.parse().unwrap();
    let body = json!({ "appId": id, "appKey": own.app_key, "timestamp": now, "sign": sign });
    let url = format!("{base}/message/auth");
    let answer: Value = client.post(url).json(&body).send().await.unwrap().json().await.unwrap();
    let mut message = json!({
        "appId": id, "regId": "r", "notifyType": 1, "title": "安", "content": "你好", "skipType": 1,
        "classification": 0, "requestId": uuid::Uuid::new_v4().to_string(),
    });
    for (name, value) in changes.as_object().unwrap() {
        message[name.as_str()] = value.clone();
    }
    let send = client
        .post(format!("{base}/message/send"))
        .header("authToken", answer["authToken"].as_str().unwrap())
        .json(&message);
    send.send().await.unwrap().json().await.unwrap()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
