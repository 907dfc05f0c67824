//! The package names of an Android application beside its own, and the keys of each.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AccessId, PackageId,
    basic_config::PackageUse,
    channel::{Card, Channel, ChannelView},
    product::ApplicationView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::{basic_configs::to_configure, done},
    crate::{
        backend::{refuse, refuse_read, signed_in},
        flash::{Done, Typed},
        paths::Section,
    },
    domain::{Problem, problem::What},
};

/// The name of the form that adds a package name.
pub const ADD: &str = "packages/add";
/// The name of the form that removes one.
pub const REMOVE: &str = "packages/remove";
/// The name of the form that removes the keys of a card.
pub const REMOVE_KEYS: &str = "packages/remove-keys";

/// What a form or an id is called that there is one of per card.
pub fn card_name(what: &str, card: Card) -> String {
    let channel = card.channel.name();
    if card.package.is_main() {
        format!("{what}-{channel}")
    } else {
        format!("{what}-{}-{channel}", card.package)
    }
}

/// A card of a package, the application's own among them, to be edited or emptied.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PackageCard {
    /// The application.
    pub application: ApplicationView,
    /// The package.
    pub package: PackageId,
    /// Its name; may be empty for the application's own.
    pub name: String,
    /// The card.
    pub view: ChannelView,
}

/// A card of a package.
#[server(prefix = "/ui", endpoint = "packages/card", input = GetUrl)]
pub async fn card_to_edit(access_id: AccessId, package: PackageId, channel: String) -> Result<PackageCard, UiError> {
    let work = async {
        let config = to_configure(access_id).await?;
        let (name, views) = if package.is_main() {
            (
                config.application.identifier.clone().unwrap_or_default(),
                config.channels,
            )
        } else {
            let found = config.packages.into_iter().find(|view| view.id == package);
            let found = found.ok_or(Problem::NotFound(What::PackageName))?;
            (found.name, found.channels)
        };
        let mut views = views.into_iter();
        let view = views.find(|view| view.channel.name() == channel && view.channel != Channel::Apns);
        Ok(PackageCard {
            application: config.application,
            package,
            name,
            view: view.ok_or(Problem::NotFound(What::VendorChannel))?,
        })
    };
    work.await.map_err(refuse_read)
}

/// A package name, to be removed.
#[server(prefix = "/ui", endpoint = "packages/get", input = GetUrl)]
pub async fn package(access_id: AccessId, package: PackageId) -> Result<PackageUse, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.packages.get(&actor, access_id, package).await
    };
    work.await.map_err(refuse_read)
}

/// Adds a package name.
#[server(prefix = "/ui", endpoint = "packages/add")]
pub async fn add(access_id: AccessId, package: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.packages.add(&actor, access_id, &package).await
    };
    match work.await {
        Ok(_) => Ok(done(page(access_id), Done::PackageAdded, package.trim()).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("package", package.as_str())]);
            Err(refuse(ADD, typed, problem).await)
        }
    }
}

/// Removes a package name with its vendor keys.
#[server(prefix = "/ui", endpoint = "packages/remove")]
pub async fn remove(access_id: AccessId, package: PackageId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let known = backend.packages.get(&actor, access_id, package).await?;
        backend.packages.remove(&actor, access_id, package).await?;
        Ok(known.name)
    };
    match work.await {
        Ok(name) => Ok(done(page(access_id), Done::PackageRemoved, &name).await),
        Err(problem) => Err(refuse(REMOVE, Typed::default(), problem).await),
    }
}

/// Removes the keys of a card.
#[server(prefix = "/ui", endpoint = "packages/remove-keys")]
pub async fn remove_keys(access_id: AccessId, package: PackageId, channel: Channel) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let card = Card { package, channel };
        backend.basic_configs.remove_channel(&actor, access_id, card).await
    };
    match work.await {
        Ok(()) => Ok(done(page(access_id), Done::KeysRemoved, channel.label()).await),
        Err(problem) => Err(refuse(REMOVE_KEYS, Typed::default(), problem).await),
    }
}

#[cfg(feature = "ssr")]
fn page(access_id: AccessId) -> String {
    Section::BasicConfig.of(access_id)
}
