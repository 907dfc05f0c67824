//! The embedded dispatcher: takes deliveries from the outbox and hands them to vendors.

pub mod certificates;
pub mod channel;
pub mod channels;
pub mod client;

pub use channel::{Channel, Outcome};
