//! What was measured, as rows with a name and a unit; over several rounds the median and the range.

use crate::{arguments::Arguments, drive::Driven, process::Span, round::throughput};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{fmt, fs, path::Path, process::Command};

/// Messages pushed at once.
pub struct Live {
    /// The calls.
    pub driven: Driven,
    /// By the server, from the first call to the last settlement; `wall` ends with the last arrival.
    pub used: Span,
    /// Before the first message, in MiB.
    pub idle_rss: f64,
    /// The most, in MiB.
    pub peak_rss: f64,
}

impl Live {
    /// Messages.
    pub fn accepted_per_sec(&self) -> f64 {
        throughput(self.driven.accepted, self.driven.wall)
    }

    /// Pushes that arrived.
    pub fn pushed_per_sec(&self) -> f64 {
        throughput(self.driven.pushes, self.used.wall)
    }
}

/// Messages that had to wait.
pub struct Stored {
    /// The calls.
    pub driven: Driven,
    /// By the server.
    pub used: Span,
    /// With everything stored, in MiB.
    pub rss: f64,
    /// All databases after it and the phases before, in bytes.
    pub disk: u64,
}

/// Pushes without accepting.
pub struct Drained {
    /// How many.
    pub pushes: u64,
    /// By the sender.
    pub used: Span,
}

impl Drained {
    /// Pushes that arrived.
    pub fn pushed_per_sec(&self) -> f64 {
        throughput(self.pushes, self.used.wall)
    }

    fn cpu_micros(&self) -> f64 {
        per(self.used.cpu * 1e6, self.pushes)
    }
}

/// One round.
pub struct Figures {
    /// Accept, push, settle.
    pub live: Live,
    /// Accept alone.
    pub store: Stored,
    /// Claim, push, settle.
    pub drain: Drained,
    /// Push alone.
    pub bare: Drained,
}

/// A named figure; `budget` is what docs/operations.md promises.
struct Row {
    phase: &'static str,
    name: &'static str,
    unit: &'static str,
    budget: Option<Budget>,
    value: f64,
}

#[derive(Clone, Copy)]
enum Budget {
    AtMost(f64),
    AtLeast(f64),
}

impl Budget {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "<= {most}"),
            Self::AtLeast(least) => write!(f, ">= {least}"),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per(amount: f64, count: u64) -> f64 {
    amount / count.max(1) as f64
}

impl Figures {
    fn rows(&self) -> Vec<Row> {
        let mut rows = self.live_rows();
        rows.extend(self.store_rows());
        rows.extend(self.comparison_rows());
        rows
    }

    fn live_rows(&self) -> Vec<Row> {
        let Live { driven, used, .. } = &self.live;
        let row = |name, unit, value| row("live", name, unit, value);
        #[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
        let written = used.written as f64;
        vec![
            row("accepted", "messages/s", self.live.accepted_per_sec()),
            row("pushed", "pushes/s", self.live.pushed_per_sec()),
            row("accept p50", "ms", driven.latency_ms(0.5)),
            row("accept p95", "ms", driven.latency_ms(0.95)),
            row("accept p99", "ms", driven.latency_ms(0.99)),
            row("server CPU per push", "us", per(used.cpu * 1e6, driven.pushes)).within(Budget::AtMost(100.0)),
            row("server CPU per message", "us", per(used.cpu * 1e6, driven.accepted)),
            row("server cores", "", used.cpu / used.wall.max(1e-6)),
            row("written per push", "bytes", per(written, driven.pushes)),
            row("RSS idle", "MiB", self.live.idle_rss).within(Budget::AtMost(60.0)),
            row("RSS peak", "MiB", self.live.peak_rss),
        ]
    }

    fn store_rows(&self) -> Vec<Row> {
        let Stored {
            driven,
            used,
            rss,
            disk,
        } = &self.store;
        #[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
        let disk = *disk as f64;
        let messages = self.live.driven.accepted + driven.accepted;
        let row = |name, unit, value| row("store", name, unit, value);
        let accepted = throughput(driven.accepted, driven.wall);
        vec![
            row("accepted", "messages/s", accepted).within(Budget::AtLeast(8000.0)),
            row("accept p50", "ms", driven.latency_ms(0.5)),
            row("accept p95", "ms", driven.latency_ms(0.95)),
            row("accept p99", "ms", driven.latency_ms(0.99)),
            row("server CPU per message", "us", per(used.cpu * 1e6, driven.accepted)),
            row("RSS, all stored", "MiB", *rss),
            row("database per message", "bytes", per(disk, messages)),
        ]
    }

