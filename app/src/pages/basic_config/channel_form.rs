//! The page with a vendor channel's settings.

use super::{Trouble, card_form::CardForm, cards::ChannelBadge, way};
use crate::{
    api::{self, basic_configs::ChannelForm},
    erased::view,
    frame::locale,
    i18n::{Locale, basic_config as t},
    pages::path_id,
    paths::Section,
    ui::{FileInput, Loaded, PageHeader, PlainForm, Sending, page_data},
};
use domain::{AccessId, channel::Channel};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn ChannelPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let params = use_params_map();
    let channel = Memo::new(move |_| params.with(|params| params.get("channel")).unwrap_or_default());
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
    let file = (channel == Channel::Fcm).then(|| file_form(l, &page));
    let badge = view.clone();
    let way = way(l, &application, Some(title.clone()));
    view! {
        <PageHeader title=title about=application.name.clone() path=way>
            <ChannelBadge view=badge />
        </PageHeader>
        {view.trouble.clone().map(|trouble| view! { <Trouble trouble=trouble /> })}
        <CardForm action=action name="basic-configs/save-channel" owner=owner view=view cancel=page />
        {file}
    }
    .into_any()
}

/// The service account as a file. The browser posts it by itself.
fn file_form(l: Locale, page: &str) -> AnyView {
    let action = format!("{page}/channels/fcm/file");
    view! {
        <section class="panel panel-form" aria-labelledby="file">
            <h2 id="file">{t::or_file(l)}</h2>
            <PlainForm action=action name="channels/fcm/file" submit=t::upload_file(l) multipart=true>
                <FileInput
                    name="file"
                    label=t::file(l)
                    hint=t::file_hint(l)
                    accept=".json,application/json"
                    required=true
                />
            </PlainForm>
        </section>
    }
    .into_any()
}
