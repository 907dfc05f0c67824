//! Push certificates: one in force per environment, replaced in the transaction that stores the next.

use super::{
    Control,
    applications::by_access_id,
    entity::certificate,
    ids, rows,
    troubles::{clear_trouble, clear_trouble_of},
    versions,
};
use crate::{Fault, Result, vault::Place};
use domain::{
    AccessId, ApplicationId, CertificateId, Secret, Timestamp,
    account::Actor,
    audit::{Deed, Kind},
    certificate::{CertificateFacts, CertificateView, Environment},
    channel::Channel,
    parcel::LaneKey,
    problem::What,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::Expr,
};
use std::collections::HashMap;

/// A certificate or key that was checked.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// What may be shown of it, with the environments it shall serve.
    pub facts: CertificateFacts,
    /// What signs in with it; stored sealed.
    pub secret: Secret,
    /// When it was uploaded.
    pub now: Timestamp,
}

/// A certificate in force, with its secret, for sending.
#[derive(Clone, Debug)]
pub struct StoredCertificate {
    /// Its number.
    pub id: CertificateId,
    /// The version of the credential: another one after each restart of its paused lane.
    pub version: i64,
    /// The Bundle ID it is for.
    pub bundle: String,
    /// As given in [`NewCertificate`].
    pub secret: Secret,
    /// The application's Bundle ID, once set.
    pub identifier: Option<String>,
}

fn place(row: &str) -> Place<'_> {
    Place {
        column: "certificates.sealed",
        row,
    }
}

/// Where a row's record is sealed for.
pub(super) fn sealed_place(row: &certificate::Model) -> String {
    place(&row_name(row.application_id, &row.fingerprint)).to_string()
}

/// A row number is known only after the insert; the fingerprint of the file is as good.
fn row_name(application: i64, fingerprint: &str) -> String {
    format!("{application}/{fingerprint}")
}

impl Control {
    /// The certificates in force, newest first.
    pub async fn certificates(
        &self,
        actor: &Actor,
        access_id: AccessId,
        now: Timestamp,
    ) -> Result<Vec<CertificateView>> {
        let db = &self.connections.read;
        let (application, _) = by_access_id(db, actor, access_id).await?;
        let found = in_force(application.id)
            .order_by_desc(certificate::Column::Id)
            .all(db)
            .await?;
        found.into_iter().map(|row| view(row, now)).collect()
    }

