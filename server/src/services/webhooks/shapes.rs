//! What calls look like: JSON of ours with an HMAC, or the callback `Push.OfflinePush` of the IM service
//! (docs/api/webhooks.md).

use domain::{
    AccessId, Secret, Timestamp,
    channel::Channel,
    delivery::Reason,
    webhook::{Event, Shape, WebhookEvent, WebhookView},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const COMMAND: &str = "Push.OfflinePush";

/// A call, ready to be sent.
pub(in crate::services) struct Body {
    pub(super) url: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) text: String,
}

/// JSON with an HMAC of the time and itself in its headers.
pub(in crate::services) fn signed(url: String, body: &Value, secret: &Secret, now: Timestamp) -> Body {
    let (text, time) = (body.to_string(), now.secs().to_string());
    let signed = hmac(secret, &format!("{time}.{text}"));
    Body {
        url,
        query: vec![],
        headers: vec![
            ("homing-timestamp", time),
            ("homing-signature", format!("sha256={signed}")),
        ],
        text,
    }
}

/// What there is to say, and to whom.
pub(super) struct Telling<'a> {
    pub(super) webhook: &'a WebhookView,
    pub(super) secret: &'a Secret,
    /// Those of one IM application.
    pub(super) events: &'a [WebhookEvent],
    pub(super) test: bool,
    pub(super) now: Timestamp,
}

impl Telling<'_> {
    pub(super) fn body(&self) -> Body {
        match self.webhook.shape {
            Shape::Plain => self.plain(),
            Shape::OfflinePush => self.offline_push(),
        }
    }

    fn plain(&self) -> Body {
        let access_id = self.webhook.access_id;
        let events: Vec<Value> = self.events.iter().map(|event| plain(access_id, event)).collect();
        let mut body = json!({ "webhook": self.webhook.id.to_string(), "events": events });
        if self.test {
            body["test"] = json!(true);
        }
        signed(self.webhook.url.clone(), &body, self.secret, self.now)
    }

    fn offline_push(&self) -> Body {
        let events: Vec<Value> = self.events.iter().map(|event| callback(event, self.test)).collect();
        let sdk_app_id = self.events.first().map_or(0, |event| event.sdk_app_id.0);
        let time = self.now.secs().to_string();
        let sign = Sha256::digest(format!("{}{time}", self.secret.reveal()));
        Body {
            url: self.webhook.url.clone(),
            query: vec![
                ("SdkAppid", sdk_app_id.to_string()),
                ("CallbackCommand", COMMAND.to_owned()),
                ("contenttype", "json".to_owned()),
                ("Sign", hex(&sign)),
                ("RequestTime", time),
            ],
            headers: vec![],
            text: json!({ "CallbackCommand": COMMAND, "Events": events }).to_string(),
        }
    }
}

/// Numbers of 64 bits are texts: not every reader of JSON keeps them whole.
fn plain(access_id: AccessId, event: &WebhookEvent) -> Value {
    json!({
        "id": event.id.to_string(),
        "event": event.event.name(),
        "at_ms": event.at.0,
        "access_id": access_id.0,
        "sdk_app_id": event.sdk_app_id.0,
        "delivery": event.delivery.to_string(),
        "message": event.message.to_string(),
        "plan": event.plan.to_string(),
        "msg_key": event.key,
        "from": event.sender,
        "to": event.user,
        "device_token": event.device_token,
        "channel": event.channel.map(Channel::name),
        "reason": event.reason.map(Reason::name),
        "vendor_code": event.vendor_code,
    })
}

fn callback(event: &WebhookEvent, test: bool) -> Value {
    // How far it came, and what became of it there. The IM service's own numbers are not public: these are ours.
    let (stage, code) = match event.event {
        Event::Sent => (1, 0),
        Event::Failed => (1, 1),
        Event::Skipped => (1, 2),
        Event::Expired => (1, 3),
        Event::Reached => (2, 0),
        Event::Clicked => (3, 0),
    };
    let reason = event.reason.map_or("", Reason::name);
    let info = [reason, &event.vendor_code];
    let info: Vec<&str> = info.into_iter().filter(|part| !part.is_empty()).collect();
    let platform = event
        .channel
        .and_then(|channel| Channel::ALL.iter().position(|known| *known == channel));
    let mut told = json!({
        "CallbackCommand": COMMAND,
        "EventType": 1,
        "EventTime": event.at.secs(),
        "From_Account": event.sender,
        "To_Account": event.user,
        "PushPlatform": platform.map_or(0, |at| at + 1),
        "PushStage": stage,
        "MsgKey": event.key,
        "MsgSeq": event.seq,
        "MsgRandom": event.random,
        "MsgTime": event.sent_secs,
        "PushID": event.delivery.to_string(),
        "TaskId": "",
        "ErrCode": code,
        "ErrInfo": if code == 0 { "OK".to_owned() } else { info.join(" ") },
        "EventId": event.id.to_string(),
        "Event": event.event.name(),
    });
    if test {
        told["Test"] = json!(true);
    }
    told
}

fn hmac(secret: &Secret, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
