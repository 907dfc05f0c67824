//! Days and hours of a zone of the time zone database.

use domain::{
    Timestamp,
    statistics::{Day, Slot},
};
use jiff::{civil::Date, tz::TimeZone};
use store::plane::DayOfZone;

/// The zone of those who have chosen none.
pub const DEFAULT: &str = "UTC";
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// From 2020 to 2040 the zones that can be chosen have kept, or will keep, to full or half hours.
const LOOKED_AT: std::ops::Range<i64> = 18_262..25_567;

/// A zone with its name.
#[derive(Clone, Debug)]
pub struct Zone {
    /// As the time zone database names it.
    pub name: String,
    rules: TimeZone,
}

/// The zones to choose from, by name: those whose days begin at a full or half hour of UTC.
pub fn choices() -> Vec<String> {
    let named = jiff::tz::db().available().map(|name| name.to_string());
    let mut names: Vec<String> = named.filter(|name| Zone::named(name).is_some()).collect();
    names.sort();
    names
}

impl Zone {
    /// A zone that can be chosen.
    pub fn named(name: &str) -> Option<Self> {
        let is_known = name == DEFAULT || name.contains('/') && !name.starts_with("Etc/");
        let rules = TimeZone::get(name).ok().filter(|_| is_known)?;
        let zone = Self {
            name: name.to_owned(),
            rules,
        };
        zone.keeps_to_half_hours().then_some(zone)
    }

    /// The zone of a tenant.
    pub fn chosen(name: Option<&str>) -> Self {
        let fallback = || Self {
            name: DEFAULT.to_owned(),
            rules: TimeZone::UTC,
        };
        name.and_then(Self::named).unwrap_or_else(fallback)
    }

    /// The offset from UTC at a moment, in minutes.
    pub fn offset(&self, at: Timestamp) -> i32 {
        self.offset_secs(at) / 60
    }

    /// The day that a moment lies in.
    pub fn day_of(&self, at: Timestamp) -> Day {
        let local = at.0 + i64::from(self.offset_secs(at)) * 1000;
        Day(i32::try_from(local.div_euclid(DAY_MS)).unwrap_or(i32::MAX))
    }

    /// The minute of the day that a moment lies in.
    pub fn minute_of(&self, at: Timestamp) -> u16 {
        let minute = (at.secs() + i64::from(self.offset_secs(at))).rem_euclid(86_400) / 60;
        u16::try_from(minute).unwrap_or(0)
    }

    /// A moment to the minute, as people of the zone write it.
    pub fn text(&self, at: Timestamp) -> String {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.rules.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The half hours of a day.
    pub fn half_hours(&self, day: Day) -> DayOfZone {
        DayOfZone {
            day,
            first: Slot::of(self.start(day)),
            last: Slot(Slot::of(self.start(day.plus(1))).0 - 1),
        }
    }

    /// The hours of a day as runs of half hours. Where summer time is half an hour, as on Lord Howe Island, the last one is short or long.
    pub fn hours(&self, day: Day) -> Vec<(Slot, Slot)> {
        let DayOfZone { first, last, .. } = self.half_hours(day);
        let starts = (first.0..=last.0).step_by(2);
        starts
            .map(|start| (Slot(start), Slot((start + 1).min(last.0))))
            .collect()
    }

    /// Its first moment: midnight, or where the clock jumps over midnight the first one after it.
    fn start(&self, day: Day) -> Timestamp {
        let civil = day.in_utc().civil(0);
        let date = || -> Option<jiff::Timestamp> {
            let month = i8::try_from(civil.month).ok()?;
            let date = Date::new(i16::try_from(civil.year).ok()?, month, i8::try_from(civil.day).ok()?).ok()?;
            self.rules.to_timestamp(date.at(0, 0, 0, 0)).ok()
        };
        date().map_or(day.in_utc(), |at| Timestamp(at.as_millisecond()))
    }

    fn offset_secs(&self, at: Timestamp) -> i32 {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        self.rules.to_offset(at).seconds()
    }

    fn keeps_to_half_hours(&self) -> bool {
        // Every 20 days: no rule of summer time is shorter.
        LOOKED_AT
            .step_by(20)
            .all(|day| self.offset_secs(Timestamp(day * DAY_MS)) % 1800 == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).expect("can be chosen")
    }

    fn day(text: &str) -> Day {
        text.parse().expect("is a day")
    }

    #[test]
    fn days_follow_each_other_without_gap_in_every_zone_that_can_be_chosen() {
        let names = choices();
        assert!(names.len() > 300 && names.iter().any(|name| name == "Asia/Shanghai"));
        for name in &names {
            let zone = zone(name);
            let mut next = zone.half_hours(day("2026-01-01")).first;
            for n in 0..400 {
                let today = zone.half_hours(day("2026-01-01").plus(n));
                assert_eq!(today.first, next, "{name} {}", today.day);
                assert_eq!(zone.day_of(today.first.start()), today.day, "{name}");
                assert_eq!(
                    zone.day_of(Timestamp(Slot(today.last.0 + 1).start().0 - 1)),
                    today.day,
                    "{name}"
                );
                next = Slot(today.last.0 + 1);
            }
        }
    }

    #[test]
    fn a_day_in_which_summer_time_begins_has_23_hours_and_one_in_which_it_ends_25() {
        let berlin = zone("Europe/Berlin");
        let hours = |text| berlin.hours(day(text)).len();
        assert_eq!(
            [hours("2026-03-29"), hours("2026-10-25"), hours("2026-11-23")],
            [23, 25, 24]
        );
        assert_eq!(berlin.offset(Timestamp(1_795_000_000_000)), 60);
    }

    #[test]
    fn zones_at_quarter_hours_and_made_up_ones_cannot_be_chosen() {
        for name in [
            "Asia/Kathmandu",
            "Australia/Eucla",
            "Pacific/Chatham",
            "Mars/Olympus",
            "",
            "Etc/GMT+8",
        ] {
            assert!(Zone::named(name).is_none(), "{name}");
        }
        assert_eq!(Zone::chosen(Some("Mars/Olympus")).name, "UTC");
        assert_eq!(zone("Asia/Kolkata").offset(Timestamp(0)), 330);
    }
}
