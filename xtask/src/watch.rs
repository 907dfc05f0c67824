//! Build, serve, and again on every change: for people who edit.
//!
//! Polls modification times twice a second. That is a few hundred `stat` calls, works on every file system, and spares
//! a dependency.

use crate::{
    freshness::{files_below, newest},
    site,
    wasm::Profile,
    workspace::Workspace,
};
use anyhow::{Context, Result, ensure};
use std::{
    path::PathBuf,
    process::{Child, Command},
    thread::sleep,
    time::{Duration, SystemTime},
};

const SOURCES: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "domain",
    "app",
    "frontend",
    "migrations",
    "server",
    "style",
    "xtask/Cargo.toml",
];

/// Runs until interrupted. A build that fails leaves the server of the last good one running.
pub fn watch(workspace: &Workspace, homing: &[String]) -> Result<()> {
    let mut server: Option<Child> = None;
    loop {
        let built_from = state(workspace)?;
        match build(workspace) {
            Ok(()) => {
                stop(server.take())?;
                server = Some(serve(workspace, homing)?);
            }
            Err(fault) => eprintln!("watch: {fault:#}\nwatch: waiting for the next change"),
        }
        while state(workspace)? == built_from {
            sleep(Duration::from_millis(500));
        }
        // An editor that saves several files does so within this.
        sleep(Duration::from_millis(200));
        println!("watch: something changed");
    }
}

/// Newest modification and number of files: a deleted file changes only the latter.
fn state(workspace: &Workspace) -> Result<(Option<SystemTime>, usize)> {
    let mut files: Vec<PathBuf> = Vec::new();
    for source in SOURCES.map(|source| workspace.root().join(source)) {
        if source.is_dir() {
            files.extend(files_below(&source)?);
        } else {
            files.push(source);
        }
    }
    Ok((newest(&files), files.len()))
}

fn build(workspace: &Workspace) -> Result<()> {
    site::build(workspace, Profile::Dev)?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = cargo
        .current_dir(workspace.root())
        .args(["build", "--package", "server", "--bin", "homing"])
        .status();
    ensure!(
        status.context("cargo cannot be started")?.success(),
        "building the server failed"
    );
    Ok(())
}

fn serve(workspace: &Workspace, homing: &[String]) -> Result<Child> {
    let binary = workspace.target().join("debug/homing");
    let mut command = Command::new(&binary);
    command.current_dir(workspace.root());
    if homing.is_empty() {
        command.arg("serve")
    } else {
        command.args(homing)
    };
    command
        .spawn()
        .with_context(|| format!("starting {}", binary.display()))
}

/// By SIGTERM, so that the server drains as it would in production; `Child::kill` would not let it.
fn stop(server: Option<Child>) -> Result<()> {
    let Some(mut server) = server else { return Ok(()) };
    if server.try_wait()?.is_none() {
        Command::new("kill")
            .arg(server.id().to_string())
            .status()
            .context("`kill` cannot be started")?;
        server.wait()?;
    }
    Ok(())
}
