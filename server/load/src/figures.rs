//! What a round of messages, one by one, has measured.

use crate::{
    drive::Driven,
    process::Span,
    report::{Budget, Row, per, row},
    round::throughput,
};

/// Messages pushed at once.
pub struct Live {
    /// The calls.
    pub driven: Driven,
    /// By the server, from the first call to the last settlement; `wall` ends with the last arrival.
    pub used: Span,
    /// Before the first message, in MiB.
    pub idle_rss: f64,
    /// The most, in MiB.
    pub peak_rss: f64,
}

impl Live {
    /// Messages.
    pub fn accepted_per_sec(&self) -> f64 {
        throughput(self.driven.accepted, self.driven.wall)
    }

    /// Pushes that arrived.
    pub fn pushed_per_sec(&self) -> f64 {
        throughput(self.driven.pushes, self.used.wall)
    }
}

/// Messages that had to wait.
pub struct Stored {
    /// The calls.
    pub driven: Driven,
    /// By the server.
    pub used: Span,
    /// With everything stored, in MiB.
    pub rss: f64,
    /// All databases after it and the phases before, in bytes.
    pub disk: u64,
}

/// Pushes without accepting.
pub struct Drained {
    /// How many.
    pub pushes: u64,
    /// By the sender.
    pub used: Span,
}

impl Drained {
    /// Pushes that arrived.
    pub fn pushed_per_sec(&self) -> f64 {
        throughput(self.pushes, self.used.wall)
    }

    fn cpu_micros(&self) -> f64 {
        per(self.used.cpu * 1e6, self.pushes)
    }
}

/// One round.
pub struct Figures {
    /// Accept, push, settle.
    pub live: Live,
    /// Accept alone.
    pub store: Stored,
    /// Claim, push, settle.
    pub drain: Drained,
    /// Push alone.
    pub bare: Drained,
}

impl Figures {
    /// By name.
    pub fn rows(&self) -> Vec<Row> {
        let mut rows = self.live_rows();
        rows.extend(self.store_rows());
        rows.extend(self.comparison_rows());
        rows
    }

    fn live_rows(&self) -> Vec<Row> {
        let Live { driven, used, .. } = &self.live;
        let row = |name, unit, value| row("live", name, unit, value);
        #[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
        let written = used.written as f64;
        vec![
            row("accepted", "messages/s", self.live.accepted_per_sec()),
            row("pushed", "pushes/s", self.live.pushed_per_sec()),
            row("accept p50", "ms", driven.latency_ms(0.5)),
            row("accept p95", "ms", driven.latency_ms(0.95)),
            row("accept p99", "ms", driven.latency_ms(0.99)),
            row("server CPU per push", "us", per(used.cpu * 1e6, driven.pushes)).within(Budget::AtMost(100.0)),
            row("server CPU per message", "us", per(used.cpu * 1e6, driven.accepted)),
            row("server cores", "", used.cpu / used.wall.max(1e-6)),
            row("written per push", "bytes", per(written, driven.pushes)),
            row("RSS idle", "MiB", self.live.idle_rss).within(Budget::AtMost(60.0)),
            row("RSS peak", "MiB", self.live.peak_rss),
        ]
    }

    fn store_rows(&self) -> Vec<Row> {
        let Stored {
            driven,
            used,
            rss,
            disk,
        } = &self.store;
        #[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
        let disk = *disk as f64;
        let messages = self.live.driven.accepted + driven.accepted;
        let row = |name, unit, value| row("store", name, unit, value);
        let accepted = throughput(driven.accepted, driven.wall);
        vec![
            row("accepted", "messages/s", accepted).within(Budget::AtLeast(8000.0)),
            row("accept p50", "ms", driven.latency_ms(0.5)),
            row("accept p95", "ms", driven.latency_ms(0.95)),
            row("accept p99", "ms", driven.latency_ms(0.99)),
            row("server CPU per message", "us", per(used.cpu * 1e6, driven.accepted)),
            row("RSS, all stored", "MiB", *rss),
            row("database per message", "bytes", per(disk, messages)),
        ]
    }

    fn comparison_rows(&self) -> Vec<Row> {
        let (drain, bare) = (&self.drain, &self.bare);
        #[expect(clippy::cast_precision_loss, reason = "bytes are far below 2^52")]
        let written = drain.used.written as f64;
        let rate = drain.pushed_per_sec() / bare.pushed_per_sec();
        vec![
            row("drain", "pushed", "pushes/s", drain.pushed_per_sec()),
            row("drain", "server CPU per push", "us", drain.cpu_micros()).within(Budget::AtMost(60.0)),
            row("drain", "written per push", "bytes", per(written, drain.pushes)),
            row("bare", "pushed", "pushes/s", bare.pushed_per_sec()),
            row("bare", "CPU per push", "us", bare.cpu_micros()),
            row("ratio", "drain rate / bare rate", "", rate).within(Budget::AtLeast(0.5)),
            row(
                "ratio",
                "drain CPU / bare CPU",
                "",
                drain.cpu_micros() / bare.cpu_micros().max(1e-6),
            ),
            row("ratio", "live CPU / bare CPU", "", {
                per(self.live.used.cpu * 1e6, self.live.driven.pushes) / bare.cpu_micros().max(1e-6)
            }),
        ]
    }
}
