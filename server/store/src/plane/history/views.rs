//! Rows of the history as the console shows them.

use super::{ask, filter::Filter};
use crate::Result;
use crate::plane::sql::{Found, Rows, table};
use domain::{
    DeliveryId, MessageId, Timestamp,
    channel::Channel,
    delivery::{Attempt, DeliveryState, Reason},
    plan::{DeliveryView, MessageView},
};
use sea_orm::DatabaseConnection;
use std::collections::HashMap;

/// Receivers that a message of a list names.
const NAMED_RECEIVERS: usize = 5;

/// Messages in the order of `ids`, each with up to `devices` of the deliveries that the filter keeps.
pub(super) async fn messages(
    on: &DatabaseConnection,
    ids: &[MessageId],
    filter: &Filter,
    devices: i64,
) -> Result<Vec<MessageView>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let wanted = || ids.iter().map(|id| (id.0,)).collect::<Rows>().finish();
    let rows = table(on.get_database_backend(), "id:i");
    let sql = format!(
        "SELECT m.id, m.msg_key, m.sender, m.receivers, m.title, m.preview, m.accepted_at, m.expires_at
         FROM {rows} AS j CROSS JOIN messages m WHERE m.id = j.id"
    );
    let mut found = HashMap::new();
    for row in ask(on, sql, vec![wanted()]).await? {
        let view = message(&row)?;
        found.insert(view.id, view);
    }
    let (conditions, mut values) = filter.sql(2);
    values.insert(0, wanted());
    let sql = format!(
        "SELECT * FROM (
             SELECT d.message_id, d.id, d.user_id, d.device_token, d.channel, d.state, d.reason, d.vendor_code, d.attempts,
                    d.updated_at, o.due_at, o.lease_until, COALESCE(v.channel, '') AS own_channel,
                    d.sent_at, d.reached_at, d.clicked_at, d.cleared_at,
                    ROW_NUMBER() OVER (PARTITION BY d.message_id ORDER BY d.id) AS place
             FROM {rows} AS j CROSS JOIN deliveries d LEFT JOIN outbox o ON o.delivery_id = d.id
                  LEFT JOIN devices v ON v.id = d.device_id
             WHERE d.message_id = j.id AND {conditions}
         ) AS kept WHERE place <= {devices} ORDER BY id"
    );
    for row in ask(on, sql, values).await? {
        let id = MessageId(row.get(0)?);
        if let Some(view) = found.get_mut(&id) {
            let delivery = delivery(&row, filter.now)?;
            if view.to.len() < NAMED_RECEIVERS && !view.to.contains(&delivery.user) {
                view.to.push(delivery.user.clone());
            }
            view.deliveries.push(delivery);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

fn message(row: &Found) -> Result<MessageView> {
    Ok(MessageView {
        id: MessageId(row.get(0)?),
        key: row.get(1)?,
        from: row.get(2)?,
        to: vec![],
        receivers: u64::try_from(row.get::<i64>(3)?).unwrap_or(0),
        title: row.get(4)?,
        preview: row.get(5)?,
        accepted_at: row.time(6)?,
        expires_at: row.time(7)?,
        deliveries: vec![],
    })
}

fn delivery(row: &Found, now: Timestamp) -> Result<DeliveryView> {
    let stored = row.named(5, "deliveries.state", DeliveryState::from_name)?;
    let leased = row.get::<Option<i64>>(11)?.is_some_and(|until| until > now.0);
    let waits = row.get::<Option<i64>>(10)?.filter(|_| !leased);
    let channel = row.maybe_named(4, "deliveries.channel", Channel::from_name)?;
    let own = row.maybe_named(12, "devices.channel", Channel::from_name)?;
    let time = |index| Ok::<_, crate::Fault>(row.get::<Option<i64>>(index)?.map(Timestamp));
    Ok(DeliveryView {
        id: DeliveryId(row.get(1)?),
        user: row.get(2)?,
        device_token: row.get(3)?,
        channel,
        own_channel: own.filter(|own| channel.is_some_and(|channel| channel != *own)),
        // "Sending" is not stored: it is what a lease means, and a crash ends it by itself.
        state: if leased { DeliveryState::Sending } else { stored },
        reason: row.maybe_named(6, "deliveries.reason", Reason::from_name)?,
        vendor_code: row.get(7)?,
        attempts: u32::try_from(row.get::<i64>(8)?).unwrap_or(u32::MAX),
        updated_at: row.time(9)?,
        next_attempt_at: waits.map(Timestamp),
        sent_at: time(13)?,
        reached_at: time(14)?,
        clicked_at: time(15)?,
        cleared_at: time(16)?,
    })
}

/// The tries of deliveries, oldest first.
pub(super) async fn attempts<'a>(
    on: &DatabaseConnection,
    deliveries: impl IntoIterator<Item = &'a DeliveryView>,
) -> Result<Vec<(DeliveryId, Vec<Attempt>)>> {
    let rows: Rows = deliveries.into_iter().map(|delivery| (delivery.id.0,)).collect();
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let sql = format!(
        "SELECT a.delivery_id, a.number, a.at, a.duration_ms, a.vendor_status, a.vendor_code, a.vendor_text, a.vendor_id,
                a.reason
         FROM {} AS j CROSS JOIN attempts a WHERE a.delivery_id = j.id ORDER BY a.delivery_id, a.number, a.at",
        table(on.get_database_backend(), "id:i")
    );
    let mut tries: Vec<(DeliveryId, Vec<Attempt>)> = vec![];
    for row in ask(on, sql, vec![rows.finish()]).await? {
        let id = DeliveryId(row.get(0)?);
        let attempt = attempt(&row)?;
        match tries.last_mut() {
            Some((last, so_far)) if *last == id => so_far.push(attempt),
            _ => tries.push((id, vec![attempt])),
        }
    }
    Ok(tries)
}

fn attempt(row: &Found) -> Result<Attempt> {
    Ok(Attempt {
        number: u32::try_from(row.get::<i64>(1)?).unwrap_or(u32::MAX),
        at: row.time(2)?,
        duration_ms: u32::try_from(row.get::<i64>(3)?).unwrap_or(u32::MAX),
        vendor_status: row.get::<Option<i64>>(4)?.and_then(|n| u16::try_from(n).ok()),
        vendor_code: row.get(5)?,
        vendor_text: row.get(6)?,
        vendor_id: row.get(7)?,
        reason: row.maybe_named(8, "attempts.reason", Reason::from_name)?,
    })
}
