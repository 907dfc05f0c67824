//! The embedded dispatcher: takes deliveries from the outbox and hands them to vendors.

pub mod channel;

pub use channel::{Channel, Outcome};
