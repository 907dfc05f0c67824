//! Line charts as SVG, made by the server: no script, no measuring. The figures stand in a table beside each chart, which is
//! what a screen reader and a spreadsheet take.
//!
//! Series differ by dash and by the name at their end, not by colour alone.

use crate::erased::view;
use leptos::prelude::*;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
/// The most labels below a chart.
const LABELS: usize = 8;

/// A line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Series {
    /// Its name in the legend.
    pub name: &'static str,
    /// One figure for each place of the chart.
    pub values: Vec<u64>,
}

/// Round figures from 0 to at least `most`, four or five of them.
pub fn ticks(most: u64) -> Vec<u64> {
    let step = step(most);
    (0..=most.div_ceil(step).max(1)).map(|n| n * step).collect()
}

/// 1, 2 or 5 times a power of ten, such that at most five steps lead to `most`.
fn step(most: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for factor in [1, 2, 5] {
            if power.saturating_mul(factor).saturating_mul(5) >= most {
                return power.saturating_mul(factor);
            }
        }
        power = power.saturating_mul(10);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a pixel is coarser than what is lost")]
fn across(place: usize, places: usize) -> f64 {
    let last = places.saturating_sub(1).max(1) as f64;
    LEFT + (WIDTH - LEFT - RIGHT) * place as f64 / last
}

#[expect(clippy::cast_precision_loss, reason = "a pixel is coarser than what is lost")]
fn down(value: u64, most: u64) -> f64 {
    TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value as f64 / most.max(1) as f64)
}

/// The points of a line, as `<polyline>` takes them.
pub fn points(values: &[u64], most: u64) -> String {
    let point = |(place, value): (usize, &u64)| format!("{:.1},{:.1}", across(place, values.len()), down(*value, most));
    let points: Vec<String> = values.iter().enumerate().map(point).collect();
    points.join(" ")
}

/// Places that get a label: the first, the last, and some between at equal distances.
fn labelled(places: usize) -> impl Iterator<Item = usize> {
    let every = places.saturating_sub(1).div_ceil(LABELS - 1).max(1);
    (0..places).step_by(every)
}

/// A chart of lines over the same places.
#[component]
pub fn LineChart(
    /// What it shows.
    #[prop(into)]
    caption: String,
    /// The lines.
    series: Vec<Series>,
    /// The name of each place.
    labels: Vec<String>,
    /// How a figure is written.
    number: fn(u64) -> String,
) -> impl IntoView {
    let most = series
        .iter()
        .flat_map(|one| one.values.iter().copied())
        .max()
        .unwrap_or(0);
    let ticks = ticks(most);
    let top = ticks.last().copied().unwrap_or(1);
    let places = labels.len();
    let grid: Vec<_> = ticks
        .into_iter()
        .map(|tick| {
            let y = format!("{:.1}", down(tick, top));
            view! {
                <line class="chart-grid" x1=LEFT x2=WIDTH - RIGHT y1=y.clone() y2=y.clone() />
                <text class="chart-tick" x=LEFT - 8.0 y=y text-anchor="end" dominant-baseline="middle">{number(tick)}</text>
            }
        })
        .collect();
    let below: Vec<_> = labelled(places)
        .filter_map(|place| {
            let text = labels.get(place)?.clone();
            let anchor = if place == 0 {
                "start"
            } else if place + 1 == places {
                "end"
            } else {
                "middle"
            };
            let x = format!("{:.1}", across(place, places));
            Some(view! { <text class="chart-tick" x=x y=HEIGHT - 8.0 text-anchor=anchor>{text}</text> })
        })
        .collect();
    let legend: Vec<_> = series
        .iter()
        .enumerate()
        .map(|(n, one)| {
            view! {
                <li>
                    <svg class="chart-sample" viewBox="0 0 28 8" aria-hidden="true">
                        <line class=format!("chart-line chart-line-{n}") x1="0" x2="28" y1="4" y2="4" />
                    </svg>
                    {one.name}
                </li>
            }
        })
        .collect();
    let lines: Vec<_> = series
        .iter()
        .enumerate()
        .map(|(n, one)| {
            let class = format!("chart-line chart-line-{n}");
            view! { <polyline class=class points=points(&one.values, top) /> }
        })
        .collect();
    view! {
        <figure class="chart">
            <figcaption class="visually-hidden">{caption}</figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true" focusable="false">
                {grid}
                {below}
                {lines}
            </svg>
            <ul class="chart-legend">{legend}</ul>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_begin_at_nothing_and_reach_the_most() {
        assert_eq!(ticks(0), [0, 1]);
        assert_eq!(ticks(5), [0, 1, 2, 3, 4, 5]);
        assert_eq!(ticks(7), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(1_234), [0, 500, 1000, 1500]);
        for most in [1, 9, 99, 12_345, 9_999_999, u64::MAX / 20] {
            let ticks = ticks(most);
            assert!(
                ticks.len() <= 7 && *ticks.last().expect("some") >= most,
                "{most}: {ticks:?}"
            );
        }
    }

    #[test]
    fn a_line_goes_from_the_left_to_the_right_edge_within_the_frame() {
        assert_eq!(points(&[0, 10], 10), "56.0,212.0 748.0,12.0");
        assert_eq!(points(&[3], 10), "56.0,152.0");
        assert_eq!(points(&[], 10), "");
    }

    #[test]
    fn no_more_labels_than_there_is_room_for() {
        for places in [0, 1, 2, 7, 24, 25, 90] {
            assert!(labelled(places).count() <= LABELS, "{places}");
        }
    }
}
