//! The runner in small worlds: an outbox in memory that accepts no illegal step, vendors that answer as told, and
//! virtual time, so that hours pass in milliseconds and nothing sleeps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ending;
mod gathering;
mod holding;
mod isolation;
mod leases;
mod outbox;
mod pacing;
mod property;
mod quota;
mod sending;
mod vendor;
mod world;
