//! Alarms: keeping what is wrong until it is right again.

use super::{
    Control,
    applications::{by_access_id, visible},
    entity::{account, alarm, application, product},
    ids,
};
use crate::{Fault, Result};
use domain::{
    AccessId, AccountId, AlarmId, ApplicationId, Timestamp,
    account::{Action, Actor},
    alarm::{AlarmView, Cause, Finding, MAX_HISTORY, Place},
    audit::{Deed, Kind},
    problem::What,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{OnConflict, SelectStatement, SimpleExpr},
};
use std::collections::{HashMap, HashSet};

/// What no node has found for so long is over, in milliseconds: the node that could tell is gone.
const FORGOTTEN_AFTER_MS: i64 = 5 * 60_000;
/// What several nodes can see is over when none of them has found it for so long, in milliseconds: longer than
/// [`NOTED_EVERY_MS`] and the time between two looks.
const SHARED_FOR_MS: i64 = 90_000;
/// How often it is noted that an alarm still is found, in milliseconds.
const NOTED_EVERY_MS: i64 = 60_000;

/// What a node has looked at besides the tables of the control plane.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// What it found wrong.
    pub found: Vec<Finding>,
    /// Its number, once it has run for long enough to know how its lanes and its disk stand.
    pub node: Option<u32>,
    /// The applications whose messages it could read.
    pub applications: HashSet<ApplicationId>,
}

impl Looked {
    /// What it has not found is over if nobody has found it for so long, in milliseconds.
    fn ends_after(&self, row: &alarm::Model) -> i64 {
        let sees = |id| self.applications.contains(&ApplicationId(id));
        let sees = row.application_id.is_some_and(sees);
        match Cause::from_key(&row.cause) {
            Some(Cause::DiskFilling { node }) if self.node == Some(node) => 0,
            Some(Cause::LanePaused { node, .. }) if self.node == Some(node) && sees => 0,
            Some(cause) if cause.is_recorded() => 0,
            Some(Cause::MessagesWait { .. } | Cause::SuccessRateLow { .. } | Cause::ReceiptsStopped { .. }) if sees => {
                SHARED_FOR_MS
            }
            _ => FORGOTTEN_AFTER_MS,
        }
    }
}

