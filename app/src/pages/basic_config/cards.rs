//! Vendor Channel: one card per vendor of the platform.

use super::{Trouble, checks::Checks, quota::QuotaBanner, take_over::TakeOver};
use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, basic_config as t, im_channels},
    paths::Section,
    ui::{Alert, Icon, KeyValue, KeyValues, Sign, StatusBadge, Tone, time},
};
use domain::{
    account::Action,
    channel::{Channel, ChannelField, ChannelView},
    product::ApplicationView,
    quota::QuotaNotice,
};
use leptos::prelude::*;

/// The section.
#[component]
pub fn Cards(
    application: ApplicationView,
    channels: Vec<ChannelView>,
    differing: Vec<Channel>,
    quotas: Vec<QuotaNotice>,
) -> impl IntoView {
    let cards: Vec<_> = channels
        .into_iter()
        .map(|view| {
            let differs = differing.contains(&view.channel);
            let quota = quotas.iter().find(|notice| notice.channel == view.channel).cloned();
            view! { <OwnCard application=application.clone() view=view differs=differs quota=quota /> }.into_any()
        })
        .collect();
    view! { <CardSection lead=t::channels_lead(locale()) cards=cards /> }
}

/// The section around the cards.
#[component]
pub fn CardSection(lead: &'static str, cards: Vec<AnyView>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="channels">
            <h2 id="channels">{t::channels(locale())}</h2>
            <p class="lead">{lead}</p>
            <ul class="cards">{cards}</ul>
        </section>
    }
    .into_any()
}

/// An application's card.
#[component]
fn OwnCard(
    application: ApplicationView,
    view: ChannelView,
    differs: bool,
    quota: Option<QuotaNotice>,
) -> impl IntoView {
    let l = locale();
    let (id, channel) = (application.access_id, view.channel);
    let edit = format!("{}/channels/{}", Section::BasicConfig.of(id), channel.name());
    let may_configure = application.may(Action::Configure);
    let edit = may_configure.then_some(edit);
    let im_application = application.im_application.clone().unwrap_or_default();
    let notice = differs.then(|| {
        view! {
            <Alert tone=Tone::Warning title=im_channels::own_differs(l, &im_application)>
                <p>{im_channels::own_differs_text(l, &im_application)}</p>
                {may_configure.then(|| view! { <TakeOver access_id=id channel=channel /> })}
            </Alert>
        }
    });
    let notice = view! {
        {quota.map(|quota| view! { <QuotaBanner access_id=id notice=quota /> })}
        {notice}
    };
    let badge = view! { <ChannelBadge view=view.clone() /> }.into_any();
    let shown = view.clone();
    let foot = view
        .configured
        .then(|| view! { <Checks application=application view=view /> });
    view! { <Card view=shown edit=edit badge=badge notice=notice.into_any() foot=foot.into_any() /> }
}

/// A vendor's card, of an application or of an IM application.
#[component]
pub fn Card(
    /// What stands in it.
    view: ChannelView,
    /// Where it is changed, for those who may.
    edit: Option<String>,
    /// Whether it works.
    badge: AnyView,
    /// What needs attention.
    notice: AnyView,
    /// What stands at its foot.
    foot: AnyView,
    /// The id of its heading, where another card of the page has that of its vendor.
    #[prop(optional, into)]
    heading: Option<String>,
    /// What a screen reader calls it, where there are several of its vendor.
    #[prop(optional, into)]
    says: Option<String>,
) -> impl IntoView {
    let l = locale();
    let channel = view.channel;
    let heading = heading.unwrap_or_else(|| format!("channel-{}", channel.name()));
    let labelled = heading.clone();
    let says = t::edit_channel(l, says.as_deref().unwrap_or(channel.label()));
    view! {
        <li class="card" aria-labelledby=labelled>
            <div class="card-head">
                <h3 id=heading>{channel.label()}</h3>
                {badge}
                {edit.map(|edit| view! {
                    <a class="button button-quiet button-icon" href=edit aria-label=says.clone() title=says>
                        <Icon sign=Sign::Pencil />
                    </a>
                })}
            </div>
            {view.trouble.clone().map(|trouble| view! { <Trouble trouble=trouble /> })}
            {notice}
            {if view.configured {
                values(l, &view)
            } else {
                view! { <p class="hint">{t::not_set_up(l)}</p> }.into_any()
            }}
            {foot}
        </li>
    }
    .into_any()
}

/// Whether a channel works.
#[component]
pub fn ChannelBadge(view: ChannelView) -> impl IntoView {
    let l = locale();
    let (tone, label) = match () {
        () if view.trouble.is_some() => (Tone::Bad, t::state_trouble(l)),
        () if !view.configured => (Tone::Neutral, t::state_empty(l)),
        () if !view.enabled => (Tone::Neutral, t::state_off(l)),
        () if view.is_unverified() => (Tone::Info, t::state_unverified(l)),
        () if view
            .verifications
            .iter()
            .any(|verification| verification.current && !verification.works) =>
        {
            (Tone::Bad, t::state_refused(l))
        }
        () => (Tone::Good, t::state_on(l)),
    };
    view! { <StatusBadge tone=tone label=label /> }
}

/// What a card holds, secrets as notes.
pub fn values(l: Locale, view: &ChannelView) -> AnyView {
    let fields: Vec<_> = view
        .channel
        .fields()
        .iter()
        .filter_map(|field| value(l, view, field))
        .collect();
    let account = (view.channel == Channel::Fcm).then(|| service_account(l, view));
    view! { <KeyValues>{account}{fields}</KeyValues> }.into_any()
}

fn value(l: Locale, view: &ChannelView, field: &ChannelField) -> Option<AnyView> {
    if field.secret {
        let note = secret_note(l, view, field).unwrap_or_else(|| t::secret_unset(l).into());
        return Some(
            view! { <KeyValue name=t::label(l, field)><span class="hint">{note}</span></KeyValue> }.into_any(),
        );
    }
    let value = view.values.get(field.name)?.clone();
    Some(view! { <KeyValue name=t::label(l, field)><code class="mono">{value}</code></KeyValue> }.into_any())
}

/// What the service account tells of itself.
fn service_account(l: Locale, view: &ChannelView) -> Vec<AnyView> {
    let facts = [("project_id", t::project(l)), ("client_email", t::client_email(l))];
    let facts = facts.into_iter().filter_map(|(name, label)| {
        let value = view.values.get(name)?.clone();
        Some(view! { <KeyValue name=label><code class="mono">{value}</code></KeyValue> }.into_any())
    });
    facts.collect()
}

/// When, by whom, and the fingerprint, of a secret that is set.
pub fn secret_note(l: Locale, view: &ChannelView, field: &ChannelField) -> Option<String> {
    let note = view.secrets.get(field.name)?;
    Some(t::secret_note(
        l,
        &time::date(note.set_at),
        &note.set_by,
        &note.fingerprint,
    ))
}
