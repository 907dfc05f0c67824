//! One round: provision, then the phases live, store, drain and bare, each in the same fresh folder.

use crate::{
    arguments::Arguments,
    bare::{self, Template, Vendor},
    drive::{Driven, Load, drive},
    figures::{Drained, Figures, Live, Stored},
    homing::{Homing, Place},
    process::{Span, Usage, rss, rss_peak},
    scene::{self, Applied, Crowd},
    simulator::{Simulator, VENDORS},
    traffic::Traffic,
};
use anyhow::{Context, Result, ensure};
use std::{collections::HashMap, time::Duration};

/// Messages sent before anything is measured; their pushes are what the bare loop repeats.
const WARM_UP: u64 = 512;

/// Phases number their messages, so that none is taken for a repetition of another.
#[derive(Clone, Copy)]
enum Phase {
    WarmUp = 1,
    Live = 2,
    Store = 3,
}

struct Round<'a> {
    arguments: &'a Arguments,
    crowd: Crowd,
    place: Place,
    simulator: Simulator,
    applied: Applied,
    /// Pushes that the vendors must have taken by now.
    due: u64,
}

/// Runs it. When it fails, its folder with logs and data is left.
pub async fn run(arguments: &Arguments) -> Result<Figures> {
    let folder = tempfile::Builder::new().prefix("homing-load-").tempdir()?;
    match measure(arguments, folder.path()).await {
        Ok(figures) => Ok(figures),
        Err(fault) => Err(fault.context(format!("the logs are in {}", folder.keep().display()))),
    }
}

async fn measure(arguments: &Arguments, folder: &std::path::Path) -> Result<Figures> {
    let simulator = Simulator::start(&arguments.common.simulator(), folder).await?;
    let place = Place::new(&arguments.common.binary, folder, &simulator)?;
    let crowd = Crowd::new(arguments.applications, arguments.devices);
    eprintln!(
        "  provisioning {} devices",
        crowd.applications * (crowd.away + crowd.online)
    );
    let applied = place.apply(&scene::describe(crowd, &simulator.credentials)?)?;
    let mut round = Round {
        arguments,
        crowd,
        place,
        simulator,
        applied,
        due: 0,
    };
    let (live, vendors) = round.live().await.context("live")?;
    eprintln!(
        "  live:  {:.0} accepted/s, {:.0} pushed/s",
        live.accepted_per_sec(),
        live.pushed_per_sec()
    );
    let (store, drain) = round.store_and_drain().await?;
    eprintln!("  drain: {:.0} pushed/s", drain.pushed_per_sec());
    let pushes = drain.pushes.max(1000);
    let bare = bare::run(vendors, pushes, arguments.bare_in_flight, &round.simulator)
        .await
        .context("bare")?;
    round.simulator.stop().await?;
    Ok(Figures {
        live,
        store,
        drain,
        bare: Drained { pushes, used: bare },
    })
}

