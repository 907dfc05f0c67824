//! Where things are: the one place that knows the layout of the checkout and of `target/`.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The checkout that `cargo xtask` was started in.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Reads the root from what Cargo tells a program that it runs, not from a path compiled in: a checkout may move.
    pub fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .context("start this as `cargo xtask`, so that Cargo says where the checkout is")?;
        let root = Path::new(&manifest)
            .parent()
            .context("xtask lies inside the workspace")?
            .to_path_buf();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
        Ok(Self { root, target })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// What the server serves as static files.
    pub fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// Target directory of the browser's half. Its own, because its compiler may be another one (`toolchain.rs`) and
    /// because a server build must not wait for its lock.
    pub fn front(&self) -> PathBuf {
        self.target.join("front")
    }

    /// `path` as a person would write it, from the root of the checkout.
    pub fn short<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.root).unwrap_or(path).display()
    }
}
