//! The floor plan: which crate may depend on which, and how long a file may be.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The edges of design section 1: crate, what it may depend on, and what its tests may use besides.
const PLAN: &[(&str, &[&str], &[&str])] = &[
    ("domain", &[], &[]),
    ("app", &["domain"], &[]),
    ("frontend", &["app"], &[]),
    ("dispatcher", &["domain"], &["simulator"]),
    ("store", &["domain"], &["migrations"]),
    ("migrations", &[], &[]),
    ("simulator", &[], &[]),
    (
        "server",
        &["app", "dispatcher", "domain", "migrations", "store"],
        &["simulator"],
    ),
    ("load", &[], &[]),
    ("xtask", &[], &[]),
];

/// What a crate must never see, directly.
const NEVER: &[(&str, &[&str])] = &[
    ("domain", &["axum", "leptos", "reqwest", "tokio", "time", "rand"]),
    ("app", &["sea-orm", "reqwest", "tokio"]),
    ("dispatcher", &["sea-orm", "axum", "leptos"]),
    ("store", &["axum", "leptos", "reqwest"]),
    ("server", &["sea-orm"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Names of a package's dependencies; `ours` tells whether those in this repository are meant.
fn dependencies(package: &Value, ours: bool, dev: bool) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().unwrap().iter();
    let wanted = all.filter(|dependency| {
        let is_dev = dependency["kind"] == "dev";
        is_dev == dev && dependency["path"].is_string() == ours
    });
    wanted
        .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn crates_depend_on_each_other_as_planned() {
    let packages = packages();
    let names: BTreeSet<_> = packages
        .iter()
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    let planned: BTreeSet<_> = PLAN.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, planned, "a new crate needs its line in the plan");
    for (name, allowed, in_tests) in PLAN {
        let package = packages.iter().find(|package| package["name"] == *name).unwrap();
        for dependency in dependencies(package, true, false) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} must not depend on {dependency}"
            );
        }
        for dependency in dependencies(package, true, true) {
            let planned = allowed.contains(&dependency.as_str()) || in_tests.contains(&dependency.as_str());
            assert!(planned, "tests of {name} must not use {dependency}");
        }
    }
}

#[test]
fn crates_do_not_see_what_is_none_of_their_business() {
    let packages = packages();
    for (name, never) in NEVER {
        let package = packages.iter().find(|package| package["name"] == *name).unwrap();
        let used = dependencies(package, false, false);
        for outsider in *never {
            // app's axum stands behind `ssr`, for the types of requests.
            assert!(!used.contains(*outsider), "{name} must not see {outsider}");
        }
    }
}

#[test]
fn files_stay_short() {
    let mut lengths = Vec::new();
    for folder in [
        "domain",
        "app",
        "frontend",
        "migrations",
        "server",
        "xtask",
        "end2end",
        "style",
    ] {
        collect(&root().join(folder), &mut lengths);
    }
    assert!(lengths.len() > 100, "the sources were not found");
    let too_long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > 500).collect();
    assert!(too_long.is_empty(), "longer than 500 lines: {too_long:?}");
    lengths.sort();
    let (median, nearly_all) = (lengths[lengths.len() / 2].0, lengths[lengths.len() * 9 / 10].0);
    assert!(median <= 120, "the median is {median} lines");
    assert!(
        nearly_all <= 350,
        "a tenth of the files has more than {nearly_all} lines"
    );
}

fn collect(folder: &Path, lengths: &mut Vec<(usize, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name != "node_modules" && name != "target" && !name.starts_with('.') {
                collect(&path, lengths);
            }
        } else if path
            .extension()
            .is_some_and(|kind| ["rs", "ts", "css"].iter().any(|ours| kind == *ours))
        {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            lengths.push((lines, path.strip_prefix(root()).unwrap().display().to_string()));
        }
    }
}
