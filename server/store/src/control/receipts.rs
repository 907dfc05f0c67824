//! Receipt doors: the secret part of the address to which a vendor reports for an application.

use super::{
    Control,
    applications::by_access_id,
    entity::{application, authorisation, plan, product, receipt_door},
    rows,
};
use crate::{Fault, Result, hex, vault::Place};
use domain::{
    AccessId, AccountId, ApplicationId, PackageId, PlanId, SdkAppId, Secret, Timestamp,
    account::{Actor, Origin},
    audit::{Deed, Entry, Kind},
    channel::{Card, Channel},
    parcel::LaneKey,
    receipt::{ReceiptDoor, ReceiptView, receipt_address},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

fn place(row: &str) -> Place<'_> {
    Place {
        column: "receipt_doors.secret",
        row,
    }
}

fn row_name(lane: LaneKey) -> String {
    let (application, channel) = (lane.application, lane.channel.name());
    match lane.package {
        PackageId::MAIN => format!("{application}/{channel}"),
        package => format!("{application}/{package}/{channel}"),
    }
}

/// Where a row's record is sealed for.
pub(super) fn sealed_place(row: &receipt_door::Model) -> String {
    let name = match row.package_id {
        0 => format!("{}/{}", row.application_id, row.channel),
        package => format!("{}/{package}/{}", row.application_id, row.channel),
    };
    place(&name).to_string()
}

/// Found by it; the secret itself is stored sealed only. It is random and long, so a plain hash gives nothing away.
fn hash(secret: &Secret) -> String {
    hex::lower(&Sha256::digest(secret.reveal()))
}

