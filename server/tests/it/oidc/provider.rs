//! A tiny identity provider in the test: what it says of itself, its keys, tokens for a code, and userinfo. It does what a
//! test tells it to, right or wrong.

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub const CLIENT: &str = "homing";
pub const CLIENT_SECRET: &str = "the secret of the client";
const KEY_ID: &str = "one";

/// How a token is signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signed {
    Rightly,
    /// With another key under the right key's name.
    ByAnother,
    /// With a key whose name is not published.
    Unpublished,
    /// Not at all.
    Not,
    /// Under the client's secret.
    UnderSecret,
}

/// Somebody at the provider, as claims.
#[derive(Clone, Debug)]
pub struct Person {
    pub subject: &'static str,
    pub name: &'static str,
    pub groups: Vec<&'static str>,
}

type Change = Arc<dyn Fn(&mut Value) + Send + Sync>;

struct Held {
    /// In seconds.
    now: i64,
    person: Person,
    grants: HashMap<String, Grant>,
    change: Change,
    signed: Signed,
    /// Whether groups and name are told by userinfo alone.
    by_userinfo: bool,
    userinfo_subject: Option<&'static str>,
    down: bool,
    key: KeyPair,
    other: KeyPair,
    asked: HashMap<&'static str, usize>,
}

#[derive(Clone)]
struct Grant {
    nonce: String,
    challenge: String,
}

/// The provider.
#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    state: Arc<Mutex<Held>>,
}

fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap()
}

impl Provider {
    pub async fn start(person: Person) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = Held {
            now: 0,
            person,
            grants: HashMap::new(),
            change: Arc::new(|_| {}),
            signed: Signed::Rightly,
            by_userinfo: false,
            userinfo_subject: None,
            down: false,
            key: key(),
            other: key(),
            asked: HashMap::new(),
        };
        let provider = Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::new(Mutex::new(state)),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(description))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn state(&self) -> MutexGuard<'_, Held> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets its clock.
    pub fn at(&self, secs: i64) {
        self.state().now = secs;
    }

    /// Who signs in there from now on.
    pub fn person(&self, person: Person) {
        self.state().person = person;
    }

    /// What is changed in the claims of every token from now on.
    pub fn says(&self, change: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.state().change = Arc::new(change);
    }

    pub fn signs(&self, signed: Signed) {
        self.state().signed = signed;
    }

    pub fn tells_by_userinfo(&self, subject: Option<&'static str>) {
        let mut state = self.state();
        state.by_userinfo = true;
        state.userinfo_subject = subject;
    }

    /// Whether it answers with 503 alone.
    pub fn is_down(&self, down: bool) {
        self.state().down = down;
    }

    /// Takes another key, and publishes that alone.
    pub fn rotates(&self) {
        self.state().key = key();
    }

    /// How often something was asked for.
    pub fn asked(&self, what: &'static str) -> usize {
        self.state().asked.get(what).copied().unwrap_or_default()
    }

    /// Signs somebody in who came with this query; the code to go back with.
    pub fn grant(&self, query: &HashMap<String, String>) -> String {
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(
            (query["client_id"].as_str(), query["scope"].as_str()),
            (CLIENT, "openid profile")
        );
        let grant = Grant {
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
        };
        let mut state = self.state();
        let code = format!("code-{}", state.grants.len());
        state.grants.insert(code.clone(), grant);
        code
    }

    fn note(&self, what: &'static str) -> Result<(), StatusCode> {
        let mut state = self.state();
        *state.asked.entry(what).or_default() += 1;
        if state.down {
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
        Ok(())
    }
}

async fn description(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    provider.note("description")?;
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Ok(Json(json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })))
}

async fn keys(State(provider): State<Provider>) -> Result<Json<Value>, StatusCode> {
    provider.note("keys")?;
    let state = provider.state();
    let point = state.key.public_key_raw();
    Ok(Json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": KEY_ID,
        "x": BASE64.encode(&point[1..33]), "y": BASE64.encode(&point[33..65]),
    }]})))
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    if let Err(status) = provider.note("token") {
        return status.into_response();
    }
    let basic = headers["authorization"].to_str().unwrap().trim_start_matches("Basic ");
    let basic = base64::engine::general_purpose::STANDARD.decode(basic).unwrap();
    let expected = format!("{CLIENT}:{}", CLIENT_SECRET.replace(' ', "+"));
    assert_eq!(String::from_utf8(basic).unwrap(), expected);
    let mut state = provider.state();
    let grant = state.grants.get(&form["code"]).cloned();
    let challenge = BASE64.encode(Sha256::digest(&form["code_verifier"]));
    let Some(grant) = grant.filter(|grant| grant.challenge == challenge) else {
        let refused = Json(json!({ "error": "invalid_grant" }));
        return (StatusCode::BAD_REQUEST, refused).into_response();
    };
    // A code serves once.
    state.grants.insert(
        form["code"].clone(),
        Grant {
            challenge: String::new(),
            ..grant.clone()
        },
    );
    let mut claims = json!({
        "iss": provider.issuer, "aud": CLIENT, "sub": state.person.subject, "nonce": grant.nonce,
        "iat": state.now, "exp": state.now + 300, "auth_time": state.now,
    });
    if !state.by_userinfo {
        claims["preferred_username"] = state.person.name.into();
        claims["groups"] = state.person.groups.clone().into();
    }
    (state.change)(&mut claims);
    let id_token = signed(&state, &claims);
    Json(json!({ "access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": id_token }))
        .into_response()
}

async fn userinfo(State(provider): State<Provider>, headers: HeaderMap) -> Result<Json<Value>, StatusCode> {
    provider.note("userinfo")?;
    assert_eq!(headers["authorization"], "Bearer opaque");
    let state = provider.state();
    Ok(Json(json!({
        "sub": state.userinfo_subject.unwrap_or(state.person.subject),
        "preferred_username": state.person.name, "groups": state.person.groups,
    })))
}

fn signed(state: &Held, claims: &Value) -> String {
    let with = |key: &KeyPair, kid: &str| {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(kid.to_owned());
        let key = EncodingKey::from_ec_pem(key.serialize_pem().as_bytes()).unwrap();
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    };
    let by_hand = |algorithm: &str| {
        let part = |value: &Value| BASE64.encode(value.to_string());
        format!("{}.{}", part(&json!({ "alg": algorithm, "typ": "JWT" })), part(claims))
    };
    match state.signed {
        Signed::Rightly => with(&state.key, KEY_ID),
        Signed::ByAnother => with(&state.other, KEY_ID),
        Signed::Unpublished => with(&state.other, "two"),
        Signed::Not => format!("{}.", by_hand("none")),
        Signed::UnderSecret => {
            let text = by_hand("HS256");
            let mut mac = Hmac::<Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
        }
    }
}
