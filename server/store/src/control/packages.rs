//! The package names of an application beside its own.

use super::{
    Control,
    applications::by_access_id,
    channels::of_package,
    entity::{channel_verification, package_name, receipt_door, spent_quota, vendor_channel},
    ids, versions,
};
use crate::{Fault, Result};
use domain::{
    AccessId, ApplicationId, PackageId, Problem, Timestamp,
    account::Actor,
    audit::{Deed, Kind},
    basic_config::MAX_PACKAGES,
    channel::{Card, Channel},
    field::FieldFault,
    parcel::LaneKey,
    problem::What,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use std::collections::HashMap;

/// The field of the form that holds a further package name.
const FIELD: &str = "package";

impl Control {
    /// The further package names of an application, in the order in which they were added.
    pub async fn packages(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<(PackageId, String)>> {
        let db = &self.connections.read;
        let (application, _) = by_access_id(db, actor, access_id).await?;
        let found = package_name::Entity::find()
            .filter(package_name::COLUMN.application_id.eq(application.id))
            .order_by_asc(package_name::Column::Id)
            .all(db)
            .await?;
        Ok(found.into_iter().map(|row| (PackageId(row.id), row.name)).collect())
    }

    /// Adds one, unless the application has it or has as many as it may have.
    pub async fn add_package(
        &self,
        actor: &Actor,
        access_id: AccessId,
        name: &str,
        now: Timestamp,
    ) -> Result<PackageId> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        // Raised first: it makes two who add at once wait for each other.
        versions::bump(&transaction).await?;
        let refused = |fault| Err(Fault::Refused(Problem::field(FIELD, fault)));
        let main = application.identifier.as_deref() == Some(name);
        if main || named(&transaction, application.id, name).await? {
            return refused(FieldFault::Taken);
        }
        let further = package_name::Entity::find()
            .filter(package_name::COLUMN.application_id.eq(application.id))
            .count(&transaction)
            .await?;
        if further + 1 >= u64::from(MAX_PACKAGES) {
            return refused(FieldFault::TooMany { max: MAX_PACKAGES });
        }
        let row = package_name::ActiveModel {
            id: ids::drawn(now),
            application_id: Set(application.id),
            name: Set(name.to_owned()),
            created_at: Set(now.0),
        };
        let made = row.insert(&transaction).await?;
        let entry = self
            .entry(actor, Deed::AddPackage)
            .to(Kind::Package, made.id, name)
            .within(access_id, &application.name)
            .has("package", name);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(PackageId(made.id))
    }

    /// Removes one with its vendor keys and all that is known of them.
    pub async fn remove_package(&self, actor: &Actor, access_id: AccessId, package: PackageId) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let found = package_name::Entity::find_by_id(package.0)
            .filter(package_name::COLUMN.application_id.eq(application.id))
            .one(&transaction)
            .await?;
        let row = found.ok_or(Fault::missing(What::PackageName))?;
        package_name::Entity::delete_by_id(row.id).exec(&transaction).await?;
        let cards = vendor_channel::Entity::find().filter(of_package(application.id, package));
        let cards: Vec<String> = cards
            .all(&transaction)
            .await?
            .into_iter()
            .map(|card| card.channel)
            .collect();
        vendor_channel::Entity::delete_many()
            .filter(of_package(application.id, package))
            .exec(&transaction)
            .await?;
        for channel in Channel::ALL.iter().copied() {
            let card = Card { package, channel };
            forget(&transaction, card.lane(ApplicationId(application.id))).await?;
        }
        receipt_door::Entity::delete_many()
            .filter(receipt_door::COLUMN.application_id.eq(application.id))
            .filter(receipt_door::COLUMN.package_id.eq(package.0))
            .exec(&transaction)
            .await?;
        versions::bump(&transaction).await?;
        let entry = self
            .entry(actor, Deed::RemovePackage)
            .to(Kind::Package, row.id, &row.name)
            .within(access_id, &application.name)
            .had("package", &row.name)
            .had("channels", cards.join(", "));
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// The further package names of all applications.
    pub(super) async fn package_names(&self) -> Result<HashMap<i64, Vec<(PackageId, String)>>> {
        let found = package_name::Entity::find()
            .order_by_asc(package_name::Column::Id)
            .all(&self.connections.read)
            .await?;
        let mut names: HashMap<i64, Vec<(PackageId, String)>> = HashMap::new();
        for row in found {
            let its = names.entry(row.application_id).or_default();
            its.push((PackageId(row.id), row.name));
        }
        Ok(names)
    }
}

/// Whether an application has a further package of this name.
pub(super) async fn named(db: &impl ConnectionTrait, application: i64, name: &str) -> Result<bool> {
    let found = package_name::Entity::find()
        .filter(package_name::COLUMN.application_id.eq(application))
        .filter(package_name::COLUMN.name.eq(name))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// The name of a package of the application; empty for its own.
pub(super) async fn name_of(db: &impl ConnectionTrait, application: i64, package: PackageId) -> Result<String> {
    if package.is_main() {
        return Ok(String::new());
    }
    let found = package_name::Entity::find_by_id(package.0)
        .filter(package_name::COLUMN.application_id.eq(application))
        .one(db)
        .await?;
    found.map(|row| row.name).ok_or(Fault::missing(What::PackageName))
}

/// Forgets what is known of a lane's keys, which are gone: troubles, answers of the vendor, spent quotas. The receipt
/// address stays: receipts of what was sent still come, and a vendor's console may name it.
pub(super) async fn forget(db: &impl ConnectionTrait, lane: LaneKey) -> Result<()> {
    let (application, package, channel) = (lane.application.0, lane.package.0, lane.channel.name());
    super::troubles::clear_trouble(db, lane).await?;
    channel_verification::Entity::delete_many()
        .filter(channel_verification::COLUMN.application_id.eq(application))
        .filter(channel_verification::COLUMN.package_id.eq(package))
        .filter(channel_verification::COLUMN.channel.eq(channel))
        .exec(db)
        .await?;
    spent_quota::Entity::delete_many()
        .filter(spent_quota::COLUMN.application_id.eq(application))
        .filter(spent_quota::COLUMN.package_id.eq(package))
        .filter(spent_quota::COLUMN.channel.eq(channel))
        .exec(db)
        .await?;
    Ok(())
}
