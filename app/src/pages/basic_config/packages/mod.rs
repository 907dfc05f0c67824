//! The package names of an Android application beside its own: adding one, and the vendor cards of each.

mod channel;
mod remove;
mod remove_keys;

use super::{
    cards::{Card, ChannelBadge},
    checks::Checks,
};
use crate::{
    api::packages::{ADD, CardToEdit, PackageCard, card_name},
    erased::view,
    frame::locale,
    i18n::packages as t,
    pages::{path_id, path_text},
    paths::Section,
    ui::{Alert, Form, LinkButton, Look, PageData, Sending, StatusBadge, TextInput, Tone, UnsavedGuard, page_data},
};
pub use channel::PackageChannelPage;
use domain::{
    AccessId, PackageId,
    account::Action,
    basic_config::{MAX_PACKAGES, PackageView},
    channel::{Card as Keys, Channel, ChannelView},
    field::package_name,
    product::ApplicationView,
};
use leptos::prelude::*;
pub use remove::RemovePackagePage;
pub use remove_keys::{RemoveKeys, RemoveKeysPage};

/// The card that the path names: an application's, a package's and a vendor's.
fn card_of_path() -> PageData<PackageCard> {
    let id = path_id("access_id", AccessId(0));
    let package = path_id("package", PackageId::MAIN);
    let channel = path_text("channel");
    page_data(move || CardToEdit {
        access_id: id.get(),
        package: package.get(),
        channel: channel.get(),
    })
}

/// The section in which a package name is added.
#[component]
pub fn MorePackages(application: ApplicationView, count: usize, add: Sending) -> impl IntoView {
    let l = locale();
    // The application's own counts too.
    let is_full = count + 1 >= usize::try_from(MAX_PACKAGES).unwrap_or(usize::MAX);
    let body = match () {
        () if !application.may(Action::Configure) => (count == 0)
            .then(|| view! { <p class="hint">{t::none(l)}</p> })
            .into_any(),
        () if is_full => view! { <Alert tone=Tone::Info><p>{t::full(l, MAX_PACKAGES)}</p></Alert> }.into_any(),
        () => {
            let check: fn(&str) -> Option<_> = |text| package_name(text).err();
            view! {
                <Form action=add name=ADD submit=t::add(l) busy=t::adding(l) look=Look::Plain>
                    <UnsavedGuard />
                    <input type="hidden" name="access_id" value=application.access_id.to_string() />
                    <TextInput name="package" label=t::name(l) required=true mono=true check=check />
                </Form>
            }
            .into_any()
        }
    };
    view! {
        <section class="panel" aria-labelledby="packages">
            <h2 id="packages">{t::title(l)}</h2>
            <p class="lead">{t::lead(l, MAX_PACKAGES)}</p>
            {body}
        </section>
    }
    .into_any()
}

/// The cards of one more package.
#[component]
pub fn PackageCards(
    /// The application.
    application: ApplicationView,
    /// The package.
    package: PackageView,
    /// What the main package has keys of.
    main: Vec<Channel>,
) -> impl IntoView {
    let l = locale();
    let PackageView { id, name, channels } = package;
    let page = Section::BasicConfig.of(application.access_id);
    let remove = application.may(Action::Configure).then(|| {
        let href = format!("{page}/packages/{id}/remove");
        view! { <LinkButton href=href look=Look::Quiet says=t::remove_of(l, &name)>{t::remove(l)}</LinkButton> }
    });
    let cards: Vec<_> = channels
        .into_iter()
        .map(|view| {
            let keys = Keys {
                package: id,
                channel: view.channel,
            };
            let lent = !view.configured && view.channel.serves_several_packages() && main.contains(&view.channel);
            view! { <PackageCard application=application.clone() keys=keys name=name.clone() view=view lent=lent /> }
        })
        .collect();
    let heading = format!("package-{id}");
    let labelled = heading.clone();
    view! {
        <section class="panel package" aria-labelledby=labelled>
            <div class="section-head">
                <h2 id=heading class="mono break">{name.clone()}</h2>
                {remove}
            </div>
            <p class="lead">{t::cards_lead(l)}</p>
            <ul class="cards">{cards}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn PackageCard(
    application: ApplicationView,
    keys: Keys,
    name: String,
    view: ChannelView,
    /// Whether the main package's keys are used.
    lent: bool,
) -> impl IntoView {
    let l = locale();
    let channel = keys.channel;
    let page = Section::BasicConfig.of(application.access_id);
    let edit = format!("{page}/packages/{}/channels/{}", keys.package, channel.name());
    let edit = application.may(Action::Configure).then_some(edit);
    let badge = if lent {
        view! { <StatusBadge tone=Tone::Info label=t::uses_main(l) /> }
    } else {
        view! { <ChannelBadge view=view.clone() /> }
    };
    let notice = lent.then(|| {
        let why = match channel {
            Channel::Fcm => t::uses_main_fcm(l),
            _ => t::uses_main_xiaomi(l),
        };
        view! { <p class="hint">{why}</p> }
    });
    let shown = view.clone();
    let foot = view
        .configured
        .then(|| view! { <Checks application=application view=view package=keys.package /> });
    view! {
        <Card
            view=shown
            edit=edit
            badge=badge
            notice=notice.into_any()
            foot=foot.into_any()
            heading=card_name("channel", keys)
            says=t::card_of(l, channel.label(), &name)
        />
    }
    .into_any()
}
