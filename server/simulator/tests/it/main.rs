//! The simulator over its real sockets, with plain clients.

mod apns_checks;
mod apns_faults;
mod apns_streams;
mod apns_tokens;
mod control_api;
mod fcm_errors;
mod fcm_sends;
mod frames;
mod senders;
