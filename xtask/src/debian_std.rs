//! Builds the wasm32 standard library for Debian's `rustc-web`, once per machine.
//!
//! Debian ships the compiler and the library's source but not this target. The result lies where the compiler looks for
//! it, so every checkout on the machine has it from then on. Called by `toolchain.rs` only.

use crate::{
    toolchain::{TARGET, WasmToolchain},
    workspace::Workspace,
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const LIBRARY: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const SCRATCH: &str = "std_for_wasm";

/// About a minute of compiling. Needs the right to write below `/usr/lib`, by being root or by sudo.
pub fn build(workspace: &Workspace, debian: WasmToolchain) -> Result<()> {
    let scratch = workspace.front().join(SCRATCH);
    println!("toolchain: building the {TARGET} standard library (about a minute, once per machine)");
    fs::create_dir_all(scratch.join("src"))?;
    // An own [workspace] table, or Cargo takes the scratch crate for a forgotten member of ours.
    let manifest = format!("[package]\nname = \"{SCRATCH}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n");
    fs::write(scratch.join("Cargo.toml"), manifest)?;
    fs::write(scratch.join("src/lib.rs"), "")?;

    let mut cargo = debian.command("/usr/bin/cargo".into());
    cargo
        .current_dir(&scratch)
        .args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET]);
    // -Zbuild-std is unstable; this is the documented way to use it with a stable compiler.
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", scratch.join("target"));
    let status = cargo
        .status()
        .context("/usr/bin/cargo (package cargo-web) cannot be started")?;
    ensure!(
        status.success(),
        "building the {TARGET} standard library failed; needed: Debian package rust-web-src"
    );

    install(&libraries(&scratch)?)?;
    fs::remove_dir_all(&scratch)?;
    Ok(())
}

/// The compiled parts of the standard library, without the scratch crate itself.
fn libraries(scratch: &Path) -> Result<Vec<PathBuf>> {
    let folder = scratch.join("target").join(TARGET).join("release/deps");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_some_and(|kind| kind == "rlib") && !name.contains(SCRATCH) {
            found.push(path);
        }
    }
    ensure!(found.len() > 5, "{} holds no standard library", folder.display());
    Ok(found)
}

fn install(libraries: &[PathBuf]) -> Result<()> {
    // What an older compiler left would be found beside the new files and refused.
    as_root(Command::new("rm").args(["-rf", LIBRARY]))?;
    as_root(
        Command::new("install")
            .args(["-D", "-m", "644", "-t", LIBRARY])
            .args(libraries),
    )
}

fn as_root(command: &Command) -> Result<()> {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .context("`id` cannot be started")?
        .stdout
        == b"0\n";
    let mut whole = if is_root {
        Command::new("env")
    } else {
        Command::new("sudo")
    };
    whole.arg(command.get_program()).args(command.get_args());
    let status = whole
        .status()
        .with_context(|| format!("writing {LIBRARY} needs root, or sudo"))?;
    ensure!(status.success(), "writing {LIBRARY} failed: {whole:?}");
    Ok(())
}
