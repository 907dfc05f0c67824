//! Statistics: what happened, counted in the transaction in which it happened.
//!
//! A transaction adds one row per application and half hour ([`Work::note_what_happened`]) and never reads or changes one, so the
//! way of a message stays short and nodes never wait for each other. [`fold`] puts the rows of a half hour together
//! later, and half hours to days; [`read`] takes whatever is there, folded or not, so its figures are right at any
//! moment. A past half hour never changes; [`rebuild`] makes it anew from the deliveries.

mod days;
mod devices;
mod fold;
mod read;
mod rebuild;
mod tally;

pub(super) use days::FoldedDay;
pub use days::{DayOfZone, Selection};
pub(super) use fold::Fold;
pub use read::{Counted, Figure};
pub(super) use rebuild::Piece;
pub use rebuild::Rebuilt;
pub(super) use tally::{Key, Tally};

use super::sql::{Prepared, Rows};
use super::work::Work;
use crate::Result;
use domain::{ApplicationId, statistics::Slot};
use sea_orm::DbBackend;
use std::collections::BTreeMap;

/// What happened in a transaction.
pub(super) type Happened = BTreeMap<(Slot, ApplicationId), Tally>;

pub(super) struct Sql {
    add: Prepared,
    scattered: Prepared,
    parts: Prepared,
    remove: Prepared,
    half_hours: Prepared,
    half_hours_with_devices: Prepared,
    days: Prepared,
    day_devices: Prepared,
    add_day: Prepared,
    add_day_devices: Prepared,
    oldest: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text| Prepared::new(backend, columns, text);
        Self {
            add: sql(
                "slot:i application_id:i part:i body:t devices:t",
                "INSERT INTO statistics (slot, application_id, part, body, devices)
                 SELECT slot, application_id, part, body, devices FROM {rows} AS j",
            ),
            scattered: sql(
                "",
                "SELECT slot, application_id, COUNT(*) FROM statistics WHERE slot >= $1
                 GROUP BY slot, application_id HAVING COUNT(*) > 1 ORDER BY slot, application_id",
            ),
            parts: sql(
                "",
                "SELECT s.part, s.body, s.devices FROM statistics s WHERE s.slot = $1 AND s.application_id = $2
                   AND LENGTH(s.devices) <= $3 ORDER BY s.part LIMIT $4 {skip:s}",
            ),
            remove: sql(
                "slot:i application_id:i part:i",
                "DELETE FROM statistics WHERE (slot, application_id, part)
                     IN (SELECT j.slot, j.application_id, j.part FROM {rows} AS j)",
            ),
            half_hours: sql("application_id:i slot:i", &half_hours("''")),
            half_hours_with_devices: sql("application_id:i slot:i", &half_hours("s.devices")),
            days: sql(
                "",
                "SELECT day, body FROM statistics_days
                 WHERE application_id = $1 AND zone = $2 AND day >= $3 AND day <= $4",
            ),
            day_devices: sql(
                "application_id:i zone:t plan_id:i channel:t kind:t first:i last:i",
                "SELECT s.day, s.channel, s.body FROM {rows} AS j CROSS JOIN statistics_devices s
                 WHERE s.application_id = j.application_id AND s.zone = j.zone AND s.plan_id = j.plan_id
                   AND s.channel = j.channel AND s.kind = j.kind AND s.day >= j.first AND s.day <= j.last",
            ),
            add_day: sql(
                "application_id:i zone:t day:i body:t",
                "INSERT INTO statistics_days (application_id, zone, day, body)
                 SELECT application_id, zone, day, body FROM {rows} AS j WHERE true
                 ON CONFLICT (application_id, zone, day) DO NOTHING",
            ),
            add_day_devices: sql(
                "application_id:i zone:t plan_id:i channel:t kind:t day:i body:t",
                "INSERT INTO statistics_devices (application_id, zone, plan_id, channel, kind, day, body)
                 SELECT application_id, zone, plan_id, channel, kind, day, body FROM {rows} AS j WHERE true
                 ON CONFLICT (application_id, zone, plan_id, channel, kind, day) DO NOTHING",
            ),
            oldest: sql("", "SELECT MIN(slot) FROM statistics"),
        }
    }
}

/// Slot by slot: the table is kept in the order of slots, which an application has few of.
fn half_hours(devices: &str) -> String {
    format!(
        "SELECT s.slot, s.body, {devices} FROM {{rows}} AS j CROSS JOIN statistics s
         WHERE s.slot = j.slot AND s.application_id = j.application_id"
    )
}

impl Work<'_> {
    /// Writes what happened; the last step of a transaction.
    pub(super) async fn note_what_happened(&mut self) -> Result<()> {
        let mut rows = Rows::default();
        for ((slot, application), tally) in std::mem::take(&mut self.happened) {
            if !tally.0.is_empty() {
                let part = self.ids.next(self.now);
                let (body, devices) = tally.write();
                rows.push(&(slot.0, application.0, part, body, devices));
            }
        }
        self.shared.statistics.add.run_rows(self.tx, rows).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Connections;
    use migrations::{MigratorTrait, Plane as Schema};
    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    #[tokio::test]
    async fn half_hours_stay_when_their_table_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let connections = Connections::open_file(&folder.path().join("plane.db"))
            .await
            .expect("opens");
        let db = &connections.write;
        let earlier = Schema::migrations()
            .iter()
            .take_while(|migration| !migration.name().contains("_000009_"))
            .count();
        let earlier = u32::try_from(earlier).expect("few");
        Schema::up(db, Some(earlier)).await.expect("migrates");
        let rows = "INSERT INTO statistics (slot, application_id, part, body, devices)
            VALUES (2, 7, 5, '[]', '=a'), (1, 7, 6, '[1]', '')";
        db.execute_unprepared(rows).await.expect("written");
        let text = async |sql: &str| -> String {
            let found = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
            found.expect("read").expect("a row").try_get_by(0).expect("a text")
        };
        let kept = "SELECT GROUP_CONCAT(slot || application_id || part || body || devices, ';') FROM
            (SELECT * FROM statistics ORDER BY slot)";
        let made = "SELECT sql FROM sqlite_master WHERE name = 'statistics'";
        for (up, without) in [(true, false), (false, true), (true, false)] {
            if up {
                Schema::up(db, Some(1)).await.expect("migrates");
            } else {
                Schema::down(db, Some(1)).await.expect("migrates back");
            }
            assert_eq!(text(kept).await, "176[1];275[]=a");
            assert_eq!(text(made).await.contains("WITHOUT ROWID"), without);
        }
    }
}
