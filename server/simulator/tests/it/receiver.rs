//! A receiver of receipts on loopback.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokio::sync::mpsc;

type Got = (HeaderMap, String);

/// Takes receipts, after refusing the first few.
pub struct Receiver {
    pub url: String,
    got: mpsc::UnboundedReceiver<Got>,
}

#[derive(Clone)]
struct Door {
    sender: mpsc::UnboundedSender<Got>,
    refusals: Arc<AtomicU32>,
}

impl Receiver {
    pub async fn new(refusals: u32) -> Self {
        let (sender, got) = mpsc::unbounded_channel();
        let door = Door {
            sender,
            refusals: Arc::new(refusals.into()),
        };
        let take = |State(door): State<Door>, headers: HeaderMap, body: Bytes| async move {
            let left = door.refusals.load(Ordering::SeqCst);
            if left > 0 {
                door.refusals.store(left - 1, Ordering::SeqCst);
                return StatusCode::SERVICE_UNAVAILABLE;
            }
            door.sender
                .send((headers, String::from_utf8(body.to_vec()).unwrap()))
                .unwrap();
            StatusCode::OK
        };
        let router = Router::new().fallback(take).with_state(door);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/r", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, got }
    }

    pub async fn next(&mut self) -> Got {
        tokio::time::timeout(Duration::from_secs(20), self.got.recv())
            .await
            .expect("no receipt came")
            .unwrap()
    }

    pub async fn json(&mut self) -> Value {
        serde_json::from_str(&self.next().await.1).unwrap()
    }

    /// One field of a form, as JSON.
    pub async fn field(&mut self, name: &str) -> Value {
        let body = self.next().await.1;
        let mut fields = form_urlencoded::parse(body.as_bytes());
        let (_, value) = fields.find(|(field, _)| field == name).unwrap();
        serde_json::from_str(&value).unwrap()
    }
}
