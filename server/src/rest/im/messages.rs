//! `openim/sendmsg` and `openim/batchsendmsg`.

use super::{
    Call,
    call::Caller,
    fields::Fields,
    frame::{Answer, Refusal, code},
    message_body, spans,
};
use crate::{metrics, rest::RestState};
use domain::{
    message::{MAX_LIFE_SECS, Submission},
    statistics::MessageKind,
};
use serde_json::json;
use tracing::Span;

/// A message for one account.
pub async fn send(state: &RestState, caller: &Caller, call: Call<'_>) -> Result<Answer, Refusal> {
    let fields = Fields::of(call.body)?;
    let to = fields
        .account("To_Account", code::TO_ACCOUNT)?
        .ok_or_else(|| Refusal::new(code::TO_ACCOUNT, "To_Account is missing: a UserID as a string"))?;
    let submission = submission(state, caller, call, MessageKind::C2c, vec![to])?;
    let accepted = state.messages.accept(submission).await?;
    Span::current().record(spans::MESSAGE_ID, accepted.message.0);
    if accepted.repeated {
        metrics::im_repeat("sendmsg");
    }
    if let Some(unknown) = accepted.unknown.first() {
        let info = format!("To_Account {unknown} is not registered: import it, or register a device of it, first");
        return Err(Refusal::new(code::RECEIVER_UNKNOWN, info));
    }
    Ok(Answer::ok()
        .with("MsgTime", accepted.time_secs)
        .with("MsgKey", accepted.key))
}

/// The same message for up to 500 accounts.
pub async fn send_batch(state: &RestState, caller: &Caller, call: Call<'_>) -> Result<Answer, Refusal> {
    let fields = Fields::of(call.body)?;
    let to = fields.accounts("To_Account")?;
    let submission = submission(state, caller, call, MessageKind::Batch, to)?;
    let accepted = state.messages.accept(submission).await?;
    Span::current().record(spans::MESSAGE_ID, accepted.message.0);
    if accepted.repeated {
        metrics::im_repeat("batchsendmsg");
    }
    if accepted.unknown.is_empty() {
        return Ok(Answer::ok().with("MsgKey", accepted.key));
    }
    let unknown = accepted.unknown.iter();
    let errors: Vec<_> = unknown
        .map(|account| json!({ "To_Account": account, "ErrorCode": code::NOT_REGISTERED }))
        .collect();
    Ok(Answer::partly().with("MsgKey", accepted.key).with("ErrorList", errors))
}

fn submission(
    state: &RestState,
    caller: &Caller,
    call: Call<'_>,
    kind: MessageKind,
    to: Vec<String>,
) -> Result<Submission, Refusal> {
    const U32: std::ops::RangeInclusive<i64> = 0..=u32::MAX as i64;
    let fields = Fields::of(call.body)?;
    fields.integer("SyncOtherMachine", 1..=2, code::SYNC_OTHER_MACHINE)?;
    let from = fields.account("From_Account", code::FROM_ACCOUNT)?;
    let random = fields
        .integer("MsgRandom", U32, code::MSG_RANDOM)?
        .ok_or_else(|| Refusal::new(code::MSG_RANDOM, "MsgRandom is missing: a random integer of 32 bits"))?;
    let life = fields.integer("MsgLifeTime", 0..=i64::from(MAX_LIFE_SECS), code::LIFE_TIME)?;
    let first_seen = || {
        let app = caller.sdk_app_id;
        state.repeats.first_seen(app, call.query, call.bytes, call.at)
    };
    Ok(Submission {
        sdk_app_id: caller.sdk_app_id,
        kind,
        from: from.unwrap_or_else(|| caller.identifier.clone()),
        to,
        seq: fields.integer("MsgSeq", U32, code::JSON)?.map(within_u32),
        random: within_u32(random),
        time: Some(
            fields
                .integer("MsgTimeStamp", U32, code::MSG_TIME)?
                .unwrap_or_else(first_seen),
        ),
        life_secs: life.map_or(MAX_LIFE_SECS, within_u32),
        elements: message_body::elements(fields)?,
        offline_push: message_body::offline_push(fields)?,
    })
}

/// For numbers that were checked to be in range.
fn within_u32(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
