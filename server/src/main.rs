//! The binary `homing`.

use clap::Parser;
use server::cli::{Arguments, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("homing: {error:#}");
            ExitCode::FAILURE
        }
    }
}
