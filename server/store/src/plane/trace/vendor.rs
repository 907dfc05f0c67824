//! A message by the number that a vendor gave a try of it (apns-id, requestId, taskId …).
//!
//! No index leads there: keeping one costs every settlement eight times what storing the try costs (decision 11). The
//! newest tries are read instead, or those before the moment that the number itself tells.

use super::numbers;
use crate::{
    Result,
    plane::{history, ids},
};
use domain::{MessageId, SdkAppId, Timestamp};
use sea_orm::DatabaseConnection;

/// How many tries are read.
const MOST_TRIES: u32 = 50_000;
/// The shortest number of a vendor; what is shorter is looked for nowhere.
const SHORTEST: usize = 8;
/// Digits of a moment in milliseconds.
const MOMENT: usize = 13;
/// A vendor's clock may be so far behind ours, in milliseconds.
const DRIFT_MS: i64 = 60_000;

/// Messages of which a recent try bears this number.
pub(super) async fn by_vendor_id(
    on: &DatabaseConnection,
    sdk_app_id: SdkAppId,
    clue: &str,
    now: Timestamp,
) -> Result<Vec<MessageId>> {
    if clue.len() < SHORTEST {
        return Ok(vec![]);
    }
    let before = moment(clue, now).map_or(i64::MAX, |at| ids::first_at(at.plus_ms(DRIFT_MS)));
    let sql = format!(
        "SELECT DISTINCT d.message_id FROM (
             SELECT a.delivery_id, a.vendor_id FROM attempts a WHERE a.delivery_id < $3
             ORDER BY a.delivery_id DESC LIMIT {MOST_TRIES}
         ) AS t CROSS JOIN deliveries d CROSS JOIN messages m
         WHERE t.vendor_id = $2 AND d.id = t.delivery_id AND m.id = d.message_id AND m.sdk_app_id = $1"
    );
    let values = vec![sdk_app_id.0.into(), clue.into(), before.into()];
    numbers(&history::ask(on, sql, values).await?)
}

/// The moment that some numbers begin with: Huawei's in milliseconds, FCM's (behind `0:`) in microseconds.
fn moment(clue: &str, now: Timestamp) -> Option<Timestamp> {
    let runs = clue.split(|c: char| !c.is_ascii_digit());
    let long = runs.filter_map(|run| run.get(..MOMENT)?.parse().ok().map(Timestamp));
    // A number of another kind tells a time that was not, or has not come.
    let began = ids::time_of(0);
    long.into_iter().find(|at| *at > began && *at <= now.plus_ms(DRIFT_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn the_moment_in_a_vendor_s_number_is_read_where_there_is_one() {
        for (number, at) in [
            (
                "projects/chat-1/messages/0:1794999999123456%31bd1c9631bd1c96",
                Some(1_794_999_999_123),
            ),
            ("179499999912300001002006", Some(1_794_999_999_123)),
            ("506829073926799360", None),
            ("53140c71-8211-5825-b4ca-cf3838c78da2", None),
            ("slm38b69468817364843xq", None),
            ("", None),
        ] {
            assert_eq!(moment(number, NOW), at.map(Timestamp), "{number}");
        }
    }
}
