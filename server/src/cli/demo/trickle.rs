//! A trickle of IM messages, sent as an IM back end would: `POST /v4/openim/sendmsg` with a UserSig.

use super::scene;
use crate::rest::im::usersig::{Expected, sign};
use anyhow::Context;
use domain::{
    SdkAppId, Secret, im,
    time::{Clock, SystemClock},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const TEXTS: [&str; 6] = [
    "Are you on your way?",
    "明天下午三点开会",
    "I have put the photos into the shared folder",
    "谢谢！",
    "Call me when you land 🛬",
    "The tickets are here",
];
const TICKET_LIFE_SECS: i64 = 86_400;

/// Whom the messages are sent for, and how often.
#[derive(Debug)]
pub struct Trickle {
    /// The IM application.
    pub sdk_app_id: SdkAppId,
    /// Its key.
    pub key: Secret,
    /// Seconds between two messages; 0 sends none.
    pub every_secs: u64,
}

impl Trickle {
    /// Sends until `stop`. A message that cannot be sent is a line in the log.
    pub async fn run(&self, url: &str, stop: CancellationToken) {
        if self.every_secs == 0 {
            return;
        }
        let mut beat = tokio::time::interval(Duration::from_secs(self.every_secs));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = beat.tick() => if let Err(error) = self.send(url).await {
                    tracing::warn!("demo message: {error:#}");
                }
            }
        }
    }

    async fn send(&self, url: &str) -> anyhow::Result<()> {
        let people: Vec<_> = scene::people().collect();
        let draw: u32 = rand::random();
        let (from, to) = (pick(&people, draw), pick(&people, draw / 7 + 1));
        let message = json!({
            "From_Account": from, "To_Account": if from == to { "alice" } else { to }, "MsgRandom": draw,
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": pick(&TEXTS, draw / 31) } }],
        });
        let signer = Expected {
            sdk_app_id: self.sdk_app_id,
            identifier: im::DEFAULT_ADMINISTRATOR,
            key: &self.key,
        };
        let usersig = sign(signer, SystemClock.now(), TICKET_LIFE_SECS)?;
        let address = format!(
            "{url}/v4/openim/sendmsg?sdkappid={}&identifier={}&usersig={usersig}&random={draw}&contenttype=json",
            self.sdk_app_id,
            im::DEFAULT_ADMINISTRATOR,
        );
        let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        // Without the address, which holds the UserSig.
        let sent = client
            .post(address)
            .json(&message)
            .send()
            .await
            .map_err(reqwest::Error::without_url)?;
        let answer: Value = sent.json().await.map_err(reqwest::Error::without_url)?;
        anyhow::ensure!(
            answer["ErrorCode"] == 0,
            "{}",
            answer["ErrorInfo"].as_str().context("no ErrorInfo")?
        );
        Ok(())
    }
}

fn pick<T: Copy>(from: &[T], draw: u32) -> T {
    from[draw as usize % from.len()]
}
