//! API keys. Server only, as the pages that ask are (`pages::api_keys`).

use super::{Outcome, done};
use crate::{
    backend::{self, refuse, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{
    ApiKeyId, Problem, SdkAppId, Secret,
    api_key::{ApiKeyView, NewApiKey, Scope},
    field::FieldFault,
    im::ImApplicationView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// The list.
const LIST: &str = "/api-keys";

/// What the form Create API key needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct NewKeyForm {
    /// The IM applications to choose from.
    pub im_applications: Vec<ImApplicationView>,
    /// The one-time key of this form.
    pub form_key: String,
}

/// The page of a key's secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
pub struct SecretPage {
    /// The key.
    pub key: ApiKeyView,
    /// After the page was posted.
    pub secret: Option<Secret>,
}

/// All of the account.
#[server(prefix = "/ui", endpoint = "api-keys/list", input = GetUrl)]
pub async fn list() -> Result<Vec<ApiKeyView>, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.api_keys.list(&actor).await.map_err(refuse_read)
}

/// One of them.
#[server(prefix = "/ui", endpoint = "api-keys/get", input = GetUrl)]
pub async fn get(api_key: ApiKeyId) -> Result<ApiKeyView, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.api_keys.get(&actor, api_key).await.map_err(refuse_read)
}

/// What Create API key starts with.
#[server(prefix = "/ui", endpoint = "api-keys/new", input = GetUrl)]
pub async fn new_form() -> Result<NewKeyForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    Ok(NewKeyForm {
        im_applications: backend.im_applications.list(&actor).await.map_err(refuse_read)?,
        form_key: backend::form_key(),
    })
}

/// Makes one, and goes on to where its secret is made.
#[server(prefix = "/ui", endpoint = "api-keys/create")]
pub async fn create(
    form_key: String,
    name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] im_application: String,
    days: String,
) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let new = NewApiKey {
            name: name.clone(),
            scopes: scopes.iter().filter_map(|name| Scope::from_name(name)).collect(),
            im_application: only(&im_application)?,
            days: days.parse().unwrap_or_default(),
            form_key,
        };
        backend.api_keys.create(&actor, new).await
    };
    match work.await {
        Ok(id) => Ok(done(&secret_page(id), Done::ApiKeyCreated, &name).await),
        Err(problem) => {
            let mut typed = vec![
                ("name", name.as_str()),
                ("im_application", &im_application),
                ("days", &days),
            ];
            typed.extend(scopes.iter().map(|scope| ("scopes", scope.as_str())));
            Err(refuse("api-keys/create", Typed::from_pairs(typed), problem).await)
        }
    }
}

/// The page of its secret. A post makes a new one, and the answer is the only time that it is shown.
#[server(prefix = "/ui", endpoint = "api-keys/secret", input = GetUrl)]
pub async fn issued(api_key: ApiKeyId, #[server(default)] overlap_hours: u32) -> Result<SecretPage, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let secret = if backend::is_posted() {
        let made = backend.api_keys.issue(&actor, api_key, overlap_hours).await;
        backend::forbid_storing();
        backend::shown_or_confirm(&secret_page(api_key), made).map_err(refuse_read)?
    } else {
        None
    };
    let key = backend.api_keys.get(&actor, api_key).await.map_err(refuse_read)?;
    Ok(SecretPage { key, secret })
}

/// Takes it back.
#[server(prefix = "/ui", endpoint = "api-keys/revoke")]
pub async fn revoke(api_key: ApiKeyId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let name = backend.api_keys.get(&actor, api_key).await?.name;
        backend.api_keys.revoke(&actor, api_key).await?;
        Ok(name)
    };
    match work.await {
        Ok(name) => Ok(done(LIST, Done::ApiKeyRevoked, &name).await),
        Err(problem) => Err(refuse("api-keys/revoke", Typed::default(), problem).await),
    }
}

/// The IM application that was chosen; none stands for all.
fn only(chosen: &str) -> domain::Result<Option<SdkAppId>> {
    if chosen.is_empty() {
        return Ok(None);
    }
    let number = chosen.parse::<SdkAppId>();
    number
        .map(Some)
        .map_err(|_| Problem::field("im_application", FieldFault::NotAChoice))
}

fn secret_page(key: ApiKeyId) -> String {
    format!("{LIST}/{key}/secret-key")
}