impl Control {
    /// Gives channels of an application a receipt address where they have none yet; those that have one keep it.
    pub async fn open_receipt_doors(
        &self,
        actor: &Actor,
        access_id: AccessId,
        drawn: Vec<(Card, Secret)>,
    ) -> Result<()> {
        if drawn.is_empty() {
            return Ok(());
        }
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let mut opened = Vec::new();
        for (card, secret) in drawn {
            let lane = card.lane(ApplicationId(application.id));
            if self.open_door(&transaction, lane, &secret).await? {
                opened.push((card.channel, secret));
            }
        }
        for (channel, secret) in opened {
            let whose = (application.access_id, application.name.as_str());
            let entry = self.of_own_card(actor, Deed::OpenReceiptAddress, channel, whose);
            let entry = entry.has("receipt_secret", self.fingerprint(&secret));
            self.append(&transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Whether there was none yet.
    async fn open_door(&self, db: &impl ConnectionTrait, lane: LaneKey, secret: &Secret) -> Result<bool> {
        let name = row_name(lane);
        let row = receipt_door::ActiveModel {
            application_id: Set(lane.application.0),
            package_id: Set(lane.package.0),
            channel: Set(lane.channel.name().to_owned()),
            secret_sealed: Set(self.vault.seal(place(&name), secret)?),
            secret_hash: Set(hash(secret)),
            last_receipt_at: Set(None),
        };
        let key = [
            receipt_door::Column::ApplicationId,
            receipt_door::Column::PackageId,
            receipt_door::Column::Channel,
        ];
        let inserted = receipt_door::Entity::insert(row)
            .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
            .exec_without_returning(db)
            .await?;
        Ok(inserted > 0)
    }

    /// The secret of a lane's receipt address, for telling it to the vendor with each call; `drawn` becomes it where
    /// there is none yet.
    pub async fn receipt_secret(&self, lane: LaneKey, drawn: Secret) -> Result<Secret> {
        let found = self.door_row(&self.connections.read, lane).await?;
        let row = if let Some(row) = found {
            row
        } else {
            let transaction = self.connections.begin().await?;
            let opened = self.open_door(&transaction, lane, &drawn).await?;
            let made = self.door_row(&transaction, lane).await?;
            if opened {
                let entry = self.opened_by_itself(&transaction, lane, &drawn).await?;
                self.append(&transaction, &entry).await?;
            }
            transaction.commit().await?;
            made.ok_or(Fault::Missing)?
        };
        let name = row_name(lane);
        Ok(self.vault.open(place(&name), &row.secret_sealed)?)
    }

    /// The entry of an address that the server made by itself, to tell it to a vendor.
    async fn opened_by_itself(&self, db: &impl ConnectionTrait, lane: LaneKey, secret: &Secret) -> Result<Entry> {
        let owner = application::Entity::find_by_id(lane.application.0)
            .find_also_related(product::Entity)
            .one(db)
            .await?;
        let Some((application, Some(product))) = owner else {
            return Err(Fault::damaged("applications.product_id"));
        };
        let origin = Origin::default();
        let mut entry = Entry::anonymous(&origin, Deed::OpenReceiptAddress, self.clock.now())
            .to(Kind::Channel, lane.channel.name(), lane.channel.label())
            .within(AccessId(application.access_id), &application.name)
            .has("receipt_secret", self.fingerprint(secret));
        entry.tenant = Some(AccountId(product.account_id));
        Ok(entry)
    }

    async fn door_row(&self, db: &impl ConnectionTrait, lane: LaneKey) -> Result<Option<receipt_door::Model>> {
        let key = (lane.application.0, lane.package.0, lane.channel.name().to_owned());
        Ok(receipt_door::Entity::find_by_id(key).one(db).await?)
    }

    /// The receipt addresses of an application under an origin, and when the last receipt came.
    pub async fn receipt_views(
        &self,
        actor: &Actor,
        access_id: AccessId,
        origin: &str,
    ) -> Result<BTreeMap<Card, ReceiptView>> {
        let db = &self.connections.read;
        let (application, _) = by_access_id(db, actor, access_id).await?;
        let found = receipt_door::Entity::find()
            .filter(receipt_door::COLUMN.application_id.eq(application.id))
            .all(db)
            .await?;
        let view = |row: receipt_door::Model| {
            let channel = rows::channel(&row.channel)?;
            let package = PackageId(row.package_id);
            let card = Card { package, channel };
            let name = row_name(card.lane(ApplicationId(row.application_id)));
            let secret = self.vault.open(place(&name), &row.secret_sealed)?;
            let view = ReceiptView {
                address: receipt_address(origin, channel, &secret),
                last_at: row.last_receipt_at.map(Timestamp),
            };
            Ok((card, view))
        };
        found.into_iter().map(view).collect()
    }

    /// What the secret of an address leads to.
    pub async fn receipt_door(&self, channel: Channel, secret: &Secret) -> Result<Option<ReceiptDoor>> {
        let db = &self.connections.read;
        let found = receipt_door::Entity::find()
            .filter(receipt_door::COLUMN.secret_hash.eq(hash(secret)))
            .filter(receipt_door::COLUMN.channel.eq(channel.name()))
            .one(db)
            .await?;
        let Some(row) = found else { return Ok(None) };
        let owner = application::Entity::find_by_id(row.application_id)
            .find_also_related(product::Entity)
            .one(db)
            .await?;
        let product = owner.and_then(|(_, product)| product);
        let access_point = product.ok_or(Fault::damaged("applications.product_id"))?.access_point;
        let plans = plan::Entity::find()
            .filter(plan::COLUMN.application_id.eq(row.application_id))
            .all(db)
            .await?;
        let authorised = authorisation::Entity::find()
            .filter(authorisation::COLUMN.application_id.eq(row.application_id))
            .filter(authorisation::Column::RevokedAt.is_null())
            .one(db)
            .await?;
        let application = ApplicationId(row.application_id);
        let package = PackageId(row.package_id);
        let card = self
            .channel_credential(Card { package, channel }.lane(application))
            .await?;
        let (mut values, mut secrets) = card.map(|card| (card.values, card.secrets)).unwrap_or_default();
        Ok(Some(ReceiptDoor {
            application,
            package,
            channel,
            access_point,
            plans: plans.into_iter().map(|plan| PlanId(plan.id)).collect(),
            sdk_app_id: authorised.map(|row| SdkAppId(row.sdk_app_id)),
            callback_user: values.remove("callback_user").unwrap_or_default(),
            callback_key: secrets.remove("callback_key").unwrap_or_default(),
        }))
    }

    /// Notes when the last receipt came.
    pub async fn note_receipt(&self, lane: LaneKey, now: Timestamp) -> Result<()> {
        let transaction = self.connections.begin().await?;
        receipt_door::Entity::update_many()
            .col_expr(receipt_door::Column::LastReceiptAt, Expr::value(now.0))
            .filter(receipt_door::COLUMN.application_id.eq(lane.application.0))
            .filter(receipt_door::COLUMN.package_id.eq(lane.package.0))
            .filter(receipt_door::COLUMN.channel.eq(lane.channel.name()))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}