impl Control {
    /// The root accounts.
    pub async fn roots(&self) -> Result<Vec<AccountId>> {
        let ids: Vec<i64> = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::RootId.is_null())
            .into_tuple()
            .all(&self.connections.read)
            .await?;
        Ok(ids.into_iter().map(AccountId).collect())
    }

    /// Raises what is wrong now and was not known, and ends what is right again. How many of each.
    pub async fn watch_alarms(&self, now: Timestamp, looked: &Looked) -> Result<(u64, u64)> {
        // Known ones first: what another node raises after that is not taken for something that has ended.
        let known = self.alarms_going_on().await?;
        let found = self.findings(now, looked).await?;
        let changes = Changes::between(&known, &found, looked, now);
        if changes.are_none() {
            return Ok((0, 0));
        }
        let Changes { changed, seen, gone } = changes;
        let raised = changed.iter().filter(|finding| !known.contains_key(&going_on(finding)));
        let counts = (raised.count() as u64, gone.len() as u64);
        let transaction = self.connections.begin().await?;
        for finding in changed {
            // Another node may have raised it in between.
            let renew = OnConflict::column(alarm::Column::GoingOn)
                .update_columns([
                    alarm::Column::Moment,
                    alarm::Column::VendorCode,
                    alarm::Column::Text,
                    alarm::Column::SeenAt,
                ])
                .to_owned();
            alarm::Entity::insert(row(finding, now))
                .on_conflict(renew)
                .exec_without_returning(&transaction)
                .await?;
        }
        let is_seen = alarm::ActiveModel {
            seen_at: Set(now.0),
            ..Default::default()
        };
        let has_ended = alarm::ActiveModel {
            going_on: Set(None),
            ended_at: Set(Some(now.0)),
            ..Default::default()
        };
        for (change, of) in [(is_seen, seen), (has_ended, gone)] {
            if !of.is_empty() {
                alarm::Entity::update_many()
                    .set(change)
                    .filter(alarm::Column::GoingOn.is_in(of))
                    .exec(&transaction)
                    .await?;
            }
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
        let theirs = || alarm::Entity::find().filter(seen_by(actor));
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
        let applications: HashSet<i64> = found.iter().filter_map(|row| row.application_id).collect();
        let names = application::Entity::find()
            .filter(application::Column::Id.is_in(applications))
            .all(db)
            .await?;
        let names: HashMap<i64, application::Model> = names.into_iter().map(|row| (row.id, row)).collect();
        let shown = found.into_iter().map(|row| {
            let of = row.application_id.and_then(|id| names.get(&id));
            let may_acknowledge = match of {
                Some(of) => actor.may_on(Action::Configure, ApplicationId(of.id)),
                None => actor.may(Action::ManageProducts),
            };
            view(of, row, may_acknowledge)
        });
        shown.collect()
    }

    /// How many of them go on that nobody has acknowledged.
    pub async fn alarms_waiting(&self, actor: &Actor) -> Result<u64> {
        let waiting = alarm::Entity::find()
            .filter(alarm::Column::GoingOn.is_not_null())
            .filter(alarm::Column::AcknowledgedAt.is_null())
            .filter(seen_by(actor));
        Ok(waiting.count(&self.connections.read).await?)
    }

    /// Notes that somebody knows of an alarm of an application. Who was first stays.
    pub async fn acknowledge_alarm(
        &self,
        actor: &Actor,
        access_id: AccessId,
        id: AlarmId,
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let theirs = alarm::Column::ApplicationId.eq(application.id);
        if let Some(cause) = acknowledged(&transaction, actor, id, theirs, now).await? {
            let entry = self
                .entry(actor, Deed::AcknowledgeAlarm)
                .to(Kind::Alarm, id, &cause)
                .within(access_id, &application.name);
            self.append(&transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The same of an alarm of the server, as the actor's root account is told of it.
    pub async fn acknowledge_server_alarm(&self, actor: &Actor, id: AlarmId, now: Timestamp) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let theirs = alarm::Column::AccountId.eq(actor.tenant.0);
        if let Some(cause) = acknowledged(&transaction, actor, id, theirs, now).await? {
            let entry = self.entry(actor, Deed::AcknowledgeAlarm).to(Kind::Alarm, id, &cause);
            self.append(&transaction, &entry).await?;
        }
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

/// The alarms of those, and of the server for who manages the account.
fn seen_by(actor: &Actor) -> Condition {
    let mut any = Condition::any().add(alarm::Column::ApplicationId.in_subquery(seen(actor)));
    if actor.may(Action::ManageProducts) {
        any = any.add(alarm::Column::AccountId.eq(actor.tenant.0));
    }
    any
}

/// The cause of the alarm, if nobody had acknowledged it.
async fn acknowledged(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: AlarmId,
    theirs: SimpleExpr,
    now: Timestamp,
) -> Result<Option<String>> {
    let found = alarm::Entity::find_by_id(id.0).filter(theirs).one(db).await?;
    let row = found.ok_or(Fault::missing(What::Alarm))?;
    if row.acknowledged_at.is_some() {
        return Ok(None);
    }
    let change = alarm::ActiveModel {
        id: Unchanged(row.id),
        acknowledged_at: Set(Some(now.0)),
        acknowledged_by: Set(Some(actor.name.clone())),
        ..Default::default()
    };
    change.update(db).await?;
    Ok(Some(row.cause))
}

/// What has to be written.
struct Changes<'a> {
    /// New, or said otherwise.
    changed: Vec<&'a Finding>,
    /// Found again, as it was.
    seen: Vec<String>,
    /// Found no more.
    gone: Vec<String>,
}

impl<'a> Changes<'a> {
    fn between(known: &HashMap<String, alarm::Model>, found: &'a [Finding], looked: &Looked, now: Timestamp) -> Self {
        let there: HashSet<String> = found.iter().map(going_on).collect();
        let is_over = |(key, row): &(&String, &alarm::Model)| {
            !there.contains(*key) && row.seen_at <= now.0 - looked.ends_after(row)
        };
        let is_late =
            |(key, row): &(&String, &alarm::Model)| there.contains(*key) && row.seen_at <= now.0 - NOTED_EVERY_MS;
        Self {
            changed: found
                .iter()
                .filter(|finding| known.get(&going_on(finding)).is_none_or(|row| !says(row, finding)))
                .collect(),
            seen: known.iter().filter(is_late).map(|(key, _)| key.clone()).collect(),
            gone: known.iter().filter(is_over).map(|(key, _)| key.clone()).collect(),
        }
    }

    const fn are_none(&self) -> bool {
        self.changed.is_empty() && self.seen.is_empty() && self.gone.is_empty()
    }
}

fn going_on(finding: &Finding) -> String {
    match finding.place {
        Place::Application(id) => format!("{id}/{}", finding.cause.key()),
        Place::Server(account) => format!("server/{account}/{}", finding.cause.key()),
    }
}

/// Whether a row says what was found.
fn says(row: &alarm::Model, finding: &Finding) -> bool {
    row.moment == finding.moment.map(|at| at.0) && row.vendor_code == finding.vendor_code && row.text == finding.text
}

fn row(finding: &Finding, now: Timestamp) -> alarm::ActiveModel {
    let (application, account) = match finding.place {
        Place::Application(id) => (Some(id.0), None),
        Place::Server(account) => (None, Some(account.0)),
    };
    alarm::ActiveModel {
        id: ids::drawn(now),
        application_id: Set(application),
        account_id: Set(account),
        cause: Set(finding.cause.key()),
        going_on: Set(Some(going_on(finding))),
        moment: Set(finding.moment.map(|at| at.0)),
        vendor_code: Set(finding.vendor_code.clone()),
        text: Set(finding.text.clone()),
        raised_at: Set(now.0),
        seen_at: Set(now.0),
        ended_at: Set(None),
        acknowledged_at: Set(None),
        acknowledged_by: Set(None),
        told: Set(0),
    }
}

pub(super) fn view(of: Option<&application::Model>, row: alarm::Model, may_acknowledge: bool) -> Result<AlarmView> {
    Ok(AlarmView {
        id: AlarmId(row.id),
        application: of.map(|of| (AccessId(of.access_id), of.name.clone())),
        cause: Cause::from_key(&row.cause).ok_or(Fault::damaged("alarms.cause"))?,
        moment: row.moment.map(Timestamp),
        vendor_code: row.vendor_code,
        text: row.text,
        raised_at: Timestamp(row.raised_at),
        ended_at: row.ended_at.map(Timestamp),
        acknowledged: row.acknowledged_by.zip(row.acknowledged_at.map(Timestamp)),
        may_acknowledge,
    })
}
