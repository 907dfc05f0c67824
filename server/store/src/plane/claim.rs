//! Taking due deliveries under a lease.
//!
//! Lane by lane, so that a lane with a million waiting deliveries, or a paused one, never stands before another. A
//! device that was given to somebody else, or died, since the message was accepted is found out here and not sent to.

use super::moves::{Move, STANDING, Standing};
use super::sql::{Found, Prepared, Rows};
use super::work::Work;
use crate::Result;
use domain::{
    ApplicationId, DeviceId, PackageId, Timestamp,
    certificate::Environment,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    message::Notification,
    parcel::{LaneKey, Parcel},
};
use sea_orm::{ConnectionTrait, DbBackend};
use std::{collections::HashMap, sync::Arc};

/// A call of the dispatcher for work.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) now: Timestamp,
    pub(super) lease_until: Timestamp,
    pub(super) limit: u32,
    pub(super) except: Vec<LaneKey>,
}

pub(super) struct Sql {
    lanes: Prepared,
    due: Prepared,
    lease: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, &text.replace("{standing}", STANDING));
        let channels: Vec<String> = Channel::ALL.iter().map(|c| format!("('{}')", c.name())).collect();
        Self {
            // Steps from package to package of every application through the index instead of reading all of it. In two
            // steps, since SQLite takes only the first column of a comparison of rows to the index here, and would walk
            // through everything that waits for the application.
            lanes: sql(
                "",
                &format!(
                    "WITH RECURSIVE packages(application, package) AS (
                         SELECT f.application_id, f.package_id FROM outbox f WHERE f.delivery_id = (
                             SELECT o.delivery_id FROM outbox o ORDER BY o.application_id, o.package_id LIMIT 1)
                         UNION ALL
                         SELECT n.application_id, n.package_id FROM packages p CROSS JOIN outbox n
                         WHERE n.delivery_id = COALESCE(
                             (SELECT o.delivery_id FROM outbox o
                              WHERE o.application_id = p.application AND o.package_id > p.package
                              ORDER BY o.package_id LIMIT 1),
                             (SELECT o.delivery_id FROM outbox o WHERE o.application_id > p.application
                              ORDER BY o.application_id, o.package_id LIMIT 1))
                     ), kinds(channel) AS (VALUES {}), lanes(application, package, channel, due_at) AS (
                         SELECT p.application, p.package, kinds.channel, (SELECT MIN(o.due_at) FROM outbox o
                             WHERE o.application_id = p.application AND o.package_id = p.package
                               AND o.channel = kinds.channel)
                         FROM packages p CROSS JOIN kinds
                     )
                     SELECT application, package, channel, due_at FROM lanes WHERE due_at IS NOT NULL
                     ORDER BY due_at",
                    channels.join(", ")
                ),
            ),
            due: sql(
                "",
                "SELECT {standing}, o.expires_at, d.device_id, d.badge, v.vendor_token, v.identifier, v.environment,
                        v.registered_at, v.dead_since, p.notification, v.channel, v.fcm_token, v.harmony_os
                 FROM outbox o CROSS JOIN deliveries d
                 LEFT JOIN devices v ON v.id = d.device_id AND v.user_id = d.user_id
                 LEFT JOIN payloads p ON p.message_id = d.message_id
                 WHERE d.id = o.delivery_id AND o.application_id = $1 AND o.package_id = $2 AND o.channel = $3
                   AND o.due_at <= $4 AND o.expires_at > $4 ORDER BY o.due_at LIMIT $5 {skip:o}",
            ),
            lease: sql(
                "id:i until:i",
                "UPDATE outbox SET lease_until = j.until, due_at = j.until FROM {rows} AS j
                 WHERE outbox.delivery_id = j.id",
            ),
        }
    }

    /// The lanes with something in the outbox and when the first of it is due, earliest first.
    pub(super) async fn lanes(&self, on: &impl ConnectionTrait) -> Result<Vec<(LaneKey, Timestamp)>> {
        let lane = |row: &Found| {
            let key = LaneKey {
                application: ApplicationId(row.get(0)?),
                package: PackageId(row.get(1)?),
                channel: row.named(2, "outbox.channel", Channel::from_name)?,
            };
            Ok((key, row.time(3)?))
        };
        self.lanes.all(on, vec![]).await?.iter().map(lane).collect()
    }
}

impl Work<'_> {
    pub(super) async fn claim(&mut self, claim: &Claim) -> Result<Vec<Parcel>> {
        let lanes = self.shared.claim.lanes(self.tx).await?;
        let mut lanes: Vec<LaneKey> = lanes
            .into_iter()
            .filter(|(lane, due)| *due <= claim.now && !claim.except.contains(lane))
            .map(|(lane, _)| lane)
            .collect();
        let mut parcels = vec![];
        // Everybody's share first, then what the others left over.
        let mut left = claim.limit;
        while left > 0 && !lanes.is_empty() {
            let share = left.div_ceil(u32::try_from(lanes.len()).unwrap_or(u32::MAX));
            let mut more = vec![];
            for lane in lanes {
                let share = share.min(left);
                if share == 0 {
                    break;
                }
                let (taken, seen) = self.claim_lane(claim, lane, share).await?;
                left -= u32::try_from(taken.len()).unwrap_or(left).min(left);
                parcels.extend(taken);
                if seen == share {
                    more.push(lane);
                }
            }
            lanes = more;
        }
        Ok(parcels)
    }

    /// Takes up to `limit` of a lane. Returns them, and how many rows were looked at.
    async fn claim_lane(&mut self, claim: &Claim, lane: LaneKey, limit: u32) -> Result<(Vec<Parcel>, u32)> {
        let values = vec![
            lane.application.0.into(),
            lane.package.0.into(),
            lane.channel.name().into(),
            claim.now.0.into(),
            i64::from(limit).into(),
        ];
        let found = self.shared.claim.due.all(self.tx, values).await?;
        let (mut parcels, mut moves, mut leases) = (vec![], vec![], Rows::default());
        let mut notifications = HashMap::new();
        for row in &found {
            match parcel(row, lane, claim.lease_until, &mut notifications)? {
                Ok(parcel) => {
                    leases.push(&(parcel.delivery.0, claim.lease_until.0));
                    parcels.push(parcel);
                }
                Err(end) => moves.push(end),
            }
        }
        self.shared.claim.lease.run_rows(self.tx, leases).await?;
        self.apply(&moves).await?;
        Ok((parcels, u32::try_from(found.len()).unwrap_or(limit)))
    }
}

