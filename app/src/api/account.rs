//! The own account: password, open sessions, factors. Server only, as the pages that ask are (`pages::own_account`).

use super::{Outcome, done, done_anew};
use crate::{
    backend::{self, refuse, refuse_read, setting_up, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{
    Problem, Secret,
    field::FieldFault,
    sign_in::{Factors, NewCodes, SessionMark, SessionView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// Where all of this leads back to.
const PAGE: &str = "/account";
/// The page that makes recovery codes.
const RECOVERY_CODES: &str = "/account/recovery-codes";

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct OwnAccount {
    /// The open sessions, the one used last first.
    pub sessions: Vec<SessionView>,
    /// The one that asks.
    pub this: SessionMark,
    /// What signing in asks for beside the password.
    pub factors: Factors,
}

/// The own account.
#[server(prefix = "/ui", endpoint = "account/get", input = GetUrl)]
pub async fn get() -> Result<OwnAccount, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let this = backend::session_mark().map_err(refuse_read)?;
    let sessions = backend.security.sessions(&actor).await.map_err(refuse_read)?;
    let factors = backend.factors.factors(&actor).await.map_err(refuse_read)?;
    Ok(OwnAccount {
        sessions,
        this,
        factors,
    })
}

/// Changes the own password; every other session ends.
#[server(prefix = "/ui", endpoint = "account/change-password")]
pub async fn change_password(password: Secret, new: Secret, repeat: Secret) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        if new != repeat {
            return Err(Problem::field("repeat", FieldFault::Differs));
        }
        backend.security.change_password(&actor, &password, &new).await?;
        backend::remember(actor.account).await
    };
    match work.await {
        Ok(()) => Ok(done_anew(PAGE, Some((Done::PasswordChanged, ""))).await),
        Err(problem) => Err(refuse("account/change-password", Typed::default(), problem).await),
    }
}

/// Ends one of the own sessions.
#[server(prefix = "/ui", endpoint = "account/end-session")]
pub async fn end_session(session: SessionMark) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.security.end_session(&actor, &session).await
    };
    match work.await {
        Ok(()) => Ok(done(PAGE, Done::SessionEnded, "").await),
        Err(problem) => Err(refuse("account/end-session", Typed::default(), problem).await),
    }
}

/// Ends all of the own sessions but the one that asks.
#[server(prefix = "/ui", endpoint = "account/end-other-sessions")]
pub async fn end_other_sessions() -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let this = backend::session_mark()?;
        backend.security.end_other_sessions(&actor, &this).await
    };
    match work.await {
        Ok(_) => Ok(done(PAGE, Done::OtherSessionsEnded, "").await),
        Err(problem) => Err(refuse("account/end-other-sessions", Typed::default(), problem).await),
    }
}

/// The secret of one-time codes that are being set up.
#[server(name = NewCodesRead, prefix = "/ui", endpoint = "account/new-codes", input = GetUrl)]
pub async fn new_codes() -> Result<NewCodes, UiError> {
    let (backend, actor) = setting_up().map_err(refuse_read)?;
    backend::forbid_storing();
    backend.factors.new_codes(&actor).await.map_err(refuse_read)
}

/// Has signing in ask for one-time codes, and goes on to the recovery codes.
#[server(prefix = "/ui", endpoint = "account/enable-codes")]
pub async fn enable_codes(code: Secret) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = setting_up()?;
        backend.factors.enable_codes(&actor, &code).await
    };
    match work.await {
        Ok(()) => Ok(done(RECOVERY_CODES, Done::CodesEnabled, "").await),
        Err(problem) => Err(refuse("account/enable-codes", Typed::default(), problem).await),
    }
}

/// Turns one-time codes off.
#[server(prefix = "/ui", endpoint = "account/disable-codes")]
pub async fn disable_codes() -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.factors.disable_codes(&actor).await
    };
    match work.await {
        Ok(()) => Ok(done(PAGE, Done::CodesDisabled, "").await),
        Err(problem) => Err(refuse("account/disable-codes", Typed::default(), problem).await),
    }
}

/// The page of recovery codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct RecoveryCodes {
    /// How many are left.
    pub left: u32,
    /// New ones, after the page was posted.
    pub made: Option<Vec<Secret>>,
}

/// What the page shows; it makes new ones when it was posted.
#[server(name = RecoveryCodesRead, prefix = "/ui", endpoint = "account/recovery-codes", input = GetUrl)]
pub async fn recovery_codes() -> Result<RecoveryCodes, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let made = if backend::is_posted() {
        backend::forbid_storing();
        let made = backend.factors.new_recovery_codes(&actor).await;
        backend::shown_or_confirm(RECOVERY_CODES, made).map_err(refuse_read)?
    } else {
        None
    };
    let factors = backend.factors.factors(&actor).await.map_err(refuse_read)?;
    Ok(RecoveryCodes {
        left: factors.recovery_codes,
        made,
    })
}

/// The second step of signing in.
#[server(prefix = "/ui", endpoint = "account/second-step")]
pub async fn second_step(code: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let half_way = backend::half_way().await?;
        let address = backend::client_address();
        let account = backend::backend()?
            .factors
            .second_step(half_way, &code, &address)
            .await?;
        backend::remember(account).await
    };
    match work.await {
        Ok(()) => Ok(done_anew(crate::paths::safe_next(&next), None).await),
        Err(problem) => Err(refuse("account/second-step", Typed::default(), problem).await),
    }
}
