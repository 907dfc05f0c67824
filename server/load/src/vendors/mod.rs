//! All eight vendors at a steady rate, in batches: first all of them well (*well*), then one that is down and one that
//! asks to slow down (*faults*); in a control run none is. What is asked: does the trouble of two reach the other six, and
//! do calls carry enough devices? Afterwards the two are well again (*after*), everything that had to wait must arrive,
//! and a last pass is made with all of them well (*again*): a database that grows slows passes down by itself, so trouble
//! is measured against the passes on both sides of it.

mod arguments;
mod faults;
mod figures;
mod gate;
mod pace;
mod records;
mod scene;
mod traffic;

pub use arguments::Arguments;

use crate::{
    homing::{Ends, Homing, Place},
    process::{Usage, rss_peak},
    report::Row,
    simulator::Simulator,
};
use anyhow::{Context, Result, ensure};
use faults::How;
use figures::{Figures, Pass};
use gate::Gate;
use records::Records;
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    time::{Duration, Instant},
};
use traffic::Traffic;

/// In the order in which they get messages.
pub const VENDORS: [&str; 8] = ["apns", "fcm", "huawei", "honor", "xiaomi", "oppo", "vivo", "meizu"];

/// What may be named on the command line.
const VENDORS_OR_NONE: [&str; 9] = [
    "apns", "fcm", "huawei", "honor", "xiaomi", "oppo", "vivo", "meizu", "none",
];

/// How often it is asked whether everything has arrived: seldom, since the answer is work as well.
const BEAT: Duration = Duration::from_millis(200);

/// How long a settlement may take to be written.
const WRITTEN_WITHIN: Duration = Duration::from_secs(20);

/// Passes number their messages, so that none is taken for a repetition of another.
#[derive(Clone, Copy)]
enum Part {
    WarmUp = 1,
    Well = 2,
    Faults = 3,
    Again = 4,
}

/// Runs it. When it fails, its folder with logs and data is left.
pub async fn run(arguments: &Arguments) -> Result<Vec<Row>> {
    let folder = tempfile::Builder::new().prefix("homing-load-").tempdir()?;
    match measure(arguments, folder.path()).await {
        Ok(figures) => Ok(figures.rows()),
        Err(fault) => Err(fault.context(format!("the logs are in {}", folder.keep().display()))),
    }
}

struct Run<'a> {
    arguments: &'a Arguments,
    place: Place,
    simulator: Simulator,
    homing: Homing,
    traffic: Traffic,
}

async fn measure(arguments: &Arguments, folder: &Path) -> Result<Figures> {
    let mut simulator = Simulator::start(&arguments.common.simulator(), folder).await?;
    simulator.keep("counters").await?;
    let mut gate = match arguments.down() {
        Some(down) if arguments.how == How::Refused => Some(before(&mut simulator, down).await?),
        _ => None,
    };
    let place = Place::new(&arguments.common.binary, folder, &simulator)?;
    eprintln!("  provisioning {} devices", arguments.devices * VENDORS.len());
    let applied = place.apply(&scene::describe(arguments.devices, &simulator.credentials)?)?;
    let run = Run {
        arguments,
        homing: place.start().await?,
        traffic: Traffic::new(&applied, arguments.devices, arguments.receivers)?,
        place,
        simulator,
    };
    // Connections, access tokens, and whatever else is made once.
    run.pass(Part::WarmUp, arguments.warm_up(), &VENDORS)
        .await
        .context("warm-up")?;
    let well = run
        .pass(Part::Well, arguments.messages(), &VENDORS)
        .await
        .context("well")?;

    let down = arguments.down().map(|vendor| (vendor, arguments.how));
    run.simulator.script(&faults::rules(down, arguments.slow())).await?;
    if let Some(gate) = &mut gate {
        gate.close().await;
    }
    let others: Vec<&'static str> = VENDORS
        .iter()
        .copied()
        .filter(|vendor| !arguments.is_in_trouble(vendor))
        .collect();
    let faults = run
        .pass(Part::Faults, arguments.messages(), &others)
        .await
        .context("faults")?;
    run.simulator.accept_credentials().await?;
    if let Some(gate) = &mut gate {
        gate.open().await?;
    }
    let late = run.catch_up().await?;
    let again = run
        .pass(Part::Again, arguments.messages(), &VENDORS)
        .await
        .context("again")?;
    let peak_rss = rss_peak(run.homing.pid)?;
    run.homing.stop().await?;
    run.simulator.stop().await?;
    Ok(Figures {
        well,
        faults,
        again,
        late,
        peak_rss,
    })
}

