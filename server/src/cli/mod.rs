//! The command line. Each command ends in the same services as the console and the REST doors.

mod account;
pub mod apply;
mod audit;
mod demo;
mod healthcheck;
mod keys;
mod migrate;
mod serve;
mod stats;

use crate::{settings::Settings, telemetry};
use anyhow::Context;
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Self-hosted offline push for IM applications.
#[derive(Parser, Debug)]
#[command(name = "homing", version, about)]
pub struct Arguments {
    /// Settings that override the defaults; every key is explained in docs/operations.md
    #[arg(long, global = true, value_name = "FILE", env = "HOMING_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the server
    Serve,
    /// Create what a file describes (accounts, products, IM applications, devices ...) and print every id and key
    Apply(apply::Apply),
    /// Manage accounts
    #[command(subcommand)]
    Account(account::Account),
    /// Check or print the audit log
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Make statistics anew
    #[command(subcommand)]
    Stats(stats::Stats),
    /// Show, rotate and forget master keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Bring the databases up to this version
    Migrate,
    /// Ask a running server whether it is ready; exit code 0 means yes
    Healthcheck,
    /// Run the server with simulated vendors, a demo account and a trickle of messages
    Demo(demo::Demo),
    /// Print every setting with its default and its explanation
    Defaults,
}

/// Runs a command to its end.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if matches!(arguments.command, Command::Defaults) {
        print!("{}", crate::settings::DEFAULTS);
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings::load(arguments.config.as_deref()).context("the settings are not usable")?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    let telemetry = telemetry::start(&settings.log, &settings.opentelemetry, runtime.handle())?;
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Serve => serve::serve(settings).await?,
            Command::Apply(apply) => apply.run(settings).await?,
            Command::Account(account) => account.run(settings).await?,
            Command::Audit(audit) => return audit.run(settings).await,
            Command::Stats(stats) => return stats.run(settings).await,
            Command::Keys(keys) => keys.run(&settings).await?,
            Command::Migrate => migrate::migrate(settings).await?,
            Command::Healthcheck => return healthcheck::healthcheck(&settings).await,
            Command::Demo(demo) => demo.run(settings).await?,
            Command::Defaults => {}
        }
        Ok(ExitCode::SUCCESS)
    });
    telemetry.end();
    done
}
