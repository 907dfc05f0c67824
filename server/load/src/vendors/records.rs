//! What the server has on record of the deliveries of a pass: when each was accepted, and when its vendor had taken it.
//! Read from the database once the pass is over, so that measuring costs the pass nothing.

use crate::simulator::utf8;
use anyhow::{Context, Result};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

/// From the message's acceptance, which is noted before it is written, to the vendor's answer. A vendor that takes a
/// message and its devices in two calls (vivo) is at the end of the second one.
const TAKEN: &str = "SELECT d.channel, a.at + a.duration_ms - d.accepted_at AS ms, count(*) AS n,
        min(d.accepted_at) AS first, max(a.at + a.duration_ms) AS last
    FROM deliveries AS d JOIN attempts AS a ON a.delivery_id = d.id
    WHERE d.accepted_at BETWEEN ? AND ? AND a.reason = ''
    GROUP BY 1, 2";
/// Tries that a vendor did not take.
const REFUSED: &str = "SELECT d.channel, count(*) AS n
    FROM deliveries AS d JOIN attempts AS a ON a.delivery_id = d.id
    WHERE d.accepted_at BETWEEN ? AND ? AND a.reason <> ''
    GROUP BY 1";

/// The deliveries of one vendor.
#[derive(Default)]
pub struct Records {
    /// How many took so many milliseconds.
    took: BTreeMap<i64, u64>,
    /// When the first one was accepted and the last one taken.
    span_ms: Option<(i64, i64)>,
    /// Tries that came to nothing.
    pub refused: u64,
}

impl Records {
    /// Deliveries that the vendor took.
    pub fn sent(&self) -> u64 {
        self.took.values().sum()
    }

    /// The time within which this share of them was taken, in milliseconds.
    pub fn took_ms(&self, share: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let wanted = self.sent() as f64 * share;
        let mut seen = 0.0;
        for (ms, n) in &self.took {
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            let (ms, n) = (*ms as f64, *n as f64);
            seen += n;
            if seen >= wanted {
                return ms;
            }
        }
        0.0
    }

    /// From the first acceptance to the last answer, in seconds.
    pub fn secs(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a span of minutes")]
        self.span_ms.map_or(0.0, |(first, last)| (last - first) as f64 / 1000.0)
    }
}

/// The deliveries of messages that were accepted between the two moments, by vendor.
pub async fn read(database: &Path, since_ms: i64, until_ms: i64) -> Result<HashMap<String, Records>> {
    let url = format!("sqlite://{}?mode=ro", utf8(database)?);
    let database = Database::connect(url).await.context("the deliveries cannot be read")?;
    let ask = |sql: &str| {
        let between = [since_ms.into(), until_ms.into()];
        database.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, between))
    };
    let mut all: HashMap<String, Records> = HashMap::new();
    for row in ask(TAKEN).await? {
        let records = all.entry(row.try_get("", "channel")?).or_default();
        let n = u64::try_from(row.try_get::<i64>("", "n")?)?;
        *records.took.entry(row.try_get("", "ms")?).or_default() += n;
        let (first, last): (i64, i64) = (row.try_get("", "first")?, row.try_get("", "last")?);
        let known = records.span_ms.unwrap_or((first, last));
        records.span_ms = Some((known.0.min(first), known.1.max(last)));
    }
    for row in ask(REFUSED).await? {
        let records = all.entry(row.try_get("", "channel")?).or_default();
        records.refused = u64::try_from(row.try_get::<i64>("", "n")?)?;
    }
    database.close().await?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::Records;

    #[test]
    fn a_percentile_is_the_time_within_which_that_share_was_taken() {
        let records = Records {
            took: [(10, 94), (20, 1), (300, 5)].into(),
            ..Records::default()
        };
        assert_eq!(records.sent(), 100);
        let shares = [0.5, 0.95, 0.99];
        let took = shares.map(|share| format!("{:.0}", records.took_ms(share)));
        assert_eq!(took, ["10", "20", "300"]);
    }
}
