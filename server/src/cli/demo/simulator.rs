//! Starting `homing-simulator`, the binary beside this one.

use crate::settings::Settings;
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// It needs a second or two to make its keys.
const PATIENCE: Duration = Duration::from_mins(1);

/// The simulated vendors.
#[derive(Debug)]
pub struct Simulator {
    process: Child,
    addresses: HashMap<String, String>,
    ca: PathBuf,
    /// Working credentials for the simulated vendors.
    pub credentials: Value,
    /// Where it is scripted and inspected.
    pub control: String,
}

impl Simulator {
    /// Starts it on free ports; its authority and credentials are written into `folder`.
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let executable = std::env::current_exe()?.with_file_name("homing-simulator");
        ensure!(
            executable.is_file(),
            "{} is missing: the demo needs it for the vendors' part; build it with `cargo build --bin homing-simulator`",
            executable.display()
        );
        let (ca, credentials) = (folder.join("demo-ca.pem"), folder.join("demo-vendors.json"));
        let free = "127.0.0.1:0";
        let mut process = Command::new(&executable)
            .args(["--apns", free, "--apns-sandbox", free, "--fcm", free, "--control", free])
            .arg("--ca-out")
            .arg(&ca)
            .arg("--credentials-out")
            .arg(&credentials)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            // Ctrl-C is for the server, which stops the simulator once it needs it no more.
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} cannot be started", executable.display()))?;
        let addresses = tokio::time::timeout(PATIENCE, read_addresses(&mut process))
            .await
            .context("homing-simulator did not become ready")??;
        let text = std::fs::read(&credentials).with_context(|| format!("{} cannot be read", credentials.display()))?;
        let control = addresses.get("control").cloned().unwrap_or_default();
        Ok(Self {
            process,
            addresses,
            ca,
            credentials: serde_json::from_slice(&text)?,
            control,
        })
    }

    /// Points the vendors' settings at it.
    pub fn point(&self, settings: &mut Settings) {
        let at = |name: &str| self.addresses.get(name).cloned().unwrap_or_default();
        settings.outbound.allow = settings.outbound.allow.and_loopback();
        settings.vendors.apns_production = at("apns");
        settings.vendors.apns_sandbox = at("apns_sandbox");
        settings.vendors.fcm = at("fcm");
        settings.vendors.google_token = at("oauth_token");
        settings.vendors.huawei_push = at("huawei");
        settings.vendors.huawei_token = at("huawei");
        settings.vendors.honor_push = at("honor");
        settings.vendors.honor_token = at("honor");
        settings.vendors.xiaomi = at("xiaomi");
        settings.vendors.oppo = at("oppo");
        settings.vendors.vivo = at("vivo");
        settings.vendors.meizu = at("meizu");
        // The simulator reports back to loopback only, which is where the demo listens.
        settings.vendors.receipts_url = format!("http://{}", settings.http.listen);
        settings.vendors.extra_root_ca = self.ca.display().to_string();
    }

    /// Ends it.
    pub async fn stop(mut self) {
        if let Err(error) = self.process.kill().await {
            tracing::debug!(%error, "homing-simulator had ended already");
        }
    }
}

async fn read_addresses(process: &mut Child) -> anyhow::Result<HashMap<String, String>> {
    let output = process.stdout.take().context("homing-simulator has no output")?;
    let mut lines = BufReader::new(output).lines();
    let mut addresses = HashMap::new();
    while let Some(line) = lines.next_line().await? {
        if line == "ready" {
            return Ok(addresses);
        }
        if let Some((name, url)) = line.split_once('=') {
            addresses.insert(name.to_owned(), url.to_owned());
        }
    }
    bail!("homing-simulator ended before it was ready; its own message stands above")
}
