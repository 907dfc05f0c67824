//! Putting the IM application's settings in the place of what a card holds: the link, and the page that asks first.

use super::{cards::values, way};
use crate::{
    api::{self, basic_configs::ChannelForm},
    erased::view,
    frame::locale,
    i18n::im_channels as t,
    pages::{path_id, path_text},
    paths::Section,
    ui::{Alert, Form, LinkButton, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{AccessId, SdkAppId, channel::Channel};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The link to the page.
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
    let page = Section::BasicConfig.of(access_id);
    let query = from.map_or_else(String::new, |from| format!("?from={from}"));
    let href = format!("{page}/channels/{}/take-over{query}", channel.name());
    let label = t::take_over(locale());
    view! { <p><LinkButton href=href says=t::take_over_of(locale(), channel.label())>{label}</LinkButton></p> }
        .into_any()
}

/// The page.
#[component]
pub fn TakeOverPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let channel = path_text("channel");
    let query = use_query_map();
    let from = move || query.with_untracked(|query| query.get("from")?.parse::<i64>().ok().map(SdkAppId));
    let action = Sending::to::<api::im_channels::TakeOver>();
    let data = page_data(move || api::basic_configs::ChannelToEdit {
        access_id: id.get(),
        channel: channel.get(),
    });
    view! {
        <Loaded data=data let:form>
            <Ask action=action form=form from=from() />
        </Loaded>
    }
}

#[component]
fn Ask(action: Sending, form: ChannelForm, #[prop(optional_no_strip)] from: Option<SdkAppId>) -> impl IntoView {
    let l = locale();
    let ChannelForm { application, view } = form;
    let (channel, id) = (view.channel, application.access_id);
    let im_application = application.im_application.clone().unwrap_or_default();
    let title = t::take_over_title(l, channel.label());
    let cancel = from.map_or_else(
        || Section::BasicConfig.of(id),
        |from| format!("/im-applications/{from}"),
    );
    let held = view.configured.then(|| {
        view! {
            <section class="fields" aria-labelledby="held">
                <h2 id="held">{t::held(l)}</h2>
                {values(l, &view)}
            </section>
        }
    });
    view! {
        <PageHeader title=title.clone() about=application.name.clone() path=way(l, &application, Some(title)) />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::take_over_question(l, &im_application)>
                <ul>
                    <li>{t::loses(l)}</li>
                    <li>{t::follows_then(l, &im_application)}</li>
                </ul>
            </Alert>
            {held}
            <Form
                action=action
                name=api::im_channels::TAKE_OVER
                submit=t::take_over(l)
                busy=t::taking_over(l)
                look=Look::Danger
                cancel=cancel
            >
                <input type="hidden" name="access_id" value=id.to_string() />
                <input type="hidden" name="channel" value=channel.name() />
                {from.map(|from| view! { <input type="hidden" name="from" value=from.to_string() /> })}
            </Form>
        </div>
    }
    .into_any()
}
