//! `POST /v1/projects/{project}/messages:send`: access token, project, quota, message, device, in this order.

use http::HeaderMap;
use serde_json::{Value, json};

use super::answers::Answer;
use super::error_code::ErrorCode;
use super::message::{self, Wrong};
use super::oauth;
use crate::registry::{Device, DeviceState};
use crate::settings::{Settings, Unknown};
use crate::vendors::Vendor;
use crate::world::World;

/// A message that passed every check.
#[derive(Debug)]
pub(super) struct Cleared {
    /// Only tried out; nothing is delivered.
    pub(super) validate_only: bool,
}

/// Runs every check; the error is the answer.
pub(super) fn check(
    world: &World,
    project: &str,
    headers: &HeaderMap,
    json: Option<&Value>,
    body: &[u8],
) -> Result<Cleared, Answer> {
    let settings = world.settings.get();
    let authorization = headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    oauth::authenticate(world, authorization, project)?;
    let now_ms = world.clock.now_ms();
    let spent = |subject: &str, retry_after| {
        Answer::quota(
            &[(subject, "Quota exceeded for quota metric 'Send requests'")],
            Some(retry_after),
        )
    };
    world
        .fcm
        .quota
        .draw(project, settings.fcm_quota_per_minute, now_ms)
        .map_err(|retry_after| spent(&format!("project:{project}"), retry_after))?;
    let message = json
        .map_or_else(
            || message::read(body).and_then(|json| message::check(&json)),
            message::check,
        )
        .map_err(|wrong| match wrong {
            Wrong::Request(violations) => Answer::bad_request(&violations),
            Wrong::Message(violation) => Answer::invalid_argument(violation),
        })?;
    if let Some(token) = &message.token {
        let limit = settings.fcm_device_per_minute;
        world
            .fcm
            .quota
            .draw(&format!("device {token}"), limit, now_ms)
            .map_err(|retry_after| spent("device", retry_after))?;
        check_device(world, &settings, project, token)?;
    }
    Ok(Cleared {
        validate_only: message.validate_only,
    })
}

fn check_device(world: &World, settings: &Settings, project: &str, token: &str) -> Result<(), Answer> {
    if let Some(code) = ErrorCode::asked_for_by(token) {
        return Err(Answer::fcm(code));
    }
    match world.registry.device(Vendor::Fcm, token) {
        Some(device) => known_device(&device, project),
        None if settings.fcm_unknown_devices == Unknown::Reject => Err(Answer::bad_token()),
        None if token
            .bytes()
            .any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) =>
        {
            Err(Answer::bad_token())
        }
        None => Ok(()),
    }
}

fn known_device(device: &Device, project: &str) -> Result<(), Answer> {
    let answer = |code| Err(ErrorCode::named(code).map_or_else(Answer::bad_token, Answer::fcm));
    match device.state {
        DeviceState::Invalid => Err(Answer::bad_token()),
        DeviceState::Unregistered | DeviceState::Expired => answer("UNREGISTERED"),
        DeviceState::OtherApplication | DeviceState::OtherEnvironment => answer("SENDER_ID_MISMATCH"),
        DeviceState::Active | DeviceState::SwitchedOff
            if device.project.as_deref().is_some_and(|own| own != project) =>
        {
            answer("SENDER_ID_MISMATCH")
        }
        DeviceState::Active | DeviceState::SwitchedOff => Ok(()),
    }
}

/// The name FCM gives an accepted message.
pub(super) fn accepted(world: &World, project: &str, cleared: &Cleared) -> Answer {
    let id = if cleared.validate_only {
        "fake_message_id".to_owned()
    } else {
        format!("0:{}%{}", world.clock.now_ms() * 1000, world.chance.hex16())
    };
    Answer::json(200, &json!({ "name": format!("projects/{project}/messages/{id}") }))
}
