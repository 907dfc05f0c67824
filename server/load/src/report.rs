//! Figures as rows with a name, a unit and perhaps a budget; over several rounds the median and the range.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::{borrow::Cow, fmt, fs, path::Path, process::Command};

/// A named figure; `budget` is what docs/operations.md promises.
pub struct Row {
    phase: &'static str,
    name: Cow<'static, str>,
    unit: &'static str,
    budget: Option<Budget>,
    value: f64,
}

/// What is promised.
#[derive(Clone, Copy)]
pub enum Budget {
    /// No more.
    AtMost(f64),
    /// No less.
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

/// So much for each.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn per(amount: f64, count: u64) -> f64 {
    amount / count.max(1) as f64
}

/// A figure without a budget.
pub fn row(phase: &'static str, name: impl Into<Cow<'static, str>>, unit: &'static str, value: f64) -> Row {
    Row {
        phase,
        name: name.into(),
        unit,
        budget: None,
        value,
    }
}

impl Row {
    /// With a budget.
    pub fn within(self, budget: Budget) -> Self {
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
    /// Notes the conditions that every run has, and those of this one.
    pub fn new(binary: &Path, own: Vec<(&'static str, String)>) -> Result<Self> {
        let version = Command::new(binary).arg("--version").output();
        let version = version.with_context(|| format!("{} cannot be started", binary.display()))?;
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let mut conditions = vec![
            ("server", String::from_utf8_lossy(&version.stdout).trim().to_owned()),
            (
                "processor",
                format!("{} x {}", cores, cpu.trim_matches(['\t', ' ', ':'])),
            ),
            ("load at start", load_average()),
        ];
        conditions.extend(own);
        Ok(Self {
            conditions,
            rounds: Vec::new(),
        })
    }

    /// Adds a round.
    pub fn add(&mut self, rows: Vec<Row>) {
        self.rounds.push(rows);
    }

    /// Notes what the machine was doing meanwhile.
    pub fn ends(&mut self) {
        self.conditions.push(("load at end", load_average()));
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

fn load_average() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.trim().to_owned()
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
            write!(f, "{name:<38}{median_text:>10} {:<11}{range:<20}", row.unit)?;
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
