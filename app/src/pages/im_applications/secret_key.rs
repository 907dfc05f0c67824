//! The key for readers without script: asks for the password, is posted to itself, shows the key.

use super::way;
use crate::{
    api,
    error::UiError,
    frame::locale,
    i18n::{applications, im_applications as t},
    pages::path_id,
    ui::{Loaded, PageHeader, RevealPage, page_data},
};
use domain::{Problem, SdkAppId, Secret, im::ImApplicationView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the page shows: the application, and the key or why it is not shown.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
struct Shown {
    application: ImApplicationView,
    secret: Option<Secret>,
    problem: Option<Problem>,
}

/// The page.
#[component]
pub fn ImKeyPage() -> impl IntoView {
    let id = path_id("sdk_app_id", SdkAppId(0));
    let data = page_data(
        move || id.get(),
        |id| async move {
            let application = api::im_applications::get(id).await?;
            let (secret, problem) = match api::im_applications::revealed(id).await {
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
            <Key shown=shown />
        </Loaded>
    }
}

#[component]
fn Key(shown: Shown) -> impl IntoView {
    let l = locale();
    let id = shown.application.sdk_app_id;
    let title = applications::reveal_title(l, t::key(l));
    view! {
        <PageHeader
            title=title
            about=shown.application.name.clone()
            path=way(l, &shown.application, Some(t::key(l).into()))
        />
        <div class="panel panel-form">
            <RevealPage
                what=t::key(l)
                path=format!("/im-applications/{id}/secret-key")
                back=format!("/im-applications/{id}")
                secret=shown.secret
                problem=shown.problem
            />
        </div>
    }
}
