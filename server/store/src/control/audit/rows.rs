//! An entry as a row, and a row as an entry.

use super::super::entity::audit_entry;
use crate::{Fault, Result};
use domain::{
    AccessId, AccountId, Timestamp,
    account::{Action, Door},
    audit::{Deed, Entry, Failure, Field, Kind, Object, Outcome, Record},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

pub(super) fn written(tenant: i64, number: i64, entry: &Entry) -> Result<audit_entry::Model> {
    let reason = match entry.outcome {
        Outcome::Done => None,
        Outcome::Refused(missing) => Some(missing.name()),
        Outcome::Failed(failure) => Some(failure.name()),
    };
    let object = entry.object.as_ref();
    let application = entry.application.as_ref();
    Ok(audit_entry::Model {
        tenant,
        number,
        recorded_at: entry.at.0,
        account_id: entry.account.map(|account| account.0),
        account_name: entry.account_name.clone(),
        address: entry.address.clone(),
        door: entry.door.name().to_owned(),
        deed: entry.deed.name().to_owned(),
        object_kind: object.map(|object| object.kind.name().to_owned()),
        object_number: object.map(|object| object.number.clone()),
        object_name: object.map(|object| object.name.clone()),
        access_id: application.map(|(access_id, _)| access_id.0),
        application_name: application.map(|(_, name)| name.clone()),
        before_fields: fields(&entry.before)?,
        after_fields: fields(&entry.after)?,
        outcome: entry.outcome.kind().name().to_owned(),
        reason: reason.map(str::to_owned),
        times: entry.times.into(),
        hash: String::new(),
    })
}

pub(super) async fn insert(db: &impl ConnectionTrait, row: audit_entry::Model) -> Result<()> {
    // A row as it was read counts as unchanged; here every column is new.
    let new = row.into_active_model().reset_all();
    audit_entry::Entity::insert(new).exec_without_returning(db).await?;
    Ok(())
}

pub(super) fn read(row: audit_entry::Model) -> Result<Record> {
    let object = match (row.object_kind, row.object_number, row.object_name) {
        (Some(kind), Some(number), Some(name)) => Some(Object {
            kind: Kind::from_name(&kind).ok_or(Fault::damaged("audit_entries.object_kind"))?,
            number,
            name,
        }),
        _ => None,
    };
    let reason = row.reason.unwrap_or_default();
    let outcome = match row.outcome.as_str() {
        "done" => Some(Outcome::Done),
        "refused" => Action::from_name(&reason).map(Outcome::Refused),
        "failed" => Failure::from_name(&reason).map(Outcome::Failed),
        _ => None,
    };
    let entry = Entry {
        at: Timestamp(row.recorded_at),
        tenant: (row.tenant != super::SERVER).then_some(AccountId(row.tenant)),
        account: row.account_id.map(AccountId),
        account_name: row.account_name,
        address: row.address,
        door: Door::from_name(&row.door).ok_or(Fault::damaged("audit_entries.door"))?,
        deed: Deed::from_name(&row.deed).ok_or(Fault::damaged("audit_entries.deed"))?,
        object,
        application: row.access_id.map(AccessId).zip(row.application_name),
        before: parsed(&row.before_fields)?,
        after: parsed(&row.after_fields)?,
        outcome: outcome.ok_or(Fault::damaged("audit_entries.outcome"))?,
        times: u32::try_from(row.times).unwrap_or(u32::MAX),
    };
    Ok(Record {
        number: row.number,
        entry,
    })
}

fn fields(fields: &[Field]) -> Result<String> {
    serde_json::to_string(fields).map_err(|_| Fault::damaged("audit_entries.after_fields"))
}

fn parsed(json: &str) -> Result<Vec<Field>> {
    serde_json::from_str(json).map_err(|_| Fault::damaged("audit_entries.before_fields"))
}
