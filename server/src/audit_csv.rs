//! The audit log as a file of comma-separated values (RFC 4180), for the console and the command line.
//!
//! Spreadsheets run what begins like a formula, and names are what people typed: such a cell begins with an apostrophe,
//! as OWASP advises ("CSV Injection").

use domain::{
    account::Door,
    audit::{Field, Outcome, Record, Shown},
};
use std::fmt::Write;

const COLUMNS: [&str; 18] = [
    "number",
    "time",
    "account",
    "account_number",
    "door",
    "address",
    "deed",
    "object_kind",
    "object_number",
    "object_name",
    "access_id",
    "application",
    "before",
    "after",
    "outcome",
    "reason",
    "times",
    "tenant",
];

/// The first line, after the mark by which spreadsheets know UTF-8.
pub fn head() -> String {
    format!("\u{feff}{}\r\n", COLUMNS.join(","))
}

/// Adds the line of an entry. Times are UTC; fields stand as `name=value`, one a line inside their cell.
pub fn write(record: &Record, into: &mut String) {
    let entry = &record.entry;
    let object = entry.object.as_ref();
    let application = entry.application.as_ref();
    let reason = match entry.outcome {
        Outcome::Done => "",
        Outcome::Refused(missing) => missing.name(),
        Outcome::Failed(failure) => failure.name(),
    };
    let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    let cells = [
        record.number.to_string(),
        entry.at.rfc3339(),
        entry.account_name.clone(),
        number(entry.account.map(|account| account.0)),
        Door::name(entry.door).to_owned(),
        entry.address.clone(),
        entry.deed.name().to_owned(),
        object.map(|object| object.kind.name().to_owned()).unwrap_or_default(),
        object.map(|object| object.number.clone()).unwrap_or_default(),
        object.map(|object| object.name.clone()).unwrap_or_default(),
        number(application.map(|(access_id, _)| access_id.0)),
        application.map(|(_, name)| name.clone()).unwrap_or_default(),
        fields(&entry.before),
        fields(&entry.after),
        entry.outcome.kind().name().to_owned(),
        reason.to_owned(),
        entry.times.to_string(),
        number(entry.tenant.map(|tenant| tenant.0)),
    ];
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    into.push_str(&cells.join(","));
    into.push_str("\r\n");
}

fn fields(fields: &[Field]) -> String {
    let mut text = String::new();
    for field in fields {
        if !text.is_empty() {
            text.push('\n');
        }
        let name = &field.name;
        // Writing into a String cannot fail.
        _ = match &field.value {
            Shown::Text(value) => write!(text, "{name}={value}"),
            Shown::Fingerprint(fingerprint) => write!(text, "{name}=fingerprint {}", fingerprint.as_str()),
            Shown::Withheld => write!(text, "{name}=(withheld)"),
        };
    }
    text
}

/// A cell: quoted, and no formula whatever begins a line of it.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        AccountId, Timestamp,
        account::{Action, Origin},
        audit::{Deed, Entry, Kind},
    };

    fn line(name: &str) -> String {
        let entry = Entry::anonymous(
            &Origin::console("192.0.2.1"),
            Deed::CreateProduct,
            Timestamp(1_795_341_604_007),
        )
        .to(Kind::Product, 7, name)
        .has("name", name)
        .has("password", Shown::Withheld)
        .came_to(Outcome::Refused(Action::ManageProducts));
        let entry = Entry {
            tenant: Some(AccountId(3)),
            ..entry
        };
        let mut text = String::new();
        write(&Record { number: 12, entry }, &mut text);
        text
    }

    #[test]
    fn a_line_has_a_cell_for_every_column() {
        let expected = "\"12\",\"2026-11-22T10:00:04.007Z\",\"\",\"\",\"console\",\"192.0.2.1\",\"product.create\",\"product\",\
                        \"7\",\"Chat\",\"\",\"\",\"\",\"name=Chat\npassword=(withheld)\",\"refused\",\"manage_products\",\
                        \"1\",\"3\"\r\n";
        assert_eq!(line("Chat"), expected);
        assert_eq!(expected.split("\",\"").count(), COLUMNS.len());
    }

    #[test]
    fn nothing_that_somebody_typed_becomes_a_formula_or_ends_its_cell() {
        for typed in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(line(typed).contains(&format!(",\"'{typed}\",")), "{typed}");
        }
        assert!(line("a\",\"b").contains(",\"a\"\",\"\"b\","));
    }
}
