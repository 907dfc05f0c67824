//! `homing-simulator`: started on free ports, scripted, and asked what it was sent.

use crate::process::Process;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// The vendors that take messages.
pub const VENDORS: [&str; 2] = ["apns", "fcm"];

/// How often it is asked while something is waited for.
const BEAT: Duration = Duration::from_millis(20);

/// The vendors' world.
pub struct Simulator {
    process: Process,
    addresses: HashMap<String, String>,
    client: reqwest::Client,
    /// Its certificate authority.
    pub ca: PathBuf,
    /// Working credentials.
    pub credentials: Value,
}

/// A request as the simulator kept it.
#[derive(Deserialize, Debug)]
pub struct Record {
    /// Path and query.
    pub path: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    /// Text.
    pub body: String,
    /// Whether the vendor took it.
    pub accepted: bool,
}

#[derive(Deserialize)]
struct Inbox {
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Stats {
    vendors: HashMap<String, VendorStats>,
}

/// The counters of one vendor.
#[derive(Clone, Deserialize, Default, Debug)]
pub struct VendorStats {
    /// Messages taken.
    pub accepted: u64,
    /// Requests that named devices.
    pub sends: u64,
    /// Devices they named.
    pub devices: u64,
    /// Connections that are open.
    pub connections_open: usize,
}

impl Simulator {
    /// Starts it.
    pub async fn start(program: &Path, folder: &Path) -> Result<Self> {
        let (ca, credentials) = (folder.join("ca.pem"), folder.join("credentials.json"));
        // Ids by device would be searched with every push; quotas are not what is measured.
        let settings = json!({ "track_ids": false, "fcm_quota_per_minute": 0 }).to_string();
        let free = "127.0.0.1:0";
        let arguments = [
            "--apns",
            free,
            "--apns-sandbox",
            free,
            "--fcm",
            free,
            "--control",
            free,
            "--settings",
            &settings,
            "--ca-out",
            utf8(&ca)?,
            "--credentials-out",
            utf8(&credentials)?,
        ];
        let mut process = Process::start(program, &arguments, folder)?;
        let mut addresses = HashMap::new();
        let ready = |line: &str| {
            if let Some((name, url)) = line.split_once('=') {
                addresses.insert(name.to_owned(), url.to_owned());
            }
            (line == "ready").then_some(())
        };
        process.until(ready).await?;
        let credentials = serde_json::from_slice(&std::fs::read(&credentials)?)?;
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build()?;
        Ok(Self {
            process,
            addresses,
            client,
            ca,
            credentials,
        })
    }

    /// The base URL of a service: `apns`, `apns_sandbox`, `fcm`, `oauth_token`.
    pub fn url(&self, service: &str) -> Result<&str> {
        let url = self.addresses.get(service).map(String::as_str);
        url.with_context(|| format!("the simulator named no address of {service}"))
    }

    /// From now on a service is reached by another base URL.
    pub fn move_to(&mut self, service: &str, url: String) {
        self.addresses.insert(service.to_owned(), url);
    }

    /// Keeps whole requests, or counts them only.
    pub async fn keep(&self, what: &str) -> Result<()> {
        self.post("_settings", &json!({ "inbox": what })).await
    }

    /// From now on these rules are in force.
    pub async fn script(&self, rules: &Value) -> Result<()> {
        self.post("_script", rules).await
    }

    /// From now on every vendor refuses the credentials.
    pub async fn refuse_credentials(&self) -> Result<()> {
        let rules = json!([
            { "vendor": "apns", "status": 403, "reason": "InvalidProviderToken" },
            { "vendor": "oauth", "reason": "invalid_grant" },
        ]);
        self.post("_script", &rules).await
    }

    /// Takes everything again.
    pub async fn accept_credentials(&self) -> Result<()> {
        let url = self.control("_script")?;
        self.client.delete(url).send().await?.error_for_status()?;
        Ok(())
    }

    /// The accepted requests it has kept of one vendor.
    pub async fn records(&self, vendor: &str) -> Result<Vec<Record>> {
        let url = format!("{}?vendor={vendor}", self.control("_inbox")?);
        let inbox: Inbox = self.client.get(url).send().await?.error_for_status()?.json().await?;
        Ok(inbox.records.into_iter().filter(|record| record.accepted).collect())
    }

    /// The counters by vendor.
    pub async fn stats(&self) -> Result<HashMap<String, VendorStats>> {
        let url = self.control("_stats")?;
        let stats: Stats = self.client.get(url).send().await?.error_for_status()?.json().await?;
        Ok(stats.vendors)
    }

    /// Messages that all vendors together have taken.
    pub async fn accepted(&self) -> Result<u64> {
        let stats = self.stats().await?;
        Ok(VENDORS
            .iter()
            .filter_map(|vendor| stats.get(*vendor))
            .map(|vendor| vendor.accepted)
            .sum())
    }

    /// Waits until so many messages were taken. More than that is a fault: something was sent twice.
    pub async fn wait_for(&self, wanted: u64, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        let mut beat = tokio::time::interval(BEAT);
        loop {
            beat.tick().await;
            let accepted = self.accepted().await?;
            match accepted.cmp(&wanted) {
                std::cmp::Ordering::Equal => return Ok(()),
                std::cmp::Ordering::Greater => bail!("{accepted} pushes arrived, {wanted} were due"),
                std::cmp::Ordering::Less if Instant::now() > deadline => {
                    bail!(
                        "{accepted} of {wanted} pushes had arrived after {} s",
                        patience.as_secs()
                    )
                }
                std::cmp::Ordering::Less => {}
            }
        }
    }

    /// Ends it.
    pub async fn stop(self) -> Result<()> {
        self.process.stop().await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<()> {
        let url = self.control(path)?;
        self.client.post(url).json(body).send().await?.error_for_status()?;
        Ok(())
    }

    fn control(&self, path: &str) -> Result<String> {
        Ok(format!("{}/{path}", self.url("control")?.trim_end_matches('/')))
    }
}

/// A path as an argument.
pub fn utf8(path: &Path) -> Result<&str> {
    path.to_str()
        .with_context(|| format!("{} is not UTF-8", path.display()))
}
