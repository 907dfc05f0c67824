//! The simulator, driven by clients that others wrote: aioapns, firebase-admin and python-huawei-push-admin, from the Python package index.
//!
//! The Python environment is made on first use under the target folder. Where it cannot be made this test fails and says
//! what to install: a simulator nobody else has tried proves nothing.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed step is a failed test, and the line says which"
)]

use std::path::{Path, PathBuf};
use std::process::Output;

use simulator::{Options, Simulator};
use tokio::process::Command;

const CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/clients");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_others_wrote_get_what_they_expect() {
    let python = environment().await;
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let ca = scratch().join(format!("clients-ca-{}.pem", std::process::id()));
    tokio::fs::write(&ca, simulator.ca_pem()).await.unwrap();

    let driven = Command::new(python)
        // No folder of compiled files beside the sources.
        .arg("-B")
        .arg(format!("{CLIENTS}/drive.py"))
        .arg(simulator.control_url())
        .arg(&ca)
        .output()
        .await
        .unwrap();
    tokio::fs::remove_file(&ca).await.unwrap();
    assert!(driven.status.success(), "{}", text(&driven));
    println!("{}", text(&driven));
    simulator.stop().await;
}

/// The interpreter of an environment that has exactly the required packages.
async fn environment() -> PathBuf {
    let requirements = tokio::fs::read_to_string(format!("{CLIENTS}/requirements.txt"))
        .await
        .unwrap();
    let folder = target().join("venv-clients");
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed-requirements.txt"));
    if tokio::fs::read_to_string(&stamp)
        .await
        .is_ok_and(|installed| installed == requirements)
    {
        return python;
    }
    let made = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&folder)
        .output()
        .await;
    let made = made.expect("python3 cannot be started; install it: apt-get install python3 python3-venv");
    assert!(
        made.status.success(),
        "no Python environment could be made; install the package python3-venv (apt-get install python3-venv):\n{}",
        text(&made)
    );
    let installed = Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .arg(format!("{CLIENTS}/requirements.txt"))
        .output()
        .await
        .unwrap();
    assert!(
        installed.status.success(),
        "the clients could not be installed; pip needs its package index, or a mirror in PIP_INDEX_URL:\n{}",
        text(&installed)
    );
    tokio::fs::write(&stamp, requirements).await.unwrap();
    python
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn target() -> &'static Path {
    scratch()
        .parent()
        .expect("cargo keeps its temporary folder inside the target folder")
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}