/// A parcel, or the end of a delivery whose device is not to be sent to any more.
fn parcel(
    row: &Found,
    lane: LaneKey,
    leased_until: Timestamp,
    notifications: &mut HashMap<i64, Arc<Notification>>,
) -> Result<Result<Parcel, Move>> {
    let was = Standing::read(row)?;
    let Some(own_token) = row.get::<Option<String>>(15)? else {
        let end = Move::to(was, DeliveryState::Cancelled, Some(Reason::LoggedOut));
        return Ok(Err(end));
    };
    if row.get::<Option<i64>>(19)?.is_some() {
        let end = Move::to(was, DeliveryState::Failed, Some(Reason::TokenDead));
        return Ok(Err(end));
    }
    let own_channel: String = row.get(21)?;
    let vendor_token = match lane.channel {
        channel if channel.name() == own_channel => Some(own_token),
        Channel::Fcm => row.get(22)?,
        _ => None,
    };
    let Some(vendor_token) = vendor_token else {
        // The installation has registered with another vendor since: what it had for this one is gone.
        let end = Move::to(was, DeliveryState::Failed, Some(Reason::TokenDead));
        return Ok(Err(end));
    };
    let message = was.message.0;
    let notification = if let Some(known) = notifications.get(&message) {
        Arc::clone(known)
    } else {
        let text: Option<String> = row.get(20)?;
        let Some(read) = text.and_then(|text| serde_json::from_str::<Notification>(&text).ok()) else {
            // Ended rather than reported: one row that cannot be read must not stop the claims of all others.
            tracing::error!(
                delivery = was.id.0,
                "the stored notification is missing or cannot be read"
            );
            let end = Move::to(was, DeliveryState::Failed, Some(Reason::MessageRejected));
            return Ok(Err(end));
        };
        let read = Arc::new(read);
        notifications.insert(message, Arc::clone(&read));
        read
    };
    Ok(Ok(Parcel {
        delivery: was.id,
        message: was.message,
        plan: was.plan,
        lane,
        device: DeviceId(row.get(13)?),
        vendor_token,
        identifier: row.get(16)?,
        environment: row.named(17, "devices.environment", Environment::from_name)?,
        harmony_os: row.get(23)?,
        registered_at: row.time(18)?,
        attempts: u32::try_from(was.attempts).unwrap_or(u32::MAX),
        badge: row
            .get::<Option<i64>>(14)?
            .map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        accepted_at: was.accepted_at,
        expires_at: row.time(12)?,
        leased_until,
        notification,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Connections;
    use migrations::MigratorTrait;
    use sea_orm::sqlx;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// What a list of the lanes costs with so many that wait, in steps of SQLite's machine.
    async fn steps_with(waiting: i64) -> u64 {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Connections::open_file(&folder.path().join("a.db"))
            .await
            .expect("opens");
        migrations::Plane::up(&database.write, None).await.expect("goes up");
        let fill = format!(
            "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < {waiting})
             INSERT INTO outbox (delivery_id, application_id, package_id, channel, due_at, expires_at)
             SELECT i, 700 + i % 2, 0, 'xiaomi', i, 9000000 FROM n UNION ALL
             SELECT 9000000, 701, 5, 'fcm', 1, 9000000"
        );
        database.write.execute_unprepared(&fill).await.expect("fills");

        let steps = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&steps);
        let pool: &sqlx::SqlitePool = database.write.get_sqlite_connection_pool();
        let mut connection = pool.acquire().await.expect("the only one");
        let mut handle = connection.lock_handle().await.expect("ours");
        handle.set_progress_handler(1, move || {
            counted.fetch_add(1, Ordering::Relaxed);
            true
        });
        drop(handle);
        drop(connection);
        let lanes = Sql::new(DbBackend::Sqlite)
            .lanes(&database.write)
            .await
            .expect("answers");
        let lanes: Vec<_> = lanes
            .iter()
            .map(|(lane, due)| (lane.application.0, lane.package.0, lane.channel.name(), due.0))
            .collect();
        let first = [(701, 0, "xiaomi", 1), (701, 5, "fcm", 1), (700, 0, "xiaomi", 2)];
        assert_eq!(lanes.len(), 3, "{lanes:?}");
        assert!(first.iter().all(|lane| lanes.contains(lane)), "{lanes:?}");
        steps.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn what_waits_is_not_walked_through_to_list_the_lanes() {
        let few = steps_with(10).await;
        assert!(few > 0, "steps are counted");
        assert_eq!(steps_with(5000).await, few);
    }
}
