//! Proving once more who one is, by password, passkey or code. Server only, as the page that asks is
//! (`pages::own_account::confirm`).

use super::{
    Outcome, done_anew,
    passkeys::{Ways, kept},
};
use crate::{
    backend::{self, Proof, refuse, refuse_read, setting_up},
    error::UiError,
    flash::{self, Done, Typed},
};
use domain::{Result as Checked, Secret};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// How who is signed in can prove once more who they are, beside the password.
#[server(name = ConfirmWays, prefix = "/ui", endpoint = "passkeys/confirm-ways", input = GetUrl)]
pub async fn ways() -> Result<Ways, UiError> {
    let work = async {
        backend::forbid_storing();
        let (backend, actor) = setting_up()?;
        let factors = backend.factors.factors(&actor).await?;
        let begun = backend.passkeys.begin_confirm(&actor).await?;
        Ok(Ways {
            codes: factors.codes_since.is_some(),
            recovery_codes: factors.recovery_codes > 0,
            passkey: kept(begun).await?,
        })
    };
    work.await.map_err(refuse_read)
}

/// Proves it by the password.
#[server(name = ConfirmPassword, prefix = "/ui", endpoint = "account/confirm")]
pub async fn by_password(password: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = setting_up()?;
        backend.accounts.confirm_password(&actor, &password).await
    };
    confirmed("account/confirm", work.await, &next).await
}

/// Proves it by a passkey.
#[server(name = ConfirmPasskey, prefix = "/ui", endpoint = "passkeys/confirm")]
pub async fn by_passkey(#[server(default)] credential: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = setting_up()?;
        let ceremony = backend::take_ceremony().await?;
        backend.passkeys.confirm(&actor, ceremony, &credential).await
    };
    confirmed("passkeys/confirm", work.await, &next).await
}

/// Proves it by a one-time code or a recovery code.
#[server(name = ConfirmCode, prefix = "/ui", endpoint = "account/confirm-code")]
pub async fn by_code(code: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = setting_up()?;
        backend.factors.confirm(&actor, &code).await
    };
    confirmed("account/confirm-code", work.await, &next).await
}

/// Goes on to where the proof was asked for, with what was typed there.
async fn confirmed(form: &str, proved: Checked<()>, next: &str) -> Result<Outcome, UiError> {
    let next = crate::paths::safe_next(next);
    let work = async {
        proved?;
        backend::prove(Proof::Confirmed).await?;
        Ok(flash::take_up(&backend::session()?, next).await)
    };
    match work.await {
        Ok(waits) => Ok(done_anew(next, waits.then_some((Done::Confirmed, ""))).await),
        Err(problem) => Err(refuse(form, Typed::default(), problem).await),
    }
}