    fn comparison_rows(&self) -> Vec<Row> {
        let (drain, bare) = (&self.drain, &self.bare);
        #[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
        let written = drain.used.written as f64;
        let rate = drain.pushed_per_sec() / bare.pushed_per_sec();
        vec![
            row("drain", "pushed", "pushes/s", drain.pushed_per_sec()),
            row("drain", "server CPU per push", "us", drain.cpu_micros()).within(Budget::AtMost(60.0)),
            row("drain", "written per push", "bytes", per(written, drain.pushes)),
            row("bare", "pushed", "pushes/s", bare.pushed_per_sec()),
            row("bare", "CPU per push", "us", bare.cpu_micros()),
            row("ratio", "drain rate / bare rate", "", rate).within(Budget::AtLeast(0.5)),
            row(
                "ratio",
                "drain CPU / bare CPU",
                "",
                drain.cpu_micros() / bare.cpu_micros().max(1e-6),
            ),
            row("ratio", "live CPU / bare CPU", "", {
                per(self.live.used.cpu * 1e6, self.live.driven.pushes) / bare.cpu_micros().max(1e-6)
            }),
        ]
    }
}

fn row(phase: &'static str, name: &'static str, unit: &'static str, value: f64) -> Row {
    Row {
        phase,
        name,
        unit,
        budget: None,
        value,
    }
}

impl Row {
    fn within(self, budget: Budget) -> Self {
        Self {
            budget: Some(budget),
            ..self
        }
    }
}

/// All rounds, and the conditions they were run under.
pub struct Report {
    conditions: Vec<(&'static str, String)>,
    rounds: Vec<Vec<Row>>,
}

impl Report {
    /// Notes the conditions.
    pub fn new(arguments: &Arguments) -> Result<Self> {
        let version = Command::new(&arguments.binary).arg("--version").output();
        let version = version.with_context(|| format!("{} cannot be started", arguments.binary.display()))?;
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let conditions = vec![
            ("server", String::from_utf8_lossy(&version.stdout).trim().to_owned()),
            (
                "processor",
                format!("{} x {}", cores, cpu.trim_matches(['\t', ' ', ':'])),
            ),
            (
                "load at start",
                fs::read_to_string("/proc/loadavg")
                    .unwrap_or_default()
                    .trim()
                    .to_owned(),
            ),
            ("messages", arguments.messages.to_string()),
            ("connections", arguments.concurrency.to_string()),
            ("IM applications", arguments.applications.to_string()),
            ("devices each", arguments.devices.to_string()),
            ("skipped", format!("{:.0} %", arguments.skipped * 100.0)),
            ("bare in flight", format!("{} per vendor", arguments.bare_in_flight)),
            ("rounds", arguments.rounds.to_string()),
        ];
        Ok(Self {
            conditions,
            rounds: Vec::new(),
        })
    }

    /// Adds a round.
    pub fn add(&mut self, figures: Figures) {
        self.rounds.push(figures.rows());
    }

    /// Writes everything as JSON.
    pub fn write_json(&self, path: &Path) -> Result<()> {
        let conditions: Value = self
            .conditions
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let figures = self.summaries().map(|summary| {
            let Summary {
                row,
                median,
                least,
                most,
            } = summary;
            let budget = row.budget.map(|budget| budget.to_string());
            let met = row.budget.map(|budget| budget.is_met(median));
            json!({
                "phase": row.phase, "name": row.name, "unit": row.unit, "median": median, "min": least, "max": most,
                "budget": budget, "met": met,
            })
        });
        let report = json!({ "conditions": conditions, "figures": figures.collect::<Vec<_>>() });
        fs::write(path, serde_json::to_string_pretty(&report)?)
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    fn summaries(&self) -> impl Iterator<Item = Summary<'_>> {
        let first = self.rounds.first().map_or(&[][..], Vec::as_slice);
        first.iter().enumerate().map(|(index, row)| {
            let mut values: Vec<f64> = self.rounds.iter().map(|round| round[index].value).collect();
            values.sort_by(f64::total_cmp);
            Summary {
                row,
                median: values[values.len() / 2],
                least: values[0],
                most: values[values.len() - 1],
            }
        })
    }
}

struct Summary<'a> {
    row: &'a Row,
    median: f64,
    least: f64,
    most: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.conditions {
            writeln!(f, "{name}: {value}")?;
        }
        writeln!(f)?;
        for Summary {
            row,
            median,
            least,
            most,
        } in self.summaries()
        {
            let (median_text, range) = (number(median), format!("({} - {})", number(least), number(most)));
            let name = format!("{:<6} {}", row.phase, row.name);
            write!(f, "{name:<32}{median_text:>10} {:<11}{range:<20}", row.unit)?;
            match row.budget {
                Some(budget) if budget.is_met(median) => writeln!(f, " budget {budget}: met")?,
                Some(budget) => writeln!(f, " budget {budget}: MISSED")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

/// Three digits that say something.
fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        medium if medium >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
