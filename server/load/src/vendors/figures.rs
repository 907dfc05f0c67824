//! What a round has measured.

use super::{VENDORS, pace::Offered, records::Records};
use crate::{
    process::Span,
    report::{Budget, Row, per, row},
    round::throughput,
};
use std::collections::HashMap;

/// One of the passes.
pub struct Pass {
    /// The calls.
    pub offered: Offered,
    /// By the server, until every expected answer was settled.
    pub used: Span,
    /// By vendor.
    pub records: HashMap<String, Records>,
    /// Devices and requests that named any, by vendor.
    pub batches: HashMap<&'static str, (u64, u64)>,
    /// Of each message.
    pub receivers: usize,
    /// The vendors that are not in trouble.
    pub expected: Vec<&'static str>,
}

/// One round.
pub struct Figures {
    /// All vendors are well.
    pub well: Pass,
    /// One is down, one asks to slow down.
    pub faults: Pass,
    /// All vendors are well once more.
    pub again: Pass,
    /// Seconds until everything had arrived after the trouble.
    pub late: f64,
    /// Of the server, in MiB.
    pub peak_rss: f64,
}

impl Figures {
    /// By name.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = self.well.rows("well");
        rows.extend(VENDORS.into_iter().map(|vendor| self.well.batch(vendor)));
        rows.extend(self.faults.rows("faults"));
        rows.extend(self.again.rows("again"));
        for vendor in &self.faults.expected {
            let p95 = |pass: &Pass| pass.of(vendor).map_or(0.0, |records| records.took_ms(0.95));
            let (well, again) = (p95(&self.well), p95(&self.again));
            let ratio = p95(&self.faults) / f64::midpoint(well, again).max(1e-6);
            let ratio = row("ratio", format!("{vendor} p95, faults to well and again"), "", ratio);
            rows.push(ratio.within(Budget::AtMost(1.1)));
            rows.push(row(
                "ratio",
                format!("{vendor} p95, again to well"),
                "",
                again / well.max(1e-6),
            ));
        }
        rows.push(row("after", "everything arrived", "s", self.late));
        rows.push(row("after", "RSS peak", "MiB", self.peak_rss));
        rows
    }
}

impl Pass {
    fn of(&self, vendor: &str) -> Option<&Records> {
        self.records.get(vendor)
    }

    fn rows(&self, phase: &'static str) -> Vec<Row> {
        let sent: u64 = self.records.values().map(Records::sent).sum();
        let mut rows = vec![
            row(phase, "asked for", "deliveries/s", self.offered.rate(self.receivers)),
            row(phase, "latest call behind its moment", "ms", self.offered.behind_ms),
            row(phase, "accept p50", "ms", self.offered.answered_ms(0.5)),
            row(phase, "accept p95", "ms", self.offered.answered_ms(0.95)),
            row(phase, "server CPU per push", "us", per(self.used.cpu * 1e6, sent)),
            row(phase, "server cores", "", self.used.cpu / self.used.wall.max(1e-6)),
        ];
        for vendor in VENDORS {
            let none = Records::default();
            let records = self.of(vendor).unwrap_or(&none);
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            let refused = records.refused as f64;
            let named = |name: &str| format!("{vendor} {name}");
            rows.push(row(
                phase,
                named("pushed"),
                "pushes/s",
                throughput(records.sent(), records.secs()),
            ));
            // One in trouble has taken nothing.
            let shares = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)].iter();
            let shares = shares.filter(|_| self.expected.contains(&vendor));
            rows.extend(shares.map(|(name, share)| row(phase, named(name), "ms", records.took_ms(*share))));
            rows.push(row(phase, named("refused tries"), "", refused));
        }
        rows
    }

    /// A message has one group of receivers, so more of them than that cannot share a call.
    fn batch(&self, vendor: &'static str) -> Row {
        let (devices, requests) = self.batches.get(vendor).copied().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let each = per(devices as f64, requests);
        let row = row("well", format!("{vendor} devices per request"), "", each);
        match vendor {
            "huawei" | "xiaomi" | "oppo" | "vivo" => row.within(Budget::AtLeast(200.0)),
            "meizu" => row.within(Budget::AtLeast(50.0)),
            _ => row,
        }
    }
}
