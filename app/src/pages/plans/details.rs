//! Details of a plan: counts, reasons, and the sending history, newest first, kept up to date by itself.

use super::{
    history::{Filters, address, is_filtered, read_query},
    plan_name, way,
};
use crate::{
    api::{self, plans::PlanDetails},
    erased::view,
    frame::console,
    i18n::{Locale, frame, plans as t, reasons, states},
    pages::path_id,
    paths::{Section, use_query},
    ui::{
        Alert, Breadcrumb, DataTable, EmptyState, LinkButton, Loaded, Look, PageHeader, Pagination, Sign, StatusBadge,
        Time, Tone, live_data,
    },
};
use domain::{
    AccessId, PlanId,
    account::Action,
    delivery::DeliveryState,
    plan::{Counts, DeliveryView, HistoryQuery, MessageView},
};
use leptos::prelude::*;

/// How many devices of a message a row names.
const DEVICES_SHOWN: usize = 3;

/// The page.
#[component]
pub fn DetailsPage() -> impl IntoView {
    let console = console();
    let id = path_id("application", AccessId(0));
    let plan = path_id("plan", PlanId(0));
    let query = use_query();
    let asked = Memo::new(move |_| query.with(|query| read_query(query, console.zone.get())));
    let news = crate::live::plan(plan);
    let data = live_data(
        move || news.get(),
        move || api::plans::Details {
            access_id: id.get(),
            plan: plan.get(),
            query: asked.get(),
        },
    );
    view! {
        <Loaded data=data let:details>
            <Details details=details asked=asked.get_untracked() />
        </Loaded>
    }
}

#[component]
fn Details(details: PlanDetails, asked: HistoryQuery) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let zone = console.zone.get_untracked();
    let PlanDetails {
        application,
        plan,
        counts,
        messages,
    } = details;
    let name = plan_name(l, &plan);
    let path = format!("{}/{}", Section::Plans.of(application.access_id), plan.id);
    let way = way(l, &application, vec![Breadcrumb::here(name.clone())]);
    let state = if plan.active {
        view! { <StatusBadge tone=Tone::Good label=t::active(l) /> }
    } else {
        view! { <StatusBadge label=t::inactive(l) /> }
    };
    let send = (plan.active && application.may(Action::Push)).then(|| {
        let href = format!("{path}/send");
        view! { <a class="button button-primary" href=href>{t::send(l)}</a> }
    });
    let overview = format!("{}?plan={}", Section::Funnel.of(application.access_id), plan.id);
    let inactive = (!plan.active).then(|| view! { <Alert tone=Tone::Info><p>{t::inactive_hint(l)}</p></Alert> });
    let list = if messages.rows.is_empty() {
        nothing(l, &path, is_filtered(&asked))
    } else {
        let link = {
            let (path, asked) = (path.clone(), asked.clone());
            move |number| address(&path, &asked, zone, number)
        };
        let rows: Vec<_> = messages
            .rows
            .into_iter()
            .map(|message| message_row(l, &path, message))
            .collect();
        view! {
            <DataTable id="history" caption=t::history(l)>
                {history_head(l)}
                <tbody>{rows}</tbody>
            </DataTable>
            <Pagination page=messages.page total=messages.total link=link />
        }
        .into_any()
    };
    view! {
        <PageHeader title=name about=application.name.clone() path=way lead=t::history_lead(l)>
            {state}
            <a class="button" href=overview>{t::overview(l)}</a>
            {send}
        </PageHeader>
        {inactive}
        {summary(l, &counts)}
        <h2 class="history-title">{t::history(l)}</h2>
        <Filters path=path query=asked zone=zone />
        {list}
        <p class="hint needs-script">{t::live(l)}</p>
    }
}

