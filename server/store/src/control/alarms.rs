//! Alarms: finding out what is wrong, and keeping what was found until it is right again.

use super::{
    Control,
    applications::{by_access_id, visible},
    entity::{alarm, application, certificate, channel_trouble, product, spent_quota},
    ids, rows,
};
use crate::{Fault, Result};
use domain::{
    AccessId, AlarmId, ApplicationId, CertificateId, PackageId, Timestamp,
    account::{Action, Actor},
    alarm::{AlarmView, CERTIFICATE_WARNING_MS, Cause, Finding, MAX_HISTORY},
    audit::{Deed, Kind},
    problem::What,
    quota::QuotaClass,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{OnConflict, SelectStatement},
};
use std::collections::{HashMap, HashSet};

impl Control {
    /// What is wrong now, of all tenants.
    async fn findings(&self, now: Timestamp) -> Result<Vec<Finding>> {
        let mut all = self.refused_credentials().await?;
        all.extend(self.ending_certificates(now).await?);
        all.extend(self.quotas_spent(now).await?);
        Ok(all)
    }

    async fn refused_credentials(&self) -> Result<Vec<Finding>> {
        let found = channel_trouble::Entity::find().all(&self.connections.read).await?;
        let finding = |row: channel_trouble::Model| {
            Ok(Finding {
                application: ApplicationId(row.application_id),
                cause: Cause::CredentialRefused {
                    channel: rows::channel(&row.channel)?,
                    package: PackageId(row.package_id),
                },
                until: None,
                vendor_code: row.vendor_code,
                text: row.vendor_text,
            })
        };
        found.into_iter().map(finding).collect()
    }

    async fn ending_certificates(&self, now: Timestamp) -> Result<Vec<Finding>> {
        let found = certificate::Entity::find()
            .filter(certificate::Column::ReplacedAt.is_null())
            .filter(certificate::Column::NotAfter.lt(now.0.saturating_add(CERTIFICATE_WARNING_MS)))
            .all(&self.connections.read)
            .await?;
        let finding = |row: certificate::Model| Finding {
            application: ApplicationId(row.application_id),
            cause: Cause::CertificateEnds(CertificateId(row.id)),
            until: row.not_after.map(Timestamp),
            vendor_code: String::new(),
            text: row.subject,
        };
        Ok(found.into_iter().map(finding).collect())
    }

    async fn quotas_spent(&self, now: Timestamp) -> Result<Vec<Finding>> {
        let found = spent_quota::Entity::find()
            .filter(spent_quota::Column::Until.gt(now.0))
            .all(&self.connections.read)
            .await?;
        let finding = |row: spent_quota::Model| {
            Ok(Finding {
                application: ApplicationId(row.application_id),
                cause: Cause::QuotaSpent {
                    channel: rows::channel(&row.channel)?,
                    package: PackageId(row.package_id),
                    class: QuotaClass::from_name(&row.class).ok_or(Fault::damaged("spent_quotas.class"))?,
                },
                until: Some(Timestamp(row.until)),
                vendor_code: row.vendor_code,
                text: row.vendor_text,
            })
        };
        found.into_iter().map(finding).collect()
    }

