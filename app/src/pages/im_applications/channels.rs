//! Vendor channels of an IM application: the cards that authorised applications follow.

use super::authorised_name;
use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, basic_config, im_channels as t},
    pages::basic_config::{Card, CardSection, TakeOver},
    paths::Section,
    ui::{Alert, StatusBadge, Tone},
};
use domain::{
    SdkAppId,
    channel::{Channel, ChannelView},
    im::{AuthorisedTo, ImChannel},
};
use leptos::prelude::*;

/// The section.
#[component]
pub fn Channels(sdk_app_id: SdkAppId, channels: Vec<ImChannel>) -> impl IntoView {
    let l = locale();
    let card = |ImChannel { view, differing }: ImChannel| {
        let channel = view.channel;
        let edit = format!("/im-applications/{sdk_app_id}/channels/{}", channel.name());
        let notice: Vec<_> = differing
            .into_iter()
            .map(|to| view! { <Differs sdk_app_id=sdk_app_id channel=channel to=to /> })
            .collect();
        let badge = badge(l, &view);
        view! { <Card view=view edit=Some(edit) badge=badge notice=notice.into_any() foot=().into_any() /> }.into_any()
    };
    let cards: Vec<_> = channels.into_iter().map(card).collect();
    view! { <CardSection lead=t::lead(l) cards=cards /> }
}

/// Nothing is sent with it directly, so there is nothing to verify.
fn badge(l: Locale, view: &ChannelView) -> AnyView {
    let (tone, label) = match (view.configured, view.enabled) {
        (false, _) => (Tone::Neutral, basic_config::state_empty(l)),
        (true, false) => (Tone::Neutral, basic_config::state_off(l)),
        (true, true) => (Tone::Good, basic_config::state_on(l)),
    };
    view! { <StatusBadge tone=tone label=label /> }.into_any()
}

/// An application that holds other settings.
#[component]
fn Differs(sdk_app_id: SdkAppId, channel: Channel, to: AuthorisedTo) -> impl IntoView {
    let l = locale();
    let card = format!("{}#channel-{}", Section::BasicConfig.of(to.access_id), channel.name());
    view! {
        <Alert tone=Tone::Warning title=t::differs(l, &authorised_name(&to))>
            <p>{t::differs_text(l)}" "<a href=card>{t::to_card(l)}</a></p>
            <TakeOver access_id=to.access_id channel=channel from=sdk_app_id />
        </Alert>
    }
    .into_any()
}
