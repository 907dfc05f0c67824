//! What vendors said when they were asked whether a credential works.

use super::{
    Control,
    applications::by_access_id,
    certificates,
    channels::of_lane,
    entity::{
        certificate, channel_trouble,
        channel_verification::{self, Column as Key},
        vendor_channel,
    },
    rows,
    troubles::{self, clear_trouble},
    versions,
};
use crate::{Fault, Result};
use domain::{
    AccessId, ApplicationId, PackageId, Timestamp,
    account::Actor,
    certificate::Environment,
    channel::{Card, Channel, Verification},
    parcel::LaneKey,
};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

/// The answer of a vendor, to be stored.
#[derive(Clone, Debug)]
pub struct NewVerification {
    /// Whose credential.
    pub lane: LaneKey,
    /// Of which environment.
    pub environment: Environment,
    /// The version that the vendor was shown.
    pub version: i64,
    /// Whether it took it.
    pub works: bool,
    /// The vendor's own code.
    pub vendor_code: String,
    /// The vendor's own text, capped.
    pub vendor_text: String,
    /// When.
    pub now: Timestamp,
}

impl Control {
    /// Stores an answer. A credential that works ends the trouble that paused its lane: its version changes, which is
    /// what the lanes of every node look for.
    pub async fn note_verification(&self, new: &NewVerification) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let Some(stored) = version_in_force(&transaction, new.lane, new.environment).await? else {
            return Ok(());
        };
        let paused = channel_trouble::Entity::find_by_id(troubles::key(new.lane))
            .one(&transaction)
            .await?;
        let mut version = new.version;
        if new.works && paused.is_some() && stored == new.version {
            version = renew(&transaction, new.lane, stored).await?;
            clear_trouble(&transaction, new.lane).await?;
        }
        let row = channel_verification::ActiveModel {
            application_id: Set(new.lane.application.0),
            package_id: Set(new.lane.package.0),
            channel: Set(new.lane.channel.name().to_owned()),
            environment: Set(new.environment.name().to_owned()),
            credential_version: Set(version),
            verified_at: Set(new.now.0),
            works: Set(new.works),
            vendor_code: Set(new.vendor_code.clone()),
            vendor_text: Set(new.vendor_text.clone()),
        };
        let newest = OnConflict::columns([Key::ApplicationId, Key::PackageId, Key::Channel, Key::Environment])
            .update_columns([
                Key::CredentialVersion,
                Key::VerifiedAt,
                Key::Works,
                Key::VendorCode,
                Key::VendorText,
            ])
            .to_owned();
        channel_verification::Entity::insert(row)
            .on_conflict(newest)
            .exec_without_returning(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// What vendors said of an application's credentials.
    pub async fn verifications(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<(Card, Verification)>> {
        let db = &self.connections.read;
        let (application, _) = by_access_id(db, actor, access_id).await?;
        let found = channel_verification::Entity::find()
            .filter(channel_verification::COLUMN.application_id.eq(application.id))
            .all(db)
            .await?;
        let mut views = Vec::with_capacity(found.len());
        for row in found {
            let card = Card {
                package: PackageId(row.package_id),
                channel: rows::channel(&row.channel)?,
            };
            let environment = Environment::from_name(&row.environment);
            let environment = environment.ok_or(Fault::damaged("channel_verifications.environment"))?;
            let lane = card.lane(ApplicationId(application.id));
            let stored = version_in_force(db, lane, environment).await?;
            let view = Verification {
                environment,
                at: Timestamp(row.verified_at),
                works: row.works,
                refused: !row.works,
                vendor_code: row.vendor_code,
                vendor_text: row.vendor_text,
                current: stored == Some(row.credential_version),
            };
            views.push((card, view));
        }
        Ok(views)
    }
}

/// The version of the credential that is in force: a card's own, a certificate's number with its restarts.
async fn version_in_force(db: &impl ConnectionTrait, lane: LaneKey, environment: Environment) -> Result<Option<i64>> {
    if lane.channel == Channel::Apns {
        let found = certificates::of_environment(lane.application.0, environment)
            .one(db)
            .await?;
        return Ok(found.map(|row| certificates::version(&row)));
    }
    let found = vendor_channel::Entity::find().filter(of_lane(lane)).one(db).await?;
    Ok(found.map(|row| row.version))
}

/// Gives the same credential another version.
async fn renew(db: &impl ConnectionTrait, lane: LaneKey, version: i64) -> Result<i64> {
    let raised = versions::bump(db).await?;
    if lane.channel == Channel::Apns {
        let (id, _) = certificates::parts(version);
        certificate::Entity::update_many()
            .col_expr(
                certificate::Column::Resumed,
                Expr::col(certificate::Column::Resumed).add(1),
            )
            .filter(certificate::COLUMN.id.eq(id))
            .exec(db)
            .await?;
        return Ok(certificates::next_version(version));
    }
    vendor_channel::Entity::update_many()
        .col_expr(vendor_channel::Column::Version, Expr::value(raised))
        .filter(of_lane(lane))
        .exec(db)
        .await?;
    Ok(raised)
}
