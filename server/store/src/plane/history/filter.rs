//! A filter of the history as conditions on deliveries `d`, in the form that the indexes answer.

use super::{ask, hour_start};
use crate::Result;
use crate::plane::{
    ids,
    rollups::{TOGETHER, day_of},
};
use domain::{PlanId, Timestamp, channel::Channel, delivery::DeliveryState, delivery::Reason, plan::HistoryQuery};
use sea_orm::{DatabaseConnection, Value};

#[derive(Clone, Debug)]
pub(super) struct Filter {
    plan: PlanId,
    user: String,
    state: Option<DeliveryState>,
    channel: Option<Channel>,
    reason: Option<Reason>,
    timed: bool,
    /// Message numbers from … to below.
    first: i64,
    end: i64,
    pub(super) now: Timestamp,
}

impl Filter {
    pub(super) fn of(plan: PlanId, query: &HistoryQuery, now: Timestamp) -> Self {
        Self {
            plan,
            user: query.user.trim().to_owned(),
            state: query.state,
            channel: query.channel,
            reason: query.reason,
            timed: query.from.is_some() || query.until.is_some(),
            first: query.from.map_or(0, ids::first_at),
            end: query.until.map_or(i64::MAX, ids::first_at),
            now,
        }
    }

    /// Whether it keeps every message of the plan.
    pub(super) fn keeps_all(&self) -> bool {
        !self.timed && self.keeps_all_deliveries()
    }

    fn keeps_all_deliveries(&self) -> bool {
        self.user.is_empty() && self.state.is_none() && self.channel.is_none() && self.reason.is_none()
    }

    /// Begins at the hour that holds the row after `offset` others; how many of that hour are still to be skipped.
    pub(super) fn start_at(&mut self, hours: &[(i64, u64)], offset: u64) -> u64 {
        let mut left = offset;
        let mut end = i64::MAX;
        for (hour, n) in hours {
            // What was put together lies before the oldest day of the others.
            if *hour != TOGETHER {
                end = hour_start(hour + 1);
            }
            if left < *n {
                self.end = end;
                return left;
            }
            left -= n;
            end = hour_start(day_of(*hour));
        }
        left
    }

    /// Narrows the search to the hours in which the counters say that there is something. `false` when there is nothing.
    pub(super) async fn narrow(&mut self, on: &DatabaseConnection) -> Result<bool> {
        if self.state.is_none() && self.channel.is_none() && self.reason.is_none() {
            return Ok(true);
        }
        let (mut sql, mut values) = (
            "SELECT MIN(hour), MAX(hour) FROM rollups WHERE plan_id = $1 AND n > 0".to_owned(),
            vec![self.plan.0.into()],
        );
        match self.state {
            None => sql.push_str(" AND state <> 'message'"),
            Some(DeliveryState::Sending) => sql.push_str(" AND state IN ('queued', 'retrying')"),
            Some(state) => bind(&mut sql, &mut values, 1, " AND state = ", state.name().into()),
        }
        if let Some(channel) = self.channel {
            bind(&mut sql, &mut values, 1, " AND channel = ", channel.name().into());
        }
        if let Some(reason) = self.reason {
            bind(&mut sql, &mut values, 1, " AND reason = ", reason.name().into());
        }
        let found = ask(on, sql, values).await?;
        let Some(row) = found.first() else { return Ok(false) };
        let (Some(low), Some(high)) = (row.get::<Option<i64>>(0)?, row.get::<Option<i64>>(1)?) else {
            return Ok(false);
        };
        self.first = self.first.max(hour_start(day_of(low)));
        if high != TOGETHER {
            self.end = self.end.min(hour_start(high + 1));
        }
        Ok(self.first < self.end)
    }

    /// The conditions, with parameters numbered from `from`.
    pub(super) fn sql(&self, from: usize) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::new(), vec![]);
        let mut add = |text: &str, value: Value| bind(&mut sql, &mut values, from, text, value);
        add("d.plan_id = ", self.plan.0.into());
        add(" AND d.message_id >= ", self.first.into());
        add(" AND d.message_id < ", self.end.into());
        if !self.user.is_empty() {
            add(" AND d.user_id = ", self.user.as_str().into());
        }
        if let Some(channel) = self.channel {
            add(" AND d.channel = ", channel.name().into());
        }
        if let Some(reason) = self.reason {
            add(" AND d.reason <> '' AND d.reason = ", reason.name().into());
        }
        let leased = "EXISTS (SELECT 1 FROM outbox o WHERE o.delivery_id = d.id AND o.lease_until > ";
        match self.state {
            None => {}
            Some(DeliveryState::Sending) => {
                add(&format!(" AND {leased}"), self.now.0.into());
                sql.push(')');
            }
            Some(state) => {
                let troubled = if has_reason(state) { " AND d.reason <> ''" } else { "" };
                add(&format!("{troubled} AND d.state = "), state.name().into());
                if matches!(state, DeliveryState::Queued | DeliveryState::Retrying) {
                    bind(
                        &mut sql,
                        &mut values,
                        from,
                        &format!(" AND NOT {leased}"),
                        self.now.0.into(),
                    );
                    sql.push(')');
                }
            }
        }
        (sql, values)
    }
}

/// Whether deliveries in this state always have a reason, and so are in the index of what did not go well.
const fn has_reason(state: DeliveryState) -> bool {
    matches!(
        state,
        DeliveryState::Retrying
            | DeliveryState::Skipped
            | DeliveryState::Failed
            | DeliveryState::Expired
            | DeliveryState::Cancelled
    )
}

fn bind(sql: &mut String, values: &mut Vec<Value>, from: usize, text: &str, value: Value) {
    let number = (from + values.len()).to_string();
    sql.push_str(text);
    sql.push('$');
    sql.push_str(&number);
    values.push(value);
}
