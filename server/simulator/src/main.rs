//! `homing-simulator`: the vendors' world as a process of its own, for demos, load runs and end-to-end tests.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Parser;
use simulator::{Options, Settings, Simulator};
use tracing_subscriber::EnvFilter;

/// Plays APNs, FCM, Google's token endpoint and the Chinese vendors on loopback.
#[derive(Debug, Parser)]
#[command(name = "homing-simulator", version)]
struct Arguments {
    /// APNs production (HTTP/2 over TLS)
    #[arg(long, default_value = "127.0.0.1:8191")]
    apns: SocketAddr,
    /// APNs sandbox (HTTP/2 over TLS)
    #[arg(long, default_value = "127.0.0.1:8192")]
    apns_sandbox: SocketAddr,
    /// FCM and OAuth (HTTP/2 or HTTP/1.1 over TLS)
    #[arg(long, default_value = "127.0.0.1:8193")]
    fcm: SocketAddr,
    /// Huawei (HTTP/2 or HTTP/1.1 over TLS); 127.0.0.1:8194, or a free port where the control API has port 0
    #[arg(long)]
    huawei: Option<SocketAddr>,
    /// Honor; as Huawei, 8195
    #[arg(long)]
    honor: Option<SocketAddr>,
    /// Xiaomi; as Huawei, 8196
    #[arg(long)]
    xiaomi: Option<SocketAddr>,
    /// OPPO; as Huawei, 8197
    #[arg(long)]
    oppo: Option<SocketAddr>,
    /// vivo; as Huawei, 8198
    #[arg(long)]
    vivo: Option<SocketAddr>,
    /// Meizu; as Huawei, 8199
    #[arg(long)]
    meizu: Option<SocketAddr>,
    /// Control API (plain HTTP)
    #[arg(long, default_value = "127.0.0.1:8190")]
    control: SocketAddr,
    /// Write the certificate authority to trust into this file (PEM)
    #[arg(long, value_name = "FILE")]
    ca_out: Option<PathBuf>,
    /// Write a working set of credentials into this file (JSON, readable by its owner only)
    #[arg(long, value_name = "FILE")]
    credentials_out: Option<PathBuf>,
    /// Settings to begin with, as a JSON object like the body of POST /_settings
    #[arg(long, value_name = "JSON", default_value = "{}")]
    settings: String,
    /// Seed of fault shares and latencies
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    // Two simulators on free ports must not meet on the fixed ones.
    let free = arguments.control.port() == 0;
    let at = |given: Option<SocketAddr>, port: u16| {
        given.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, if free { 0 } else { port })))
    };
    let settings: Settings = serde_json::from_str(&arguments.settings).context("--settings")?;
    let simulator = Simulator::start(Options {
        apns: arguments.apns,
        apns_sandbox: arguments.apns_sandbox,
        fcm: arguments.fcm,
        huawei: at(arguments.huawei, 8194),
        honor: at(arguments.honor, 8195),
        xiaomi: at(arguments.xiaomi, 8196),
        oppo: at(arguments.oppo, 8197),
        vivo: at(arguments.vivo, 8198),
        meizu: at(arguments.meizu, 8199),
        control: arguments.control,
        seed: arguments.seed,
        settings,
        credentials: true,
    })
    .await?;
    if let Some(path) = &arguments.ca_out {
        std::fs::write(path, simulator.ca_pem()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(path) = &arguments.credentials_out {
        write_private(path, &serde_json::to_vec_pretty(&simulator.credentials())?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    announce(&simulator)?;
    wait_for_the_end().await?;
    simulator.stop().await;
    Ok(())
}

/// One `name=url` per line, then `ready`; a script that started this process waits for that line.
fn announce(simulator: &Simulator) -> anyhow::Result<()> {
    let addresses = simulator.addresses();
    let mut out = std::io::stdout().lock();
    writeln!(out, "apns={}", addresses.apns)?;
    writeln!(out, "apns_sandbox={}", addresses.apns_sandbox)?;
    writeln!(out, "fcm={}", addresses.fcm)?;
    writeln!(out, "oauth_token={}", addresses.oauth_token)?;
    writeln!(out, "huawei={}", addresses.huawei)?;
    writeln!(out, "huawei_token={}", addresses.huawei_token)?;
    writeln!(out, "honor={}", addresses.honor)?;
    writeln!(out, "honor_token={}", addresses.honor_token)?;
    writeln!(out, "xiaomi={}", addresses.xiaomi)?;
    writeln!(out, "oppo={}", addresses.oppo)?;
    writeln!(out, "vivo={}", addresses.vivo)?;
    writeln!(out, "meizu={}", addresses.meizu)?;
    writeln!(out, "control={}", addresses.control)?;
    writeln!(out, "ready")?;
    Ok(out.flush()?)
}

async fn wait_for_the_end() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// A file that was there goes first: it may be readable by everybody, and would stay so.
fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(content)
}
