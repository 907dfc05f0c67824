//! The simulator over its real sockets, with plain clients.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed step is a failed test, and the line says which"
)]

mod apns_checks;
mod apns_faults;
mod apns_streams;
mod apns_tokens;
mod control_api;
mod fcm_errors;
mod fcm_sends;
mod frames;
mod golden;
mod huawei;
mod limits;
mod load;
mod receipts;
mod receiver;
mod senders;
