//! Which quotas are spent, as the dispatcher found out: it asks again after a restart, and the console shows it.

use super::{Control, applications::by_access_id, entity::spent_quota, rows};
use crate::Result;
use domain::{
    AccessId, Timestamp,
    account::Actor,
    channel::Channel,
    parcel::LaneKey,
    quota::{QuotaClass, SpentQuota},
};
use sea_orm::{ActiveValue::Set, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

impl Control {
    /// Notes that the quota of a class is spent, or (`None`) that it is not. What is spent again the next day is spent
    /// since then.
    pub async fn note_quota(&self, lane: LaneKey, class: QuotaClass, spent: Option<&SpentQuota>) -> Result<()> {
        let key = (
            lane.application.0,
            lane.package.0,
            lane.channel.name().to_owned(),
            class.name().to_owned(),
        );
        let db = &self.connections.write;
        let Some(spent) = spent else {
            spent_quota::Entity::delete_by_id(key).exec(db).await?;
            return Ok(());
        };
        let (application_id, package_id, channel, class) = key;
        let row = spent_quota::ActiveModel {
            application_id: Set(application_id),
            package_id: Set(package_id),
            channel: Set(channel),
            class: Set(class),
            since: Set(spent.since.0),
            until: Set(spent.until.0),
            vendor_code: Set(spent.vendor_code.clone()),
            vendor_text: Set(spent.vendor_text.clone()),
        };
        let key = [
            spent_quota::Column::ApplicationId,
            spent_quota::Column::PackageId,
            spent_quota::Column::Channel,
            spent_quota::Column::Class,
        ];
        let replace = OnConflict::columns(key)
            .update_columns([
                spent_quota::Column::Since,
                spent_quota::Column::Until,
                spent_quota::Column::VendorCode,
                spent_quota::Column::VendorText,
            ])
            .to_owned();
        spent_quota::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(db)
            .await?;
        Ok(())
    }

    /// The quotas of a lane that are spent at this moment.
    pub async fn spent_quotas(&self, lane: LaneKey, now: Timestamp) -> Result<Vec<SpentQuota>> {
        let of_lane = Condition::all()
            .add(spent_quota::COLUMN.application_id.eq(lane.application.0))
            .add(spent_quota::COLUMN.package_id.eq(lane.package.0))
            .add(spent_quota::COLUMN.channel.eq(lane.channel.name()));
        let found = self.spent(of_lane, now).await?;
        Ok(found.into_iter().map(|(_, spent)| spent).collect())
    }

    /// The quotas of an application's channels that are spent at this moment, the longest first.
    pub async fn spent_quotas_of(
        &self,
        actor: &Actor,
        access_id: AccessId,
        now: Timestamp,
    ) -> Result<Vec<(Channel, SpentQuota)>> {
        let (application, _) = by_access_id(&self.connections.read, actor, access_id).await?;
        let of_application = Condition::all().add(spent_quota::COLUMN.application_id.eq(application.id));
        self.spent(of_application, now).await
    }

    async fn spent(&self, which: Condition, now: Timestamp) -> Result<Vec<(Channel, SpentQuota)>> {
        let found = spent_quota::Entity::find()
            .filter(which)
            .filter(spent_quota::COLUMN.until.gt(now.0))
            .order_by_desc(spent_quota::Column::Until)
            .order_by_asc(spent_quota::Column::Class)
            .all(&self.connections.read)
            .await?;
        let spent = found.into_iter().map(|row| {
            let spent = SpentQuota {
                class: QuotaClass::from_name(&row.class).ok_or_else(|| crate::Fault::damaged("spent_quotas.class"))?,
                since: Timestamp(row.since),
                until: Timestamp(row.until),
                vendor_code: row.vendor_code,
                vendor_text: row.vendor_text,
            };
            Ok((rows::channel(&row.channel)?, spent))
        });
        spent.collect()
    }
}
