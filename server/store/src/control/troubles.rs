//! What paused a channel: the vendor refuses the credential, in its own words.

use super::{
    Control, certificates,
    entity::{certificate, channel_trouble, vendor_channel},
};
use crate::Result;
use domain::{
    Timestamp,
    channel::{Channel, ChannelTrouble},
    parcel::LaneKey,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};
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
        let (id, name) = (lane.application.0, lane.channel.name());
        let Some((vendor_code, vendor_text)) = trouble else {
            clear_trouble(&transaction, id, lane.channel).await?;
            return Ok(transaction.commit().await?);
        };
        if !in_use(&transaction, lane, version).await? {
            return Ok(());
        }
        let row = channel_trouble::ActiveModel {
            application_id: Set(id),
            channel: Set(name.to_owned()),
            credential_version: Set(version),
            since: Set(now.0),
            vendor_code: Set(vendor_code),
            vendor_text: Set(vendor_text),
        };
        let keep_since =
            OnConflict::columns([channel_trouble::Column::ApplicationId, channel_trouble::Column::Channel])
                .update_columns([
                    channel_trouble::Column::CredentialVersion,
                    channel_trouble::Column::VendorCode,
                    channel_trouble::Column::VendorText,
                ])
                .to_owned();
        channel_trouble::Entity::insert(row)
            .on_conflict(keep_since)
            .exec_without_returning(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

/// The troubles of an application, by channel.
pub(super) async fn troubles(db: &impl ConnectionTrait, application: i64) -> Result<BTreeMap<String, ChannelTrouble>> {
    let found = channel_trouble::Entity::find().filter(channel_trouble::COLUMN.application_id.eq(application));
    let named = found.all(db).await?.into_iter().map(|row| {
        let trouble = ChannelTrouble {
            since: Timestamp(row.since),
            vendor_code: row.vendor_code,
            vendor_text: row.vendor_text,
        };
        (row.channel, trouble)
    });
    Ok(named.collect())
}

pub(super) async fn clear_trouble(db: &impl ConnectionTrait, application: i64, channel: Channel) -> Result<()> {
    channel_trouble::Entity::delete_by_id((application, channel.name().to_owned()))
        .exec(db)
        .await?;
    Ok(())
}

/// Whether a credential of this version is in force: APNs has certificates, the others their card.
async fn in_use(db: &impl ConnectionTrait, lane: LaneKey, version: i64) -> Result<bool> {
    if lane.channel == Channel::Apns {
        let (id, resumed) = certificates::parts(version);
        let found = certificate::Entity::find_by_id(id)
            .filter(certificate::COLUMN.application_id.eq(lane.application.0))
            .one(db)
            .await?;
        return Ok(found.is_some_and(|row| row.replaced_at.is_none() && row.resumed == resumed));
    }
    let found = vendor_channel::Entity::find()
        .filter(vendor_channel::Column::ApplicationId.eq(lane.application.0))
        .filter(vendor_channel::COLUMN.channel.eq(lane.channel.name()))
        .one(db)
        .await?;
    Ok(found.is_some_and(|row| row.version == version))
}