impl Round<'_> {
    /// Messages that are pushed at once.
    async fn live(&mut self) -> Result<(Live, Vec<Vendor>)> {
        let homing = self.place.start().await?;
        homing.show_a_page().await?;
        let idle_rss = rss(homing.pid)?;
        self.simulator.keep("full").await?;
        let warm_up = self.send(&homing, Phase::WarmUp, WARM_UP).await?;
        self.arrived(warm_up.pushes).await?;
        let templates = self.templates().await?;
        self.simulator.keep("counters").await?;

        let before = Usage::of(homing.pid)?;
        let driven = self.send(&homing, Phase::Live, self.arguments.messages).await?;
        self.arrived(driven.pushes).await?;
        let used = self.used(&homing, &before, warm_up.pushes + driven.pushes).await?;
        let connections = self.connections().await?;
        let peak_rss = rss_peak(homing.pid)?;
        homing.stop().await?;
        let vendors = templates.into_iter().map(|(name, templates)| Vendor {
            templates,
            connections: connections.get(name).copied().unwrap_or(1),
        });
        let live = Live {
            driven,
            used,
            idle_rss,
            peak_rss,
        };
        Ok((live, vendors.collect()))
    }

    /// Messages that have to wait, and a new process that sends them.
    async fn store_and_drain(&mut self) -> Result<(Stored, Drained)> {
        self.simulator.refuse_credentials().await?;
        let homing = self.place.start().await?;
        let before = Usage::of(homing.pid)?;
        let driven = self
            .send(&homing, Phase::Store, self.arguments.messages)
            .await
            .context("store")?;
        let used = Usage::of(homing.pid)?.since(&before);
        let rss = rss(homing.pid)?;
        eprintln!("  store: {:.0} accepted/s", throughput(driven.accepted, driven.wall));
        homing.stop().await?;
        let disk = self.place.database_bytes()?;
        self.simulator.accept_credentials().await?;

        let homing = self.place.start().await?;
        let before = Usage::of(homing.pid)?;
        let early = self.simulator.accepted().await? - self.due;
        let pushes = driven.pushes - early;
        self.arrived(driven.pushes).await.context("drain")?;
        let used_draining = self.used(&homing, &before, driven.pushes).await?;
        homing.stop().await?;
        let drained = Drained {
            pushes,
            used: used_draining,
        };
        let stored = Stored {
            driven,
            used,
            rss,
            disk,
        };
        Ok((stored, drained))
    }

    async fn send(&self, homing: &Homing, phase: Phase, messages: u64) -> Result<Driven> {
        let traffic = Traffic::new(&self.applied, self.crowd, self.arguments.skipped, phase as u32)?;
        let load = Load {
            connections: self.arguments.concurrency,
            messages,
            limit: Duration::from_secs(self.arguments.seconds),
        };
        let driven = drive(&homing.url, traffic, load).await?;
        ensure!(driven.pushes > 0, "no message was accepted that a push must follow");
        Ok(driven)
    }

    /// Waits until so many more pushes have arrived at the vendors.
    async fn arrived(&mut self, pushes: u64) -> Result<()> {
        self.due += pushes;
        self.simulator.wait_for(self.due, self.arguments.patience()).await
    }

    /// What was used since, once the server counts as many ends of deliveries as arrived.
    async fn used(&self, homing: &Homing, before: &Usage, pushes: u64) -> Result<Span> {
        let arrived = Usage::of(homing.pid)?;
        let mut beat = tokio::time::interval(Duration::from_millis(5));
        let settled = async {
            loop {
                beat.tick().await;
                let ends = homing.ends().await?;
                ensure!(ends.lost == 0, "{} deliveries failed or expired", ends.lost);
                if ends.sent >= pushes {
                    return Ok(ends.sent);
                }
            }
        };
        let settled = tokio::time::timeout(Duration::from_secs(10), settled);
        let sent = settled.await.context("not every answer of a vendor was settled")??;
        ensure!(sent == pushes, "{sent} deliveries count as sent, {pushes} were due");
        let mut used = Usage::of(homing.pid)?.since(before);
        used.wall = arrived.since(before).wall;
        Ok(used)
    }

    async fn templates(&self) -> Result<HashMap<&'static str, Vec<Template>>> {
        let mut all = HashMap::new();
        for vendor in VENDORS {
            let base = self.simulator.url(vendor)?;
            let records = self.simulator.records(vendor).await?;
            let templates = records
                .iter()
                .map(|record| Template::of(record, base))
                .collect::<Result<_>>()?;
            all.insert(vendor, templates);
        }
        Ok(all)
    }

    async fn connections(&self) -> Result<HashMap<String, usize>> {
        let stats = self.simulator.stats().await?;
        Ok(stats
            .into_iter()
            .map(|(vendor, stats)| (vendor, stats.connections_open))
            .collect())
    }
}

/// So many a second.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn throughput(count: u64, secs: f64) -> f64 {
    count as f64 / secs.max(1e-6)
}
