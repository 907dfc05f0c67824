//! The channels against the simulator: what goes over the wire, and what is made of every answer or silence.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod apns;
mod apns_connection;
mod apns_faults;
mod certificates;
mod fcm;
mod fcm_faults;
mod fcm_token;
mod honor;
mod huawei;
mod outbound;
mod push_certificate;
mod scripted;
mod secrets;
mod tables;
mod vendor_calls;
mod vendor_codes;
mod vendor_credentials;
mod vendor_faults;
mod vendor_simulator;
mod vendors;
mod verification;
mod world;
