//! What is to be told of alarms, and to whom: made from the alarms themselves, told by whoever has the recipient's turn.

use super::{
    Control,
    alarm_recipients::view as recipient_view,
    alarms::view as alarm_view,
    entity::{account, alarm, alarm_notice, alarm_recipient, application, product},
    ids,
};
use crate::{Fault, Result};
use domain::{
    RecipientId, Timestamp,
    alarm::{
        AlarmView,
        recipient::{GIVE_UP_MS, MAX_NOTICES, News, RecipientView},
    },
    webhook::wait_ms,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::collections::{HashMap, HashSet};

/// Alarms that are looked at in one round.
const AT_ONCE: u64 = 200;
/// Longer than an e-mail or a call takes with everything around it, in milliseconds.
const TURN_MS: i64 = 60_000;
/// What is kept of a fault.
const MAX_FAULT: usize = 300;

/// A recipient for whom something waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueRecipient {
    /// Who.
    pub view: RecipientView,
    /// The zone of its root account, where one was chosen.
    pub zone: Option<String>,
}

/// Something to tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Its number, the same each time it is told.
    pub id: i64,
    /// What happened.
    pub news: News,
    /// To which alarm.
    pub alarm: AlarmView,
}

impl Control {
    /// Makes notices of alarms that were raised or have ended since. How many.
    pub async fn make_notices(&self, now: Timestamp) -> Result<u64> {
        let open = alarm::Entity::find()
            .filter(alarm::Column::Told.lt(2))
            .filter(
                Condition::any()
                    .add(alarm::Column::Told.eq(0))
                    .add(alarm::Column::EndedAt.is_not_null()),
            )
            .order_by_asc(alarm::Column::Id)
            .limit(AT_ONCE);
        let mut made = 0;
        for row in open.all(&self.connections.read).await? {
            made += self.notices_of(&row, now).await?;
        }
        Ok(made)
    }

