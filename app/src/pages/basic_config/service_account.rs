//! FCM's service account as a file, beside the field that takes it pasted.

use crate::{
    erased::view,
    frame::locale,
    i18n::basic_config as t,
    ui::{FileInput, PlainForm},
};
use leptos::prelude::*;

/// The section with the form. The browser posts it by itself.
#[component]
pub fn ServiceAccountFile(
    /// The page of the card's owner, below which the door is.
    owner: String,
) -> impl IntoView {
    let l = locale();
    let action = format!("{owner}/channels/fcm/file");
    view! {
        <section class="panel panel-form" aria-labelledby="file">
            <h2 id="file">{t::or_file(l)}</h2>
            <PlainForm action=action name="channels/fcm/file" submit=t::upload_file(l) multipart=true>
                <FileInput
                    name="file"
                    label=t::file(l)
                    hint=t::file_hint(l)
                    accept=".json,application/json"
                    required=true
                />
            </PlainForm>
        </section>
    }
    .into_any()
}
