//! The command line of this run.

use crate::arguments::Common;
use anyhow::{Result, ensure};

/// Measures the console's pages over a long history, which it writes into the database itself. Ten million deliveries
/// take some minutes and 6 GB of disk.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Deliveries in the history, two to a message, spread evenly over its days
    #[arg(long, default_value_t = 10_000_000)]
    pub deliveries: u64,
    /// Days until now
    #[arg(long, default_value_t = 90)]
    pub days: u32,
    /// Users with two devices each
    #[arg(long, default_value_t = 100_000)]
    pub users: u64,
    /// How often each page is asked for, one call after the other
    #[arg(long, default_value_t = 100)]
    pub visits: usize,
    /// As in every run.
    #[command(flatten)]
    pub common: Common,
}

impl Arguments {
    /// Refuses what cannot be measured.
    pub fn check(&self) -> Result<()> {
        ensure!(
            (10_000..=100_000_000).contains(&self.deliveries),
            "--deliveries must be 10000 to 100000000"
        );
        ensure!((1..=90).contains(&self.days), "--days must be 1 to 90");
        ensure!((10..=1_000_000).contains(&self.users), "--users must be 10 to 1000000");
        ensure!((1..=10_000).contains(&self.visits), "--visits must be 1 to 10000");
        self.common.check()
    }

    /// The conditions to report.
    pub fn conditions(&self) -> Vec<(&'static str, String)> {
        vec![
            ("deliveries", format!("{} over {} days", self.deliveries, self.days)),
            ("devices", format!("{} of {} users", self.users * 2, self.users)),
            ("visits", format!("{} to each page, one after the other", self.visits)),
            ("rounds", self.common.rounds.to_string()),
        ]
    }
}
