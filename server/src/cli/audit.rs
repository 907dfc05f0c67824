//! `homing audit`: checking the audit log, and reading all of it.

use crate::{
    assembly::{Purpose, Services},
    audit_csv,
    settings::Settings,
};
use anyhow::{Context, bail};
use domain::AccountId;
use std::{fmt::Write as _, io::Write, process::ExitCode};
use store::control::{ChainReport, Noted};

/// The subcommands of `homing audit`.
#[derive(clap::Subcommand, Debug)]
pub enum Audit {
    /// Check that no entry was changed or taken away; exit code 1 names the first that was
    Verify {
        /// An entry that was noted elsewhere, as an earlier run printed it: LOG:NUMBER:HASH. It must still be the same
        #[arg(long, value_name = "LOG:NUMBER:HASH")]
        noted: Vec<String>,
    },
    /// Print the log of every account, and the server's own, as comma-separated values
    Export {
        /// Only the log of this root account, by its number; 0 is the server's own
        #[arg(long, value_name = "NUMBER")]
        log: Option<i64>,
    },
}

impl Audit {
    /// Runs the subcommand.
    pub async fn run(self, settings: Settings) -> anyhow::Result<ExitCode> {
        let noted = match &self {
            Self::Verify { noted } => noted.iter().map(|text| read_noted(text)).collect::<Result<_, _>>()?,
            Self::Export { .. } => vec![],
        };
        let services = Services::open(&settings, Purpose::Tool).await?;
        let done = match self {
            Self::Verify { .. } => verify(&services, &noted).await,
            Self::Export { log } => export(&services, log).await,
        };
        services.close().await?;
        done
    }
}

async fn verify(services: &Services, noted: &[Noted]) -> anyhow::Result<ExitCode> {
    let reports = services.control.audit.verify(noted).await?;
    let (text, whole) = told(&reports);
    print!("{text}");
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line per chain, and whether all are whole.
fn told(reports: &[ChainReport]) -> (String, bool) {
    let mut text = String::new();
    for report in reports {
        let number = log_number(report.tenant);
        let name = match (report.tenant, report.name.as_str()) {
            (None, _) => "the server".to_owned(),
            (Some(_), "") => "an account that is gone".to_owned(),
            (Some(_), name) => format!("account {name}"),
        };
        let state = match &report.broken {
            Some(broken) => format!("BROKEN: {broken}"),
            None => format!(
                "{} entries, whole; note {number}:{}:{}",
                report.entries, report.length, report.head
            ),
        };
        let cut = match report.cut {
            0 => String::new(),
            cut => format!(" (up to number {cut} deleted by retention)"),
        };
        // Writing into a String cannot fail.
        _ = writeln!(text, "log {number} of {name}: {state}{cut}");
    }
    let broken = reports.iter().filter(|report| report.broken.is_some()).count();
    let entries: i64 = reports.iter().map(|report| report.entries).sum();
    _ = match broken {
        0 => writeln!(text, "{entries} entries in {} logs, all whole", reports.len()),
        broken => writeln!(text, "{broken} of {} logs are broken", reports.len()),
    };
    (text, broken == 0)
}

fn log_number(tenant: Option<AccountId>) -> i64 {
    tenant.map_or(0, |tenant| tenant.0)
}

fn tenant_of(log: i64) -> Option<AccountId> {
    (log != 0).then_some(AccountId(log))
}

fn read_noted(text: &str) -> anyhow::Result<Noted> {
    let mut parts = text.splitn(3, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (log, number, hash) = (next().parse::<i64>(), next().parse(), next().to_ascii_lowercase());
    let (Ok(log), Ok(number)) = (log, number) else {
        bail!("--noted {text}: write it as homing audit verify printed it, LOG:NUMBER:HASH");
    };
    Ok(Noted {
        tenant: tenant_of(log),
        number,
        hash,
    })
}

async fn export(services: &Services, log: Option<i64>) -> anyhow::Result<ExitCode> {
    let logs = if let Some(log) = log {
        vec![log]
    } else {
        let reports = services.control.audit.logs().await?;
        reports.into_iter().map(log_number).collect()
    };
    let mut out = std::io::stdout().lock();
    let written = "standard output was closed";
    out.write_all(audit_csv::head().as_bytes()).context(written)?;
    for log in logs {
        let mut below = None;
        loop {
            let records = services.control.audit.read(tenant_of(log), below).await?;
            let Some(oldest) = records.last() else { break };
            below = Some(oldest.number);
            let mut text = String::new();
            for record in &records {
                audit_csv::write(record, &mut text);
            }
            out.write_all(text.as_bytes()).context(written)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_verification_prints_can_be_noted_and_given_back() {
        let hash = "ab".repeat(32);
        let report = ChainReport {
            tenant: Some(AccountId(3)),
            name: "root".into(),
            entries: 12,
            length: 12,
            cut: 0,
            head: hash.clone(),
            broken: None,
        };
        let (text, whole) = told(&[report]);
        assert!(whole);
        let noted = text
            .split("note ")
            .nth(1)
            .and_then(|rest| rest.lines().next())
            .expect("a note");
        let expected = Noted {
            tenant: Some(AccountId(3)),
            number: 12,
            hash,
        };
        assert_eq!(read_noted(noted).expect("reads"), expected);
        assert!(read_noted("12").is_err());
    }
}
