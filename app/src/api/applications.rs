//! Application Information.

use super::Outcome;
use crate::error::UiError;
use domain::{AccessId, Secret, product::ApplicationView};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{self, refuse, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::account::Action,
};

/// The Secret Key's own page, for readers without script.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
pub struct KeyPage {
    pub application: ApplicationView,
    /// After the page was posted.
    pub secret: Option<Secret>,
}

/// The application of an Access ID.
#[server(prefix = "/ui", endpoint = "applications/get", input = GetUrl)]
pub async fn get(access_id: AccessId) -> Result<ApplicationView, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.applications.get(&actor, access_id).await.map_err(refuse_read)
}

/// Gives it another name.
#[server(prefix = "/ui", endpoint = "applications/rename")]
pub async fn rename(access_id: AccessId, name: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.applications.rename(&actor, access_id, &name).await
    };
    match work.await {
        Ok(()) => Ok(done(
            format!("/applications/{access_id}"),
            Done::ApplicationChanged,
            name.trim(),
        )
        .await),
        Err(problem) => {
            let typed = Typed::from_pairs([("name", name.as_str())]);
            Err(refuse("applications/rename", typed, problem).await)
        }
    }
}

/// Deletes it after its name was typed.
#[server(prefix = "/ui", endpoint = "applications/delete")]
pub async fn delete(access_id: AccessId, confirmation: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend
            .applications
            .delete(&actor, access_id, confirmation.trim())
            .await
    };
    match work.await {
        Ok(()) => Ok(done("/products", Done::ApplicationDeleted, confirmation.trim()).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("confirmation", confirmation.as_str())]);
            Err(refuse("applications/delete", typed, problem).await)
        }
    }
}

/// The Secret Key.
#[server(prefix = "/ui", endpoint = "applications/reveal")]
pub async fn reveal(access_id: AccessId) -> Result<Secret, UiError> {
    match secret_key(access_id).await {
        Ok(secret) => Ok(secret),
        Err(problem) => Err(refuse("applications/reveal", Typed::default(), problem).await),
    }
}

/// The page that a form without script is posted to.
#[server(prefix = "/ui", endpoint = "applications/revealed", input = GetUrl)]
pub async fn revealed(access_id: AccessId) -> Result<KeyPage, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend.applications.get(&actor, access_id).await.map_err(refuse_read)?;
    let right = actor.require_on(Action::RevealSecrets, application.id);
    right.map_err(refuse_read)?;
    let secret = if backend::is_posted() {
        let path = format!("/applications/{access_id}/secret-key");
        let shown = secret_key(access_id).await;
        backend::shown_or_confirm(&path, shown).map_err(refuse_read)?
    } else {
        None
    };
    Ok(KeyPage { application, secret })
}

#[cfg(feature = "ssr")]
async fn secret_key(access_id: AccessId) -> domain::Result<Secret> {
    let (backend, actor) = signed_in()?;
    let secret = backend.applications.reveal_secret_key(&actor, access_id).await?;
    backend::forbid_storing();
    Ok(secret)
}
