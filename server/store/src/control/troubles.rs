//! What paused a channel: the vendor refuses the credential, in its own words.

use super::{
    Control, certificates,
    channels::of_lane,
    entity::{
        certificate,
        channel_trouble::{self, Column as Key},
        vendor_channel,
    },
    rows,
};
use crate::Result;
use domain::{
    ApplicationId, PackageId, Timestamp,
    channel::{Channel, ChannelTrouble},
    parcel::LaneKey,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
use std::collections::BTreeMap;

impl Control {
    /// Notes that a vendor refuses a credential (code and text), or that it works again. A report about a credential
    /// that was replaced meanwhile changes nothing.
    pub async fn note_trouble(
        &self,
        lane: LaneKey,
        version: i64,
        trouble: Option<(String, String)>,
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let Some((vendor_code, vendor_text)) = trouble else {
            clear_trouble(&transaction, lane).await?;
            return Ok(transaction.commit().await?);
        };
        if !in_use(&transaction, lane, version).await? {
            return Ok(());
        }
        let row = channel_trouble::ActiveModel {
            application_id: Set(lane.application.0),
            package_id: Set(lane.package.0),
            channel: Set(lane.channel.name().to_owned()),
            credential_version: Set(version),
            since: Set(now.0),
            vendor_code: Set(vendor_code),
            vendor_text: Set(vendor_text),
        };
        let keep_since = OnConflict::columns([Key::ApplicationId, Key::PackageId, Key::Channel])
            .update_columns([Key::CredentialVersion, Key::VendorCode, Key::VendorText])
            .to_owned();
        channel_trouble::Entity::insert(row)
            .on_conflict(keep_since)
            .exec_without_returning(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

/// The troubles of an application, by package and channel.
pub(super) async fn troubles(
    db: &impl ConnectionTrait,
    application: i64,
) -> Result<BTreeMap<(PackageId, Channel), ChannelTrouble>> {
    let found = channel_trouble::Entity::find().filter(channel_trouble::COLUMN.application_id.eq(application));
    let named = found.all(db).await?.into_iter().map(|row| {
        let trouble = ChannelTrouble {
            since: Timestamp(row.since),
            vendor_code: row.vendor_code,
            vendor_text: row.vendor_text,
        };
        Ok(((PackageId(row.package_id), rows::channel(&row.channel)?), trouble))
    });
    named.collect()
}

pub(super) async fn clear_trouble(db: &impl ConnectionTrait, lane: LaneKey) -> Result<()> {
    channel_trouble::Entity::delete_by_id(key(lane)).exec(db).await?;
    Ok(())
}

/// Clears what APNs said of a certificate that is in force no more; what it said of another one stays.
pub(super) async fn clear_trouble_of(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    certificate: i64,
) -> Result<()> {
    let lane = LaneKey::main(application, Channel::Apns);
    let trouble = channel_trouble::Entity::find_by_id(key(lane)).one(db).await?;
    if trouble.is_some_and(|row| certificates::parts(row.credential_version).0 == certificate) {
        clear_trouble(db, lane).await?;
    }
    Ok(())
}

/// The primary key of a lane's trouble.
pub(super) fn key(lane: LaneKey) -> (i64, i64, String) {
    (lane.application.0, lane.package.0, lane.channel.name().to_owned())
}

/// Whether a credential of this version is in force: APNs has certificates, the others their card.
async fn in_use(db: &impl ConnectionTrait, lane: LaneKey, version: i64) -> Result<bool> {
    if lane.channel == Channel::Apns {
        let (id, _) = certificates::parts(version);
        let found = certificate::Entity::find_by_id(id)
            .filter(certificate::COLUMN.application_id.eq(lane.application.0))
            .one(db)
            .await?;
        return Ok(found.is_some_and(|row| row.replaced_at.is_none() && certificates::version(&row) == version));
    }
    let found = vendor_channel::Entity::find().filter(of_lane(lane)).one(db).await?;
    Ok(found.is_some_and(|row| row.version == version))
}
