//! The browser's half: compile `frontend` for wasm32, then write the JavaScript that loads it.
//!
//! wasm-bindgen's own command line is not used: as a library it is pinned to the version that `frontend` is compiled
//! with, so the two can never disagree.

use crate::{freshness::Fingerprint, snip, toolchain::WasmToolchain, workspace::Workspace};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// A Cargo profile of the workspace.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }
}

/// Compiles, and answers where the module is. Cargo itself sees to it that nothing is compiled twice.
pub fn compile(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let toolchain = WasmToolchain::find_or_install(workspace)?;
    // `frontend` alone, in a call of its own: selected together with the server, `app` would get both its faces.
    let mut cargo = toolchain.cargo(workspace, "build");
    cargo.args(["--package", "frontend", "--profile", profile.name()]);
    let status = cargo.status().context("cargo cannot be started")?;
    ensure!(
        status.success(),
        "compiling `frontend` for wasm failed (compiler: {toolchain})"
    );
    Ok(workspace
        .front()
        .join(crate::toolchain::TARGET)
        .join(profile.name())
        .join("frontend.wasm"))
}

/// What the browser loads.
pub struct Bound {
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
    /// JavaScript that crates bring along: path below `pkg`, content.
    pub snippets: Vec<(String, Vec<u8>)>,
}

pub fn bind(module: &Path, profile: Profile, scratch: &Path) -> Result<Bound> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.out_name("homing").web(true)?.typescript(false);
    match profile {
        Profile::Dev => bindgen.input_path(module),
        Profile::Release => bindgen
            .input_module("homing", snip::without_never_called(module)?)
            .demangle(false),
    };
    bindgen.generate(scratch).context("wasm-bindgen")?;

    let mut snippets = Vec::new();
    for path in crate::freshness::files_below(&scratch.join("snippets"))? {
        snippets.push((
            path.strip_prefix(scratch)?.to_string_lossy().into_owned(),
            fs::read(&path)?,
        ));
    }
    let js = fs::read(scratch.join("homing.js"))?;
    // The linker turns a symbol that it cannot find into an import from "env", and only the browser would notice.
    ensure!(
        !js.windows(10).any(|text| text == b"from \"env\""),
        "symbols of `frontend` were not found when it was linked: remove target/front and build again"
    );
    Ok(Bound {
        js,
        wasm: fs::read(scratch.join("homing_bg.wasm"))?,
        snippets,
    })
}

pub fn fingerprint(module: &Path, profile: Profile) -> Result<Fingerprint> {
    Fingerprint::of_this_program()?.setting(profile.name()).file(module)
}
