//! The Secret Key for readers without script: asks for the password, is posted to itself, shows the key.

use super::way;
use crate::{
    api::{self, applications::KeyPage},
    erased::view,
    frame::locale,
    i18n::applications as t,
    pages::path_id,
    ui::{Loaded, PageHeader, RevealPage, page_data},
};
use domain::AccessId;
use leptos::prelude::*;

/// The page.
#[component]
pub fn SecretKeyPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let data = page_data(move || api::applications::Revealed { access_id: id.get() });
    view! {
        <Loaded data=data let:shown>
            <SecretKey shown=shown />
        </Loaded>
    }
}

#[component]
fn SecretKey(shown: KeyPage) -> impl IntoView {
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
            />
        </div>
    }
}