    /// Raises what is wrong now and was not known, and ends what is right again. How many of each.
    pub async fn watch_alarms(&self, now: Timestamp) -> Result<(u64, u64)> {
        // Known ones first: what another node raises after that is not taken for something that has ended.
        let known = self.alarms_going_on().await?;
        let found = self.findings(now).await?;
        let there: HashSet<String> = found.iter().map(going_on).collect();
        let gone: Vec<&String> = known.keys().filter(|key| !there.contains(*key)).collect();
        let changed: Vec<&Finding> = found
            .iter()
            .filter(|finding| known.get(&going_on(finding)).is_none_or(|row| !says(row, finding)))
            .collect();
        if gone.is_empty() && changed.is_empty() {
            return Ok((0, 0));
        }
        let raised = changed.iter().filter(|finding| !known.contains_key(&going_on(finding)));
        let counts = (raised.count() as u64, gone.len() as u64);
        let transaction = self.connections.begin().await?;
        for finding in changed {
            // Another node may have raised it in between.
            let renew = OnConflict::column(alarm::Column::GoingOn)
                .update_columns([alarm::Column::Until, alarm::Column::VendorCode, alarm::Column::Text])
                .to_owned();
            alarm::Entity::insert(row(finding, now))
                .on_conflict(renew)
                .exec_without_returning(&transaction)
                .await?;
        }
        if !gone.is_empty() {
            alarm::Entity::update_many()
                .set(alarm::ActiveModel {
                    going_on: Set(None),
                    ended_at: Set(Some(now.0)),
                    ..Default::default()
                })
                .filter(alarm::Column::GoingOn.is_in(gone))
                .exec(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(counts)
    }

    async fn alarms_going_on(&self) -> Result<HashMap<String, alarm::Model>> {
        let rows = alarm::Entity::find()
            .filter(alarm::Column::GoingOn.is_not_null())
            .all(&self.connections.read)
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.going_on.clone()?, row)))
            .collect())
    }

    /// The alarms of the applications that the actor sees: those that go on, then the newest that ended.
    pub async fn alarms(&self, actor: &Actor) -> Result<Vec<AlarmView>> {
        let db = &self.connections.read;
        let theirs = || alarm::Entity::find().filter(alarm::Column::ApplicationId.in_subquery(seen(actor)));
        let mut found = theirs()
            .filter(alarm::Column::EndedAt.is_null())
            .order_by_desc(alarm::Column::RaisedAt)
            .order_by_desc(alarm::Column::Id)
            .all(db)
            .await?;
        let ended = theirs()
            .filter(alarm::Column::EndedAt.is_not_null())
            .order_by_desc(alarm::Column::EndedAt)
            .order_by_desc(alarm::Column::Id)
            .limit(u64::from(MAX_HISTORY));
        found.extend(ended.all(db).await?);
        let applications: HashSet<i64> = found.iter().map(|row| row.application_id).collect();
        let names = application::Entity::find()
            .filter(application::Column::Id.is_in(applications))
            .all(db)
            .await?;
        let names: HashMap<i64, application::Model> = names.into_iter().map(|row| (row.id, row)).collect();
        let shown = found.into_iter().filter_map(|row| {
            let of = names.get(&row.application_id)?;
            Some(view(actor, of, row))
        });
        shown.collect()
    }

    /// How many of them go on that nobody has acknowledged.
    pub async fn alarms_waiting(&self, actor: &Actor) -> Result<u64> {
        let waiting = alarm::Entity::find()
            .filter(alarm::Column::GoingOn.is_not_null())
            .filter(alarm::Column::AcknowledgedAt.is_null())
            .filter(alarm::Column::ApplicationId.in_subquery(seen(actor)));
        Ok(waiting.count(&self.connections.read).await?)
    }

    /// Notes that somebody knows of an alarm. Who was first stays.
    pub async fn acknowledge_alarm(
        &self,
        actor: &Actor,
        access_id: AccessId,
        id: AlarmId,
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let found = alarm::Entity::find_by_id(id.0)
            .filter(alarm::Column::ApplicationId.eq(application.id))
            .one(&transaction)
            .await?;
        let row = found.ok_or(Fault::missing(What::Alarm))?;
        if row.acknowledged_at.is_some() {
            return Ok(());
        }
        let change = alarm::ActiveModel {
            id: Unchanged(row.id),
            acknowledged_at: Set(Some(now.0)),
            acknowledged_by: Set(Some(actor.name.clone())),
            ..Default::default()
        };
        change.update(&transaction).await?;
        let entry = self
            .entry(actor, Deed::AcknowledgeAlarm)
            .to(Kind::Alarm, row.id, &row.cause)
            .within(access_id, &application.name);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets what ended before.
    pub async fn sweep_alarms(&self, before: Timestamp) -> Result<u64> {
        let swept = alarm::Entity::delete_many()
            .filter(alarm::Column::EndedAt.lt(before.0))
            .exec(&self.connections.write)
            .await?;
        Ok(swept.rows_affected)
    }
}

/// The applications that the actor sees.
fn seen(actor: &Actor) -> SelectStatement {
    application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .inner_join(product::Entity)
        .filter(visible(actor))
        .into_query()
}

fn going_on(finding: &Finding) -> String {
    format!("{}/{}", finding.application, finding.cause.key())
}

/// Whether a row says what was found.
fn says(row: &alarm::Model, finding: &Finding) -> bool {
    row.until == finding.until.map(|at| at.0) && row.vendor_code == finding.vendor_code && row.text == finding.text
}

fn row(finding: &Finding, now: Timestamp) -> alarm::ActiveModel {
    alarm::ActiveModel {
        id: ids::drawn(now),
        application_id: Set(finding.application.0),
        cause: Set(finding.cause.key()),
        going_on: Set(Some(going_on(finding))),
        until: Set(finding.until.map(|at| at.0)),
        vendor_code: Set(finding.vendor_code.clone()),
        text: Set(finding.text.clone()),
        raised_at: Set(now.0),
        ended_at: Set(None),
        acknowledged_at: Set(None),
        acknowledged_by: Set(None),
    }
}

fn view(actor: &Actor, of: &application::Model, row: alarm::Model) -> Result<AlarmView> {
    Ok(AlarmView {
        id: AlarmId(row.id),
        access_id: AccessId(of.access_id),
        application: of.name.clone(),
        cause: Cause::from_key(&row.cause).ok_or(Fault::damaged("alarms.cause"))?,
        until: row.until.map(Timestamp),
        vendor_code: row.vendor_code,
        text: row.text,
        raised_at: Timestamp(row.raised_at),
        ended_at: row.ended_at.map(Timestamp),
        acknowledged: row.acknowledged_by.zip(row.acknowledged_at.map(Timestamp)),
        may_acknowledge: actor.may_on(Action::Configure, ApplicationId(of.id)),
    })
}