    /// Stores a certificate and takes the environments it serves from those before it.
    pub async fn add_certificate(
        &self,
        actor: &Actor,
        access_id: AccessId,
        new: &NewCertificate,
    ) -> Result<CertificateView> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let facts = &new.facts;
        for environment in &facts.environments {
            let served = flag(*environment);
            certificate::Entity::update_many()
                .col_expr(served, Expr::value(false))
                .filter(certificate::COLUMN.application_id.eq(application.id))
                .exec(&transaction)
                .await?;
        }
        retire_idle(&transaction, application.id, new.now).await?;
        let name = row_name(application.id, &facts.fingerprint);
        let row = certificate::ActiveModel {
            id: ids::drawn(new.now),
            application_id: Set(application.id),
            kind: Set(facts.kind.name().to_owned()),
            subject: Set(facts.subject.clone()),
            bundle: Set(facts.bundle.clone()),
            issuer: Set(facts.issuer.clone()),
            production: Set(facts.environments.contains(&Environment::Production)),
            sandbox: Set(facts.environments.contains(&Environment::Sandbox)),
            not_before: Set(facts.not_before.map(|t| t.0)),
            not_after: Set(facts.not_after.map(|t| t.0)),
            fingerprint: Set(facts.fingerprint.clone()),
            sealed: Set(self.vault.seal(place(&name), &new.secret)?),
            uploaded_at: Set(new.now.0),
            uploaded_by: Set(actor.name.clone()),
            replaced_at: Set(None),
            resumed: Set(0),
        };
        let made = row.insert(&transaction).await?;
        clear_trouble(
            &transaction,
            LaneKey::main(ApplicationId(application.id), Channel::Apns),
        )
        .await?;
        versions::bump(&transaction).await?;
        let served: Vec<&str> = facts
            .environments
            .iter()
            .map(|environment| environment.name())
            .collect();
        let entry = self
            .entry(actor, Deed::UploadCertificate)
            .to(Kind::Certificate, made.id, &facts.subject)
            .within(access_id, &application.name)
            .has("kind", facts.kind.name())
            .has("bundle", &facts.bundle)
            .has("environments", served.join(", "))
            .has("certificate", &facts.fingerprint)
            .has("secret", self.fingerprint(&new.secret));
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        view(made, new.now)
    }

    /// Takes a certificate out of force.
    pub async fn remove_certificate(
        &self,
        actor: &Actor,
        access_id: AccessId,
        certificate: CertificateId,
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let found = in_force(application.id)
            .filter(certificate::COLUMN.id.eq(certificate.0))
            .one(&transaction)
            .await?;
        let row = found.ok_or(Fault::missing(What::Certificate))?;
        certificate::Entity::update_many()
            .col_expr(certificate::Column::ReplacedAt, Expr::value(now.0))
            .filter(certificate::COLUMN.id.eq(row.id))
            .exec(&transaction)
            .await?;
        clear_trouble_of(&transaction, ApplicationId(application.id), row.id).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .entry(actor, Deed::RemoveCertificate)
            .to(Kind::Certificate, row.id, &row.subject)
            .within(access_id, &application.name)
            .had("kind", &row.kind)
            .had("bundle", &row.bundle)
            .had("certificate", &row.fingerprint);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// When the certificates in force end, of all tenants, for the metrics: application, environment, end.
    pub async fn certificate_ends(&self) -> Result<Vec<(AccessId, Environment, Timestamp)>> {
        let found = certificate::Entity::find()
            .filter(certificate::Column::ReplacedAt.is_null())
            .filter(certificate::Column::NotAfter.is_not_null())
            .find_also_related(super::entity::application::Entity)
            .all(&self.connections.read)
            .await?;
        let mut ends = Vec::new();
        for (row, owner) in found {
            if let (Some(owner), Some(end)) = (owner, row.not_after) {
                let access_id = AccessId(owner.access_id);
                ends.extend(environments(&row).into_iter().map(|e| (access_id, e, Timestamp(end))));
            }
        }
        Ok(ends)
    }

    /// Whole days until the first certificate in force of each of these applications ends.
    pub async fn days_left(
        &self,
        applications: &[ApplicationId],
        now: Timestamp,
    ) -> Result<HashMap<ApplicationId, i64>> {
        let of_them = certificate::Column::ApplicationId.is_in(applications.iter().map(|id| id.0));
        let ends = certificate::Entity::find()
            .select_only()
            .column(certificate::Column::ApplicationId)
            .column_as(certificate::Column::NotAfter.min(), "ends")
            .filter(certificate::Column::ReplacedAt.is_null())
            .filter(certificate::Column::NotAfter.is_not_null())
            .filter(of_them)
            .group_by(certificate::Column::ApplicationId)
            .into_tuple::<(i64, i64)>()
            .all(&self.connections.read)
            .await?;
        let days = |(id, end): (i64, i64)| (ApplicationId(id), days_between(now, Timestamp(end)));
        Ok(ends.into_iter().map(days).collect())
    }

    /// The certificate in force for an environment, with its secret, for sending.
    pub async fn certificate_credential(
        &self,
        application: ApplicationId,
        environment: Environment,
    ) -> Result<Option<StoredCertificate>> {
        let found = of_environment(application.0, environment)
            .find_also_related(super::entity::application::Entity)
            .one(&self.connections.read)
            .await?;
        let Some((row, owner)) = found else { return Ok(None) };
        let secret = self
            .vault
            .open(place(&row_name(row.application_id, &row.fingerprint)), &row.sealed)?;
        Ok(Some(StoredCertificate {
            id: CertificateId(row.id),
            version: version(&row),
            bundle: row.bundle,
            secret,
            identifier: owner.and_then(|owner| owner.identifier),
        }))
    }
}

