//! The funnel as a file of comma-separated values (RFC 4180): one line for each hour or day, and one for all of them.

use domain::{
    Timestamp,
    statistics::{Figures, Funnel, Measure, Stage},
};
use std::fmt::Write;

/// The file, after the mark by which spreadsheets know UTF-8. Times carry their offset; with distinct devices the last
/// line is less than the sum of the others.
pub fn file(funnel: &Funnel) -> String {
    let measure = funnel.query.measure.unwrap_or(Measure::Pv).name();
    let stages: Vec<&str> = Stage::ALL.iter().map(|stage| stage.name()).collect();
    let mut text = format!("\u{feff}start,zone,count,{}\r\n", stages.join(","));
    for bucket in &funnel.buckets {
        let start = local(bucket.start, bucket.offset);
        line(&mut text, &start, &funnel.zone, measure, &bucket.figures);
    }
    line(&mut text, "total", &funnel.zone, measure, &funnel.total);
    text
}

fn line(text: &mut String, start: &str, zone: &str, measure: &str, figures: &Figures) {
    let figures: Vec<String> = Stage::ALL.iter().map(|stage| figures.get(*stage).to_string()).collect();
    // Writing to a string does not fail.
    let _ = write!(text, "{start},{zone},{measure},{}\r\n", figures.join(","));
}

/// ISO 8601 with the offset, such as `2026-11-23T00:00:00+08:00`.
fn local(at: Timestamp, offset: i32) -> String {
    let c = at.civil(offset);
    let sign = if offset < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_carries_the_offset_of_its_zone() {
        let at = Timestamp::from_secs(1_795_341_604);
        assert_eq!(local(at, 480), "2026-11-22T18:00:04+08:00");
        assert_eq!(local(at, -210), "2026-11-22T06:30:04-03:30");
    }
}
