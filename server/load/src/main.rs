//! `homing-load`: what a push costs, measured on the real binaries over the real doors, beside a bare client loop.
//!
//! One round: a fresh data folder, provisioned by `homing apply`; messages through `/v4/openim/sendmsg` until every push
//! has arrived (*live*); the same while the vendors refuse the credentials (*store*); a fresh process that drains what
//! was stored (*drain*); and a loop that does nothing but send the same pushes (*bare*). `homing-load vendors` is another
//! run: all eight vendors, in batches, two of them in trouble. `homing-load pages` is a third: the console's pages over
//! ten million deliveries. Everything is on loopback.

mod arguments;
mod bare;
mod drive;
mod figures;
mod homing;
mod pages;
mod process;
mod report;
mod round;
mod scene;
mod simulator;
mod traffic;
mod usersig;
mod vendors;

use anyhow::{Result, bail};
use arguments::{Arguments, Common, Run};
use clap::Parser;
use report::{Report, Row};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("homing-load: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whatever was started ends with the round, also when this program is told to stop.
async fn unless_stopped(round: impl Future<Output = Result<Vec<Row>>>) -> Result<Vec<Row>> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        rows = round => rows,
        _ = terminate.recv() => bail!("stopped by SIGTERM"),
        _ = tokio::signal::ctrl_c() => bail!("stopped"),
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.run {
        None => {
            arguments.check()?;
            repeat(&arguments.common, arguments.conditions(), async || {
                Ok(round::run(arguments).await?.rows())
            })
        }
        Some(Run::Pages(arguments)) => {
            arguments.check()?;
            repeat(&arguments.common, arguments.conditions(), async || {
                pages::run(arguments).await
            })
        }
        Some(Run::Vendors(arguments)) => {
            arguments.check()?;
            repeat(&arguments.common, arguments.conditions(), async || {
                vendors::run(arguments).await
            })
        }
    }
}

fn repeat(
    common: &Common,
    conditions: Vec<(&'static str, String)>,
    round: impl AsyncFn() -> Result<Vec<Row>>,
) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut report = Report::new(&common.binary, conditions)?;
    for number in 1..=common.rounds {
        eprintln!("round {number} of {}", common.rounds);
        report.add(runtime.block_on(unless_stopped(round()))?);
    }
    report.ends();
    print!("{report}");
    if let Some(path) = &common.json {
        report.write_json(path)?;
    }
    Ok(())
}
