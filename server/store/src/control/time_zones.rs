//! The zone in which a root account's days are counted.

use super::{
    Control,
    entity::{account, application, product, receipt_door},
};
use crate::Result;
use domain::{
    AccountId, ApplicationId,
    account::Actor,
    audit::{Deed, Kind},
    channel::Channel,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::BTreeSet;

/// An application whose half hours are folded to days.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// The application.
    pub application: ApplicationId,
    /// Where its statistics are.
    pub access_point: String,
    /// The zone of its root account, where one was chosen.
    pub zone: Option<String>,
}

impl Control {
    /// The zone of a tenant, where one was chosen.
    pub async fn time_zone(&self, tenant: AccountId) -> Result<Option<String>> {
        let found = account::Entity::find_by_id(tenant.0)
            .one(&self.connections.read)
            .await?;
        Ok(found.and_then(|row| row.time_zone))
    }

    /// Chooses a zone.
    pub async fn set_time_zone(&self, actor: &Actor, zone: &str) -> Result<()> {
        let tenant = actor.tenant;
        let transaction = self.connections.begin().await?;
        let found = account::Entity::find_by_id(tenant.0).one(&transaction).await?;
        let before = found.and_then(|row| row.time_zone).unwrap_or_default();
        account::Entity::update_many()
            .col_expr(account::Column::TimeZone, Expr::value(zone))
            .filter(account::COLUMN.id.eq(tenant.0))
            .exec(&transaction)
            .await?;
        let entry = self
            .entry(actor, Deed::ChangeTimeZone)
            .to(Kind::Account, tenant, &actor.tenant_name)
            .changed("time_zone", before, zone.to_owned());
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// All applications with the zones in which their days are counted.
    pub async fn counted_applications(&self) -> Result<Vec<Counted>> {
        let db = &self.connections.read;
        let zones = account::Entity::find()
            .filter(account::Column::TimeZone.is_not_null())
            .all(db)
            .await?;
        let zone = |owner: i64| {
            zones
                .iter()
                .find(|row| row.id == owner)
                .and_then(|row| row.time_zone.clone())
        };
        let found = application::Entity::find()
            .find_also_related(product::Entity)
            .all(db)
            .await?;
        let counted = |(application, product): (application::Model, Option<product::Model>)| {
            let product = product?;
            Some(Counted {
                application: ApplicationId(application.id),
                access_point: product.access_point,
                zone: zone(product.account_id),
            })
        };
        Ok(found.into_iter().filter_map(counted).collect())
    }

    /// The channels of an application of which a receipt has ever come.
    pub async fn channels_with_receipts(&self, application: ApplicationId) -> Result<BTreeSet<Channel>> {
        let found = receipt_door::Entity::find()
            .filter(receipt_door::Column::ApplicationId.eq(application.0))
            .filter(receipt_door::Column::LastReceiptAt.is_not_null())
            .all(&self.connections.read)
            .await?;
        Ok(found
            .iter()
            .filter_map(|row| Channel::from_name(&row.channel))
            .collect())
    }
}
