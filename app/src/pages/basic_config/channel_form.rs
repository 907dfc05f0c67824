//! The page with a vendor channel's settings.

use super::{
    Trouble, card_form::CardForm, cards::ChannelBadge, packages::RemoveKeys, service_account::ServiceAccountFile, way,
};
use crate::{
    api::{self, basic_configs::ChannelForm},
    erased::view,
    frame::locale,
    i18n::basic_config as t,
    pages::{path_id, path_text},
    paths::Section,
    ui::{Loaded, PageHeader, Sending, page_data},
};
use domain::{AccessId, PackageId, channel::Channel};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ChannelPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let channel = path_text("channel");
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
    let owner = ("access_id", application.access_id.to_string());
    let file = (channel == Channel::Fcm).then(|| view! { <ServiceAccountFile owner=page.clone() /> });
    let remove = view.configured.then(|| {
        let below = format!("{page}/packages/{}", PackageId::MAIN);
        view! { <RemoveKeys page=below channel=channel /> }
    });
    let badge = view.clone();
    let way = way(l, &application, Some(title.clone()));
    view! {
        <PageHeader title=title about=application.name.clone() path=way>
            <ChannelBadge view=badge />
        </PageHeader>
        {view.trouble.clone().map(|trouble| view! { <Trouble trouble=trouble /> })}
        <CardForm action=action name="basic-configs/save-channel" owner=owner view=view cancel=page />
        {file}
        {remove}
    }
    .into_any()
}
