//! Remove keys: the link on a channel's page, and the page that asks first.

use super::card_of_path;
use crate::{
    api::{
        self,
        packages::{PackageCard, REMOVE_KEYS},
    },
    erased::view,
    frame::locale,
    i18n::packages as t,
    pages::basic_config::{cards::values, way},
    paths::Section,
    ui::{Alert, Form, LinkButton, Loaded, Look, PageHeader, Sending, Tone},
};
use domain::channel::Channel;
use leptos::prelude::*;

/// The link to the page.
#[component]
pub fn RemoveKeys(
    /// The page of the package's cards.
    page: String,
    /// Which.
    channel: Channel,
) -> impl IntoView {
    let l = locale();
    let href = format!("{page}/channels/{}/remove", channel.name());
    view! { <p><LinkButton href=href look=Look::Quiet>{t::keys_remove(l)}</LinkButton></p> }
}

/// The page.
#[component]
pub fn RemoveKeysPage() -> impl IntoView {
    let action = Sending::to::<api::packages::RemoveKeys>();
    let data = card_of_path();
    view! {
        <Loaded data=data let:card>
            <Ask action=action card=card />
        </Loaded>
    }
}

#[component]
fn Ask(action: Sending, card: PackageCard) -> impl IntoView {
    let l = locale();
    let PackageCard {
        application,
        package,
        name,
        view,
    } = card;
    let channel = view.channel;
    let title = t::keys_title(l, channel.label());
    let whose = if name.is_empty() { t::main(l).to_owned() } else { name };
    let lent = (!package.is_main() && channel.serves_several_packages()).then(|| view! { <li>{t::keys_main(l)}</li> });
    view! {
        <PageHeader title=title.clone() about=application.name.clone() path=way(l, &application, Some(title.clone())) />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::keys_question(l, channel.label(), &whose)>
                <ul>
                    <li>{t::keys_lost(l)}</li>
                    <li>{t::keys_waiting(l)}</li>
                    {lent}
                </ul>
            </Alert>
            {view.configured.then(|| values(l, &view))}
            <Form
                action=action
                name=REMOVE_KEYS
                submit=title
                busy=t::removing(l)
                look=Look::Danger
                cancel=Section::BasicConfig.of(application.access_id)
            >
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="package" value=package.to_string() />
                <input type="hidden" name="channel" value=channel.name() />
            </Form>
        </div>
    }
    .into_any()
}
