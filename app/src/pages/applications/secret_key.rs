//! The Secret Key for readers without script: asks for the password, is posted to itself, shows the key.

use super::way;
use crate::{
    api,
    error::UiError,
    frame::locale,
    i18n::applications as t,
    pages::path_id,
    ui::{Loaded, PageHeader, RevealPage, page_data},
};
use domain::{AccessId, Problem, Secret, product::ApplicationView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the page shows: the application, and the key or why it is not shown.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
struct Shown {
    application: ApplicationView,
    secret: Option<Secret>,
    problem: Option<Problem>,
}

/// The page.
#[component]
pub fn SecretKeyPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let data = page_data(
        move || id.get(),
        |id| async move {
            let application = api::applications::get(id).await?;
            let (secret, problem) = match api::applications::revealed(id).await {
                Ok(secret) => (secret, None),
                Err(UiError(problem)) => (None, Some(problem)),
            };
            Ok(Shown {
                application,
                secret,
                problem,
            })
        },
    );
    view! {
        <Loaded data=data let:shown>
            <SecretKey shown=shown />
        </Loaded>
    }
}

#[component]
fn SecretKey(shown: Shown) -> impl IntoView {
    let l = locale();
    let id = shown.application.access_id;
    let title = t::reveal_title(l, t::secret_key(l));
    view! {
        <PageHeader
            title=title
            about=shown.application.name.clone()
            path=way(l, &shown.application, Some(t::secret_key(l)))
        />
        <div class="panel panel-form">
            <RevealPage
                what=t::secret_key(l)
                path=format!("/applications/{id}/secret-key")
                back=format!("/applications/{id}")
                secret=shown.secret
                problem=shown.problem
            />
        </div>
    }
}
