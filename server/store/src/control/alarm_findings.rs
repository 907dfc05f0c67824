//! What is wrong now: what the tables of the control plane tell, and what a node has seen.

use super::{
    Control,
    alarms::Looked,
    entity::{application, certificate, channel_trouble, spent_quota},
    rows,
};
use crate::{Fault, Result};
use domain::{
    ApplicationId, CertificateId, PackageId, Timestamp,
    alarm::{CERTIFICATE_WARNING_MS, Cause, Finding, Place},
    quota::QuotaClass,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashSet;

impl Control {
    /// What is wrong now, of all tenants.
    pub(super) async fn findings(&self, now: Timestamp, looked: &Looked) -> Result<Vec<Finding>> {
        let mut all = self.refused_credentials().await?;
        all.extend(self.ending_certificates(now).await?);
        all.extend(self.quotas_spent(now).await?);
        all.extend(self.of_those_there(&looked.found).await?);
        Ok(all)
    }

    /// A dispatcher may know an application for a while after it was deleted.
    async fn of_those_there(&self, found: &[Finding]) -> Result<Vec<Finding>> {
        let of = |finding: &Finding| match finding.place {
            Place::Application(id) => Some(id.0),
            Place::Server(_) => None,
        };
        let ids: HashSet<i64> = found.iter().filter_map(of).collect();
        if ids.is_empty() {
            return Ok(found.to_vec());
        }
        let there: Vec<i64> = application::Entity::find()
            .select_only()
            .column(application::Column::Id)
            .filter(application::Column::Id.is_in(ids))
            .into_tuple()
            .all(&self.connections.read)
            .await?;
        let is_there = |finding: &&Finding| of(finding).is_none_or(|id| there.contains(&id));
        Ok(found.iter().filter(is_there).cloned().collect())
    }

    async fn refused_credentials(&self) -> Result<Vec<Finding>> {
        let found = channel_trouble::Entity::find().all(&self.connections.read).await?;
        let finding = |row: channel_trouble::Model| {
            Ok(Finding {
                place: Place::Application(ApplicationId(row.application_id)),
                cause: Cause::CredentialRefused {
                    channel: rows::channel(&row.channel)?,
                    package: PackageId(row.package_id),
                },
                moment: None,
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
            place: Place::Application(ApplicationId(row.application_id)),
            cause: Cause::CertificateEnds(CertificateId(row.id)),
            moment: row.not_after.map(Timestamp),
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
                place: Place::Application(ApplicationId(row.application_id)),
                cause: Cause::QuotaSpent {
                    channel: rows::channel(&row.channel)?,
                    package: PackageId(row.package_id),
                    class: QuotaClass::from_name(&row.class).ok_or(Fault::damaged("spent_quotas.class"))?,
                },
                moment: Some(Timestamp(row.until)),
                vendor_code: row.vendor_code,
                text: row.vendor_text,
            })
        };
        found.into_iter().map(finding).collect()
    }
}
