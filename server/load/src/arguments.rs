//! The command line.

use crate::{pages, vendors};
use anyhow::{Context, Result, ensure};
use std::{path::PathBuf, time::Duration};

/// Measures what a push costs. Build the binaries first: `make release`.
#[derive(clap::Parser, Debug)]
#[command(name = "homing-load", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Another run than that of single messages
    #[command(subcommand)]
    pub run: Option<Run>,
    /// Messages in each of the phases `live` and `store`
    #[arg(long, default_value_t = 40_000)]
    pub messages: u64,
    /// Connections that send, one call at a time on each
    #[arg(long, default_value_t = 64)]
    pub concurrency: usize,
    /// IM applications, each authorised to an Android and an iOS application
    #[arg(long, default_value_t = 4)]
    pub applications: usize,
    /// Devices that are pushed to, in each IM application
    #[arg(long, default_value_t = 100)]
    pub devices: usize,
    /// Seconds after which a phase sends no more, however many messages are left
    #[arg(long, default_value_t = 60)]
    pub seconds: u64,
    /// Share of messages that go to somebody whose application is open, such as 20% or 0.2
    #[arg(long, default_value = "20%", value_parser = share)]
    pub skipped: f64,
    /// Requests of the bare loop that are with each vendor at once
    #[arg(long, default_value_t = 256)]
    pub bare_in_flight: usize,
    /// As in every run.
    #[command(flatten)]
    pub common: Common,
}

/// Another run than that of single messages.
#[derive(clap::Subcommand, Debug)]
pub enum Run {
    /// All eight vendors in batches, once well and once with one vendor down and one that asks to slow down
    Vendors(vendors::Arguments),
    /// The console's pages over a long history
    Pages(pages::Arguments),
}

/// What every run has.
#[derive(clap::Args, Clone, Debug)]
pub struct Common {
    /// Rounds; the table shows the median and the range
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// The server; `homing-simulator` is taken from beside it
    #[arg(long, value_name = "PATH", default_value = "target/release/homing")]
    pub binary: PathBuf,
    /// Also write the figures here, as JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
}

impl Common {
    /// Refuses what cannot be measured.
    pub fn check(&self) -> Result<()> {
        ensure!((1..=100).contains(&self.rounds), "--rounds must be 1 to 100");
        for binary in [self.binary.clone(), self.simulator()] {
            ensure!(
                binary.is_file(),
                "{} is missing: `make release` builds it",
                binary.display()
            );
        }
        Ok(())
    }

    /// The simulator beside the server.
    pub fn simulator(&self) -> PathBuf {
        self.binary.with_file_name("homing-simulator")
    }
}

impl Arguments {
    /// Refuses what cannot be measured.
    pub fn check(&self) -> Result<()> {
        ensure!(
            (1..=10_000_000).contains(&self.messages),
            "--messages must be 1 to 10000000"
        );
        ensure!(
            (1..=1000).contains(&self.concurrency),
            "--concurrency must be 1 to 1000"
        );
        ensure!((1..=50).contains(&self.applications), "--applications must be 1 to 50");
        ensure!((2..=5000).contains(&self.devices), "--devices must be 2 to 5000");
        // Longer, and an application that was opened when the phase began counts as closed.
        ensure!((1..=300).contains(&self.seconds), "--seconds must be 1 to 300");
        ensure!(
            (1..=2000).contains(&self.bare_in_flight),
            "--bare-in-flight must be 1 to 2000"
        );
        self.common.check()
    }

    /// The conditions to report.
    pub fn conditions(&self) -> Vec<(&'static str, String)> {
        vec![
            ("messages", self.messages.to_string()),
            ("connections", self.concurrency.to_string()),
            ("IM applications", self.applications.to_string()),
            ("devices each", self.devices.to_string()),
            ("skipped", format!("{:.0} %", self.skipped * 100.0)),
            ("bare in flight", format!("{} per vendor", self.bare_in_flight)),
            ("rounds", self.common.rounds.to_string()),
        ]
    }

    /// How long the pushes of a phase may take to arrive once the last message is accepted.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(60 + 2 * self.seconds)
    }
}

fn share(text: &str) -> Result<f64> {
    let (number, unit) = match text.strip_suffix('%') {
        Some(number) => (number, 100.0),
        None => (text, 1.0),
    };
    let share = number.trim().parse::<f64>().context("not a number")? / unit;
    ensure!((0.0..=0.95).contains(&share), "must be 0% to 95%");
    Ok(share)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_a_percentage_or_a_fraction() {
        assert!((share("20%").unwrap() - 0.2).abs() < 1e-9);
        assert!((share("0.2").unwrap() - 0.2).abs() < 1e-9);
        assert!(share("100%").is_err());
        assert!(share("some").is_err());
    }
}
