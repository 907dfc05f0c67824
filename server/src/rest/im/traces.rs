//! `timpush/normal_push_trace`: what became of a push, for each device of each receiver (tpns-and-im 3.9).
//!
//! A stage is told as far as it is known: what a stage has not come to, or nobody reported, is absent.

use super::{
    call::Caller,
    fields::Fields,
    frame::{Answer, Refusal, code},
};
use crate::rest::RestState;
use domain::{
    Timestamp,
    delivery::{Attempt, DeliveryState, Reason},
    plan::{DeliveryView, MessageDetails, MessageView},
};
use serde_json::{Value, json};

/// The longest `PushID`: a `MsgKey` is far shorter.
const MAX_PUSH_ID: usize = 128;

/// `ErrorCode` of a stage, where it has failed; `docs/api/im.md` explains each.
mod stage_code {
    pub const NO_CREDENTIAL: i32 = -1;
    pub const NO_TOKEN: i32 = -2;
    pub const DECIDED: i32 = -3;
    pub const NO_ANSWER: i32 = -4;
    pub const ENDED: i32 = -5;
    pub const NOT_SHOWN: i32 = -6;
}

/// Every device that a push was decided for.
pub async fn trace(state: &RestState, caller: &Caller, body: &Value) -> Result<Answer, Refusal> {
    let push_id = push_id(Fields::of(body)?)?;
    let found = state.messages.trace(caller.sdk_app_id, &push_id).await?;
    let instances: Vec<Value> = found.iter().flat_map(instances).collect();
    Ok(Answer::ok().with("InstanceTrace", instances))
}

/// A `MsgKey` or a number, as a string.
fn push_id(fields: Fields<'_>) -> Result<String, Refusal> {
    let text = fields.text("PushID", code::JSON)?.unwrap_or_default();
    let is_id = !text.is_empty() && text.len() <= MAX_PUSH_ID && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then(|| text.to_owned()).ok_or_else(|| {
        let info = "PushID is missing or not one: the MsgKey of a message, or its number, as a string";
        Refusal::new(code::JSON, info)
    })
}

fn instances(details: &MessageDetails) -> Vec<Value> {
    let MessageDetails { message, attempts } = details;
    let instance = |delivery: &DeliveryView| {
        let tries = attempts.iter().find(|(id, _)| *id == delivery.id);
        instance(message, delivery, tries.map_or(&[], |(_, tries)| tries))
    };
    message.deliveries.iter().map(instance).collect()
}

fn instance(message: &MessageView, delivery: &DeliveryView, tries: &[Attempt]) -> Value {
    let mut instance = json!({
        "DeliveryId": delivery.id.to_string(),
        "To_Account": delivery.user,
        "PushTime": message.accepted_at.secs(),
        "IMCommitStat": { "IMStat": decided(message, delivery) },
    });
    if let Some(token) = &delivery.device_token {
        instance["InstanceId"] = token.as_str().into();
    }
    if let Some(channel) = delivery.channel {
        instance["PushPlatform"] = channel.name().into();
    }
    if delivery.state != DeliveryState::Skipped {
        let mut stages = json!({ "OfflineStat": handed_over(delivery, tries) });
        if let Some(last) = tries.last() {
            stages["ChannelStat"] = answered(last);
        }
        if let Some(device) = on_device(delivery) {
            stages["DeviceStat"] = device;
        }
        instance["OfflinePushStat"] = stages;
    }
    instance
}

fn stage(status: &str, code: i32, info: &str, at: Option<Timestamp>) -> Value {
    let mut stage = json!({ "PushStatus": status, "ErrorCode": code, "ErrorInfo": info });
    if let Some(at) = at {
        stage["EventTime"] = at.secs().into();
    }
    stage
}

/// Whether it was decided to push.
fn decided(message: &MessageView, delivery: &DeliveryView) -> Value {
    let at = Some(message.accepted_at);
    match delivery.reason.filter(|_| delivery.state == DeliveryState::Skipped) {
        None => stage("success", 0, "", at),
        Some(reason) => stage("failed", decision_code(reason), reason.name(), at),
    }
}

const fn decision_code(reason: Reason) -> i32 {
    match reason {
        Reason::NoCredential | Reason::NoCredentialForEnvironment => stage_code::NO_CREDENTIAL,
        Reason::NoDevice | Reason::ReceiverUnknown => stage_code::NO_TOKEN,
        _ => stage_code::DECIDED,
    }
}

/// Whether it was handed to a vendor.
fn handed_over(delivery: &DeliveryView, tries: &[Attempt]) -> Value {
    match (tries.first(), delivery.reason) {
        (Some(first), _) => stage("success", 0, "", Some(first.at)),
        (None, Some(reason)) if delivery.state.is_terminal() => {
            stage("failed", stage_code::ENDED, reason.name(), Some(delivery.updated_at))
        }
        (None, reason) => stage("waiting", 0, reason.map_or("", Reason::name), None),
    }
}

/// What the vendor answered last.
fn answered(last: &Attempt) -> Value {
    let at = Some(last.at.plus_ms(last.duration_ms.into()));
    let Some(reason) = last.reason else {
        return stage("success", 0, "", at);
    };
    let code = last.vendor_status.map_or(stage_code::NO_ANSWER, i32::from);
    let info = format!("{}: {} {}", reason.name(), last.vendor_code, last.vendor_text);
    stage("failed", code, info.trim_end_matches([':', ' ']), at)
}

/// What was reported of the device; absent where nothing was.
fn on_device(delivery: &DeliveryView) -> Option<Value> {
    let at = Some(delivery.updated_at);
    match (delivery.state, delivery.reason) {
        (DeliveryState::Reached, _) => Some(stage("reached", 0, "", delivery.reached_at)),
        (DeliveryState::Clicked, _) => Some(stage("clicked", 0, "", delivery.clicked_at)),
        (DeliveryState::Failed, Some(Reason::NotShown)) => {
            Some(stage("failed", stage_code::NOT_SHOWN, Reason::NotShown.name(), at))
        }
        _ => None,
    }
}
