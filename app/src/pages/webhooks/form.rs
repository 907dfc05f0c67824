//! Add and edit a webhook.

use super::{list::shape_name, way};
use crate::{
    api::{
        self,
        webhooks::{NewWebhookForm, OneWebhook},
    },
    erased::view,
    frame::locale,
    i18n::{Locale, forms, webhooks as t},
    pages::path_id,
    paths::Section,
    ui::{
        Breadcrumb, CheckboxGroup, Choice, Form, Loaded, PageHeader, RadioCards, Sending, Switch, TextInput, page_data,
    },
};
use domain::{
    AccessId, WebhookId,
    webhook::{Event, MAX_URL, Shape, WebhookView, url},
};
use leptos::prelude::*;

/// Add webhook.
#[component]
pub fn AddWebhookPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let data = page_data(move || api::webhooks::ReadWebhookForm { access_id: id.get() });
    view! {
        <Loaded data=data let:form>
            <Add form=form />
        </Loaded>
    }
}

#[component]
fn Add(form: NewWebhookForm) -> impl IntoView {
    let l = locale();
    let NewWebhookForm { application, form_key } = form;
    let list = Section::Webhooks.of(application.access_id);
    let path = way(l, &application, vec![Breadcrumb::here(t::create(l))]);
    let action = Sending::to::<api::webhooks::CreateWebhook>();
    view! {
        <PageHeader title=t::create(l) about=application.name.clone() path=path lead=t::lead(l) />
        <div class="panel panel-form">
            <Form action=action name="webhooks/create" submit=forms::create(l) busy=forms::creating(l) cancel=list>
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="form_key" value=form_key />
                {fields(l, None)}
            </Form>
        </div>
    }
}

/// Edit webhook.
#[component]
pub fn EditWebhookPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let webhook = path_id("webhook", WebhookId(0));
    let data = page_data(move || api::webhooks::GetWebhook {
        access_id: id.get(),
        webhook: webhook.get(),
    });
    view! {
        <Loaded data=data let:one>
            <Edit one=one />
        </Loaded>
    }
}

#[component]
fn Edit(one: OneWebhook) -> impl IntoView {
    let l = locale();
    let OneWebhook { application, webhook } = one;
    let page = format!("{}/{}", Section::Webhooks.of(application.access_id), webhook.id);
    let below = vec![
        Breadcrumb::link(t::details(l), page.clone()),
        Breadcrumb::here(t::change_title(l)),
    ];
    let path = way(l, &application, below);
    let action = Sending::to::<api::webhooks::ChangeWebhook>();
    view! {
        <PageHeader title=t::change_title(l) about=application.name.clone() path=path />
        <div class="panel panel-form">
            <Form action=action name="webhooks/change" submit=forms::save(l) busy=forms::saving(l) cancel=page>
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="webhook" value=webhook.id.to_string() />
                {fields(l, Some(&webhook))}
            </Form>
        </div>
    }
}

/// The same for a new one, with everything told in plain JSON, and for one that is there.
fn fields(l: Locale, webhook: Option<&WebhookView>) -> AnyView {
    let shapes: Vec<Choice> = Shape::ALL
        .iter()
        .map(|shape| Choice::new(shape.name(), shape_name(l, *shape)))
        .collect();
    let events: Vec<Choice> = Event::ALL
        .iter()
        .map(|event| Choice::new(event.name(), event_choice(l, *event)))
        .collect();
    let address = webhook.map_or_else(String::new, |webhook| webhook.url.clone());
    let shape = webhook.map_or(Shape::Plain, |webhook| webhook.shape);
    let told: Vec<String> = Event::ALL
        .iter()
        .filter(|event| webhook.is_none_or(|webhook| webhook.events.contains(event)))
        .map(|event| event.name().to_owned())
        .collect();
    let enabled = webhook.is_none_or(|webhook| webhook.enabled);
    view! {
        <TextInput
            name="url"
            label=t::url(l)
            value=address
            hint=t::url_hint(l)
            max=MAX_URL
            required=true
            check=|text: &str| url(text).err()
        />
        <RadioCards name="shape" label=t::shape(l) choices=shapes value=shape.name() required=true />
        <CheckboxGroup name="events" label=t::events(l) choices=events values=told required=true />
        <Switch name="enabled" label=t::enable(l) on=enabled hint=t::enable_hint(l) />
    }
    .into_any()
}

const fn event_choice(l: Locale, event: Event) -> &'static str {
    match event {
        Event::Sent => t::event_sent(l),
        Event::Reached => t::event_reached(l),
        Event::Clicked => t::event_clicked(l),
        Event::Failed => t::event_failed(l),
        Event::Skipped => t::event_skipped(l),
        Event::Expired => t::event_expired(l),
    }
}
