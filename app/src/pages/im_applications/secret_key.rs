//! The key for readers without script: asks for the password, is posted to itself, shows the key.

use super::way;
use crate::{
    api::{self, im_applications::KeyPage},
    erased::view,
    frame::locale,
    i18n::{applications, im_applications as t},
    pages::path_id,
    ui::{Loaded, PageHeader, RevealPage, page_data},
};
use domain::SdkAppId;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ImKeyPage() -> impl IntoView {
    let id = path_id("sdk_app_id", SdkAppId(0));
    let data = page_data(move || api::im_applications::Revealed { sdk_app_id: id.get() });
    view! {
        <Loaded data=data let:shown>
            <Key shown=shown />
        </Loaded>
    }
}

#[component]
fn Key(shown: KeyPage) -> impl IntoView {
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
            />
        </div>
    }
}
