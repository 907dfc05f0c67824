//! What a device went through: one row per change, the newest of each device kept.
//!
//! A report that changes nothing, such as the foreground again, writes nothing here; neither does a settlement or a
//! receipt that leaves the device as it is.

use super::sql::{Found, Prepared, Rows};
use super::work::Work;
use crate::Result;
use domain::{
    DeviceId,
    device::{DeviceChange, DeviceEvent, MOST_CHANGES},
};
use sea_orm::{DatabaseConnection, DbBackend};

pub(super) struct Sql {
    add: Prepared,
    trim: Prepared,
    forget: Prepared,
    read: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, text);
        Self {
            add: sql(
                "device_id:i place:i at:i what:t user_id:t",
                "INSERT INTO device_history (device_id, number, at, what, user_id)
                 SELECT j.device_id, j.place + COALESCE(
                            (SELECT MAX(h.number) FROM device_history h WHERE h.device_id = j.device_id), 0),
                        j.at, j.what, j.user_id
                 FROM {rows} AS j",
            ),
            trim: sql(
                "",
                "DELETE FROM device_history WHERE device_id = $1 AND number <= $2 + (
                     SELECT MAX(h.number) FROM device_history h WHERE h.device_id = $1)",
            ),
            forget: sql("", "DELETE FROM device_history WHERE device_id = $1"),
            read: sql(
                "",
                "SELECT at, what, user_id FROM device_history WHERE device_id = $1 ORDER BY number DESC LIMIT $2",
            ),
        }
    }

    /// The changes of a device, newest first.
    pub(super) async fn read(&self, on: &DatabaseConnection, device: DeviceId) -> Result<Vec<DeviceEvent>> {
        let values = vec![device.0.into(), i64::from(MOST_CHANGES).into()];
        let event = |row: &Found| {
            Ok(DeviceEvent {
                at: row.time(0)?,
                what: row.named(1, "device_history.what", DeviceChange::from_name)?,
                user: row.get(2)?,
            })
        };
        self.read.all(on, values).await?.iter().map(event).collect()
    }
}

impl Work<'_> {
    /// Notes what the client itself brought about, in this order, and lets go of what is too old.
    pub(super) async fn note(&mut self, device: DeviceId, changes: &[(DeviceChange, &str)]) -> Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let row = |(place, (what, user)): (usize, &(DeviceChange, &str))| {
            (device.0, place + 1, self.now.0, what.name(), (*user).to_owned())
        };
        let rows: Rows = changes.iter().enumerate().map(row).collect();
        let sql = &self.shared.device_history;
        sql.add.run_rows(self.tx, rows).await?;
        let values = vec![device.0.into(), (-i64::from(MOST_CHANGES)).into()];
        sql.trim.run(self.tx, values).await?;
        Ok(())
    }

    /// Notes what vendors said, of the devices that an update answered as changed. These are rare, and what they add
    /// beyond the limit goes with the device's own next change.
    pub(super) async fn note_changed(&mut self, changed: &[Found], what: DeviceChange) -> Result<()> {
        let mut rows = Rows::default();
        for row in changed {
            rows.push(&(row.get::<i64>(0)?, 1, self.now.0, what.name(), ""));
        }
        self.shared.device_history.add.run_rows(self.tx, rows).await?;
        Ok(())
    }

    /// Forgets a device that is no more.
    pub(super) async fn forget_changes(&mut self, device: DeviceId) -> Result<()> {
        let sql = &self.shared.device_history;
        sql.forget.run(self.tx, vec![device.0.into()]).await?;
        Ok(())
    }
}
