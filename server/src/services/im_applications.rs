//! The IM Applications page.

use super::{
    channel_cards,
    directory::Directory,
    numbers::{self, DRAWS},
    products::MAX_NAME,
    refusal::refuse,
};
use async_trait::async_trait;
use domain::{
    Problem, Result, SdkAppId, Secret,
    account::{Action, Actor},
    channel::{Channel, ChannelChange, ChannelView},
    field::{self, FieldFault},
    im::{ImApplicationView, ImChannel, MAX_ADMINISTRATORS, MAX_IM_APPLICATIONS, NewImApplication},
    ports::ImApplications,
    problem::{Faults, What},
    product::Platform,
    time::Clock,
};
use std::{collections::BTreeSet, fmt, sync::Arc};
use store::control::{ChannelOwner, Control, NewImApplicationRow};

/// IM applications over the control plane.
pub struct ImApplicationService {
    control: Control,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for ImApplicationService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImApplicationService")
    }
}

impl ImApplicationService {
    /// IM applications over this control plane; the directory hears of changes at once.
    pub fn new(control: Control, directory: Arc<Directory>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            clock,
        }
    }

    fn checked(&self, new: &NewImApplication) -> Result<String> {
        let mut faults = Faults::default();
        let name = faults.check("name", field::name(&new.name, MAX_NAME));
        let known = self
            .control
            .access_points()
            .iter()
            .any(|point| point.id == new.access_point);
        faults.check("access_point", if known { Ok(()) } else { Err(FieldFault::NotAChoice) });
        faults.finish()?;
        Ok(name.unwrap_or_default())
    }

    async fn stored(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Vec<ChannelView>> {
        self.control.im_channels(actor, sdk_app_id).await.map_err(refuse)
    }

    async fn require_free(&self, actor: &Actor, name: &str) -> Result<()> {
        if self.control.im_name_taken(actor, name).await.map_err(refuse)? {
            return Err(Problem::field("name", FieldFault::Taken));
        }
        Ok(())
    }
}

#[async_trait]
impl ImApplications for ImApplicationService {
    async fn list(&self, actor: &Actor) -> Result<Vec<ImApplicationView>> {
        actor.require(Action::ManageImApplications)?;
        self.control.im_applications(actor).await.map_err(refuse)
    }

    async fn get(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<ImApplicationView> {
        actor.require(Action::ManageImApplications)?;
        self.control.im_application(actor, sdk_app_id).await.map_err(refuse)
    }

    async fn create(&self, actor: &Actor, new: NewImApplication) -> Result<SdkAppId> {
        actor.require(Action::ManageImApplications)?;
        let name = self.checked(&new)?;
        for draw in 0..DRAWS {
            let row = fresh(&name, &new, self.clock.now());
            match self.control.create_im_application(actor, &row).await {
                // The first time it may be the same form, just committed by another request: ask again.
                Err(fault) if fault.is_taken() => {
                    if draw > 0 {
                        self.require_free(actor, &name).await?;
                    }
                }
                made => {
                    let made = made.map_err(refuse)?;
                    self.directory.refresh().await;
                    return Ok(made);
                }
            }
        }
        Err(Problem::Unavailable)
    }

    async fn set_enabled(&self, actor: &Actor, sdk_app_id: SdkAppId, enabled: bool) -> Result<()> {
        actor.require(Action::ManageImApplications)?;
        self.control
            .enable_im_application(actor, sdk_app_id, enabled)
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }

    async fn set_administrators(&self, actor: &Actor, sdk_app_id: SdkAppId, names: Vec<String>) -> Result<()> {
        actor.require(Action::ManageImApplications)?;
        actor.require_confirmed()?;
        let names = administrators(&names).map_err(|fault| Problem::field("administrators", fault))?;
        self.control
            .set_administrators(actor, sdk_app_id, &names)
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }

    async fn channels(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Vec<ImChannel>> {
        actor.require(Action::ManageImApplications)?;
        let stored = self.stored(actor, sdk_app_id).await?;
        let differing = self.control.differing_applications(actor, sdk_app_id).await;
        let mut differing = differing.map_err(refuse)?;
        let card = |channel| ImChannel {
            view: found(&stored, channel)
                .cloned()
                .unwrap_or_else(|| channel_cards::empty(channel)),
            differing: differing.remove(&channel).unwrap_or_default(),
        };
        Ok(Channel::of(Platform::Android).map(card).collect())
    }

    async fn save_channel(
        &self,
        actor: &Actor,
        sdk_app_id: SdkAppId,
        channel: Channel,
        change: ChannelChange,
    ) -> Result<()> {
        actor.require(Action::ManageImApplications)?;
        // Apple's certificates are of one Bundle ID, thus of one application.
        if !Channel::of(Platform::Android).any(|offered| offered == channel) {
            return Err(Problem::NotFound(What::VendorChannel));
        }
        let stored = self.stored(actor, sdk_app_id).await?;
        let record = channel_cards::checked(channel, &change, found(&stored, channel))?;
        let owner = ChannelOwner::Im(sdk_app_id);
        self.control
            .save_channel(actor, owner, &record, self.clock.now())
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }

    async fn delete(&self, actor: &Actor, sdk_app_id: SdkAppId, confirmation: &str) -> Result<()> {
        actor.require(Action::ManageImApplications)?;
        actor.require_confirmed()?;
        self.control
            .delete_im_application(actor, sdk_app_id, confirmation)
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }

    async fn reveal_key(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Secret> {
        self.get(actor, sdk_app_id).await?;
        actor.require_confirmed()?;
        self.control.im_key(actor, sdk_app_id).await.map_err(refuse)
    }
}

fn found(stored: &[ChannelView], channel: Channel) -> Option<&ChannelView> {
    stored.iter().find(|view| view.channel == channel)
}

fn fresh(name: &str, new: &NewImApplication, now: domain::Timestamp) -> NewImApplicationRow {
    let mut random = rand::rng();
    NewImApplicationRow {
        sdk_app_id: numbers::sdk_app_id(&mut random),
        name: name.to_owned(),
        access_point: new.access_point.clone(),
        key: numbers::im_key(&mut random),
        most: MAX_IM_APPLICATIONS,
        form_key: new.form_key.clone(),
        now,
    }
}

/// 1 to 10 `UserID`s, each once; blank lines of the form do not count.
pub(crate) fn administrators(names: &[String]) -> Result<Vec<String>, FieldFault> {
    let typed = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    let names: BTreeSet<String> = typed.map(field::user_id).collect::<Result<_, _>>()?;
    match names.len() {
        0 => Err(FieldFault::NothingChosen),
        many if many > MAX_ADMINISTRATORS as usize => Err(FieldFault::TooMany {
            max: MAX_ADMINISTRATORS,
        }),
        _ => Ok(names.into_iter().collect()),
    }
}