/// Numbers of rows have 53 bits (`ids`), which leaves ten for how often a lane was started again: after that it counts
/// from the beginning, and only a report that is a thousand restarts old could be mistaken.
const RESUMED_SHIFT: u32 = 53;
const RESUMED_MASK: i64 = (1 << (63 - RESUMED_SHIFT)) - 1;

/// The version of a certificate as a credential.
pub(super) const fn version(row: &certificate::Model) -> i64 {
    packed(row.id, row.resumed)
}

const fn packed(id: i64, resumed: i64) -> i64 {
    id | (resumed & RESUMED_MASK) << RESUMED_SHIFT
}

/// The number of the certificate, and how often its lane was started again.
pub(super) const fn parts(version: i64) -> (i64, i64) {
    (version & ((1 << RESUMED_SHIFT) - 1), version >> RESUMED_SHIFT)
}

/// The version after one more restart.
pub(super) const fn next_version(version: i64) -> i64 {
    let (id, resumed) = parts(version);
    packed(id, resumed + 1)
}

/// The certificate in force for an environment; the newest first.
pub(super) fn of_environment(application: i64, environment: Environment) -> sea_orm::Select<certificate::Entity> {
    in_force(application)
        .filter(flag(environment).eq(true))
        .order_by_desc(certificate::Column::Id)
}

pub(super) fn in_force(application: i64) -> sea_orm::Select<certificate::Entity> {
    certificate::Entity::find()
        .filter(certificate::COLUMN.application_id.eq(application))
        .filter(certificate::Column::ReplacedAt.is_null())
}

const fn flag(environment: Environment) -> certificate::Column {
    match environment {
        Environment::Production => certificate::Column::Production,
        Environment::Sandbox => certificate::Column::Sandbox,
    }
}

/// Marks as replaced what serves no environment any more.
async fn retire_idle(db: &impl ConnectionTrait, application: i64, now: Timestamp) -> Result<()> {
    certificate::Entity::update_many()
        .col_expr(certificate::Column::ReplacedAt, Expr::value(now.0))
        .filter(certificate::COLUMN.application_id.eq(application))
        .filter(certificate::Column::ReplacedAt.is_null())
        .filter(certificate::COLUMN.production.eq(false))
        .filter(certificate::COLUMN.sandbox.eq(false))
        .exec(db)
        .await?;
    Ok(())
}

/// The environments that a row is in force for.
pub(super) fn environments(row: &certificate::Model) -> Vec<Environment> {
    let serves = |environment: &Environment| match environment {
        Environment::Production => row.production,
        Environment::Sandbox => row.sandbox,
    };
    Environment::ALL.iter().copied().filter(serves).collect()
}

fn days_between(now: Timestamp, end: Timestamp) -> i64 {
    end.ms_since(now).div_euclid(86_400_000)
}

fn view(row: certificate::Model, now: Timestamp) -> Result<CertificateView> {
    let environments = environments(&row);
    let not_after = row.not_after.map(Timestamp);
    Ok(CertificateView {
        id: CertificateId(row.id),
        facts: CertificateFacts {
            kind: rows::certificate_kind(&row.kind)?,
            subject: row.subject,
            bundle: row.bundle,
            environments,
            issuer: row.issuer,
            not_before: row.not_before.map(Timestamp),
            not_after,
            fingerprint: row.fingerprint,
        },
        uploaded_at: Timestamp(row.uploaded_at),
        uploaded_by: row.uploaded_by,
        days_left: not_after.map(|end| days_between(now, end)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_tells_the_certificate_from_its_restarts_however_large_its_number_is() {
        for id in [1, 57_811_151_249_820, (1 << RESUMED_SHIFT) - 1] {
            let mut version = packed(id, 0);
            for resumed in 1..=RESUMED_MASK {
                version = next_version(version);
                assert_eq!(parts(version), (id, resumed));
            }
            assert_eq!(next_version(version), packed(id, 0), "and from the beginning");
        }
    }
}
