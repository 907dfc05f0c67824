//! Build tasks of the repository, started as `cargo xtask <task>`.
//!
//! The server is an ordinary `cargo build`; what Cargo cannot do alone is here: the browser's half (wasm, bindgen,
//! style sheet, hashed names, compressed copies). `make` calls these tasks; docs/decisions/0002 says why they are ours.

mod compress;
mod debian_std;
mod freshness;
mod lint;
mod load;
mod site;
mod snip;
mod style;
mod toolchain;
mod wasm;
mod watch;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build tasks of Homing")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the site (wasm, JavaScript, style sheet, assets) into target/site
    Build {
        /// Small wasm, best compression, and the size budget enforced
        #[arg(long)]
        release: bool,
    },
    /// Build site and server, serve, and do both again whenever a source file changes
    Watch {
        /// Arguments for `homing`, after `--`; `serve` when there are none
        #[arg(last = true)]
        homing: Vec<String>,
    },
    /// Lint the browser's half on its own target, warnings denied
    LintWasm,
    /// Measure a push: the server against the simulator, beside a bare client loop (needs `make release`)
    #[command(disable_help_flag = true)]
    Load {
        /// Arguments for `homing-load`; `cargo xtask load --help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, num_args = 0..)]
        arguments: Vec<String>,
    },
    /// Say which wasm compiler is used, installing it when there is none
    CheckEnv,
}

/// Prints a failure as one line. Returning it from `main` would add a backtrace wherever `RUST_BACKTRACE` is set.
fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Build { release } => site::build(&workspace, wasm::Profile::of(release)),
        Task::Watch { homing } => watch::watch(&workspace, &homing),
        Task::LintWasm => lint::lint_wasm(&workspace),
        Task::Load { arguments } => load::load(&workspace, &arguments),
        Task::CheckEnv => toolchain::WasmToolchain::find_or_install(&workspace)
            .map(|toolchain| println!("wasm32-unknown-unknown is built by {toolchain}")),
    }
}
