//! Channels that take, or report, less than in the week before.

use super::super::statistics::Zone;
use domain::{
    ApplicationId, Timestamp,
    alarm::{Cause, Finding, Place},
    delivery::Reason,
    statistics::{Day, Slot, Stage},
};
use store::plane::{Counted, Plane, Selection};

/// Less says nothing.
const LEAST: u64 = 100;
/// The days before today that are compared with.
const WEEK: i32 = 7;
/// The half hours that make up "now": the one that goes on and two before.
const RECENT: i64 = 2;
/// Those in which no receipt has come: two hours and the one that goes on.
const SILENT: i64 = 4;
/// A rate lies at least so far below the worst day.
const MARGIN: f64 = 0.05;
/// …and further below it than chance alone would take it, in standard deviations.
const DEVIATIONS: f64 = 3.0;

/// What a vendor was handed, and what it took.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Taken {
    sent: u64,
    lost: u64,
}

impl Taken {
    fn of(counted: &Counted, channel: Selection) -> Self {
        let lost = counted.losses(channel);
        let lost = lost
            .iter()
            .filter(|((stage, reason), _)| *stage == Stage::Unsent && !was_decided(*reason));
        Self {
            sent: counted.events(channel, Stage::Sent),
            lost: lost.map(|(_, n)| n).sum(),
        }
    }

    const fn all(self) -> u64 {
        self.sent + self.lost
    }

    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
    fn rate(self) -> f64 {
        self.sent as f64 / self.all() as f64
    }
}

/// Whether it was never handed to a vendor: what a rule decided says nothing of the channel.
const fn was_decided(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::PushDisabled
            | Reason::OnlineOnly
            | Reason::ReceiverUnknown
            | Reason::NoDevice
            | Reason::DeviceOnline
            | Reason::LoggedOut
            | Reason::Inactive
            | Reason::TokenExpired
            | Reason::TokenDead
            | Reason::NotificationsOff
            | Reason::ImApplicationDisabled
            | Reason::NotAuthorised
            | Reason::OtherIdentifier
            | Reason::EmptyText
    )
}

/// The rate now and the band of the week before, if it lies below it.
#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
fn below_band(now: Taken, days: &[Taken]) -> Option<String> {
    let rates: Vec<f64> = days
        .iter()
        .filter(|day| day.all() >= LEAST)
        .map(|day| day.rate())
        .collect();
    let worst = rates.iter().copied().reduce(f64::min)?;
    let best = rates.iter().copied().fold(0.0, f64::max);
    if now.all() < LEAST {
        return None;
    }
    let deviation = (worst * (1.0 - worst) / now.all() as f64).sqrt();
    let is_below = now.rate() < worst - MARGIN.max(DEVIATIONS * deviation);
    is_below.then(|| {
        let [now, worst, best] = [now.rate(), worst, best].map(|rate| rate * 100.0);
        format!("{now:.1} % ({worst:.1} – {best:.1} %)")
    })
}

/// Whether arrivals were reported and are no more, while messages go out.
const fn are_silent(sent_before: u64, reached: u64, week: (u64, u64)) -> bool {
    let (sent, arrived) = week;
    sent_before >= LEAST && reached == 0 && arrived >= LEAST && arrived.saturating_mul(10) >= sent
}

/// What is wrong with the channels of an application.
pub(super) async fn look(
    plane: &Plane,
    application: ApplicationId,
    zone: &Zone,
    now: Timestamp,
) -> store::Result<Vec<Finding>> {
    let slot = Slot::of(now);
    let recent = plane
        .statistics_of_half_hours(application, (Slot(slot.0 - SILENT), slot), None)
        .await?;
    let whole = |range: std::ops::RangeInclusive<i64>| {
        let mut whole = Counted::default();
        let in_it = recent.range(Slot(*range.start())..=Slot(*range.end()));
        in_it.for_each(|(_, counted)| whole.merge(counted));
        whole
    };
    let (all, latest) = (whole(slot.0 - SILENT..=slot.0), whole(slot.0 - RECENT..=slot.0));
    let before = whole(slot.0 - SILENT..=slot.0 - 1);
    let channels = all.channels(Selection::default());
    if channels.is_empty() {
        return Ok(vec![]);
    }
    let today = zone.day_of(now);
    let days: Vec<_> = (1..=WEEK)
        .rev()
        .map(|back| zone.half_hours(Day(today.0 - back)))
        .collect();
    let days = plane.statistics_of_days(application, &zone.name, &days, None).await?;
    let mut found = vec![];
    for channel in channels.into_iter().flatten() {
        let of = Selection {
            channel: Some(Some(channel)),
            ..Selection::default()
        };
        let taken: Vec<Taken> = days.iter().map(|day| Taken::of(day, of)).collect();
        let finding = |cause, text| Finding {
            place: Place::Application(application),
            cause,
            moment: None,
            vendor_code: String::new(),
            text,
        };
        if let Some(text) = below_band(Taken::of(&latest, of), &taken) {
            found.push(finding(Cause::SuccessRateLow { channel }, text));
        }
        let week = |stage| days.iter().map(|day| day.events(of, stage)).sum();
        let (sent, reached) = (before.events(of, Stage::Sent), all.events(of, Stage::Reached));
        if are_silent(sent, reached, (week(Stage::Sent), week(Stage::Reached))) {
            found.push(finding(Cause::ReceiptsStopped { channel }, String::new()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn taken(sent: u64, lost: u64) -> Taken {
        Taken { sent, lost }
    }

    #[test]
    fn a_rate_is_low_when_it_lies_clearly_below_the_worst_day() {
        let week = [taken(980, 20), taken(950, 50), taken(9, 91), taken(3, 0)];
        let worst = [taken(980, 20), taken(950, 50)];
        assert_eq!(
            below_band(taken(895, 105), &worst).as_deref(),
            Some("89.5 % (95.0 – 98.0 %)")
        );
        assert_eq!(below_band(taken(905, 95), &worst), None, "within the margin");
        assert_eq!(
            below_band(taken(89, 11), &worst),
            None,
            "with a hundred that may be chance"
        );
        assert!(below_band(taken(80, 20), &worst).is_some());
        assert_eq!(below_band(taken(0, 99), &worst), None, "too few now");
        assert_eq!(below_band(taken(0, 1000), &[taken(99, 0)]), None, "too few before");
        assert_eq!(below_band(taken(100, 900), &week), None, "one day was as bad");
        assert_eq!(below_band(taken(0, 1000), &[]), None);
    }

    #[test]
    fn receipts_stop_where_there_were_some_and_messages_go_out() {
        assert!(are_silent(100, 0, (1000, 100)));
        assert!(!are_silent(99, 0, (1000, 100)));
        assert!(!are_silent(100, 1, (1000, 100)));
        assert!(!are_silent(100, 0, (1000, 99)), "the channel gives none");
        assert!(!are_silent(100, 0, (2000, 150)), "few devices report");
    }

    #[test]
    fn what_a_rule_decided_is_no_loss_of_the_channel() {
        let decided = Reason::ALL.iter().filter(|reason| was_decided(**reason)).count();
        assert_eq!(decided, 14);
        assert!(!was_decided(Reason::RecipientGone) && !was_decided(Reason::TimeToLive));
    }
}
