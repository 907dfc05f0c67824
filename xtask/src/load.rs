//! The load program is a crate of its own (`server/load`), so that building the site does not compile its HTTP clients.

use crate::workspace::Workspace;
use anyhow::{Result, ensure};
use std::process::Command;

/// Builds `homing-load` optimised and runs it; docs/operations.md explains what it prints.
pub fn load(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let status = Command::new("cargo")
        // By binary, not by package, for the features that `make release` compiles with (.cargo/config.toml).
        .args(["run", "--quiet", "--release", "--bin", "homing-load", "--"])
        .args(arguments)
        .current_dir(workspace.root())
        .status()?;
    ensure!(status.success(), "homing-load ended with {status}");
    Ok(())
}
