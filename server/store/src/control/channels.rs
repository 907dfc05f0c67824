//! Vendor channels: what is typed into their cards, stored with an application or kept with an IM application.

use super::{
    Control, applications,
    entity::vendor_channel,
    im_applications,
    packages::{self, forget},
    rows,
    synchronise::Change,
    troubles::{clear_trouble, troubles},
    versions,
};
use crate::{Fault, Result, hex, vault::Place};
use domain::{
    AccessId, ApplicationId, PackageId, SdkAppId, Secret, Timestamp,
    account::Actor,
    audit::{Deed, Entry},
    channel::{Card, Channel, ChannelView, SecretNote},
    parcel::LaneKey,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::Expr,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Whose card it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChannelOwner {
    /// One of an application's packages: used for sending.
    Application(AccessId, PackageId),
    /// An IM application: copied to an application when it is authorised.
    Im(SdkAppId),
}

/// What is saved on a card. Secrets that are not given stay as they are.
#[derive(Clone, Debug)]
pub struct ChannelRecord {
    /// Which card.
    pub channel: Channel,
    /// The enable switch.
    pub enabled: bool,
    /// All values that are not secret.
    pub values: BTreeMap<String, String>,
    /// The secrets that were given.
    pub secrets: BTreeMap<String, Secret>,
}

/// A stored channel with its secrets, for sending.
#[derive(Clone, Debug)]
pub struct StoredChannel {
    /// Changes whenever the card is saved.
    pub version: i64,
    /// The enable switch.
    pub enabled: bool,
    /// Values that are not secret.
    pub values: BTreeMap<String, String>,
    /// Secrets by field.
    pub secrets: BTreeMap<String, Secret>,
}

/// The owner's row and its name in a sealed record's place.
#[derive(Clone, Copy, Debug)]
pub(super) enum OwnerRow {
    Package(i64, PackageId),
    Im(i64),
}

impl OwnerRow {
    /// The application's own package name or Bundle ID.
    pub(super) const fn main(application: i64) -> Self {
        Self::Package(application, PackageId::MAIN)
    }

    pub(super) fn condition(self) -> Expr {
        match self {
            Self::Package(application, package) => of_package(application, package),
            Self::Im(id) => vendor_channel::Column::SdkAppId.eq(id),
        }
    }

    fn place(self, channel: Channel) -> String {
        match self {
            Self::Package(id, PackageId::MAIN) => format!("application/{id}/{}", channel.name()),
            Self::Package(id, package) => format!("application/{id}/{package}/{}", channel.name()),
            Self::Im(id) => format!("im/{id}/{}", channel.name()),
        }
    }
}

/// The cards of a package.
pub(super) fn of_package(application: i64, package: PackageId) -> Expr {
    vendor_channel::Column::ApplicationId
        .eq(application)
        .and(vendor_channel::COLUMN.package_id.eq(package.0))
}

/// The card of a lane.
pub(super) fn of_lane(lane: LaneKey) -> Expr {
    of_package(lane.application.0, lane.package).and(vendor_channel::COLUMN.channel.eq(lane.channel.name()))
}

/// Where a row's record is sealed for.
pub(super) fn sealed_place(row: &vendor_channel::Model) -> String {
    let owner = match (row.application_id, row.package_id) {
        (Some(application), 0) => format!("application/{application}"),
        (Some(application), package) => format!("application/{application}/{package}"),
        (None, _) => format!("im/{}", row.sdk_app_id.unwrap_or_default()),
    };
    secrets_place(&format!("{owner}/{}", row.channel)).to_string()
}

fn secrets_place(row: &str) -> Place<'_> {
    Place {
        column: "vendor_channels.secrets",
        row,
    }
}

