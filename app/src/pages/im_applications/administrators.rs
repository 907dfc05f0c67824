//! Who may call the REST API of an IM application.

use crate::{
    erased::view,
    frame::locale,
    i18n::{forms, im_applications as t},
    ui::{Form, Sending, TextArea},
};
use domain::im::{ImApplicationView, MAX_ADMINISTRATORS};
use leptos::prelude::*;

/// The form.
#[component]
pub fn Administrators(action: Sending, application: ImApplicationView) -> impl IntoView {
    let l = locale();
    view! {
        <section class="panel" aria-labelledby="administrators">
            <h2 id="administrators">{t::administrators(l)}</h2>
            <p class="lead">{t::administrators_lead(l)}</p>
            <Form action=action name="im-applications/set-administrators" submit=forms::save(l) busy=forms::saving(l)>
                <input type="hidden" name="sdk_app_id" value=application.sdk_app_id.to_string() />
                <TextArea
                    name="administrators"
                    label=t::administrators_field(l)
                    value=application.administrators.join("\n")
                    hint=t::administrators_hint(l, MAX_ADMINISTRATORS)
                    required=true
                    mono=true
                />
            </Form>
        </section>
    }
    .into_any()
}
