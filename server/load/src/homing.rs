//! The server under measurement: provisioned by `homing apply`, started by `homing serve` with its default settings but
//! for addresses and folders.

use crate::{
    process::Process,
    scene::ACCESS_POINT,
    simulator::{Simulator, utf8},
};
use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

const DATA: &str = "data";

/// Where the settings and the data of a round are.
pub struct Place {
    program: PathBuf,
    folder: PathBuf,
    settings: PathBuf,
    metrics: String,
}

/// A running server.
pub struct Homing {
    process: Process,
    client: reqwest::Client,
    metrics: String,
    /// Its base URL.
    pub url: String,
    /// For `/proc`.
    pub pid: u32,
}

/// Deliveries that have come to an end since the server's start.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Ends {
    /// Taken by a vendor.
    pub sent: u64,
    /// Failed or expired.
    pub lost: u64,
}

impl Place {
    /// Writes the settings.
    pub fn new(program: &Path, folder: &Path, simulator: &Simulator) -> Result<Self> {
        let settings = folder.join("homing.toml");
        // Whoever takes the port in between makes the start fail, which is noticed.
        let metrics = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let content = json!({
            "http": { "listen": "127.0.0.1:0" },
            "metrics": { "listen": metrics },
            "data": { "dir": utf8(&folder.join(DATA))? },
            "limits": { "im_calls_per_sec": 0 },
            "outbound": { "allow": ["127.0.0.0/8"] },
            "vendors": {
                "apns_production": simulator.url("apns")?,
                "apns_sandbox": simulator.url("apns_sandbox")?,
                "fcm": simulator.url("fcm")?,
                "google_token": simulator.url("oauth_token")?,
                "huawei_push": simulator.url("huawei")?,
                "huawei_token": simulator.url("huawei")?,
                "honor_push": simulator.url("honor")?,
                "honor_token": simulator.url("honor")?,
                "xiaomi": simulator.url("xiaomi")?,
                "oppo": simulator.url("oppo")?,
                "vivo": simulator.url("vivo")?,
                "meizu": simulator.url("meizu")?,
                "extra_root_ca": utf8(&simulator.ca)?,
            },
        });
        std::fs::write(&settings, toml::to_string(&content)?)?;
        Ok(Self {
            program: std::path::absolute(program)?,
            folder: folder.to_path_buf(),
            settings,
            metrics,
        })
    }

    /// Adds settings.
    pub fn set(&self, more: &str) -> Result<()> {
        let known = std::fs::read_to_string(&self.settings)?;
        Ok(std::fs::write(&self.settings, known + more)?)
    }

    /// Makes everything there is to push to; what is needed of the report.
    pub fn apply<T: DeserializeOwned>(&self, description: &Value) -> Result<T> {
        let file = self.folder.join("scene.toml");
        std::fs::write(&file, toml::to_string(description)?)?;
        let said = self.command(&["apply", utf8(&file)?])?;
        serde_json::from_slice(&said).context("the report of homing apply cannot be read")
    }

    /// Runs a command to its end; what it prints.
    pub fn command(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let done = Command::new(&self.program)
            .args(["--config", utf8(&self.settings)?])
            .args(arguments)
            .output()
            .with_context(|| format!("homing {} cannot be started", arguments[0]))?;
        let said = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "homing {} failed: {}", arguments[0], said.trim());
        Ok(done.stdout)
    }

    /// The size of all databases, in bytes.
    pub fn database_bytes(&self) -> Result<u64> {
        let files = std::fs::read_dir(self.folder.join(DATA))?;
        let sizes = files.map(|file| Ok(file?.metadata()?.len()));
        sizes.sum::<Result<u64>>()
    }

    /// The database that all deliveries lie in.
    pub fn plane(&self) -> PathBuf {
        self.folder.join(DATA).join(format!("{ACCESS_POINT}.db"))
    }

    /// Starts the server and waits until it takes requests.
    pub async fn start(&self) -> Result<Homing> {
        let arguments = ["--config", utf8(&self.settings)?, "serve"];
        let mut process = Process::start(&self.program, &arguments, &self.folder)?;
        let url = process
            .until(|line| line.strip_prefix("Homing listens on ").map(str::to_owned))
            .await?;
        Ok(Homing {
            pid: process.pid,
            process,
            client: reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?,
            metrics: format!("http://{}/metrics", self.metrics),
            url,
        })
    }
}

impl Homing {
    /// Has it render a page of the console, so that its memory is that of a server in use.
    pub async fn show_a_page(&self) -> Result<()> {
        let page = self
            .client
            .get(format!("{}/login", self.url))
            .send()
            .await?
            .error_for_status()?;
        ensure!(page.text().await?.contains("<form"), "the sign-in page has no form");
        Ok(())
    }

    /// Deliveries that came to an end.
    pub async fn ends(&self) -> Result<Ends> {
        let by_channel = self.ends_by_channel().await?;
        Ok(by_channel.values().fold(Ends::default(), |all, ends| Ends {
            sent: all.sent + ends.sent,
            lost: all.lost + ends.lost,
        }))
    }

    /// Deliveries that came to an end, by its metrics.
    pub async fn ends_by_channel(&self) -> Result<BTreeMap<String, Ends>> {
        let text = self
            .client
            .get(&self.metrics)
            .send()
            .await?
            .error_for_status()?
            .text()
            .await?;
        let mut all: BTreeMap<String, Ends> = BTreeMap::new();
        for line in text.lines().filter(|line| line.starts_with("homing_deliveries_total{")) {
            let value = line.rsplit(' ').next().and_then(|value| value.parse::<u64>().ok());
            let value = value.with_context(|| format!("a metric without a number: {line}"))?;
            let ends = all.entry(label(line, "channel").to_owned()).or_default();
            match label(line, "what") {
                "sent" => ends.sent += value,
                "failed" | "expired" => ends.lost += value,
                _ => {}
            }
        }
        Ok(all)
    }

    /// Ends it by SIGTERM.
    pub async fn stop(self) -> Result<()> {
        self.process.stop().await
    }
}

/// What a line of metrics says under a label.
fn label<'a>(line: &'a str, name: &str) -> &'a str {
    let after = line.split_once(&format!("{name}=\"")).map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default()
}
