//! IM REST v4: `POST /v4/{service}/{command}`, as IM back ends call it (tpns-and-im 3.4).
//!
//! Every answer is HTTP 200 with its frame. Checks go outside in: address, caller, body, fields; the first that fails
//! answers. Documented in docs/api/im.md.

pub mod accounts;
pub mod api_keys;
pub mod call;
pub mod fields;
pub mod frame;
pub mod message_body;
pub mod messages;
pub mod repeats;
mod spans;
pub mod tickets;
pub mod traces;
pub mod usersig;

use super::{RestState, body};
use crate::metrics;
use axum::{
    Router,
    extract::{Path, Request, State},
    http::Method,
    response::{IntoResponse, Response},
    routing::any,
};
use bytes::Bytes;
use call::Credentials;
use domain::{Timestamp, api_key::Scope};
use fields::MAX_ACCOUNTS;
use frame::{Answer, Refusal, code};
use serde_json::Value;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, Span};

/// The largest message, as documented.
const MAX_BODY: usize = 12 * 1024;
/// What a list of accounts may add: the longest `UserID` with quotes and comma.
const MAX_LIST: usize = MAX_ACCOUNTS * 36;
/// Back ends give up after three seconds; what is not on disk by then is told to be tried again.
const TIME_LIMIT: Duration = Duration::from_millis(2900);

/// The door.
pub fn routes() -> Router<RestState> {
    // Even a fault of ours is told in the frame: back ends look nowhere else.
    let panicked = CatchPanicLayer::custom(|_| {
        metrics::im_request("unknown", code::INTERNAL);
        Refusal::new(
            code::INTERNAL,
            "a fault of the server: try again, and tell its operator",
        )
        .into_response()
    });
    Router::new().route("/v4/{*command}", any(answer)).layer(panicked)
}

/// The commands that are answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Command {
    SendMsg,
    BatchSendMsg,
    QueryOnlineStatus,
    AccountImport,
    NormalPushTrace,
}

/// The commands that are answered, as they stand behind `/v4/`.
pub fn commands() -> impl Iterator<Item = &'static str> {
    Command::ALL.into_iter().map(Command::path)
}

impl Command {
    const ALL: [Self; 5] = [
        Self::SendMsg,
        Self::BatchSendMsg,
        Self::QueryOnlineStatus,
        Self::AccountImport,
        Self::NormalPushTrace,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::SendMsg => "openim/sendmsg",
            Self::BatchSendMsg => "openim/batchsendmsg",
            Self::QueryOnlineStatus => "openim/query_online_status",
            Self::AccountImport => "im_open_login_svc/account_import",
            Self::NormalPushTrace => "timpush/normal_push_trace",
        }
    }

    fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.path() == path)
    }

    /// What an API key must be good for.
    const fn scope(self) -> Scope {
        match self {
            Self::SendMsg | Self::BatchSendMsg | Self::NormalPushTrace => Scope::SendMessages,
            Self::QueryOnlineStatus | Self::AccountImport => Scope::ManageUsers,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::SendMsg => "sendmsg",
            Self::BatchSendMsg => "batchsendmsg",
            Self::QueryOnlineStatus => "query_online_status",
            Self::AccountImport => "account_import",
            Self::NormalPushTrace => "normal_push_trace",
        }
    }

    const fn max_body(self) -> usize {
        match self {
            Self::SendMsg | Self::AccountImport | Self::NormalPushTrace => MAX_BODY,
            Self::BatchSendMsg | Self::QueryOnlineStatus => MAX_BODY + MAX_LIST,
        }
    }

    const fn administrator_refusal(self) -> u32 {
        match self {
            Self::AccountImport => code::ADMINISTRATOR,
            _ => code::SENDER_NOT_ADMINISTRATOR,
        }
    }
}

