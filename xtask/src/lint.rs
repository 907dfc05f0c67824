//! Lints of the browser's half on its own target.
//!
//! The native run sees `app` with its server's face (`ssr`); code behind `hydrate` or `target_arch = "wasm32"` is only
//! compiled here. It uses clippy of whichever compiler builds the wasm: rustup's, or Debian's `rust-web-clippy`.

use crate::{toolchain::WasmToolchain, wasm::Profile, workspace::Workspace};
use anyhow::{Context, Result, ensure};

/// Profile `wasm-dev`, so that build scripts and macros compiled by `cargo xtask build` are used again.
pub fn lint_wasm(workspace: &Workspace) -> Result<()> {
    let toolchain = WasmToolchain::find_or_install(workspace)?;
    let mut clippy = toolchain.clippy(workspace)?;
    clippy.args([
        "--package",
        "frontend",
        "--package",
        "app",
        "--features",
        "app/hydrate",
        "--profile",
        Profile::Dev.name(),
    ]);
    clippy.args(["--", "-D", "warnings"]);
    let status = clippy.status().context("cargo clippy cannot be started")?;
    ensure!(status.success(), "clippy for wasm failed (compiler: {toolchain})");
    Ok(())
}
