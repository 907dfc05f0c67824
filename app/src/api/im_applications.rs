//! IM Applications.

use super::Outcome;
use crate::error::UiError;
use domain::{SdkAppId, Secret, im::ImApplicationView, product::AccessPoint};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{self, refuse, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::{account::Action, im::NewImApplication},
};

/// What the form Create IM Application needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct NewImForm {
    /// The service access points to choose from.
    pub access_points: Vec<AccessPoint>,
    /// The one-time key of this form.
    pub form_key: String,
}

/// The key's own page, for readers without script.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
pub struct KeyPage {
    pub application: ImApplicationView,
    /// After the page was posted.
    pub secret: Option<Secret>,
}

/// All of the account.
#[server(prefix = "/ui", endpoint = "im-applications/list", input = GetUrl)]
pub async fn list() -> Result<Vec<ImApplicationView>, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.im_applications.list(&actor).await.map_err(refuse_read)
}

/// One of them.
#[server(prefix = "/ui", endpoint = "im-applications/get", input = GetUrl)]
pub async fn get(sdk_app_id: SdkAppId) -> Result<ImApplicationView, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend
        .im_applications
        .get(&actor, sdk_app_id)
        .await
        .map_err(refuse_read)
}

/// What Create IM Application starts with.
#[server(prefix = "/ui", endpoint = "im-applications/new", input = GetUrl)]
pub async fn new_form() -> Result<NewImForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    actor.require(Action::ManageImApplications).map_err(refuse_read)?;
    Ok(NewImForm {
        access_points: backend.products.access_points().await.map_err(refuse_read)?,
        form_key: backend::form_key(),
    })
}

/// Creates one and goes to its details.
#[server(prefix = "/ui", endpoint = "im-applications/create")]
pub async fn create(
    name: String,
    #[server(default)] access_point: String,
    form_key: String,
) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("name", name.as_str()), ("access_point", &access_point)]);
    let new = NewImApplication {
        name: name.clone(),
        access_point,
        form_key,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.im_applications.create(&actor, new).await
    };
    match work.await {
        Ok(id) => Ok(done(page(id), Done::ImApplicationCreated, name.trim()).await),
        Err(problem) => Err(refuse("im-applications/create", typed, problem).await),
    }
}

/// Enables or disables it.
#[server(prefix = "/ui", endpoint = "im-applications/set-enabled")]
pub async fn set_enabled(sdk_app_id: SdkAppId, enabled: bool) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let view = backend.im_applications.get(&actor, sdk_app_id).await?;
        backend.im_applications.set_enabled(&actor, sdk_app_id, enabled).await?;
        Ok(view.name)
    };
    let what = if enabled {
        Done::ImApplicationEnabled
    } else {
        Done::ImApplicationDisabled
    };
    match work.await {
        Ok(name) => Ok(done(page(sdk_app_id), what, &name).await),
        Err(problem) => Err(refuse("im-applications/set-enabled", Typed::default(), problem).await),
    }
}

/// Replaces its administrators: one per line, or parted by commas.
#[server(prefix = "/ui", endpoint = "im-applications/set-administrators")]
pub async fn set_administrators(sdk_app_id: SdkAppId, administrators: String) -> Result<Outcome, UiError> {
    let names = administrators
        .split(['\n', ',', '，', ';'])
        .map(|name| name.trim().to_owned())
        .collect();
    let work = async {
        let (backend, actor) = signed_in()?;
        let view = backend.im_applications.get(&actor, sdk_app_id).await?;
        backend
            .im_applications
            .set_administrators(&actor, sdk_app_id, names)
            .await?;
        Ok(view.name)
    };
    match work.await {
        Ok(name) => Ok(done(page(sdk_app_id), Done::AdministratorsSaved, &name).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("administrators", administrators.as_str())]);
            Err(refuse("im-applications/set-administrators", typed, problem).await)
        }
    }
}

/// Deletes it after its name was typed.
#[server(prefix = "/ui", endpoint = "im-applications/delete")]
pub async fn delete(sdk_app_id: SdkAppId, confirmation: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend
            .im_applications
            .delete(&actor, sdk_app_id, confirmation.trim())
            .await
    };
    match work.await {
        Ok(()) => Ok(done("/im-applications", Done::ImApplicationDeleted, confirmation.trim()).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("confirmation", confirmation.as_str())]);
            Err(refuse("im-applications/delete", typed, problem).await)
        }
    }
}

/// The key.
#[server(prefix = "/ui", endpoint = "im-applications/reveal")]
pub async fn reveal(sdk_app_id: SdkAppId) -> Result<Secret, UiError> {
    match key(sdk_app_id).await {
        Ok(key) => Ok(key),
        Err(problem) => Err(refuse("im-applications/reveal", Typed::default(), problem).await),
    }
}

/// The page that a form without script is posted to.
#[server(prefix = "/ui", endpoint = "im-applications/revealed", input = GetUrl)]
pub async fn revealed(sdk_app_id: SdkAppId) -> Result<KeyPage, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend
        .im_applications
        .get(&actor, sdk_app_id)
        .await
        .map_err(refuse_read)?;
    let secret = if backend::is_posted() {
        let path = format!("{}/secret-key", page(sdk_app_id));
        backend::shown_or_confirm(&path, key(sdk_app_id).await).map_err(refuse_read)?
    } else {
        None
    };
    Ok(KeyPage { application, secret })
}

#[cfg(feature = "ssr")]
async fn key(sdk_app_id: SdkAppId) -> domain::Result<Secret> {
    let (backend, actor) = signed_in()?;
    let key = backend.im_applications.reveal_key(&actor, sdk_app_id).await?;
    backend::forbid_storing();
    Ok(key)
}

#[cfg(feature = "ssr")]
fn page(sdk_app_id: SdkAppId) -> String {
    format!("/im-applications/{sdk_app_id}")
}