fn nothing(l: Locale, path: &str, filtered: bool) -> AnyView {
    if filtered {
        let path = path.to_owned();
        view! {
            <EmptyState title=frame::nothing_matches(l) hint=t::no_match_hint(l) sign=Sign::Search>
                <a class="button" href=path>{frame::clear_filters(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <EmptyState title=t::no_messages(l) hint=t::no_messages_hint(l) sign=Sign::Send /> }.into_any()
    }
}

/// Counts by state, and why what was not sent was not sent.
fn summary(l: Locale, counts: &Counts) -> AnyView {
    let figures = [
        (t::count_accepted(l), counts.accepted, "accepted"),
        (t::count_waiting(l), counts.waiting, "waiting"),
        (states::name(l, DeliveryState::Sent), counts.sent, "sent"),
        (states::name(l, DeliveryState::Reached), counts.reached, "reached"),
        (states::name(l, DeliveryState::Clicked), counts.clicked, "clicked"),
        (states::name(l, DeliveryState::Skipped), counts.skipped, "skipped"),
        (states::name(l, DeliveryState::Failed), counts.failed, "failed"),
        (states::name(l, DeliveryState::Expired), counts.expired, "expired"),
    ];
    let figures: Vec<_> = figures
        .into_iter()
        .map(|(label, count, id)| {
            view! {
                <div class="figure">
                    <dt>{label}</dt>
                    <dd data-testid=format!("count-{id}")>{l.number(count)}</dd>
                </div>
            }
        })
        .collect();
    let reasons: Vec<_> = counts
        .by_reason
        .iter()
        .map(|(reason, count)| {
            view! {
                <tr>
                    <th scope="row">{reasons::name(l, *reason)}</th>
                    <td class="number">{l.number(*count)}</td>
                    <td class="wide">{reasons::explanation(l, *reason)}</td>
                </tr>
            }
        })
        .collect();
    let by_reason = (!reasons.is_empty()).then(|| {
        view! {
            <details class="disclosure reasons">
                <summary>{t::reasons(l)}</summary>
                <DataTable id="reasons" caption=t::reasons(l)>
                    <tbody>{reasons}</tbody>
                </DataTable>
            </details>
        }
    });
    view! {
        <section class="panel" aria-labelledby="counts-title">
            <h2 id="counts-title">{t::counts(l)}</h2>
            <p class="hint">{t::counts_hint(l)} " " {t::reached_hint(l)}</p>
            <dl class="figures">{figures}</dl>
            {by_reason}
        </section>
    }
    .into_any()
}

fn history_head(l: Locale) -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">{t::column_time(l)}</th>
                <th scope="col">{t::column_message(l)}</th>
                <th scope="col">{t::column_people(l)}</th>
                <th scope="col">{t::column_devices(l)}</th>
                <th scope="col">{frame::operations(l)}</th>
            </tr>
        </thead>
    }
    .into_any()
}

fn message_row(l: Locale, plan: &str, message: MessageView) -> AnyView {
    let href = format!("{plan}/messages/{}", message.id);
    let text = if message.preview.is_empty() {
        t::no_text(l).to_owned()
    } else {
        message.preview
    };
    let title = (!message.title.is_empty()).then(|| view! { <strong class="message-title">{message.title}</strong> });
    let named = message.to.len() as u64;
    let to = message.to.join(", ");
    let more = (message.receivers > named).then(|| t::and_more(l, &l.number(message.receivers - named)));
    let hidden = message.deliveries.len().saturating_sub(DEVICES_SHOWN);
    let devices: Vec<_> = message
        .deliveries
        .iter()
        .take(DEVICES_SHOWN)
        .map(|one| delivery_line(l, one))
        .collect();
    let hidden = (hidden > 0).then(|| view! { <li class="hint">{t::and_more(l, &hidden.to_string())}</li> });
    view! {
        <tr>
            <td class="nowrap"><Time at=message.accepted_at /></td>
            <td class="wide">{title}<span class="message-text">{text}</span><code class="message-key">{message.key.clone()}</code></td>
            <td>{message.from} " → " {to} " " {more}</td>
            <td><ul class="deliveries">{devices}{hidden}</ul></td>
            <td>
                <LinkButton href=href look=Look::Quiet says=t::details_of(l, &t::message_title(l, &message.key))>
                    {t::details(l)}
                </LinkButton>
            </td>
        </tr>
    }
    .into_any()
}

fn delivery_line(l: Locale, delivery: &DeliveryView) -> AnyView {
    let channel = delivery.channel.map_or(t::no_device(l), |channel| channel.label());
    let reason = delivery.reason.map(|reason| {
        view! { <span class="hint">{reasons::name(l, reason)}</span> }
    });
    view! {
        <li>
            <span class="delivery-channel">{channel}</span>
            {state_badge(l, delivery.state)}
            {reason}
        </li>
    }
    .into_any()
}

/// The state of a delivery.
pub fn state_badge(l: Locale, state: DeliveryState) -> AnyView {
    let (tone, sign) = match state {
        DeliveryState::Queued | DeliveryState::Sending => (Tone::Info, Some(Sign::Clock)),
        DeliveryState::Retrying => (Tone::Warning, Some(Sign::Clock)),
        DeliveryState::Sent | DeliveryState::Reached | DeliveryState::Clicked => (Tone::Good, None),
        DeliveryState::Skipped | DeliveryState::Cancelled => (Tone::Neutral, None),
        DeliveryState::Failed | DeliveryState::Expired => (Tone::Bad, None),
    };
    let sign = sign.unwrap_or(tone.sign());
    view! { <StatusBadge tone=tone sign=sign label=states::name(l, state) /> }.into_any()
}
