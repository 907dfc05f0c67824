//! The documents say what the code does: error codes, IM codes, settings.

use server::{rest::im::frame::code, settings::DEFAULTS};
use std::{collections::BTreeSet, fs, path::PathBuf};

fn repository(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// The first cell of every table row, without back-quotes.
fn first_cells(document: &str) -> BTreeSet<String> {
    let rows = document.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split(" |").next());
    cells.map(|cell| cell.trim().trim_matches('`').to_owned()).collect()
}

/// Every code in the table of `problem.rs`: what stands in `("code", status, "title")`, and the certificate faults.
fn problem_codes() -> BTreeSet<String> {
    let problems = repository("domain/src/problem.rs");
    let rows = problems.split("(\"").skip(1).filter_map(|rest| rest.split_once("\", "));
    let codes = rows.filter(|(_, rest)| rest.get(..3).is_some_and(|status| status.parse::<u16>().is_ok()));
    let certificates = repository("domain/src/certificate.rs");
    let faults = certificates.split('"').filter(|text| text.starts_with("certificate_"));
    codes
        .map(|(code, _)| code.to_owned())
        .chain(faults.map(str::to_owned))
        .collect()
}

#[test]
fn every_problem_code_is_explained_and_no_other() {
    let mut explained = first_cells(&repository("docs/errors.md"));
    explained.retain(|cell| cell != "code" && !cell.starts_with("---"));
    let codes = problem_codes();
    assert!(codes.len() > 30, "the table of problem.rs was not found: {codes:?}");
    assert_eq!(explained, codes);
}

#[test]
fn every_im_code_is_explained_and_no_other() {
    let explained: BTreeSet<u32> = first_cells(&repository("docs/api/im.md"))
        .iter()
        .filter_map(|cell| cell.parse().ok())
        .collect();
    assert_eq!(explained, code::ALL.iter().copied().collect());
}

#[test]
fn every_setting_has_a_comment_above_it() {
    let (mut commented, mut table) = (false, String::new());
    let mut explained_tables = BTreeSet::new();
    for line in DEFAULTS.lines() {
        if line.is_empty() {
            commented = false;
        } else if line.starts_with('#') {
            commented = true;
        } else if line.starts_with('[') {
            line.clone_into(&mut table);
            if commented {
                explained_tables.insert(table.clone());
            }
        } else {
            assert!(
                commented || explained_tables.contains(&table),
                "no comment explains {line} of {table}"
            );
        }
    }
}

/// Every `homing_…` in a text.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let metrics = words.filter(|word| word.starts_with("homing_") && !word.ends_with('_'));
    metrics.map(str::to_owned).collect()
}

#[test]
fn every_metric_is_in_the_table_of_operations_and_on_the_dashboard() {
    let code = metrics_in(&repository("server/src/metrics.rs"));
    let page = repository("docs/operations.md");
    let rows = page.lines().filter(|line| line.starts_with("| `homing_"));
    let explained: BTreeSet<_> = rows.flat_map(metrics_in).collect();
    assert!(code.len() > 10, "the metrics were not found: {code:?}");
    assert_eq!(explained, code);
    let dashboard = repository("docs/operations/grafana.json");
    serde_json::from_str::<serde_json::Value>(&dashboard).expect("is JSON");
    assert_eq!(metrics_in(&dashboard), code);
    let alerts = metrics_in(&repository("docs/operations/alerts.yml"));
    assert!(!alerts.is_empty() && alerts.is_subset(&code), "{alerts:?}");
}

#[test]
fn every_file_that_the_security_page_names_is_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["app/", "docs/", "domain/", "end2end/", "fuzz/", "scripts/", "server/"];
    let page = repository("docs/security.md");
    let quoted = page.split('`').skip(1).step_by(2);
    let named: BTreeSet<&str> = quoted
        .filter(|quoted| folders.iter().any(|folder| quoted.starts_with(folder)) && !quoted.contains('<'))
        .collect();
    assert!(named.len() > 30, "the files were not found: {named:?}");
    let gone: Vec<_> = named.into_iter().filter(|path| !root.join(path).exists()).collect();
    assert!(gone.is_empty(), "docs/security.md names {gone:?}");
}
