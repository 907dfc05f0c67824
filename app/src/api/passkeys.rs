//! Passkeys, the ways of the second step, and the second step that a tenant demands. Server only, as the pages are.

use super::{Outcome, done, done_anew};
use crate::{
    backend::{self, backend, refuse, refuse_read, setting_up, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{
    PasskeyId, Problem, Result as Checked, Secret,
    passkey::Challenge,
    ports::Begun,
    sign_in::{HalfWay, SecondSteps},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// The page of the own account.
const PAGE: &str = "/account";

pub(super) async fn kept(begun: Option<Begun>) -> Checked<Option<Challenge>> {
    match begun {
        Some(begun) => backend::keep_ceremony(begun).await.map(Some),
        None => Ok(None),
    }
}

/// What the browser is asked for a new passkey; none where passkeys cannot be had.
#[server(prefix = "/ui", endpoint = "passkeys/new", input = GetUrl)]
pub async fn new_passkey() -> Result<Option<Challenge>, UiError> {
    let (backend, actor) = setting_up().map_err(refuse_read)?;
    backend::forbid_storing();
    let begun = backend.passkeys.begin_add(&actor).await.map_err(refuse_read)?;
    kept(begun).await.map_err(refuse_read)
}

/// Adds a passkey. The first factor of an account is followed by recovery codes.
#[server(prefix = "/ui", endpoint = "passkeys/add")]
pub async fn add(name: String, #[server(default)] credential: Secret) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = setting_up()?;
        let ceremony = backend::take_ceremony().await?;
        backend.passkeys.add(&actor, ceremony, &name, &credential).await?;
        backend.factors.factors(&actor).await
    };
    match work.await {
        Ok(factors) => {
            let next = match factors.recovery_codes {
                0 => "/account/recovery-codes",
                _ => PAGE,
            };
            Ok(done(next, Done::PasskeyAdded, name.trim()).await)
        }
        Err(problem) => {
            let typed = Typed::from_pairs([("name", name.as_str())]);
            Err(refuse("passkeys/add", typed, problem).await)
        }
    }
}

/// Removes a passkey of the own.
#[server(prefix = "/ui", endpoint = "passkeys/remove")]
pub async fn remove(passkey: PasskeyId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.passkeys.remove(&actor, passkey).await
    };
    match work.await {
        Ok(name) => Ok(done(PAGE, Done::PasskeyRemoved, &name).await),
        Err(problem) => Err(refuse("passkeys/remove", Typed::default(), problem).await),
    }
}

/// What a browser of which nothing is known is asked for.
#[server(prefix = "/ui", endpoint = "passkeys/ask", input = GetUrl)]
pub async fn ask() -> Result<Option<Challenge>, UiError> {
    let backend = backend().map_err(refuse_read)?;
    backend::forbid_storing();
    let begun = backend.passkeys.begin_sign_in().await.map_err(refuse_read)?;
    kept(begun).await.map_err(refuse_read)
}

/// Signs in by a passkey alone.
#[server(prefix = "/ui", endpoint = "passkeys/sign-in")]
pub async fn sign_in(#[server(default)] credential: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let ceremony = backend::take_ceremony().await?;
        let address = backend::client_address();
        let account = backend()?.passkeys.sign_in(ceremony, &credential, &address).await?;
        backend::remember(account).await
    };
    match work.await {
        Ok(()) => Ok(done_anew(crate::paths::safe_next(&next), None).await),
        Err(problem) => Err(refuse("passkeys/sign-in", Typed::default(), problem).await),
    }
}

/// By what somebody can prove who they are, beside the password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Ways {
    /// One-time codes are on.
    pub codes: bool,
    /// There are recovery codes.
    pub recovery_codes: bool,
    /// What the browser is asked for, where there are passkeys.
    pub passkey: Option<Challenge>,
}

/// How the second step can be taken by who gave the password here; only the code where nobody did.
#[server(name = SecondStepWays, prefix = "/ui", endpoint = "passkeys/second-step-ways", input = GetUrl)]
pub async fn second_step_ways() -> Result<Ways, UiError> {
    let work = async {
        backend::forbid_storing();
        let backend = backend()?;
        let Ok(half_way) = backend::half_way().await else {
            return Ok(Ways {
                codes: true,
                recovery_codes: true,
                passkey: None,
            });
        };
        let actor = backend.accounts.actor(half_way.account).await?;
        let factors = backend.factors.factors(&actor.ok_or(Problem::Unauthenticated)?).await?;
        let begun = backend.passkeys.begin_second_step(half_way).await?;
        Ok(Ways {
            codes: factors.codes_since.is_some(),
            recovery_codes: factors.recovery_codes > 0,
            passkey: kept(begun).await?,
        })
    };
    work.await.map_err(refuse_read)
}

/// The second step of signing in, by passkey.
#[server(prefix = "/ui", endpoint = "passkeys/second-step")]
pub async fn second_step(#[server(default)] credential: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let half_way: HalfWay = backend::half_way().await?;
        let ceremony = backend::take_ceremony().await?;
        let address = backend::client_address();
        let passkeys = backend()?.passkeys;
        let account = passkeys.second_step(half_way, ceremony, &credential, &address).await?;
        backend::remember(account).await
    };
    match work.await {
        Ok(()) => Ok(done_anew(crate::paths::safe_next(&next), None).await),
        Err(problem) => Err(refuse("passkeys/second-step", Typed::default(), problem).await),
    }
}

/// Who demands a second step of the account that asks; none where it owes none.
#[server(name = OwedTo, prefix = "/ui", endpoint = "account/owed", input = GetUrl)]
pub async fn owed_to() -> Result<Option<String>, UiError> {
    let (backend, actor) = setting_up().map_err(refuse_read)?;
    let who = backend.accounts.identity(&actor).await.map_err(refuse_read)?;
    Ok(backend::owing().map(|_| who.tenant_name))
}

/// Who of the sub-accounts has a second step.
#[server(name = SecondStepsRead, prefix = "/ui", endpoint = "sub-accounts/second-steps", input = GetUrl)]
pub async fn second_steps() -> Result<SecondSteps, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.factors.second_steps(&actor).await.map_err(refuse_read)
}

/// Demands a second step of all sub-accounts, or no more.
#[server(prefix = "/ui", endpoint = "sub-accounts/demand-second-step")]
pub async fn demand_second_step(demanded: bool) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.factors.demand_second_step(&actor, demanded).await
    };
    let said = if demanded {
        Done::SecondStepDemanded
    } else {
        Done::SecondStepFree
    };
    match work.await {
        Ok(()) => Ok(done("/sub-accounts/second-step", said, "").await),
        Err(problem) => Err(refuse("sub-accounts/demand-second-step", Typed::default(), problem).await),
    }
}
