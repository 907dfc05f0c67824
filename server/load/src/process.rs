//! A child process on loopback, and what the kernel says it has used.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// Keys and databases are made at start.
const STARTS_WITHIN: Duration = Duration::from_mins(1);
const ENDS_WITHIN: Duration = Duration::from_mins(1);

/// A process of ours; it ends with this value.
pub struct Process {
    name: String,
    child: Child,
    output: Lines<BufReader<ChildStdout>>,
    /// For `/proc`.
    pub pid: u32,
}

impl Process {
    /// Starts a program; its log goes to `<folder>/<file name>.log`.
    pub fn start(program: &Path, arguments: &[&str], folder: &Path) -> Result<Self> {
        let name = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join(format!("{name}.log")))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let output = child.stdout.take().context("a started process has an output")?;
        let pid = child.id().context("a started process has a number")?;
        let output = BufReader::new(output).lines();
        Ok(Self {
            name,
            child,
            output,
            pid,
        })
    }

    /// Reads its output until `take` has found what it looks for.
    pub async fn until<T>(&mut self, mut take: impl FnMut(&str) -> Option<T>) -> Result<T> {
        let found = async {
            while let Some(line) = self.output.next_line().await? {
                if let Some(found) = take(&line) {
                    return Ok(found);
                }
            }
            bail!("{} ended before it was ready", self.name)
        };
        timeout(STARTS_WITHIN, found)
            .await
            .with_context(|| format!("{} was not ready in time", self.name))?
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) -> Result<()> {
        let pid = i32::try_from(self.pid)
            .ok()
            .and_then(Pid::from_raw)
            .context("no process number")?;
        kill_process(pid, Signal::TERM).with_context(|| format!("{} had ended", self.name))?;
        let ended = timeout(ENDS_WITHIN, self.child.wait()).await;
        let status = ended.with_context(|| format!("{} did not end", self.name))??;
        if status.success() {
            Ok(())
        } else {
            bail!("{} ended with {status}", self.name)
        }
    }
}

/// What a process has used up to a moment.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    at: Instant,
    cpu: Duration,
    written: u64,
}

impl Usage {
    /// Reads it; processor time comes in ticks of 10 ms.
    pub fn of(pid: u32) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |index: usize| {
            fields
                .get(index)
                .and_then(|text| text.parse::<u64>().ok())
                .context("stat")
        };
        let micros = (ticks(11)? + ticks(12)?) * 1_000_000 / rustix::param::clock_ticks_per_second().max(1);
        Ok(Self {
            at: Instant::now(),
            cpu: Duration::from_micros(micros),
            written: field(&format!("/proc/{pid}/io"), "write_bytes:")?,
        })
    }

    /// What was used since.
    pub fn since(&self, earlier: &Self) -> Span {
        Span {
            wall: self.at.duration_since(earlier.at).as_secs_f64(),
            cpu: self.cpu.saturating_sub(earlier.cpu).as_secs_f64(),
            written: self.written.saturating_sub(earlier.written),
        }
    }
}

/// What was used between two moments.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Seconds.
    pub wall: f64,
    /// Seconds of processor time.
    pub cpu: f64,
    /// Bytes handed to the disk.
    pub written: u64,
}

/// Memory in the machine's own pages now, in MiB.
pub fn rss(pid: u32) -> Result<f64> {
    memory(pid, "VmRSS:")
}

/// The most it ever was, in MiB.
pub fn rss_peak(pid: u32) -> Result<f64> {
    memory(pid, "VmHWM:")
}

#[expect(clippy::cast_precision_loss, reason = "memory in KiB is far below 2^52")]
fn memory(pid: u32, name: &str) -> Result<f64> {
    Ok(field(&format!("/proc/{pid}/status"), name)? as f64 / 1024.0)
}

fn field(path: &str, name: &str) -> Result<u64> {
    let text = fs::read_to_string(path).with_context(|| format!("{path} cannot be read"))?;
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let value = value.and_then(|value| value.split_whitespace().next());
    let value = value.with_context(|| format!("{path} has no {name}"))?;
    Ok(value.parse()?)
}
