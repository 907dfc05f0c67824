//! `homing-load`: what a push costs, measured on the real binaries over the real doors, beside a bare client loop.
//!
//! One round: a fresh data folder, provisioned by `homing apply`; messages through `/v4/openim/sendmsg` until every push
//! has arrived (*live*); the same while the vendors refuse the credentials (*store*); a fresh process that drains what
//! was stored (*drain*); and a loop that does nothing but send the same pushes (*bare*). Everything is on loopback.

mod arguments;
mod bare;
mod drive;
mod figures;
mod homing;
mod process;
mod round;
mod scene;
mod simulator;
mod traffic;
mod usersig;

use anyhow::{Result, bail};
use arguments::Arguments;
use clap::Parser;
use figures::{Figures, Report};
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
async fn unless_stopped(round: impl Future<Output = Result<Figures>>) -> Result<Figures> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        figures = round => figures,
        _ = terminate.recv() => bail!("stopped by SIGTERM"),
        _ = tokio::signal::ctrl_c() => bail!("stopped"),
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    arguments.check()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut report = Report::new(arguments)?;
    for number in 1..=arguments.rounds {
        eprintln!("round {number} of {}", arguments.rounds);
        report.add(runtime.block_on(unless_stopped(round::run(arguments)))?);
    }
    print!("{report}");
    if let Some(path) = &arguments.json {
        report.write_json(path)?;
    }
    Ok(())
}
