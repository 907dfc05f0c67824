//! What came of tries. A settlement of a delivery that has ended meanwhile changes nothing, but the try is recorded.

use super::moves::{Move, Standing};
use super::sql::{Rows, storable};
use super::work::Work;
use crate::Result;
use domain::{
    channel::Channel,
    delivery::{Attempt, Reason},
    device::DeviceChange,
    parcel::Settlement,
};
use std::collections::HashMap;

/// The most characters of a vendor's code or id that are kept.
const MAX_CODE: usize = 200;

impl Work<'_> {
    pub(super) async fn settle(&mut self, settlements: &[&Settlement]) -> Result<()> {
        if settlements.is_empty() {
            return Ok(());
        }
        let wanted: Rows = settlements.iter().map(|s| (s.delivery.0,)).collect();
        let mut standing = HashMap::new();
        for row in self.shared.moves.standing.all_rows(self.tx, wanted).await? {
            let found = Standing::read(&row)?;
            standing.insert(found.id, found);
        }
        let (mut attempts, mut retired, mut retired_fcm) = (Rows::default(), Rows::default(), Rows::default());
        let mut moves: HashMap<_, Move> = HashMap::new();
        for settlement in settlements {
            let Some(was) = standing.get(&settlement.delivery) else {
                tracing::warn!(
                    delivery = settlement.delivery.0,
                    "settled a delivery that is not stored"
                );
                continue;
            };
            if let Some(attempt) = &settlement.attempt {
                push_attempt(&mut attempts, settlement, attempt);
            }
            if let Some(since) = settlement.token_dead_since {
                let token = &settlement.vendor_token;
                let row = (settlement.device.0, token, since.0);
                retired.push(&row);
                if settlement.lane.channel == Channel::Fcm {
                    // It may have been the token that stood in for the vendor's own.
                    retired_fcm.push(&row);
                }
            }
            let ended = moves.get(&settlement.delivery).map_or(was.state, |step| step.state);
            if !ended.is_terminal() {
                let before = moves.remove(&settlement.delivery);
                moves.insert(settlement.delivery, self.step(was, before.as_ref(), settlement));
            }
        }
        let mut moves: Vec<Move> = moves.into_values().collect();
        moves.sort_by_key(|step| step.was.id);
        self.apply(&moves).await?;
        self.shared.moves.attempt.run_rows(self.tx, attempts).await?;
        let sql = &self.shared.moves;
        let retired = sql.retire.all_rows(self.tx, retired).await?;
        let retired_fcm = sql.retire_fcm.all_rows(self.tx, retired_fcm).await?;
        self.note_changed(&retired, DeviceChange::TokenDead).await?;
        self.note_changed(&retired_fcm, DeviceChange::FcmTokenDead).await?;
        Ok(())
    }

    fn step(&self, was: &Standing, before: Option<&Move>, settlement: &Settlement) -> Move {
        let tried = settlement.attempt.as_ref();
        let attempts = before.map_or(was.attempts, |step| step.attempts);
        let vendor_code = match tried {
            Some(attempt) => storable(&attempt.vendor_code, MAX_CODE),
            None => was.vendor_code.clone(),
        };
        Move {
            was: was.clone(),
            state: settlement.state,
            reason: settlement.reason,
            vendor_code,
            attempts: tried.map_or(attempts, |attempt| attempts.max(i64::from(attempt.number))),
            due_at: settlement.due_at.unwrap_or(self.now),
            cleared: false,
        }
    }
}

fn push_attempt(rows: &mut Rows, settlement: &Settlement, attempt: &Attempt) {
    rows.push(&(
        settlement.delivery.0,
        attempt.number,
        attempt.at.0,
        attempt.duration_ms,
        attempt.vendor_status,
        storable(&attempt.vendor_code, MAX_CODE),
        storable(&attempt.vendor_text, Attempt::MAX_TEXT),
        storable(&attempt.vendor_id, MAX_CODE),
        attempt.reason.map_or("", Reason::name),
    ));
}
