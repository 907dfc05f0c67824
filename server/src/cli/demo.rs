//! `homing demo`: the server with simulated vendors, an account to sign in with and a trickle of IM messages.
//!
//! Everything is made through the same services as by hand, and the messages come in by the real door with real
//! tickets. The data stays: a second start goes on with it.

mod scene;
mod simulator;
mod trickle;

use super::{apply, serve};
use crate::{
    assembly::{Purpose, Services},
    settings::Settings,
};
use anyhow::Context;
use domain::Secret;
use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

/// The arguments of `homing demo`.
#[derive(clap::Args, Debug)]
pub struct Demo {
    /// Seconds between two messages; 0 sends none
    #[arg(long, default_value_t = 5)]
    every_secs: u64,
}

/// The name of the account to sign in with.
const ACCOUNT: &str = "demo";

impl Demo {
    /// Runs until a signal.
    pub async fn run(self, mut settings: Settings) -> anyhow::Result<()> {
        let data = settings.data.dir.clone();
        let vendors = {
            // The folder is made with its rights by whoever is first.
            crate::assembly::databases::open(&settings).await?.close().await?;
            simulator::Simulator::start(&data).await?
        };
        vendors.point(&mut settings);
        let credentials = data.join("demo-credentials.txt");
        let password = password(&credentials)?;
        let description = scene::description(ACCOUNT, &password, &vendors.credentials)?;
        let services = Services::open(&settings, Purpose::Tool).await?;
        let applied = apply::apply(&services, &description, Path::new(".")).await;
        services.close().await?;
        let im = applied.context("the demo's data cannot be made")?.im_applications;
        let im = im.into_iter().next().context("the demo's IM application is missing")?;
        let stop = CancellationToken::new();
        let trickle = trickle::Trickle {
            sdk_app_id: im.sdk_app_id,
            key: Secret::new(im.key),
            every_secs: self.every_secs,
        };
        let (ready, url) = tokio::sync::oneshot::channel::<String>();
        let sending = tokio::spawn({
            let stop = stop.clone();
            async move {
                if let Ok(url) = url.await {
                    trickle.run(&url, stop).await;
                }
            }
        });
        let served = serve::run(&settings, CancellationToken::new(), |url| {
            announce(url, &password, &credentials, &vendors.control);
            // The trickle waits for it; if it is gone, there is nothing to tell.
            _ = ready.send(url.to_owned());
        })
        .await;
        stop.cancel();
        sending.await.context("the trickle of messages failed")?;
        vendors.stop().await;
        served
    }
}

fn announce(url: &str, password: &Secret, credentials: &Path, control: &str) {
    println!("Homing demo: open {url}");
    println!(
        "Sign in as {ACCOUNT} with the password {} (kept in {})",
        password.reveal(),
        credentials.display()
    );
    println!("The vendors are simulated; what they received: {control}/_inbox");
    println!("Stop with Ctrl-C.");
}

/// The demo account's password: the one kept from an earlier start, else a new one.
fn password(path: &PathBuf) -> anyhow::Result<Secret> {
    let unusable = || format!("{} cannot be used", path.display());
    if path.is_file() {
        let text = std::fs::read_to_string(path).with_context(unusable)?;
        let kept = text.lines().find_map(|line| line.strip_prefix("password: "));
        return Ok(Secret::new(kept.with_context(|| {
            format!(
                "{} names no password: delete it together with the data folder",
                path.display()
            )
        })?));
    }
    let password = format!("{:016x}", rand::random::<u64>());
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(unusable)?;
    writeln!(file, "user: {ACCOUNT}\npassword: {password}").with_context(unusable)?;
    Ok(Secret::new(password))
}
