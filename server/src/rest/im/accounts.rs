//! `im_open_login_svc/account_import` and `openim/query_online_status`.

use super::{
    call::Caller,
    fields::Fields,
    frame::{Answer, Refusal, code},
};
use crate::rest::RestState;
use domain::{device::Presence, ports::OnlineStatus, product::Platform};
use serde_json::{Value, json};

/// The longest nickname, in bytes, as IM takes it.
const MAX_NICK: usize = 500;

/// Records an account. `UserID` is the name since 2022, `Identifier` the one before.
pub async fn import(state: &RestState, caller: &Caller, body: &Value) -> Result<Answer, Refusal> {
    let fields = Fields::of(body)?;
    let user = match fields.account("UserID", code::ACCOUNT)? {
        Some(user) => Some(user),
        None => fields.account("Identifier", code::ACCOUNT)?,
    };
    let user = user.ok_or_else(|| Refusal::new(code::ACCOUNT, "UserID is missing"))?;
    let nick = fields.text("Nick", code::ACCOUNT)?.unwrap_or_default();
    if nick.len() > MAX_NICK {
        return Err(Refusal::new(
            code::ACCOUNT,
            format!("Nick takes at most {MAX_NICK} bytes"),
        ));
    }
    fields.text("FaceUrl", code::ACCOUNT)?;
    state.im_users.import(caller.sdk_app_id, &user, nick).await?;
    Ok(Answer::ok())
}

/// The state of up to 500 accounts. The sample of the documentation says `State`, its table `Status`: both are answered.
pub async fn query_online_status(state: &RestState, caller: &Caller, body: &Value) -> Result<Answer, Refusal> {
    let fields = Fields::of(body)?;
    let accounts = fields.accounts("To_Account")?;
    let detailed = fields.integer("IsNeedDetail", 0..=1, code::JSON)? == Some(1);
    let statuses = state.im_users.online_status(caller.sdk_app_id, accounts).await?;
    let (known, unknown): (Vec<_>, Vec<_>) = statuses.iter().partition(|status| status.known);
    let results: Vec<_> = known.into_iter().map(|status| result(status, detailed)).collect();
    let errors: Vec<_> = unknown
        .into_iter()
        .map(|status| json!({ "To_Account": status.user, "ErrorCode": code::NOT_REGISTERED }))
        .collect();
    let answer = Answer::ok().with("QueryResult", results);
    Ok(if errors.is_empty() {
        answer
    } else {
        answer.with("ErrorList", errors)
    })
}

fn result(status: &OnlineStatus, detailed: bool) -> Value {
    let best = status
        .devices
        .iter()
        .map(|(_, _, presence)| *presence)
        .fold("Offline", better);
    let mut result = json!({ "To_Account": status.user, "State": best, "Status": best });
    if detailed {
        let devices = status
            .devices
            .iter()
            .map(|(platform, _, presence)| json!({ "Platform": platform_name(*platform), "Status": name(*presence) }));
        result["Detail"] = devices.collect();
    }
    result
}

const fn name(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "Online",
        Presence::PushOnline => "PushOnline",
        Presence::LoggedOut | Presence::Inactive => "Offline",
    }
}

fn better(best: &'static str, presence: Presence) -> &'static str {
    match (best, name(presence)) {
        ("Online", _) | (_, "Online") => "Online",
        ("PushOnline", _) | (_, "PushOnline") => "PushOnline",
        _ => "Offline",
    }
}

const fn platform_name(platform: Platform) -> &'static str {
    match platform {
        Platform::Android => "Android",
        Platform::Ios => "iPhone",
        Platform::Macos => "Mac",
    }
}
