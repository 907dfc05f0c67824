//! Set-up, sign-in, activation, language and theme, and the frame.

use super::Outcome;
use crate::{error::UiError, frame::FrameApplication};
use domain::{Secret, account::Identity};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::done_anew,
    crate::{
        backend::{self, backend, refuse, refuse_read},
        flash::{Done, Typed},
    },
    domain::{Problem, account::NewRoot, field::FieldFault, sign_in::SignedIn},
};

/// The part of the frame that changes while a page stays open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ReaderFrame {
    pub identity: Option<Identity>,
    pub applications: Vec<FrameApplication>,
}

/// Who is signed in and what there is to switch to.
#[server(prefix = "/ui", endpoint = "session/frame", input = GetUrl)]
pub async fn current_frame() -> Result<ReaderFrame, UiError> {
    let (backend, actor) = backend::signed_in().map_err(refuse_read)?;
    let identity = backend.accounts.identity(&actor).await.map_err(refuse_read)?;
    let applications = backend.applications.list(&actor).await.map_err(refuse_read)?;
    Ok(ReaderFrame {
        identity: Some(identity),
        applications: applications.into_iter().map(FrameApplication::from).collect(),
    })
}

/// Whether the server still waits for its first account.
#[server(prefix = "/ui", endpoint = "session/needs-set-up", input = GetUrl)]
pub async fn needs_set_up() -> Result<bool, UiError> {
    let backend = backend().map_err(refuse_read)?;
    backend.accounts.needs_set_up().await.map_err(refuse_read)
}

/// Creates the root account and signs it in.
#[server(prefix = "/ui", endpoint = "session/set-up")]
pub async fn set_up(token: Secret, name: String, password: Secret, repeat: Secret) -> Result<Outcome, UiError> {
    let work = async {
        if password != repeat {
            return Err(Problem::field("repeat", FieldFault::Differs));
        }
        let root = NewRoot {
            name: name.clone(),
            password,
        };
        let address = backend::client_address();
        let account = backend()?.accounts.set_up(&token, root, &address).await?;
        backend::remember(account).await
    };
    match work.await {
        Ok(()) => Ok(done_anew("/products", Some((Done::SetUp, name.trim()))).await),
        Err(problem) => Err(refuse("session/set-up", Typed::from_pairs([("name", name.as_str())]), problem).await),
    }
}

/// Signs in and goes on to the page that was asked for.
#[server(prefix = "/ui", endpoint = "session/sign-in")]
pub async fn sign_in(name: String, password: Secret, next: String) -> Result<Outcome, UiError> {
    let work = async {
        let address = backend::client_address();
        let signed_in = backend()?.accounts.sign_in(name.trim(), &password, &address).await?;
        let next = crate::paths::safe_next(&next);
        match signed_in {
            SignedIn::Whole(account) => {
                backend::remember(account).await?;
                Ok(next.to_owned())
            }
            SignedIn::HalfWay(half_way) => {
                backend::wait_for_second_step(half_way).await?;
                Ok(crate::paths::with_query("/login/code", &[("next", next)]))
            }
        }
    };
    match work.await {
        Ok(to) => Ok(done_anew(to, None).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("name", name.as_str())]);
            Err(refuse("session/sign-in", typed, problem).await)
        }
    }
}

/// Activates the service for the tenant.
#[server(prefix = "/ui", endpoint = "session/activate")]
pub async fn activate() -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = backend::signed_in()?;
        backend.accounts.activate(&actor).await
    };
    match work.await {
        Ok(()) => Ok(done_anew("/products", Some((Done::Activated, ""))).await),
        Err(problem) => Err(refuse("session/activate", Typed::default(), problem).await),
    }
}

/// Sets the cookie `lang`. Always a plain form post: the page is loaded anew in the other language.
#[server(prefix = "/ui", endpoint = "session/language")]
pub async fn set_language(language: String) -> Result<(), UiError> {
    let Some(locale) = crate::i18n::Locale::from_name(&language) else {
        let problem = Problem::field("language", FieldFault::NotAChoice);
        return Err(refuse("session/language", Typed::default(), problem).await);
    };
    backend::set_preference("lang", locale.name());
    Ok(())
}

/// Sets the cookie `theme`, as [`set_language`] does.
#[server(prefix = "/ui", endpoint = "session/theme")]
pub async fn set_theme(theme: String) -> Result<(), UiError> {
    let Some(theme) = crate::frame::Theme::from_name(&theme) else {
        let problem = Problem::field("theme", FieldFault::NotAChoice);
        return Err(refuse("session/theme", Typed::default(), problem).await);
    };
    backend::set_preference("theme", theme.name());
    Ok(())
}