    async fn notices_of(&self, row: &alarm::Model, now: Timestamp) -> Result<u64> {
        let transaction = self.connections.begin().await?;
        let told = if row.ended_at.is_some() { 2 } else { 1 };
        let mine = alarm::Entity::update_many()
            .col_expr(alarm::Column::Told, told.into())
            .filter(alarm::Column::Id.eq(row.id))
            .filter(alarm::Column::Told.eq(row.told))
            .exec(&transaction)
            .await?;
        if mine.rows_affected == 0 {
            // Another node was faster.
            return Ok(0);
        }
        let (news, to) = match (row.told, row.ended_at) {
            (0, None) => (News::Raised, live_recipients(&transaction, row).await?),
            // Over before anybody could be told.
            (0, Some(_)) => (News::Ended, vec![]),
            _ => (News::Ended, told_of(&transaction, row.id).await?),
        };
        let notices = to.iter().map(|recipient| alarm_notice::ActiveModel {
            id: ids::drawn(now),
            alarm_id: Set(row.id),
            recipient_id: Set(*recipient),
            news: Set(news.name().to_owned()),
            made_at: Set(now.0),
            told_at: Set(None),
        });
        if !to.is_empty() {
            alarm_notice::Entity::insert_many(notices)
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(to.len() as u64)
    }

    /// The recipients for whom something waits, and whose turn nobody has.
    pub async fn due_recipients(&self, now: Timestamp) -> Result<Vec<DueRecipient>> {
        let db = &self.connections.read;
        let waits = alarm_notice::Entity::find()
            .select_only()
            .column(alarm_notice::Column::RecipientId)
            .filter(alarm_notice::Column::ToldAt.is_null())
            .into_query();
        let found = alarm_recipient::Entity::find()
            .filter(alarm_recipient::Column::Id.in_subquery(waits))
            .filter(alarm_recipient::Column::DueAt.lte(now.0))
            .filter(alarm_recipient::Column::TurnUntil.lt(now.0))
            .all(db)
            .await?;
        let accounts: HashSet<i64> = found.iter().map(|row| row.account_id).collect();
        let accounts = account::Entity::find()
            .filter(account::Column::Id.is_in(accounts))
            .all(db)
            .await?;
        let zones: HashMap<i64, Option<String>> = accounts.into_iter().map(|row| (row.id, row.time_zone)).collect();
        let due = |row: alarm_recipient::Model| {
            Ok(DueRecipient {
                zone: zones.get(&row.account_id).cloned().flatten(),
                view: recipient_view(row, 0)?,
            })
        };
        found.into_iter().map(due).collect()
    }

    /// Takes a recipient's turn; nothing when another node has it. What was raised and has ended before anybody was told of
    /// it is told no more.
    pub async fn take_notices(&self, id: RecipientId, now: Timestamp) -> Result<Option<Vec<Notice>>> {
        let turn = alarm_recipient::Entity::update_many()
            .col_expr(alarm_recipient::Column::TurnUntil, (now.0 + TURN_MS).into())
            .filter(alarm_recipient::Column::Id.eq(id.0))
            .filter(alarm_recipient::Column::TurnUntil.lt(now.0))
            .exec(&self.connections.write)
            .await?;
        if turn.rows_affected == 0 {
            return Ok(None);
        }
        let db = &self.connections.write;
        let given_up = alarm_notice::Entity::delete_many()
            .filter(alarm_notice::Column::RecipientId.eq(id.0))
            .filter(alarm_notice::Column::ToldAt.is_null())
            .filter(alarm_notice::Column::MadeAt.lt(now.0 - GIVE_UP_MS))
            .exec(db)
            .await?;
        if given_up.rows_affected > 0 {
            tracing::warn!(
                recipient = id.0,
                count = given_up.rows_affected,
                "alarms could not be told for three days"
            );
        }
        let waiting = alarm_notice::Entity::find()
            .filter(alarm_notice::Column::RecipientId.eq(id.0))
            .filter(alarm_notice::Column::ToldAt.is_null())
            .order_by_asc(alarm_notice::Column::Id)
            .all(db)
            .await?;
        let (over, open) = paired(waiting);
        end(db, over, now).await?;
        let open = &open[..open.len().min(MAX_NOTICES as usize)];
        Ok(Some(notices(db, open).await?))
    }

    /// Ends a turn: what was told is told no more, what failed is tried again after a while. With nothing told, why
    /// something was given up stays to be read.
    pub async fn end_notices(
        &self,
        id: RecipientId,
        told: &[Notice],
        failed: Option<(&str, Option<i64>)>,
        now: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let found = alarm_recipient::Entity::find_by_id(id.0).one(&transaction).await?;
        // Deleted in between: nobody is left to be told.
        let Some(row) = found else { return Ok(()) };
        let mut change = alarm_recipient::ActiveModel {
            id: Unchanged(row.id),
            turn_until: Set(0),
            ..Default::default()
        };
        if let Some((fault, asked_ms)) = failed {
            let failures = row.failures.saturating_add(1);
            let wait = wait_ms(u32::try_from(failures).unwrap_or(u32::MAX), asked_ms);
            change.failures = Set(failures);
            change.fault = Set(fault.chars().take(MAX_FAULT).collect());
            change.due_at = Set(now.0.saturating_add(wait));
        } else if !told.is_empty() {
            change.failures = Set(0);
            change.fault = Set(String::new());
            change.due_at = Set(0);
            change.told_at = Set(Some(now.0));
            end(&transaction, told.iter().map(|notice| notice.id).collect(), now).await?;
        }
        change.update(&transaction).await?;
        Ok(transaction.commit().await?)
    }
}

/// Those of the root account that are told something.
async fn live_recipients(db: &impl ConnectionTrait, row: &alarm::Model) -> Result<Vec<i64>> {
    let owner = match (row.account_id, row.application_id) {
        (Some(account), _) => Some(account),
        (None, Some(application)) => {
            let found = application::Entity::find_by_id(application)
                .find_also_related(product::Entity)
                .one(db)
                .await?;
            found.and_then(|(_, product)| product).map(|product| product.account_id)
        }
        (None, None) => None,
    };
    let Some(owner) = owner else { return Ok(vec![]) };
    Ok(alarm_recipient::Entity::find()
        .select_only()
        .column(alarm_recipient::Column::Id)
        .filter(alarm_recipient::Column::AccountId.eq(owner))
        .filter(alarm_recipient::Column::Enabled.eq(true))
        .into_tuple()
        .all(db)
        .await?)
}

/// Those who were, or were to be, told that it was raised.
async fn told_of(db: &impl ConnectionTrait, alarm: i64) -> Result<Vec<i64>> {
    Ok(alarm_notice::Entity::find()
        .select_only()
        .column(alarm_notice::Column::RecipientId)
        .filter(alarm_notice::Column::AlarmId.eq(alarm))
        .filter(alarm_notice::Column::News.eq(News::Raised.name()))
        .into_tuple()
        .all(db)
        .await?)
}

/// Notices of alarms of which both beginning and end wait, and the others.
fn paired(waiting: Vec<alarm_notice::Model>) -> (Vec<i64>, Vec<alarm_notice::Model>) {
    let with = |news: News| -> HashSet<i64> {
        let of = waiting.iter().filter(|row| row.news == news.name());
        of.map(|row| row.alarm_id).collect()
    };
    let over: HashSet<i64> = with(News::Raised).intersection(&with(News::Ended)).copied().collect();
    let (over, open): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|row| over.contains(&row.alarm_id));
    (over.iter().map(|row| row.id).collect(), open)
}

async fn end(db: &impl ConnectionTrait, notices: Vec<i64>, now: Timestamp) -> Result<()> {
    if !notices.is_empty() {
        alarm_notice::Entity::update_many()
            .col_expr(alarm_notice::Column::ToldAt, now.0.into())
            .filter(alarm_notice::Column::Id.is_in(notices))
            .exec(db)
            .await?;
    }
    Ok(())
}

async fn notices(db: &impl ConnectionTrait, rows: &[alarm_notice::Model]) -> Result<Vec<Notice>> {
    let of: HashSet<i64> = rows.iter().map(|row| row.alarm_id).collect();
    let found = alarm::Entity::find()
        .filter(alarm::Column::Id.is_in(of))
        .all(db)
        .await?;
    let applications: HashSet<i64> = found.iter().filter_map(|row| row.application_id).collect();
    let names = application::Entity::find()
        .filter(application::Column::Id.is_in(applications))
        .all(db)
        .await?;
    let mut notices = vec![];
    for row in rows {
        let Some(alarm) = found.iter().find(|alarm| alarm.id == row.alarm_id) else {
            continue;
        };
        let application = names.iter().find(|of| Some(of.id) == alarm.application_id);
        notices.push(Notice {
            id: row.id,
            news: News::from_name(&row.news).ok_or(Fault::damaged("alarm_notices.news"))?,
            alarm: alarm_view(application, alarm.clone(), false)?,
        });
    }
    Ok(notices)
}
