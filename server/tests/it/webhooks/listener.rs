//! An IM back end that webhooks call: it records what came, and answers as it is told.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode, Uri,
        header::{LOCATION, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;

/// What it answers to one call; when nothing is said, 200.
#[derive(Clone, Copy)]
pub enum Answer {
    Status(u16),
    Busy {
        retry_after: &'static str,
    },
    /// Elsewhere.
    Redirect,
    /// Nothing, ever.
    Silence,
}

/// A call that came.
#[derive(Clone, Debug)]
pub struct Came {
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub text: String,
}

impl Came {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn parameter(&self, name: &str) -> &str {
        let found = self.query.iter().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("{name} is not in {:?}", self.query)).1
    }

    /// The numbers of its events.
    pub fn ids(&self) -> Vec<String> {
        let body = self.json();
        let events = body["events"].as_array().or(body["Events"].as_array()).unwrap();
        let id = |event: &Value| event["id"].as_str().or(event["EventId"].as_str()).unwrap().to_owned();
        events.iter().map(id).collect()
    }
}

#[derive(Default)]
struct Known {
    came: Vec<Came>,
    answers: VecDeque<Answer>,
}

#[derive(Clone)]
pub struct Listener {
    known: Arc<Mutex<Known>>,
    pub url: String,
}

impl Listener {
    pub async fn start() -> Self {
        let known = Arc::<Mutex<Known>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(Arc::clone(&known));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { known, url }
    }

    /// The next calls are answered so.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.known.lock().unwrap().answers.extend(answers);
    }

    pub fn came(&self) -> Vec<Came> {
        self.known.lock().unwrap().came.clone()
    }
}

async fn take(State(known): State<Arc<Mutex<Known>>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let came = Came {
        query: query.into_owned().collect(),
        headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    };
    let answer = {
        let mut known = known.lock().unwrap();
        known.came.push(came);
        known.answers.pop_front().unwrap_or(Answer::Status(200))
    };
    let with = |status: u16, name: HeaderName, value: &'static str| {
        let mut response = StatusCode::from_u16(status).unwrap().into_response();
        response.headers_mut().insert(name, HeaderValue::from_static(value));
        response
    };
    match answer {
        Answer::Status(status) => (StatusCode::from_u16(status).unwrap(), "said so").into_response(),
        Answer::Busy { retry_after } => with(503, RETRY_AFTER, retry_after),
        Answer::Redirect => with(307, LOCATION, "/elsewhere"),
        Answer::Silence => std::future::pending().await,
    }
}
