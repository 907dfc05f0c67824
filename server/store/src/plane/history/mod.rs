//! The sending history of a plan, for the console.
//!
//! A page costs the same with ten million deliveries as with ten: lists are read backwards through an index, whole hours
//! are skipped by their counters, and a filtered list is counted up to [`MOST_COUNTED`] messages.

mod filter;
mod views;

use super::{ids, sql::Found};
use crate::{Fault, Result};
use domain::{
    MessageId, PlanId, SdkAppId, Timestamp,
    page::{Page, PageRequest},
    plan::{HistoryQuery, MessageDetails, MessageView},
};
use filter::Filter;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, Value};
use std::collections::HashMap;

/// Of a filtered list no more than so many messages are counted, nor shown.
pub(super) const MOST_COUNTED: u64 = 10_000;
/// Devices of a message in a list; its details have all of them.
const DEVICES_IN_LIST: i64 = 20;

pub(super) async fn messages(
    on: &DatabaseConnection,
    plan: PlanId,
    query: &HistoryQuery,
    now: Timestamp,
) -> Result<Page<MessageView>> {
    let mut filter = Filter::of(plan, query, now);
    let (total, page, skip) = if filter.keeps_all() {
        let hours = message_hours(on, plan).await?;
        let total = hours.iter().map(|(_, n)| n).sum();
        let page = query.page.clamped(total);
        let skip = filter.start_at(&hours, page.offset());
        (total, page, skip)
    } else if filter.narrow(on).await? {
        let total = count(on, &filter).await?;
        let page = query.page.clamped(total);
        (total, page, page.offset())
    } else {
        (0, query.page.clamped(0), 0)
    };
    let ids = if total == 0 {
        vec![]
    } else {
        numbers(on, &filter, page, skip).await?
    };
    let rows = views::messages(on, &ids, &filter, DEVICES_IN_LIST).await?;
    Ok(Page { rows, total, page })
}

pub(super) async fn message(
    on: &DatabaseConnection,
    plan: PlanId,
    message: MessageId,
    now: Timestamp,
) -> Result<Option<MessageDetails>> {
    let filter = Filter::of(plan, &HistoryQuery::default(), now);
    let found = views::messages(on, &[message], &filter, i64::MAX).await?;
    // A message that no delivery of this plan belongs to is not this plan's to show.
    let Some(message) = found.into_iter().find(|view| !view.deliveries.is_empty()) else {
        return Ok(None);
    };
    let attempts = views::attempts(on, &message.deliveries).await?;
    Ok(Some(MessageDetails { message, attempts }))
}

/// Messages of a plan by their numbers, in this order, with the deliveries of one user or (empty) of all. Those that are
/// not the plan's are left out.
pub(super) async fn numbered(
    on: &DatabaseConnection,
    plan: PlanId,
    ids: &[MessageId],
    user: &str,
    now: Timestamp,
) -> Result<Vec<MessageView>> {
    let mut found = at_most(on, plan, (ids, DEVICES_IN_LIST), user, now).await?;
    found.retain(|message| !message.deliveries.is_empty());
    Ok(found)
}

/// Messages as in [`numbered`], each with so many deliveries at most; also those of which none is the plan's.
pub(super) async fn at_most(
    on: &DatabaseConnection,
    plan: PlanId,
    (ids, devices): (&[MessageId], i64),
    user: &str,
    now: Timestamp,
) -> Result<Vec<MessageView>> {
    let query = HistoryQuery {
        user: user.to_owned(),
        ..HistoryQuery::default()
    };
    let filter = Filter::of(plan, &query, now);
    views::messages(on, ids, &filter, devices).await
}

/// Messages with the tries of their deliveries.
pub(super) async fn with_tries(on: &DatabaseConnection, messages: Vec<MessageView>) -> Result<Vec<MessageDetails>> {
    let mut tries: HashMap<_, _> = views::attempts(on, messages.iter().flat_map(|message| &message.deliveries))
        .await?
        .into_iter()
        .collect();
    let details = |message: MessageView| {
        let attempts = message.deliveries.iter();
        let attempts = attempts.filter_map(|one| Some((one.id, tries.remove(&one.id)?)));
        MessageDetails {
            attempts: attempts.collect(),
            message,
        }
    };
    Ok(messages.into_iter().map(details).collect())
}

pub(super) async fn unrouted(
    on: &DatabaseConnection,
    sdk_app_id: SdkAppId,
    limit: u32,
    now: Timestamp,
) -> Result<Vec<MessageView>> {
    let sql = "SELECT DISTINCT d.message_id FROM deliveries d CROSS JOIN messages m
               WHERE d.plan_id = 0 AND m.id = d.message_id AND m.sdk_app_id = $1 ORDER BY d.message_id DESC LIMIT $2";
    let values = vec![sdk_app_id.0.into(), i64::from(limit).into()];
    let found = ask(on, sql.to_owned(), values).await?;
    let ids = found
        .iter()
        .map(|row| row.get(0).map(MessageId))
        .collect::<Result<Vec<_>>>()?;
    let filter = Filter::of(PlanId(0), &HistoryQuery::default(), now);
    views::messages(on, &ids, &filter, DEVICES_IN_LIST).await
}

/// Messages of a plan by hour, newest first.
async fn message_hours(on: &DatabaseConnection, plan: PlanId) -> Result<Vec<(i64, u64)>> {
    let sql = "SELECT hour, n FROM rollups WHERE plan_id = $1 AND state = 'message' ORDER BY hour DESC";
    let found = ask(on, sql.to_owned(), vec![plan.0.into()]).await?;
    let hour = |row: &Found| Ok((row.get(0)?, u64::try_from(row.get::<i64>(1)?).unwrap_or(0)));
    found.iter().map(hour).collect()
}

async fn count(on: &DatabaseConnection, filter: &Filter) -> Result<u64> {
    let (conditions, values) = filter.sql(1);
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT d.message_id FROM deliveries d WHERE {conditions} GROUP BY d.message_id
         ORDER BY d.message_id DESC LIMIT {MOST_COUNTED}) AS found"
    );
    let found = ask(on, sql, values).await?;
    let n: i64 = found.first().ok_or(Fault::Missing)?.get(0)?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// The numbers of the messages on a page.
async fn numbers(on: &DatabaseConnection, filter: &Filter, page: PageRequest, skip: u64) -> Result<Vec<MessageId>> {
    let (conditions, values) = filter.sql(1);
    let sql = format!(
        "SELECT d.message_id FROM deliveries d WHERE {conditions} GROUP BY d.message_id
         ORDER BY d.message_id DESC LIMIT {} OFFSET {skip}",
        page.size
    );
    let found = ask(on, sql, values).await?;
    found.iter().map(|row| row.get(0).map(MessageId)).collect()
}

pub(super) async fn ask(on: &DatabaseConnection, sql: String, values: Vec<Value>) -> Result<Vec<Found>> {
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    let found = on.query_all_raw(statement).await?;
    Ok(found.into_iter().map(Found::from).collect())
}

/// The first number of an hour.
const fn hour_start(hour: i64) -> i64 {
    ids::first_at(Timestamp(hour.saturating_mul(3_600_000)))
}