/// A gate before a vendor, which from here on is reached through it.
async fn before(simulator: &mut Simulator, vendor: &str) -> Result<Gate> {
    let (gate, url) = Gate::before(simulator.url(vendor)?).await?;
    simulator.move_to(vendor, url);
    Ok(gate)
}

impl Run<'_> {
    /// Sends this many messages to each vendor, and waits until `expected` have taken all of theirs.
    async fn pass(&self, part: Part, messages: u64, expected: &[&'static str]) -> Result<Pass> {
        let before = self.simulator.stats().await?;
        let ends = self.homing.ends_by_channel().await?;
        let used = Usage::of(self.homing.pid)?;
        let since_ms = traffic::now_ms()?;
        let offered = pace::offer(&self.homing.url, &self.traffic, part as u32, messages, self.arguments).await?;
        let each = messages * self.arguments.receivers as u64;
        self.settled(&ends, each, expected).await?;
        let used = Usage::of(self.homing.pid)?.since(&used);
        let until_ms = traffic::now_ms()?;
        let after = self.simulator.stats().await?;
        let records = self.records((since_ms, until_ms), each, expected).await?;
        let batches = VENDORS
            .into_iter()
            .map(|vendor| {
                let (before, after) = (before.get(vendor), after.get(vendor));
                let grown =
                    |count: fn(&crate::simulator::VendorStats) -> u64| after.map_or(0, count) - before.map_or(0, count);
                (vendor, (grown(|stats| stats.devices), grown(|stats| stats.sends)))
            })
            .collect();
        eprintln!(
            "  {} messages at {:.0} deliveries/s",
            offered.calls(),
            offered.rate(self.arguments.receivers)
        );
        Ok(Pass {
            offered,
            used,
            records,
            batches,
            receivers: self.arguments.receivers,
            expected: expected.to_vec(),
        })
    }

    /// The records, once they are complete: an answer counts as settled shortly before it is written.
    async fn records(&self, between: (i64, i64), each: u64, expected: &[&str]) -> Result<HashMap<String, Records>> {
        let deadline = Instant::now() + WRITTEN_WITHIN;
        let mut beat = tokio::time::interval(BEAT);
        loop {
            beat.tick().await;
            let records = records::read(&self.place.plane(), between.0, between.1).await?;
            let sent = |vendor: &str| records.get(vendor).map_or(0, Records::sent);
            match expected.iter().find(|vendor| sent(vendor) != each) {
                None => return Ok(records),
                Some(vendor) => ensure!(
                    sent(vendor) < each && Instant::now() < deadline,
                    "{vendor}: {} deliveries are on record as taken, {each} were due",
                    sent(vendor)
                ),
            }
        }
    }

    /// Waits until each of these vendors has taken so many more.
    async fn settled(&self, before: &BTreeMap<String, Ends>, each: u64, expected: &[&str]) -> Result<()> {
        let deadline = Instant::now() + self.arguments.patience();
        let mut beat = tokio::time::interval(BEAT);
        loop {
            beat.tick().await;
            let now = self.homing.ends_by_channel().await?;
            let since = |vendor: &str| {
                let of = |ends: &BTreeMap<String, Ends>| ends.get(vendor).copied().unwrap_or_default();
                (of(&now).sent - of(before).sent, of(&now).lost - of(before).lost)
            };
            let waiting: Vec<_> = expected.iter().filter(|vendor| since(vendor).0 < each).collect();
            let lost: u64 = VENDORS.iter().map(|vendor| since(vendor).1).sum();
            ensure!(lost == 0, "{lost} deliveries failed or expired");
            if waiting.is_empty() {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "not everything was taken in time by {waiting:?}"
            );
        }
    }

    /// Once nobody is in trouble any more: how long it took until everything had arrived.
    async fn catch_up(&self) -> Result<f64> {
        let started = Instant::now();
        let each = self.arguments.warm_up() + 2 * self.arguments.messages();
        let each = each * self.arguments.receivers as u64;
        self.settled(&BTreeMap::new(), each, &VENDORS).await.context("after")?;
        Ok(started.elapsed().as_secs_f64())
    }
}
