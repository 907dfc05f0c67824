//! Moments in the reader's zone, with the zone in sight. The text depends only on the moment and the offset, so that
//! server and browser print the same.

use crate::{erased::view, frame::console};
use domain::{Timestamp, time::Civil};
use leptos::prelude::*;

/// The day by UTC: `2026-11-22`.
pub fn date(at: Timestamp) -> String {
    let c = at.civil(0);
    format!("{:04}-{:02}-{:02}", c.year, c.month, c.day)
}

/// Date and time of day at an offset from UTC in minutes: `2026-11-22 18:00:04`.
pub fn local(at: Timestamp, offset: i32) -> String {
    let c = at.civil(offset);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

/// The name of an offset: `UTC`, `UTC+08:00`, `UTC-03:30`.
pub fn zone(offset: i32) -> String {
    let (sign, minutes) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
    match minutes {
        0 => "UTC".into(),
        _ => format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

/// The form that machines read: `2026-11-22T10:00:04Z`.
pub fn machine(at: Timestamp) -> String {
    format!("{}Z", local(at, 0).replace(' ', "T"))
}

/// `2026-11-22T18:00`, as `<input type=datetime-local>` writes it, with or without seconds.
pub fn read_moment(text: &str, zone: i32) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) = (
        date.next()?.parse().ok()?,
        date.next()?.parse().ok()?,
        date.next()?.parse().ok()?,
    );
    let mut time = time.splitn(3, ':');
    let (hour, minute) = (time.next()?.parse().ok()?, time.next()?.parse().ok()?);
    let second = time
        .next()
        .map_or(Some(0), |second| second.split('.').next()?.parse().ok())?;
    let civil = Civil {
        year,
        month,
        day,
        hour,
        minute,
        second,
    };
    let at = Timestamp::from_civil(civil, zone);
    // A 31 February is not a day that can be asked for.
    (at.civil(zone) == civil).then_some(at)
}

/// The same for such an input.
pub fn write_moment(at: Timestamp, zone: i32) -> String {
    let c = at.civil(zone);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        c.year, c.month, c.day, c.hour, c.minute
    )
}

/// A moment.
#[component]
pub fn Time(
    /// When.
    at: Timestamp,
) -> impl IntoView {
    let offset = console().zone;
    view! {
        <time datetime=machine(at)>
            {move || local(at, offset.get())}
            " "
            <span class="zone">{move || zone(offset.get())}</span>
        </time>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_printed_in_the_reader_s_zone_and_for_machines_in_utc() {
        let at = Timestamp::from_secs(1_795_341_604);
        assert_eq!(local(at, 0), "2026-11-22 10:00:04");
        assert_eq!(local(at, 480), "2026-11-22 18:00:04");
        assert_eq!(local(at, -630), "2026-11-21 23:30:04");
        assert_eq!(machine(at), "2026-11-22T10:00:04Z");
        assert_eq!(date(at), "2026-11-22");
    }

    #[test]
    fn offsets_have_names() {
        assert_eq!([0, 480, -210].map(zone), ["UTC", "UTC+08:00", "UTC-03:30"]);
    }

    #[test]
    fn a_moment_is_read_in_the_reader_s_zone_and_nonsense_does_not_filter() {
        assert_eq!(
            read_moment("2026-11-22T18:00", 480),
            Some(Timestamp::from_secs(1_795_341_600))
        );
        assert_eq!(
            read_moment("2026-11-22T18:00:04.5", 480),
            Some(Timestamp::from_secs(1_795_341_604))
        );
        for nonsense in ["", "yesterday", "2026-02-31T00:00", "2026-11-22T25:00", "2026-11-22"] {
            assert_eq!(read_moment(nonsense, 0), None, "{nonsense}");
        }
    }
}
