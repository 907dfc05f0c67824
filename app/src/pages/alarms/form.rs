//! Add and edit somebody who is told, and delete them.

use super::{means_name, way};
use crate::{
    api::{
        self,
        alarm_recipients::{NewRecipientForm, OneRecipient},
    },
    erased::view,
    frame::locale,
    i18n::{Locale, alarm_recipients as t, forms},
    pages::path_id,
    ui::{
        Alert, Breadcrumb, Choice, Form, Loaded, Look, PageHeader, RadioCards, Sending, Switch, TextInput, Tone,
        page_data,
    },
};
use domain::{
    RecipientId,
    alarm::recipient::{Language, Means, QuietHours, RecipientView},
    webhook::MAX_URL,
};
use leptos::prelude::*;

const LIST: &str = "/alarms/recipients";

/// Add recipient.
#[component]
pub fn AddRecipientPage() -> impl IntoView {
    let data = page_data(|| api::alarm_recipients::ReadRecipientForm {});
    view! {
        <Loaded data=data let:form>
            <Add form=form />
        </Loaded>
    }
}

#[component]
fn Add(form: NewRecipientForm) -> impl IntoView {
    let l = locale();
    let NewRecipientForm { recipients, form_key } = form;
    let means: Vec<Choice> = Means::ALL
        .iter()
        .filter(|means| **means != Means::Mail || recipients.mail_from.is_some())
        .map(|means| Choice::new(means.name(), means_name(l, *means)))
        .collect();
    let first = means.first().map_or_else(String::new, |choice| choice.value.clone());
    let mails = match &recipients.mail_from {
        Some(from) => t::mail_from(l, from),
        None => t::no_mail(l).to_owned(),
    };
    let action = Sending::to::<api::alarm_recipients::CreateRecipient>();
    let path = way(l, vec![Breadcrumb::here(t::create(l))]);
    view! {
        <PageHeader title=t::create(l) path=path lead=t::lead(l) />
        <div class="panel panel-form">
            <Form
                action=action
                name="alarm-recipients/create"
                submit=forms::create(l)
                busy=forms::creating(l)
                cancel=LIST.to_owned()
            >
                <input type="hidden" name="form_key" value=form_key />
                <RadioCards name="means" label=t::means(l) choices=means value=first hint=mails required=true />
                {fields(l, None, &recipients.zone)}
            </Form>
        </div>
    }
}

/// Edit recipient.
#[component]
pub fn EditRecipientPage() -> impl IntoView {
    let recipient = path_id("recipient", RecipientId(0));
    let data = page_data(move || api::alarm_recipients::GetRecipient {
        recipient: recipient.get(),
    });
    view! {
        <Loaded data=data let:one>
            <Edit one=one />
        </Loaded>
    }
}

#[component]
fn Edit(one: OneRecipient) -> impl IntoView {
    let l = locale();
    let OneRecipient { recipient, zone } = one;
    let action = Sending::to::<api::alarm_recipients::ChangeRecipient>();
    let path = way(l, vec![Breadcrumb::here(t::change_title(l))]);
    view! {
        <PageHeader title=t::change_title(l) path=path />
        <div class="panel panel-form">
            <p class="hint">{means_name(l, recipient.means)}</p>
            <Form
                action=action
                name="alarm-recipients/change"
                submit=forms::save(l)
                busy=forms::saving(l)
                cancel=LIST.to_owned()
            >
                <input type="hidden" name="recipient" value=recipient.id.to_string() />
                {fields(l, Some(&recipient), &zone)}
            </Form>
        </div>
    }
}

fn fields(l: Locale, recipient: Option<&RecipientView>, zone: &str) -> AnyView {
    let languages: Vec<Choice> = [(Language::En, t::in_english(l)), (Language::Zh, t::in_chinese(l))]
        .into_iter()
        .map(|(language, label)| Choice::new(language.name(), label))
        .collect();
    let usual = match l {
        Locale::En => Language::En,
        Locale::Zh => Language::Zh,
    };
    let language = recipient.map_or(usual, |one| one.language).name();
    let address = recipient.map_or_else(String::new, |one| one.address.clone());
    let quiet = recipient.and_then(|one| one.quiet);
    let time = |minute: Option<u16>| minute.map_or_else(String::new, QuietHours::time);
    let (from, until) = (time(quiet.map(|q| q.from)), time(quiet.map(|q| q.until)));
    let enabled = recipient.is_none_or(|one| one.enabled);
    view! {
        <TextInput name="address" label=t::address(l) value=address hint=t::address_hint(l) max=MAX_URL required=true />
        <RadioCards name="language" label=t::language(l) choices=languages value=language required=true />
        <TextInput name="quiet_from" kind="time" label=t::quiet_from(l) value=from hint=t::quiet_hint(l, zone) />
        <TextInput name="quiet_until" kind="time" label=t::quiet_until(l) value=until />
        <Switch name="enabled" label=t::enable(l) on=enabled />
    }
    .into_any()
}

/// Delete recipient.
#[component]
pub fn DeleteRecipientPage() -> impl IntoView {
    let recipient = path_id("recipient", RecipientId(0));
    let data = page_data(move || api::alarm_recipients::GetRecipient {
        recipient: recipient.get(),
    });
    view! {
        <Loaded data=data let:one>
            <Delete one=one />
        </Loaded>
    }
}

#[component]
fn Delete(one: OneRecipient) -> impl IntoView {
    let l = locale();
    let recipient = one.recipient;
    let action = Sending::to::<api::alarm_recipients::DeleteRecipient>();
    let path = way(l, vec![Breadcrumb::here(t::delete_title(l))]);
    view! {
        <PageHeader title=t::delete_title(l) path=path />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::delete_question(l)>
                <p><code class="break">{recipient.address}</code></p>
                <p>{t::delete_loses(l)}</p>
                <p>{forms::cannot_be_undone(l)}</p>
            </Alert>
            <Form
                action=action
                name="alarm-recipients/delete"
                submit=forms::delete(l)
                busy=forms::deleting(l)
                look=Look::Danger
                cancel=LIST.to_owned()
            >
                <input type="hidden" name="recipient" value=recipient.id.to_string() />
            </Form>
        </div>
    }
}
