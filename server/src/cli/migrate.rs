//! `homing migrate`: brings the databases up to this version without starting the server.

use crate::{assembly::databases, settings::Settings};

/// Migrates the control database and every data plane that this node serves.
pub async fn migrate(settings: Settings) -> anyhow::Result<()> {
    let opened = databases::open(&settings).await?;
    println!("control: up to date");
    for plane in &opened.planes {
        println!("{}: up to date", plane.id);
    }
    opened.close().await
}
