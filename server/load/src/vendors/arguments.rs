//! The command line of this run.

use super::{VENDORS_OR_NONE, faults::How};
use crate::arguments::Common;
use anyhow::{Result, ensure};
use std::time::Duration;

/// In place of a vendor.
const NONE: &str = "none";

/// Measures all eight vendors in batches, and what the trouble of two of them does to the others.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Deliveries to each vendor in each of the two passes; rounded up to whole messages
    #[arg(long, default_value_t = 100_000)]
    pub deliveries: u64,
    /// Receivers of a message, all with the same vendor
    #[arg(long, default_value_t = 500)]
    pub receivers: usize,
    /// Users with one device each, of each vendor
    #[arg(long, default_value_t = 2000)]
    pub devices: usize,
    /// Deliveries a second that are asked for, all vendors together. More than the machine can do, and the latencies
    /// are those of a queue
    #[arg(long, default_value_t = 1500)]
    pub rate: u32,
    /// Connections that send
    #[arg(long, default_value_t = 16)]
    pub concurrency: usize,
    /// The vendor that is down in the second pass. With `none`, and none that is slow, the run is a control: it shows
    /// how far the figures of two passes differ by themselves
    #[arg(long, default_value = "xiaomi", value_parser = VENDORS_OR_NONE)]
    pub down: String,
    /// How it is down
    #[arg(long, value_enum, default_value_t = How::Refused)]
    pub how: How,
    /// The vendor that asks to slow down in the second pass, with 429 or its own code; or `none`
    #[arg(long, default_value = "huawei", value_parser = VENDORS_OR_NONE)]
    pub slow: String,
    /// Seconds that everything may take to arrive, after the last message of a pass and after the end of the trouble
    #[arg(long, default_value_t = 300)]
    pub patience: u64,
    /// As in every run.
    #[command(flatten)]
    pub common: Common,
}

impl Arguments {
    /// Refuses what cannot be measured.
    pub fn check(&self) -> Result<()> {
        ensure!(
            (1..=10_000_000).contains(&self.deliveries),
            "--deliveries must be 1 to 10000000"
        );
        ensure!((1..=500).contains(&self.receivers), "--receivers must be 1 to 500");
        ensure!(
            (self.receivers..=20_000).contains(&self.devices),
            "--devices must be --receivers to 20000"
        );
        ensure!((1..=1_000_000).contains(&self.rate), "--rate must be 1 to 1000000");
        ensure!(
            (1..=1000).contains(&self.concurrency),
            "--concurrency must be 1 to 1000"
        );
        ensure!(
            self.down().is_none() || self.down != self.slow,
            "--down and --slow must be two vendors"
        );
        self.common.check()
    }

    /// Messages to each vendor in a pass.
    pub fn messages(&self) -> u64 {
        self.deliveries.div_ceil(self.receivers as u64)
    }

    /// Messages to each vendor before anything is measured.
    pub fn warm_up(&self) -> u64 {
        self.messages().div_ceil(10).min(5)
    }

    /// The vendor that is down, if one is.
    pub fn down(&self) -> Option<&str> {
        Some(self.down.as_str()).filter(|vendor| *vendor != NONE)
    }

    /// The vendor that asks to slow down, if one does.
    pub fn slow(&self) -> Option<&str> {
        Some(self.slow.as_str()).filter(|vendor| *vendor != NONE)
    }

    /// Whether this vendor is one of the two in trouble.
    pub fn is_in_trouble(&self, vendor: &str) -> bool {
        vendor == self.down || vendor == self.slow
    }

    /// For how long it is waited.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }

    /// The conditions to report.
    pub fn conditions(&self) -> Vec<(&'static str, String)> {
        let deliveries = self.messages() * self.receivers as u64;
        vec![
            ("deliveries", format!("{deliveries} per vendor and pass")),
            ("receivers", format!("{} per message", self.receivers)),
            ("devices", format!("{} per vendor", self.devices)),
            ("asked for", format!("{} deliveries/s, all vendors together", self.rate)),
            ("connections", self.concurrency.to_string()),
            (
                "down",
                self.down()
                    .map_or(NONE.to_owned(), |vendor| format!("{vendor} ({})", self.how.name())),
            ),
            ("asks to slow down", self.slow.clone()),
            ("rounds", self.common.rounds.to_string()),
        ]
    }
}
