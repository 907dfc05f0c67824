//! The embedded dispatcher: takes deliveries from the outbox and hands them to vendors.

pub mod certificates;
pub mod channel;
pub mod channels;
pub mod client;
pub mod fuzzing;

mod breaker;
mod desk;
mod dispatch;
mod engine;
mod figures;
mod lane;
mod pacing;
mod queue;
mod quotas;
mod runner;
mod settings;
mod settling;
mod spans;
mod standing;
mod step;
mod throttle;
mod verdicts;
mod worker;
mod writer;

/// The target of spans for a collector (docs/operations.md). Where none is named they are not made.
pub const SPANS: &str = "homing::spans";

pub use channel::{Channel, Outcome};
pub use dispatch::Dispatch;
pub use engine::Jitter;
pub use figures::{Count, Figures, Gate, LaneStatus};
pub use runner::{Drained, Runner, new, random_jitter};
pub use settings::{BreakerSettings, LaneSettings, Settings, SettingsFault};
