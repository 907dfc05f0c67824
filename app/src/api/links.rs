//! One-time links with which somebody sets a password, and the sign-in of a sub-account. Server only, as the pages are.

use super::{Outcome, done, done_anew};
use crate::{
    backend::{self, backend, refuse, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{AccountId, Problem, Secret, account::SubAccountView, field::FieldFault};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// How somebody else signs in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct SubAccountSignIn {
    /// The account.
    pub account: SubAccountView,
    /// A new link, after the page was posted.
    pub link: Option<Secret>,
}

/// The page of an account.
pub fn page_of(account: AccountId) -> String {
    format!("/sub-accounts/{account}/sign-in")
}

/// What the page shows; it makes a new link when it was posted.
#[server(name = SignInOf, prefix = "/ui", endpoint = "sub-accounts/sign-in", input = GetUrl)]
pub async fn sign_in_of(account: AccountId) -> Result<SubAccountSignIn, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let view = backend.sub_accounts.get(&actor, account).await.map_err(refuse_read)?;
    let link = if backend::is_posted() {
        backend::forbid_storing();
        let made = backend.links.make(&actor, account).await;
        let link = made.map(|token| Secret::new(format!("{}/set-password/{}", backend::origin(), token.reveal())));
        backend::shown_or_confirm(&page_of(account), link).map_err(refuse_read)?
    } else {
        None
    };
    Ok(SubAccountSignIn { account: view, link })
}

/// Takes all factors from a sub-account whose owner lost them.
#[server(prefix = "/ui", endpoint = "sub-accounts/remove-factors")]
pub async fn remove_factors(account: AccountId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.factors.remove(&actor, account).await?;
        Ok(backend.sub_accounts.get(&actor, account).await?.sign_in_name)
    };
    match work.await {
        Ok(name) => Ok(done(page_of(account), Done::FactorsRemoved, &name).await),
        Err(problem) => Err(refuse("sub-accounts/remove-factors", Typed::default(), problem).await),
    }
}

/// Whose password a link sets.
#[server(prefix = "/ui", endpoint = "links/name", input = GetUrl)]
pub async fn name(token: Secret) -> Result<String, UiError> {
    let backend = backend().map_err(refuse_read)?;
    backend::forbid_storing();
    backend.links.name(&token).await.map_err(refuse_read)
}

/// Sets a password with a link.
#[server(prefix = "/ui", endpoint = "links/set-password")]
pub async fn set_password(token: Secret, password: Secret, repeat: Secret) -> Result<Outcome, UiError> {
    let work = async {
        if password != repeat {
            return Err(Problem::field("repeat", FieldFault::Differs));
        }
        let address = backend::client_address();
        backend()?.links.set_password(&token, &password, &address).await
    };
    match work.await {
        Ok(()) => Ok(done_anew("/login", Some((Done::PasswordSet, ""))).await),
        Err(problem) => Err(refuse("links/set-password", Typed::default(), problem).await),
    }
}
