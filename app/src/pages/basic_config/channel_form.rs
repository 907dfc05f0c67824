//! A vendor channel's settings. Secrets are write-only: an empty field keeps what is stored.

use super::{
    Trouble,
    cards::{ChannelBadge, secret_note},
    way,
};
use crate::{
    api::{self, basic_configs::ChannelForm},
    frame::locale,
    i18n::{Locale, basic_config as t, forms},
    pages::path_id,
    paths::Section,
    ui::{
        FileInput, Form, Loaded, PageHeader, PlainForm, Sending, Switch, TextArea, TextInput, UnsavedGuard, page_data,
    },
};
use domain::{
    AccessId,
    channel::{Channel, ChannelField, ChannelView, FieldForm},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn ChannelPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let params = use_params_map();
    let channel = Memo::new(move |_| params.with(|params| params.get("channel")).unwrap_or_default());
    let action = Sending::to::<api::basic_configs::SaveChannel>();
    let data = page_data(move || api::basic_configs::ChannelToEdit {
        access_id: id.get(),
        channel: channel.get(),
    });
    view! {
        <Loaded data=data let:form>
            <Edit action=action form=form />
        </Loaded>
    }
}

#[component]
fn Edit(action: Sending, form: ChannelForm) -> impl IntoView {
    let l = locale();
    let ChannelForm { application, view } = form;
    let channel = view.channel;
    let title = t::channel_title(l, channel.label());
    let page = Section::BasicConfig.of(application.access_id);
    let card = view.clone();
    // A channel that nothing was saved for is about to be used.
    let enabled = view.enabled || !view.configured;
    let file = (channel == Channel::Fcm).then(|| file_form(l, &page));
    let badge = view.clone();
    let way = way(l, &application, Some(title.clone()));
    view! {
        <PageHeader title=title about=application.name.clone() path=way>
            <ChannelBadge view=badge />
        </PageHeader>
        {view.trouble.clone().map(|trouble| view! { <Trouble trouble=trouble /> })}
        <div class="panel panel-form">
            <Form
                action=action
                name="basic-configs/save-channel"
                submit=forms::save(l)
                busy=forms::saving(l)
                cancel=page
            >
                <UnsavedGuard />
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="channel" value=channel.name() />
                {channel.fields().iter().map(|field| input(l, &card, field)).collect_view()}
                <Switch name="enabled" label=t::enable(l) on=enabled hint=t::enable_hint(l) />
            </Form>
        </div>
        {file}
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
    let hint = hints.join(" ");
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

/// The service account as a file. The browser posts it by itself.
fn file_form(l: Locale, page: &str) -> AnyView {
    let action = format!("{page}/channels/fcm/file");
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
