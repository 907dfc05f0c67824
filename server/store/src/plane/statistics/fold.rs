//! Putting together what transactions wrote: the rows of a half hour to one, in steps so small that no message waits
//! for them.

use super::tally::Tally;
use crate::Result;
use crate::plane::{Plane, sql::Rows, work::Work, writer::Job};
use domain::{ApplicationId, statistics::Slot};

/// While its half hour lasts, a row whose devices have become as long as this is left as it is: to read and write it anew for
/// each step would cost more than to read a few of them.
const LARGE: i64 = 32_768;
/// A half hour that still lasts is folded when so many rows wait.
const WORTH_IT: i64 = 32;

/// What to fold.
#[derive(Clone, Copy, Debug)]
pub(in crate::plane) struct Fold {
    /// Half hours from here on.
    pub(in crate::plane) since: Slot,
    /// The most rows at once.
    pub(in crate::plane) limit: u32,
}

impl Plane {
    /// Puts together what transactions have counted since a half hour, `limit` rows at most; whether there may be more.
    pub async fn fold_statistics(&self, since: Slot, limit: u32) -> Result<bool> {
        self.ask_at_once(Job::Fold, Fold { since, limit }).await
    }
}

impl Work<'_> {
    /// Folds rows of one half hour of one application; whether there may be more to do.
    pub(in crate::plane) async fn fold(&mut self, fold: Fold) -> Result<bool> {
        let sql = &self.shared.statistics;
        let lasting = Slot::of(self.now);
        for row in sql.scattered.all(self.tx, vec![fold.since.0.into()]).await? {
            let (slot, application, n) = (Slot(row.get(0)?), ApplicationId(row.get(1)?), row.get::<i64>(2)?);
            let lasts = slot >= lasting;
            if lasts && n < WORTH_IT {
                continue;
            }
            let largest = if lasts { LARGE } else { i64::MAX };
            let values = vec![
                slot.0.into(),
                application.0.into(),
                largest.into(),
                i64::from(fold.limit).into(),
            ];
            let parts = sql.parts.all(self.tx, values).await?;
            if parts.len() < 2 || (lasts && parts.len() < 8) {
                continue;
            }
            let (mut tally, mut gone) = (Tally::default(), Rows::default());
            for part in &parts {
                tally.read(&part.get::<String>(1)?, &part.get::<String>(2)?)?;
                gone.push(&(slot.0, application.0, part.get::<i64>(0)?));
            }
            sql.remove.run_rows(self.tx, gone).await?;
            let part = self.ids.next(self.now);
            let (body, devices) = tally.write();
            let row = (slot.0, application.0, part, body, devices);
            sql.add.run_rows(self.tx, Rows::from_iter([row])).await?;
            return Ok(true);
        }
        Ok(false)
    }
}
