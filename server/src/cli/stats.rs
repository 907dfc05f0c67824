//! `homing stats`: making statistics anew.

use crate::{
    assembly::{Purpose, Services},
    settings::Settings,
};
use std::process::ExitCode;

/// The subcommands of `homing stats`.
#[derive(clap::Subcommand, Debug)]
pub enum Stats {
    /// Count all deliveries that are kept anew; works beside a running server. If it is broken off, run it again
    Rebuild {
        /// Only this service access point; all that the settings serve otherwise
        #[arg(long, value_name = "ID")]
        access_point: Option<String>,
    },
}

impl Stats {
    /// Runs the subcommand.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let Self::Rebuild { access_point } = self;
        let services = Services::open(&settings, Purpose::Tool).await?;
        let done = rebuild(&services, access_point.as_deref()).await;
        services.close().await?;
        done
    }
}

async fn rebuild(services: &Services, only: Option<&str>) -> anyhow::Result<ExitCode> {
    let planes = services
        .planes
        .iter()
        .filter(|plane| only.is_none_or(|id| id == plane.id));
    let mut found = false;
    for plane in planes {
        found = true;
        let rebuilt = plane.plane.rebuild_statistics().await?;
        println!("{}: {} deliveries counted", plane.id, rebuilt.deliveries);
    }
    if !found {
        eprintln!(
            "no such service access point is served by these settings: {}",
            only.unwrap_or_default()
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}
