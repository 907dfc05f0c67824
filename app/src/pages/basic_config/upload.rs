//! Upload Certificate. The browser posts the form by itself, with the file; a refusal comes back through the session.

use super::way;
use crate::{
    api,
    erased::{effect, view},
    frame::locale,
    i18n::{basic_config as t, faults},
    pages::path_id,
    paths::Section,
    ui::{
        Alert, CheckboxGroup, Choice, FileInput, Loaded, PageHeader, PlainForm, RadioCards, TextInput, Tone,
        UnsavedGuard, field::FormContext, page_data,
    },
};
use domain::{
    AccessId,
    certificate::{CertificateKind, Environment},
    product::ApplicationView,
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn UploadPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let data = page_data(move || api::basic_configs::UploadForm { access_id: id.get() });
    view! {
        <Loaded data=data let:application>
            <Upload application=application />
        </Loaded>
    }
}

#[component]
fn Upload(application: ApplicationView) -> impl IntoView {
    let l = locale();
    let page = Section::BasicConfig.of(application.access_id);
    let body = if application.identifier.is_none() {
        view! {
            <Alert tone=Tone::Warning><p>{t::no_bundle(l)}</p></Alert>
            <p class="form-buttons"><a class="button button-primary" href=page>{t::to_bundle(l)}</a></p>
        }
        .into_any()
    } else {
        let action = format!("{page}/certificates");
        view! {
            <PlainForm action=action name="certificates" submit=t::upload_submit(l) multipart=true cancel=page>
                <UnsavedGuard />
                <Fields />
            </PlainForm>
        }
        .into_any()
    };
    view! {
        <PageHeader
            title=t::upload(l)
            about=application.name.clone()
            path=way(l, &application, Some(t::upload(l).into()))
            lead=t::upload_replaces(l)
        />
        <div class="panel panel-form">{body}</div>
    }
    .into_any()
}

/// With script only the fields of the chosen kind are in sight.
#[component]
fn Fields() -> impl IntoView {
    let l = locale();
    let typed = use_context::<FormContext>();
    let typed = typed.and_then(|form| form.typed.with_value(|typed| typed.first("kind").map(str::to_owned)));
    let kind = RwSignal::new(typed.unwrap_or_else(|| CertificateKind::P12.name().into()));
    let scripted = RwSignal::new(false);
    effect(move || scripted.set(true));
    let hidden = move |of: CertificateKind| move || scripted.get() && kind.with(|kind| kind != of.name());
    let card = |kind: CertificateKind, label: &str, note: &str| Choice {
        note: Some(note.to_owned()),
        ..Choice::new(kind.name(), label)
    };
    let kinds = vec![
        card(CertificateKind::P12, t::kind_p12(l), t::kind_p12_note(l)),
        card(CertificateKind::P8, t::kind_p8(l), t::kind_p8_note(l)),
    ];
    let environments = Environment::ALL.iter();
    let environments = environments
        .map(|one| Choice::new(one.name(), faults::environment(l, *one)))
        .collect();
    view! {
        <RadioCards
            name="kind"
            label=t::kind(l)
            choices=kinds
            value=kind.get_untracked()
            required=true
            on_choose=Callback::new(move |value| kind.set(value))
        />
        <FileInput
            name="file"
            label=t::certificate_file(l)
            hint=t::certificate_file_hint(l)
            accept=".p12,.pfx,.p8"
            required=true
        />
        <div hidden=hidden(CertificateKind::P12)>
            <TextInput name="password" label=t::password(l) kind="password" hint=t::password_hint(l) />
        </div>
        <div class="fields" hidden=hidden(CertificateKind::P8)>
            <TextInput name="key_id" label=t::key_id(l) hint=t::key_id_hint(l) mono=true />
            <TextInput name="team_id" label=t::team_id(l) hint=t::team_id_hint(l) mono=true />
        </div>
        <CheckboxGroup
            name="environments"
            label=t::environments(l)
            choices=environments
            hint=t::environments_hint(l)
        />
    }
    .into_any()
}
