//! Vendor channels kept with IM applications, and taking them over into an application.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AccessId, SdkAppId, Secret,
    channel::{Channel, ChannelView},
    im::{ImApplicationView, ImChannel},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use {
    super::{basic_configs::typed_into, done},
    crate::{
        backend::{refuse, refuse_read, signed_in},
        flash::{Done, Typed},
        paths::Section,
    },
    domain::{Problem, channel::ChannelChange, problem::What},
};

/// An IM application with its vendor channels.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ImPage {
    /// The IM application.
    pub application: ImApplicationView,
    /// One for each vendor of Android phones.
    pub channels: Vec<ImChannel>,
}

/// One vendor channel, to be edited.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ImChannelForm {
    /// The IM application.
    pub application: ImApplicationView,
    /// The channel.
    pub view: ChannelView,
}

/// The name of the form that takes a channel's settings over.
pub const TAKE_OVER: &str = "im-channels/take-over";

/// The page of an IM application.
#[server(prefix = "/ui", endpoint = "im-channels/page", input = GetUrl)]
pub async fn page(sdk_app_id: SdkAppId) -> Result<ImPage, UiError> {
    read(sdk_app_id).await.map_err(refuse_read)
}

/// One vendor channel of an IM application.
#[server(prefix = "/ui", endpoint = "im-channels/channel", input = GetUrl)]
pub async fn channel_to_edit(sdk_app_id: SdkAppId, channel: String) -> Result<ImChannelForm, UiError> {
    let work = async {
        let page = read(sdk_app_id).await?;
        let mut views = page.channels.into_iter().map(|channel| channel.view);
        let view = views.find(|view| view.channel.name() == channel);
        Ok(ImChannelForm {
            application: page.application,
            view: view.ok_or(Problem::NotFound(What::VendorChannel))?,
        })
    };
    work.await.map_err(refuse_read)
}

/// Saves a vendor channel. The fields are those of [`Channel::fields`], each under its own name.
#[server(prefix = "/ui", endpoint = "im-channels/save")]
pub async fn save(
    sdk_app_id: SdkAppId,
    channel: Channel,
    #[server(default)] enabled: String,
    #[server(flatten)] values: BTreeMap<String, Secret>,
) -> Result<Outcome, UiError> {
    let typed = typed_into(channel, &enabled, &values);
    let change = ChannelChange {
        enabled: enabled == "on",
        values,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend
            .im_applications
            .save_channel(&actor, sdk_app_id, channel, change)
            .await
    };
    match work.await {
        Ok(()) => Ok(done(address(sdk_app_id), Done::ChannelSaved, channel.label()).await),
        Err(problem) => Err(refuse("im-channels/save", typed, problem).await),
    }
}

/// Puts the IM application's settings in the place of an application's own. `from` is the IM application whose page led
/// here, where it was not the application's.
#[server(prefix = "/ui", endpoint = "im-channels/take-over")]
pub async fn take_over(
    access_id: AccessId,
    channel: Channel,
    #[server(default)] from: Option<SdkAppId>,
) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.basic_configs.take_over(&actor, access_id, channel).await
    };
    let to = from.map_or_else(|| Section::BasicConfig.of(access_id), address);
    match work.await {
        Ok(()) => Ok(done(to, Done::SettingsTakenOver, channel.label()).await),
        Err(problem) => Err(refuse(TAKE_OVER, Typed::default(), problem).await),
    }
}

#[cfg(feature = "ssr")]
async fn read(sdk_app_id: SdkAppId) -> domain::Result<ImPage> {
    let (backend, actor) = signed_in()?;
    Ok(ImPage {
        application: backend.im_applications.get(&actor, sdk_app_id).await?,
        channels: backend.im_applications.channels(&actor, sdk_app_id).await?,
    })
}

#[cfg(feature = "ssr")]
fn address(sdk_app_id: SdkAppId) -> String {
    format!("/im-applications/{sdk_app_id}")
}
