//! The form of a vendor's card. Secrets are write-only: an empty field keeps what is stored.

use super::cards::secret_note;
use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, basic_config as t, forms},
    ui::{Form, Sending, Switch, TextArea, TextInput, UnsavedGuard},
};
use domain::{
    PackageId,
    channel::{ChannelField, ChannelView, FieldForm},
};
use leptos::prelude::*;

/// The form, for an application's card or an IM application's.
#[component]
pub fn CardForm(
    /// The server function.
    action: Sending,
    /// Its endpoint.
    name: &'static str,
    /// Whose card: the name of the argument, and its value.
    owner: (&'static str, String),
    /// Of which further package, if any.
    #[prop(optional, into)]
    package: Option<PackageId>,
    /// What is stored.
    view: ChannelView,
    /// Where Cancel leads.
    cancel: String,
) -> impl IntoView {
    let l = locale();
    let channel = view.channel;
    let (whose, id) = owner;
    // A channel that nothing was saved for is about to be used.
    let enabled = view.enabled || !view.configured;
    view! {
        <div class="panel panel-form">
            <Form action=action name=name submit=forms::save(l) busy=forms::saving(l) cancel=cancel>
                <UnsavedGuard />
                <input type="hidden" name=whose value=id />
                {package.map(|package| view! { <input type="hidden" name="package" value=package.to_string() /> })}
                <input type="hidden" name="channel" value=channel.name() />
                {channel.fields().iter().map(|field| input(l, &view, field)).collect_view()}
                <Switch name="enabled" label=t::enable(l) on=enabled hint=t::enable_hint(l) />
            </Form>
        </div>
    }
    .into_any()
}

fn input(l: Locale, view: &ChannelView, field: &'static ChannelField) -> AnyView {
    let note = field.secret.then(|| secret_note(l, view, field)).flatten();
    let is_set = note.is_some();
    let mut hints: Vec<String> = field.hint.map(|hint| t::hint(l, hint).into()).into_iter().collect();
    match note {
        Some(note) => hints.extend([note, t::secret_keep(l).into()]),
        None if field.secret => hints.push(t::secret_once(l).into()),
        None => {}
    }
    if field.form == FieldForm::ServiceAccount {
        hints.insert(0, t::paste_hint(l).into());
    }
    let hint = hints.join(match l {
        Locale::En => " ",
        Locale::Zh => "",
    });
    let required = field.required && !is_set;
    let value = if field.secret {
        String::new()
    } else {
        view.values.get(field.name).cloned().unwrap_or_default()
    };
    match (field.form, hint.is_empty()) {
        (FieldForm::ServiceAccount, _) => view! {
            <TextArea name=field.name label=t::label(l, field) hint=hint required=required rows=8 mono=true />
        }
        .into_any(),
        (_, true) => view! {
            <TextInput name=field.name label=t::label(l, field) kind=kind(field) value=value required=required mono=true />
        }
        .into_any(),
        (_, false) => view! {
            <TextInput
                name=field.name
                label=t::label(l, field)
                kind=kind(field)
                value=value
                hint=hint
                required=required
                mono=true
            />
        }
        .into_any(),
    }
}

const fn kind(field: &ChannelField) -> &'static str {
    if field.secret { "password" } else { "text" }
}