async fn answer(State(state): State<RestState>, Path(path): Path<String>, request: Request) -> Response {
    let command = Command::of(&path);
    let span = spans::of_call(command.map_or("unknown", Command::name), request.headers());
    let outcome = match command {
        Some(command) => tokio::time::timeout(TIME_LIMIT, run(&state, command, request))
            .instrument(span.clone())
            .await
            .unwrap_or_else(|_| {
                Err(Refusal::new(
                    code::TIMEOUT,
                    "the server did not manage in time: try again",
                ))
            }),
        None => Err(Refusal::new(
            code::UNKNOWN_COMMAND,
            "this server has no such service or command under /v4: see docs/api/im.md",
        )),
    };
    let code = outcome.as_ref().map_or_else(|refusal| refusal.code, |_| 0);
    metrics::im_request(command.map_or("unknown", Command::name), code);
    spans::answered(&span, code);
    outcome.map_or_else(IntoResponse::into_response, IntoResponse::into_response)
}

async fn run(state: &RestState, command: Command, request: Request) -> Result<Answer, Refusal> {
    if request.method() != Method::POST {
        return Err(Refusal::new(code::HTTP, "call this address with POST"));
    }
    let (parts, content) = request.into_parts();
    let address = state.addresses.of(&parts);
    let credentials = Credentials::of_query(&parts.uri)?;
    let caller = match api_keys::presented(&parts.headers)? {
        Some(presented) => api_keys::verify(state, &credentials, &presented, command.scope())?,
        None => credentials.admit(state, &address).await?,
    };
    caller.require_enabled()?;
    caller.require_administrator(command.administrator_refusal())?;
    Span::current().record(spans::SDK_APP_ID, caller.sdk_app_id.0);
    let now = state.clock.now();
    let in_time = state.pace.im_call(caller.sdk_app_id, command.name(), now);
    in_time.map_err(|_| too_frequent(command))?;
    let bytes = read_body(content, command.max_body()).await?;
    let body = parse_body(&bytes)?;
    let call = || Call {
        body: &body,
        bytes: &bytes,
        query: parts.uri.query().unwrap_or_default(),
        at: now,
    };
    match command {
        Command::SendMsg => messages::send(state, &caller, call()).await,
        Command::BatchSendMsg => messages::send_batch(state, &caller, call()).await,
        Command::QueryOnlineStatus => accounts::query_online_status(state, &caller, &body).await,
        Command::AccountImport => accounts::import(state, &caller, &body).await,
        Command::NormalPushTrace => traces::trace(state, &caller, &body).await,
    }
}

/// A call as it came.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// What was sent, as JSON.
    pub body: &'a Value,
    /// The same, byte for byte.
    pub bytes: &'a [u8],
    /// The address behind the question mark.
    pub query: &'a str,
    /// When it came.
    pub at: Timestamp,
}

fn too_frequent(command: Command) -> Refusal {
    let name = command.name();
    let info = format!(
        "more {name} calls of this SDKAppID within a second than limits.im_calls_per_sec of the server allows: send \
         slower, or put several receivers into one batchsendmsg"
    );
    Refusal::new(code::RATE, info)
}

async fn read_body(content: axum::body::Body, limit: usize) -> Result<Bytes, Refusal> {
    let bytes = body::read(content, limit).await.map_err(|fault| match fault {
        body::BodyFault::TooLong => Refusal::new(
            code::TOO_LONG,
            format!("the body is longer than the {limit} bytes that this command takes"),
        ),
        body::BodyFault::Broken | body::BodyFault::TooSlow => {
            Refusal::new(code::HTTP, "the body ended before its announced length")
        }
    })?;
    if bytes.is_empty() {
        return Err(Refusal::new(code::BODY, "the body is empty: it must be at least {}"));
    }
    Ok(bytes)
}

/// Whatever its Content-Type says, the body is JSON.
fn parse_body(bytes: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Refusal::new(
            code::BODY,
            format!("the body is not JSON in UTF-8: it goes wrong at line {line} column {column}"),
        )
    })
}
