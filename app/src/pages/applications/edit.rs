//! Edit application: its name.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{applications as t, forms},
    pages::path_id,
    ui::{Form, Guarded, Loaded, PageHeader, Sending, TextInput, page_data},
};
use domain::{AccessId, account::Action, field::name, product::ApplicationView};
use leptos::prelude::*;

const MAX_NAME: u32 = 60;

/// The page.
#[component]
pub fn EditApplicationPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let action = Sending::to::<api::applications::Rename>();
    let data = page_data(move || api::applications::Get { access_id: id.get() });
    view! {
        <Guarded right=Action::ManageProducts>
            <Loaded data=data let:application>
                <Edit action=action application=application />
            </Loaded>
        </Guarded>
    }
}

#[component]
fn Edit(action: Sending, application: ApplicationView) -> impl IntoView {
    let l = locale();
    let back = format!("/applications/{}", application.access_id);
    view! {
        <PageHeader
            title=t::edit_title(l)
            about=application.name.clone()
            path=way(l, &application, Some(t::edit_title(l)))
        />
        <div class="panel panel-form">
            <Form action=action name="applications/rename" submit=forms::save(l) busy=forms::saving(l) cancel=back>
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <TextInput
                    name="name"
                    label=t::name(l)
                    value=application.name
                    max=MAX_NAME
                    required=true
                    autofocus=true
                    check=|text: &str| name(text, MAX_NAME).err()
                />
            </Form>
        </div>
    }
}