impl Control {
    /// The cards kept with an IM application.
    pub async fn im_channels(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Vec<ChannelView>> {
        let db = &self.connections.read;
        let owner = OwnerRow::Im(im_applications::one(db, actor, sdk_app_id).await?.sdk_app_id);
        let saved = vendor_channel::Entity::find().filter(owner.condition()).all(db).await?;
        saved.into_iter().map(view).collect()
    }

    /// The cards of all packages of an application that were saved, and those in trouble: APNs may be without having a
    /// card.
    pub async fn channels(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<(PackageId, ChannelView)>> {
        let db = &self.connections.read;
        let (application, _) = applications::by_access_id(db, actor, access_id).await?;
        let saved = vendor_channel::Entity::find()
            .filter(vendor_channel::Column::ApplicationId.eq(application.id))
            .all(db)
            .await?;
        let mut troubles = troubles(db, application.id).await?;
        let mut views = Vec::with_capacity(saved.len());
        for row in saved {
            let package = PackageId(row.package_id);
            let mut card = view(row)?;
            card.trouble = troubles.remove(&(package, card.channel));
            views.push((package, card));
        }
        for ((package, channel), trouble) in troubles {
            let card = ChannelView {
                channel,
                configured: false,
                enabled: true,
                values: BTreeMap::new(),
                secrets: BTreeMap::new(),
                trouble: Some(trouble),
                verifications: vec![],
                receipts: None,
            };
            views.push((package, card));
        }
        Ok(views)
    }

    /// Saves a card. The trouble that paused it is over, and its version changes. Applications follow the card of their
    /// IM application.
    pub async fn save_channel(
        &self,
        actor: &Actor,
        owner: ChannelOwner,
        record: &ChannelRecord,
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (owner, entry) = self.owned(&transaction, actor, owner, record.channel).await?;
        let version = versions::bump(&transaction).await?;
        let stored = self.stored(&transaction, owner, record.channel).await?;
        let (mut secrets, mut notes) = match &stored {
            Some((row, channel)) => (channel.secrets.clone(), parsed(&row.secret_notes)?),
            None => (BTreeMap::new(), BTreeMap::new()),
        };
        for (field, secret) in &record.secrets {
            notes.insert(field.clone(), note(secret, actor, now));
            secrets.insert(field.clone(), secret.clone());
        }
        let channel = StoredChannel {
            version,
            enabled: record.enabled,
            values: record.values.clone(),
            secrets,
        };
        self.write(&transaction, owner, record.channel, &channel, &notes)
            .await?;
        let before = stored.as_ref().map(|(_, before)| before);
        let mut entries = vec![self.compared(entry, before, Some(&channel))];
        match owner {
            OwnerRow::Package(id, package) => {
                let channel = record.channel;
                let card = Card { package, channel };
                clear_trouble(&transaction, card.lane(ApplicationId(id))).await?;
            }
            OwnerRow::Im(id) => {
                let change = Change {
                    channel: record.channel,
                    before: stored.map(|(_, before)| before),
                    now: channel,
                    notes,
                };
                entries.extend(self.synchronise(&transaction, actor, SdkAppId(id), &change).await?);
            }
        }
        for entry in entries {
            self.append(&transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Removes a card with what is known of its keys; `false` when there was none.
    pub async fn remove_channel(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<bool> {
        let transaction = self.connections.begin().await?;
        let (application, _) = applications::by_access_id(&transaction, actor, access_id).await?;
        let lane = card.lane(ApplicationId(application.id));
        let owner = OwnerRow::Package(application.id, card.package);
        let Some((_, stored)) = self.stored(&transaction, owner, card.channel).await? else {
            return Ok(false);
        };
        let package = packages::name_of(&transaction, application.id, card.package).await?;
        vendor_channel::Entity::delete_many()
            .filter(of_lane(lane))
            .exec(&transaction)
            .await?;
        forget(&transaction, lane).await?;
        versions::bump(&transaction).await?;
        let entry = self.of_card(actor, Deed::RemoveChannel, card.channel, &package);
        let entry = entry.within(access_id, &application.name);
        self.append(&transaction, &self.compared(entry, Some(&stored), None))
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The channel of an application's package with its secrets, for sending.
    pub async fn channel_credential(&self, lane: LaneKey) -> Result<Option<StoredChannel>> {
        let owner = OwnerRow::Package(lane.application.0, lane.package);
        let stored = self.stored(&self.connections.read, owner, lane.channel).await?;
        Ok(stored.map(|(_, channel)| channel))
    }

    /// The owner of a card, and the entry of what is done with the card.
    async fn owned(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        owner: ChannelOwner,
        channel: Channel,
    ) -> Result<(OwnerRow, Entry)> {
        Ok(match owner {
            ChannelOwner::Application(access_id, package) => {
                let (application, _) = applications::by_access_id(db, actor, access_id).await?;
                let name = packages::name_of(db, application.id, package).await?;
                let entry = self.of_card(actor, Deed::SaveChannel, channel, &name);
                let row = OwnerRow::Package(application.id, package);
                (row, entry.within(access_id, &application.name))
            }
            ChannelOwner::Im(sdk_app_id) => {
                let im = im_applications::one(db, actor, sdk_app_id).await?;
                let entry = self.of_card(actor, Deed::SaveImChannel, channel, &im.name);
                (OwnerRow::Im(im.sdk_app_id), entry)
            }
        })
    }

    pub(super) async fn stored(
        &self,
        db: &impl ConnectionTrait,
        owner: OwnerRow,
        channel: Channel,
    ) -> Result<Option<(vendor_channel::Model, StoredChannel)>> {
        let found = vendor_channel::Entity::find()
            .filter(owner.condition())
            .filter(vendor_channel::COLUMN.channel.eq(channel.name()))
            .one(db)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let opened = self
            .vault
            .open(secrets_place(&owner.place(channel)), &row.secrets_sealed)?;
        let stored = StoredChannel {
            version: row.version,
            enabled: row.enabled,
            values: parsed(&row.field_values)?,
            secrets: parsed(opened.reveal())?,
        };
        Ok(Some((row, stored)))
    }

    pub(super) async fn write(
        &self,
        db: &impl ConnectionTrait,
        owner: OwnerRow,
        channel: Channel,
        stored: &StoredChannel,
        notes: &BTreeMap<String, SecretNote>,
    ) -> Result<()> {
        vendor_channel::Entity::delete_many()
            .filter(owner.condition())
            .filter(vendor_channel::COLUMN.channel.eq(channel.name()))
            .exec(db)
            .await?;
        let (application_id, package, sdk_app_id) = match owner {
            OwnerRow::Package(id, package) => (Some(id), package, None),
            OwnerRow::Im(id) => (None, PackageId::MAIN, Some(id)),
        };
        let secrets = Secret::new(written(&stored.secrets)?);
        let row = vendor_channel::ActiveModel {
            id: NotSet,
            application_id: Set(application_id),
            sdk_app_id: Set(sdk_app_id),
            package_id: Set(package.0),
            channel: Set(channel.name().to_owned()),
            enabled: Set(stored.enabled),
            field_values: Set(written(&stored.values)?),
            secrets_sealed: Set(self.vault.seal(secrets_place(&owner.place(channel)), &secrets)?),
            secret_notes: Set(written(notes)?),
            version: Set(stored.version),
        };
        row.insert(db).await?;
        Ok(())
    }
}

/// A saved card, without its trouble.
fn view(row: vendor_channel::Model) -> Result<ChannelView> {
    Ok(ChannelView {
        channel: rows::channel(&row.channel)?,
        configured: true,
        enabled: row.enabled,
        values: parsed(&row.field_values)?,
        secrets: parsed(&row.secret_notes)?,
        trouble: None,
        verifications: vec![],
        receipts: None,
    })
}

fn note(secret: &Secret, actor: &Actor, now: Timestamp) -> SecretNote {
    let digest = Sha256::digest(secret.reveal());
    SecretNote {
        set_at: now,
        set_by: actor.name.clone(),
        fingerprint: hex::lower(&digest[..4]),
    }
}

pub(super) fn parsed<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|_| Fault::damaged("vendor_channels"))
}

fn written(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Fault::damaged("vendor_channels"))
}
