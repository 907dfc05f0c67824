//! Which compiler builds the browser's half.
//!
//! Normally the one that builds the server, given the wasm32 target by `rustup target add`. Where that cannot be
//! downloaded, Debian's `rustc-web` with a standard library built once (`debian_std.rs`). Everything that compiles or
//! lints wasm gets its command from here, so the choice is made in one place.

use crate::{debian_std, workspace::Workspace};
use anyhow::{Context, Result, bail, ensure};
use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// Overrides the choice: `default` or `debian`. Meant for trying the other way on a machine that has both.
const CHOICE: &str = "HOMING_WASM_TOOLCHAIN";

/// Debian's compiler for browsers' own builds; lld-22 is the linker of the same LLVM.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_CLIPPY_PACKAGE: &str = "rust-web-clippy";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";

/// A compiler that is known to have a standard library for wasm32.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The `cargo` that started this program.
    Default,
    /// `/usr/bin/cargo` of the packages above.
    Debian,
}

impl fmt::Display for WasmToolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "the ordinary toolchain (rustup target)",
            Self::Debian => "Debian's rustc-web",
        })
    }
}

impl WasmToolchain {
    /// Takes what is there; installs only when neither is. rustup is tried before Debian, because one compiler for both
    /// halves is simpler, but not before a Debian one that is ready: without a network it fails slowly.
    pub fn find_or_install(workspace: &Workspace) -> Result<Self> {
        match std::env::var(CHOICE).as_deref() {
            Ok("default") => return Self::install_by_rustup(),
            Ok("debian") => return Self::install_by_apt(workspace),
            Ok(other) => bail!("{CHOICE}={other}: the choices are `default` and `debian`"),
            Err(_) => {}
        }
        if Self::Default.has_std() {
            return Ok(Self::Default);
        }
        if Path::new(DEBIAN_LINKER).exists() && Self::Debian.has_std() {
            return Ok(Self::Debian);
        }
        println!("toolchain: no compiler here can build for {TARGET} yet");
        Self::install_by_rustup().or_else(|rustup| {
            println!("toolchain: {rustup:#}; trying Debian's packages");
            Self::install_by_apt(workspace)
                .with_context(|| format!("no way to compile for {TARGET}; first tried: {rustup:#}"))
        })
    }

    fn install_by_rustup() -> Result<Self> {
        if !Self::Default.has_std() {
            println!("toolchain: rustup target add {TARGET}");
            let added = Command::new("rustup").args(["target", "add", TARGET]).status();
            let added = added.context("`rustup` cannot be started")?;
            ensure!(added.success(), "`rustup target add {TARGET}` failed");
            ensure!(
                Self::Default.has_std(),
                "`rustup target add {TARGET}` added it to another toolchain than this one"
            );
        }
        Ok(Self::Default)
    }

    fn install_by_apt(workspace: &Workspace) -> Result<Self> {
        install_packages(workspace, &DEBIAN_PACKAGES)?;
        if !Self::Debian.has_std() {
            debian_std::build(workspace, Self::Debian)?;
            ensure!(
                Self::Debian.has_std(),
                "Debian's rustc still cannot compile for {TARGET}, although its standard library was built"
            );
        }
        Ok(Self::Debian)
    }

    /// Compiles one line. A directory listing would not do: a library left over from an older compiler lies there too.
    fn has_std(self) -> bool {
        let probe = std::env::temp_dir().join(format!("homing-wasm-probe-{}", std::process::id()));
        let mut command = self.command(self.rustc());
        command.args([
            "-",
            "--crate-name=probe",
            "--crate-type=lib",
            "--emit=metadata",
            "--target",
            TARGET,
            "--out-dir",
        ]);
        let works = command
            .arg(&probe)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        // Only rubbish in the temporary directory if it stays.
        let _ = std::fs::remove_dir_all(&probe);
        works.is_ok_and(|status| status.success())
    }

    fn rustc(self) -> PathBuf {
        match self {
            Self::Default => std::env::var_os("RUSTC").map_or_else(|| "rustc".into(), PathBuf::from),
            Self::Debian => "/usr/bin/rustc".into(),
        }
    }

    /// `cargo`, in the root of the checkout, writing to the front end's own target directory.
    pub fn cargo(self, workspace: &Workspace, subcommand: &str) -> Command {
        let program = match self {
            Self::Default => std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            Self::Debian => "/usr/bin/cargo".into(),
        };
        self.in_workspace(workspace, program.into(), subcommand)
    }

    /// `cargo clippy` of the same compiler: clippy only reads libraries of exactly its own version.
    pub fn clippy(self, workspace: &Workspace) -> Result<Command> {
        if self == Self::Default {
            return Ok(self.cargo(workspace, "clippy"));
        }
        install_packages(workspace, &[DEBIAN_CLIPPY_PACKAGE])?;
        // By path: `/usr/bin/cargo clippy` would look into ~/.cargo/bin first and start rustup's.
        let mut command = self.in_workspace(workspace, "/usr/bin/cargo-clippy".into(), "clippy");
        command.env("CARGO", "/usr/bin/cargo");
        Ok(command)
    }

    fn in_workspace(self, workspace: &Workspace, program: PathBuf, subcommand: &str) -> Command {
        let mut command = self.command(program);
        command
            .current_dir(workspace.root())
            .args([subcommand, "--target", TARGET, "--target-dir"])
            .arg(workspace.front());
        command
    }

    /// A program of this toolchain, with the environment it needs.
    ///
    /// Started from inside `cargo run` of a rustup toolchain, Debian's cargo would inherit the other compiler's PATH,
    /// libraries and name, and fail with "can't find crate for `core`".
    pub fn command(self, program: PathBuf) -> Command {
        let mut command = Command::new(program);
        if self == Self::Debian {
            for inherited in ["LD_LIBRARY_PATH", "RUSTUP_TOOLCHAIN", "CARGO", "RUSTDOC"] {
                command.env_remove(inherited);
            }
            command
                .env("RUSTC", "/usr/bin/rustc")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER);
            command.env("PATH", usr_bin_first());
        }
        command
    }
}

fn usr_bin_first() -> OsString {
    let mut path = OsString::from("/usr/bin:");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    path
}

fn install_packages(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let installed = Command::new(workspace.root().join("scripts/install-packages.sh"))
        .args(packages)
        .status();
    let installed = installed.context("scripts/install-packages.sh cannot be started")?;
    ensure!(
        installed.success(),
        "needed: Debian packages {0}; as root: apt-get install --no-install-recommends {0}",
        packages.join(" ")
    );
    Ok(())
}
