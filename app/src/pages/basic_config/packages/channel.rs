//! The page with the settings of a vendor channel for one more package.

use super::{RemoveKeys, card_of_path};
use crate::{
    api::{self, packages::PackageCard},
    erased::view,
    frame::locale,
    i18n::packages as t,
    pages::basic_config::{
        Trouble, card_form::CardForm, cards::ChannelBadge, service_account::ServiceAccountFile, way,
    },
    paths::Section,
    ui::{Loaded, PageHeader, Sending},
};
use domain::channel::Channel;
use leptos::prelude::*;

/// The page.
#[component]
pub fn PackageChannelPage() -> impl IntoView {
    let action = Sending::to::<api::basic_configs::SaveChannel>();
    let data = card_of_path();
    view! {
        <Loaded data=data let:card>
            <Edit action=action card=card />
        </Loaded>
    }
}

#[component]
fn Edit(action: Sending, card: PackageCard) -> impl IntoView {
    let l = locale();
    let PackageCard {
        application,
        package,
        name,
        view,
    } = card;
    let channel = view.channel;
    let title = t::channel_title(l, channel.label(), &name);
    let page = Section::BasicConfig.of(application.access_id);
    let below = format!("{page}/packages/{package}");
    let owner = ("access_id", application.access_id.to_string());
    let file = (channel == Channel::Fcm).then(|| view! { <ServiceAccountFile owner=below.clone() /> });
    let remove = view
        .configured
        .then(|| view! { <RemoveKeys page=below channel=channel /> });
    let badge = view.clone();
    let way = way(l, &application, Some(title.clone()));
    view! {
        <PageHeader title=title about=application.name.clone() path=way>
            <ChannelBadge view=badge />
        </PageHeader>
        {view.trouble.clone().map(|trouble| view! { <Trouble trouble=trouble /> })}
        <CardForm action=action name="basic-configs/save-channel" owner=owner package=package view=view cancel=page />
        {file}
        {remove}
    }
    .into_any()
}
