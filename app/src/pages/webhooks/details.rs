//! One webhook: how it does, its newest calls, and what was given up.

use super::{event_names, list::shape_name, standing, way};
use crate::{
    api::{self, webhooks::WebhookDetails},
    erased::view,
    frame::locale,
    i18n::{Locale, forms, frame, webhooks as t},
    pages::path_id,
    paths::Section,
    ui::{
        Breadcrumb, DataTable, Form, KeyValue, KeyValues, Loaded, Look, PageHeader, Sending, StatusBadge, Time, Tone,
        page_data,
    },
};
use domain::{
    AccessId, WebhookId,
    webhook::{DeadLetter, WebhookCall, WebhookLog},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page.
#[component]
pub fn WebhookPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let webhook = path_id("webhook", WebhookId(0));
    let data = page_data(move || api::webhooks::GetWebhookDetails {
        access_id: id.get(),
        webhook: webhook.get(),
    });
    view! {
        <Loaded data=data let:details>
            <Page details=details />
        </Loaded>
    }
}

#[component]
fn Page(details: WebhookDetails) -> impl IntoView {
    let l = locale();
    let WebhookDetails {
        application,
        webhook,
        log,
    } = details;
    let ids = (application.access_id, webhook.id);
    let page = format!("{}/{}", Section::Webhooks.of(application.access_id), webhook.id);
    let secret = if webhook.hint.is_some() {
        t::new_secret(l)
    } else {
        t::make_secret(l)
    };
    let path = way(l, &application, vec![Breadcrumb::here(t::details(l))]);
    let ends_in = webhook.hint.as_ref().map(|hint| {
        view! { <p class="hint">{t::ends_in(l)}" "<code class="mono">{hint.clone()}</code></p> }
    });
    let next = log.next_call.map(|at| {
        view! { <p class="hint">{t::next_call(l)}" "<Time at=at /></p> }
    });
    let (standing, shape, events) = (
        standing(l, &webhook),
        shape_name(l, webhook.shape),
        event_names(l, &webhook.events),
    );
    let test = webhook.hint.is_some().then(|| test(l, ids));
    let dead_letters = (log.dead > 0).then(|| dead_letters(l, ids, &log));
    let (waiting, dead) = (log.waiting, log.dead);
    let (by, created_at, url) = (t::by(l, &webhook.created_by), webhook.created_at, webhook.url);
    view! {
        <PageHeader title=t::details(l) about=application.name.clone() path=path>
            <a class="button" href=format!("{page}/edit")>{forms::edit(l)}</a>
            <a class="button" href=format!("{page}/secret-key")>{secret}</a>
            <a class="button button-danger" href=format!("{page}/delete")>{forms::delete(l)}</a>
        </PageHeader>
        <div class="panel">
            <KeyValues>
                <KeyValue name=t::column_url(l)><code class="break">{url}</code></KeyValue>
                <KeyValue name=t::column_shape(l)>{shape}</KeyValue>
                <KeyValue name=t::column_events(l)>{events}</KeyValue>
                <KeyValue name=t::column_state(l)>{standing}{ends_in}</KeyValue>
                <KeyValue name=t::waiting(l)>{waiting}{next}</KeyValue>
                <KeyValue name=t::dead(l)>{dead}</KeyValue>
                <KeyValue name=t::created(l) hint=by>
                    <Time at=created_at />
                </KeyValue>
            </KeyValues>
            {test}
        </div>
        {dead_letters}
        <h2 class="history-title">{t::calls(l)}</h2>
        {calls(l, log.calls)}
    }
}

type Ids = (AccessId, WebhookId);

fn hidden((access_id, webhook): Ids) -> AnyView {
    view! {
        <input type="hidden" name="access_id" value=access_id.to_string() />
        <input type="hidden" name="webhook" value=webhook.to_string() />
    }
    .into_any()
}

fn test(l: Locale, ids: Ids) -> AnyView {
    let action = Sending::to::<api::webhooks::TestWebhook>();
    view! {
        <Form action=action name="webhooks/test" submit=t::test(l) busy=t::test(l) look=Look::Plain>
            {hidden(ids)}
        </Form>
    }
    .into_any()
}

fn dead_letters(l: Locale, ids: Ids, log: &WebhookLog) -> AnyView {
    let shown = log.dead_letters.len();
    let rows: Vec<_> = log.dead_letters.iter().map(|dead| dead_row(l, ids, dead)).collect();
    let action = Sending::to::<api::webhooks::ReplayWebhook>();
    let more = log.dead > shown as u64;
    view! {
        <h2 class="history-title">{t::dead_letters(l)}</h2>
        <p class="lead">{t::dead_lead(l)}</p>
        <DataTable id="dead-letters" caption=t::dead_letters(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_time(l)}</th>
                    <th scope="col">{t::column_event(l)}</th>
                    <th scope="col">{t::column_user(l)}</th>
                    <th scope="col">{t::column_cause(l)}</th>
                    <th scope="col">{frame::operations(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {more.then(|| view! { <p class="hint">{t::dead_shown(l, shown, log.dead)}</p> })}
        <Form action=action name="webhooks/replay" submit=t::replay_all(l) busy=t::replay_all(l) look=Look::Plain>
            {hidden(ids)}
        </Form>
    }
    .into_any()
}

fn dead_row(l: Locale, ids: Ids, dead: &DeadLetter) -> AnyView {
    let event = &dead.event;
    let name = event_names(l, [&event.event]);
    let says = format!("{}: {name}, {}", t::replay(l), event.user);
    view! {
        <tr>
            <td class="nowrap"><Time at=event.at /></td>
            <th scope="row">{name}<p class="hint"><code class="break">{event.key.clone()}</code></p></th>
            <td>{event.user.clone()}</td>
            <td><code>{dead.cause.clone()}</code></td>
            <td>
                <form method="post" action=api::webhooks::ReplayWebhook::PATH>
                    {hidden(ids)}
                    <input type="hidden" name="event" value=event.id.to_string() />
                    <button type="submit" class="button button-quiet" aria-label=says>{t::replay(l)}</button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}

fn calls(l: Locale, calls: Vec<WebhookCall>) -> AnyView {
    if calls.is_empty() {
        return view! { <p class="hint">{t::no_calls(l)}</p> }.into_any();
    }
    let rows: Vec<_> = calls.iter().map(|call| call_row(l, call)).collect();
    view! {
        <DataTable id="calls" caption=t::calls(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_time(l)}</th>
                    <th scope="col">{t::column_told(l)}</th>
                    <th scope="col">{t::column_attempt(l)}</th>
                    <th scope="col">{t::column_answer(l)}</th>
                    <th scope="col">{t::column_took(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn call_row(l: Locale, call: &WebhookCall) -> AnyView {
    let tone = if call.is_taken() { Tone::Good } else { Tone::Bad };
    let mark = call
        .test
        .then(|| view! { " "<span class="hint">{t::test_mark(l)}</span> });
    let said = (!call.answer.is_empty()).then(|| {
        view! { <p class="hint"><code class="break">{call.answer.clone()}</code></p> }
    });
    view! {
        <tr>
            <td class="nowrap"><Time at=call.at /></td>
            <td>{call.events}{mark}</td>
            <td>{call.attempt}</td>
            <td class="wide"><StatusBadge tone=tone label=call.came() />{said}</td>
            <td>{t::took(l, call.duration_ms)}</td>
        </tr>
    }
    .into_any()
}
