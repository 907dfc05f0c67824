//! The button that puts the IM application's settings in the place of what a card holds.

use crate::{
    api::im_channels::{TakeOver as Call, take_over_form},
    erased::view,
    frame::locale,
    i18n::im_channels as t,
    ui::{Look, PlainForm},
};
use domain::{AccessId, SdkAppId, channel::Channel};
use leptos::{prelude::*, server_fn::ServerFn};

/// The form. Works without script.
#[component]
pub fn TakeOver(
    /// Whose card.
    access_id: AccessId,
    /// Which.
    channel: Channel,
    /// The IM application whose page it stands on, where it is not the application's.
    #[prop(optional)]
    from: Option<SdkAppId>,
) -> impl IntoView {
    let l = locale();
    view! {
        <p>{t::loses(l)}</p>
        <PlainForm action=Call::PATH name=take_over_form(channel) submit=t::take_over(l) look=Look::Plain>
            <input type="hidden" name="access_id" value=access_id.to_string() />
            <input type="hidden" name="channel" value=channel.name() />
            {from.map(|from| view! { <input type="hidden" name="from" value=from.to_string() /> })}
        </PlainForm>
    }
    .into_any()
}
