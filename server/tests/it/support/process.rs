//! The real binary as a process of its own, with settings from the environment.

use reqwest::Client;
use serde_json::Value;
use std::{
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// Longer than a start takes on a slow machine.
const START: Duration = Duration::from_mins(1);

/// A command with this folder as its data and nothing of the machine's own settings.
pub fn homing(folder: &Path, settings: &[(&str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_homing"));
    command
        .current_dir(folder)
        .env("HOMING_DATA__DIR", folder.join("data"))
        .env("HOMING_HTTP__LISTEN", "127.0.0.1:0")
        .env("HOMING_METRICS__LISTEN", "")
        .env("HOMING_NODE__SERVE", "[\"ap-guangzhou\"]")
        .envs(settings.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Runs a command to its end.
pub async fn output(mut command: Command) -> Output {
    tokio::time::timeout(START, command.output()).await.unwrap().unwrap()
}

/// A serving process.
pub struct Served {
    pub child: Child,
    pub url: String,
}

impl Served {
    /// Starts `homing serve` and waits until it listens.
    pub async fn start(folder: &Path, settings: &[(&str, String)]) -> Self {
        let mut command = homing(folder, settings);
        let mut child = command.arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let announced = tokio::time::timeout(START, lines.next_line()).await.unwrap().unwrap();
        let url = announced
            .as_deref()
            .and_then(|line| line.strip_prefix("Homing listens on "));
        let url = url
            .unwrap_or_else(|| panic!("the server did not start: {announced:?}"))
            .to_owned();
        Self { child, url }
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Sends a signal by its name.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", name, &id])
                .status()
                .await
                .unwrap()
                .success()
        );
    }
}

/// A client with a time limit.
pub fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(10)).build().unwrap()
}

/// Applies a description and reads the report.
pub async fn apply(folder: &Path, settings: &[(&str, String)], description: &Value) -> Value {
    let file = folder.join("description.toml");
    std::fs::write(&file, toml::to_string(description).unwrap()).unwrap();
    let mut command = homing(folder, settings);
    command.arg("apply").arg(&file);
    let output = output(command).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
