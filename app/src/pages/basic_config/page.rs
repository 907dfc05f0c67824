//! The page.

use super::{
    cards::Cards,
    certificates::Certificates,
    identifier::Identifier,
    packages::{MorePackages, PackageCards},
    way,
};
use crate::{
    api::{self, basic_configs::ConfigView},
    erased::view,
    frame::console,
    i18n::{basic_config as t, names},
    pages::path_id,
    ui::{Alert, Loaded, PageHeader, Sending, Tone, page_data},
};
use domain::{AccessId, account::Action, channel::Channel};
use leptos::prelude::*;

/// The page.
#[component]
pub fn BasicConfigPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let save_identifier = Sending::to::<api::basic_configs::SaveIdentifier>();
    let add_package = Sending::to::<api::packages::Add>();
    let data = page_data(move || api::basic_configs::Get { access_id: id.get() });
    view! {
        <Loaded data=data let:config>
            <Config config=config save_identifier=save_identifier add_package=add_package />
        </Loaded>
    }
}

#[component]
fn Config(config: ConfigView, save_identifier: Sending, add_package: Sending) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let root = console
        .identity
        .get_untracked()
        .map(|who| who.tenant_name)
        .unwrap_or_default();
    let may_configure = config.application.may(Action::Configure);
    let way = way(l, &config.application, None);
    let about = config.application.name.clone();
    let is_apple = config.application.platform.is_apple();
    let apns = config
        .channels
        .iter()
        .find(|view| view.channel == Channel::Apns)
        .cloned();
    let application = config.application;
    view! {
        <PageHeader title=t::title(l) about=about path=way />
        {(!may_configure).then(|| view! {
            <Alert tone=Tone::Info>
                <p>{t::read_only(l, names::action(l, Action::Configure), &root)}</p>
            </Alert>
        })}
        <Identifier application=application.clone() in_use=config.identifier_in_use action=save_identifier />
        {if is_apple {
            view! { <Certificates application=application certificates=config.certificates apns=apns /> }.into_any()
        } else {
            let main = config.channels.iter().filter(|view| view.configured);
            let main: Vec<_> = main.map(|view| view.channel).collect();
            let count = config.packages.len();
            let its = application.clone();
            let further: Vec<_> = config
                .packages
                .into_iter()
                .map(|package| {
                    view! { <PackageCards application=its.clone() package=package main=main.clone() /> }
                })
                .collect();
            view! {
                <Cards
                    application=application.clone()
                    channels=config.channels
                    differing=config.differing
                    quotas=config.quotas
                />
                <MorePackages application=application count=count add=add_package />
                {further}
            }
            .into_any()
        }}
    }
    .into_any()
}
