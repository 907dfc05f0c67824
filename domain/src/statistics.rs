//! What happened to deliveries, counted: a funnel from planned to clicked, and what was lost beside each step
//! (tpns-and-im 1.12).
//!
//! Everything is counted in the half hour in which Homing learnt of it: a click on 2 March of a message of 1 March counts
//! on 2 March, and a past half hour never changes. Half hours, because the days of every zone that can be chosen begin
//! at a full or half hour.

use crate::{
    PlanId, Timestamp,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    plan::PlanView,
    product::{ApplicationView, named_enum},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

named_enum! {
    /// How a message came.
    MessageKind {
        /// To one user: `sendmsg`.
        C2c = "c2c",
        /// To several users: `batchsendmsg`.
        Batch = "batch",
        /// From the console's Send a push.
        Push = "push",
        /// A test of a channel.
        Test = "test",
    }
}

named_enum! {
    /// What is counted of a delivery: the stages of the funnel, then the losses beside them.
    Stage {
        /// A message was accepted for a device, or for a receiver without one.
        Planned = "planned",
        /// The vendor accepted it.
        Sent = "sent",
        /// The vendor or the device reported that it arrived.
        Reached = "reached",
        /// The device reported a click.
        Clicked = "clicked",
        /// The device reported that the notification was cleared away.
        Cleared = "cleared",
        /// It ended before a vendor accepted it: skipped, refused, expired or called off.
        Unsent = "unsent",
        /// A vendor accepted it and reported later that it did not arrive.
        Undelivered = "undelivered",
    }
}

impl Stage {
    /// The stages that a delivery in this state has passed after it was planned.
    pub const fn passed(state: DeliveryState) -> &'static [Self] {
        match state {
            DeliveryState::Sent => &[Self::Sent],
            DeliveryState::Reached => &[Self::Sent, Self::Reached],
            DeliveryState::Clicked => &[Self::Sent, Self::Reached, Self::Clicked],
            _ => &[],
        }
    }

    /// The loss that a move means, if it is one.
    pub const fn lost(from: DeliveryState, to: DeliveryState) -> Option<Self> {
        match (from, to) {
            (DeliveryState::Sent, DeliveryState::Failed) => Some(Self::Undelivered),
            (_, DeliveryState::Skipped | DeliveryState::Failed | DeliveryState::Expired | DeliveryState::Cancelled) => {
                Some(Self::Unsent)
            }
            _ => None,
        }
    }

    /// Whether it is a loss, which has a reason.
    pub const fn is_loss(self) -> bool {
        matches!(self, Self::Unsent | Self::Undelivered)
    }
}

/// A half hour of UTC: how many of them lie between it and 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
pub struct Slot(pub i64);

impl Slot {
    /// Milliseconds of a slot.
    pub const MS: i64 = 1_800_000;

    /// The slot that a moment lies in.
    pub const fn of(time: Timestamp) -> Self {
        Self(time.0.div_euclid(Self::MS))
    }

    /// Its first moment.
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 * Self::MS)
    }
}

/// A day of the calendar, whatever the zone: days since 1970-01-01. Written as `2026-11-23`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// So many days later, or earlier.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Midnight of this day, were the zone UTC.
    pub const fn in_utc(self) -> Timestamp {
        Timestamp(self.0 as i64 * 86_400_000)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.in_utc().civil(0);
        write!(f, "{:04}-{:02}-{:02}", civil.year, civil.month, civil.day)
    }
}

/// A text that is no day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let mut parts = text.splitn(3, '-').map(str::parse::<u16>);
        let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoDay);
        };
        let narrow = |n: u16| u8::try_from(n).map_err(|_| NoDay);
        let civil = crate::time::Civil {
            year: i64::from(year),
            month: narrow(month)?,
            day: narrow(day)?,
            hour: 0,
            minute: 0,
            second: 0,
        };
        if civil.month == 0 || civil.month > 12 || civil.day == 0 {
            return Err(NoDay);
        }
        let at = Timestamp::from_civil(civil, 0);
        let day = i32::try_from(at.0.div_euclid(86_400_000)).map_err(|_| NoDay)?;
        // 31 February is no day: it would come back as another one.
        (at.civil(0) == civil).then_some(Self(day)).ok_or(NoDay)
    }
}

named_enum! {
    /// What a figure counts.
    Measure {
        /// Deliveries: how often something happened.
        Pv = "pv",
        /// Distinct devices to which it happened.
        Uv = "uv",
    }
}

/// The most days of one page of statistics (tpns-and-im 1.12).
pub const MOST_DAYS: i32 = 90;
/// Up to so many distinct devices in one figure are counted exactly; more are estimated.
pub const EXACT_DEVICES: usize = 512;
/// The standard error of an estimate in percent: 1.04 / sqrt(4096).
pub const STANDARD_ERROR_PERCENT: f64 = 1.625;

