//! Package name or Bundle ID.

use crate::{
    erased::view,
    frame::locale,
    i18n::{applications, basic_config as t, forms},
    ui::{Alert, Form, KeyValue, KeyValues, Sending, TextInput, Tone, UnsavedGuard},
};
use domain::{
    account::Action,
    field::{FieldFault, bundle_id, package_name},
    product::ApplicationView,
};
use leptos::prelude::*;

/// The section: a form for those who may configure.
#[component]
pub fn Identifier(application: ApplicationView, in_use: bool, action: Sending) -> impl IntoView {
    let l = locale();
    let is_apple = application.platform.is_apple();
    let (label, lead) = if is_apple {
        (applications::bundle_id(l), t::identifier_lead_apple(l))
    } else {
        (applications::package_name(l), t::identifier_lead_android(l))
    };
    let value = application.identifier.clone().unwrap_or_default();
    let body = if application.may(Action::Configure) {
        let check: fn(&str) -> Option<FieldFault> = if is_apple {
            |text| bundle_id(text).err()
        } else {
            |text| package_name(text).err()
        };
        view! {
            {in_use.then(|| view! {
                <Alert tone=Tone::Warning title=t::identifier_in_use(l)><p>{t::identifier_in_use_text(l)}</p></Alert>
            })}
            <Form action=action name="basic-configs/save-identifier" submit=forms::save(l) busy=forms::saving(l)>
                <UnsavedGuard />
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <TextInput name="identifier" label=label value=value required=true mono=true check=check />
            </Form>
        }
        .into_any()
    } else {
        let shown = if value.is_empty() {
            applications::identifier_missing(l).to_owned()
        } else {
            value
        };
        view! { <KeyValues><KeyValue name=label><code class="mono">{shown}</code></KeyValue></KeyValues> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="identifier">
            <h2 id="identifier">{label}</h2>
            <p class="lead">{lead}</p>
            {body}
        </section>
    }
    .into_any()
}
