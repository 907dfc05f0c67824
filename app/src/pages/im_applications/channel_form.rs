//! The page with the settings of a vendor channel kept with an IM application.

use super::way;
use crate::{
    api::{self, im_channels::ImChannelForm},
    erased::view,
    frame::locale,
    i18n::{basic_config, im_channels as t},
    pages::{
        basic_config::{CardForm, ServiceAccountFile},
        path_id, path_text,
    },
    ui::{Loaded, PageHeader, Sending, page_data},
};
use domain::{SdkAppId, channel::Channel};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ImChannelPage() -> impl IntoView {
    let id = path_id("sdk_app_id", SdkAppId(0));
    let channel = path_text("channel");
    let action = Sending::to::<api::im_channels::Save>();
    let data = page_data(move || api::im_channels::ChannelToEdit {
        sdk_app_id: id.get(),
        channel: channel.get(),
    });
    view! {
        <Loaded data=data let:form>
            <Edit action=action form=form />
        </Loaded>
    }
}

#[component]
fn Edit(action: Sending, form: ImChannelForm) -> impl IntoView {
    let l = locale();
    let ImChannelForm { application, view } = form;
    let title = basic_config::channel_title(l, view.channel.label());
    let way = way(l, &application, Some(title.clone()));
    let owner = ("sdk_app_id", application.sdk_app_id.to_string());
    let page = format!("/im-applications/{}", application.sdk_app_id);
    let file = (view.channel == Channel::Fcm).then(|| view! { <ServiceAccountFile owner=page.clone() /> });
    view! {
        <PageHeader title=title about=application.name path=way lead=t::who_follows(l) />
        <CardForm action=action name="im-channels/save" owner=owner view=view cancel=page />
        {file}
    }
    .into_any()
}