/// How statistics are asked for; all of it stands in the query string.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct StatisticsQuery {
    /// The first day; a week back by default.
    pub from: Option<Day>,
    /// The last day, itself included; today by default.
    pub until: Option<Day>,
    /// Deliveries by default.
    pub measure: Option<Measure>,
    /// Of one plan only.
    pub plan: Option<PlanId>,
    /// Through one channel only.
    pub channel: Option<Channel>,
    /// Of one kind of messages only.
    pub kind: Option<MessageKind>,
}

/// Figures of a time: events (PV) or distinct devices (UV).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
#[expect(missing_docs, reason = "the names are those of the stages")]
pub struct Figures {
    pub planned: u64,
    pub sent: u64,
    pub reached: u64,
    pub clicked: u64,
    pub cleared: u64,
    /// Always events.
    pub unsent: u64,
    /// Always events.
    pub undelivered: u64,
}

impl Figures {
    /// The figure of a stage.
    pub const fn get(&self, stage: Stage) -> u64 {
        match stage {
            Stage::Planned => self.planned,
            Stage::Sent => self.sent,
            Stage::Reached => self.reached,
            Stage::Clicked => self.clicked,
            Stage::Cleared => self.cleared,
            Stage::Unsent => self.unsent,
            Stage::Undelivered => self.undelivered,
        }
    }

    /// The place of the figure of a stage.
    pub const fn get_mut(&mut self, stage: Stage) -> &mut u64 {
        match stage {
            Stage::Planned => &mut self.planned,
            Stage::Sent => &mut self.sent,
            Stage::Reached => &mut self.reached,
            Stage::Clicked => &mut self.clicked,
            Stage::Cleared => &mut self.cleared,
            Stage::Unsent => &mut self.unsent,
            Stage::Undelivered => &mut self.undelivered,
        }
    }
}

/// An hour or a day of a chart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Bucket {
    pub start: Timestamp,
    /// The zone's offset from UTC at its start, in minutes.
    pub offset: i32,
    pub figures: Figures,
}

/// The figures of one channel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ChannelFigures {
    /// `None` for receivers without a device.
    pub channel: Option<Channel>,
    /// What happened.
    pub figures: Figures,
    /// Whether arrivals can be told: receipts are set up, or devices acknowledge. Where not, 0 reached means nothing.
    pub measurable: bool,
}

/// The figures of one plan.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PlanFigures {
    /// Which one; it may have been deleted since.
    pub plan: PlanId,
    /// What happened; always events.
    pub figures: Figures,
    /// What of `figures.sent` went through channels whose arrivals can be told: the base of the reach rate.
    pub sent_measurable: u64,
}

/// Conversion Funnel, as its page shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Funnel {
    /// Whose it is.
    pub application: ApplicationView,
    /// The query with every default filled in.
    pub query: StatisticsQuery,
    /// The name of the zone whose days these are, such as `Asia/Shanghai`.
    pub zone: String,
    /// When it was read.
    pub as_of: Timestamp,
    /// The day in that zone when it was read.
    pub today: Day,
    /// Whether the buckets are hours; days else.
    pub hourly: bool,
    /// Without gaps, oldest first.
    pub buckets: Vec<Bucket>,
    /// Of the whole time. With UV less than the sum of the buckets: a device counts once.
    pub total: Figures,
    /// What of `total.sent` went through channels whose arrivals can be told: the base of the reach rate.
    pub sent_measurable: u64,
    /// Losses by stage and reason, largest first; always events.
    pub losses: Vec<(Stage, Reason, u64)>,
    /// By channel, in their usual order.
    pub channels: Vec<ChannelFigures>,
    /// By plan, the largest first; always events.
    pub by_plan: Vec<PlanFigures>,
    /// The plans to choose from.
    pub plans: Vec<PlanView>,
    /// Whether a figure of distinct devices is an estimate.
    pub estimated: bool,
}

/// The zone whose days are counted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ZoneSetting {
    /// Its name in the time zone database, such as `Asia/Shanghai`.
    pub zone: String,
    /// Those to choose from, by name.
    pub choices: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_and_read_back() {
        for text in ["1970-01-01", "2024-02-29", "2026-11-23", "2100-12-31"] {
            assert_eq!(text.parse::<Day>().map(|day| day.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-0",
            "yesterday",
            "2026-11-23T00",
            "99999-01-01",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text}");
        }
    }

    #[test]
    fn no_move_passes_a_stage_and_is_a_loss() {
        for (from, to) in DeliveryState::ALL
            .iter()
            .flat_map(|a| DeliveryState::ALL.iter().map(move |b| (*a, *b)))
        {
            assert!(
                Stage::lost(from, to).is_none() || Stage::passed(to).is_empty(),
                "{from:?} {to:?}"
            );
        }
    }
}
