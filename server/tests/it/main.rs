//! The server as a whole: real doors, services and databases in one process, the vendors simulated.
//!
//! [`support::TestApp`] is a server in a folder of its own. Nothing here waits for time to pass: clocks are moved by hand,
//! and what happens in the background is waited for by its effect.

#![expect(
    clippy::unwrap_used,
    reason = "in a test a failed step is a failed test, and the line says which"
)]

mod account_cli;
mod alarm_recipients;
mod alarms;
mod api_keys;
mod audit;
mod console;
mod crash;
mod device;
mod dispatch;
mod documents;
mod fuzzing;
mod headers;
mod house;
mod im_channels;
mod ingress;
mod isolation;
mod limits;
mod links;
mod oidc;
mod otlp;
mod own_account;
mod packages;
mod pages;
mod passkeys;
mod permissions;
mod process;
mod provisioning;
mod pushes;
mod quotas;
mod receipts;
mod retention;
mod second_step;
mod second_step_demanded;
mod support;
mod traces;
mod transport;
mod upload;
mod usersig_peers;
mod webhooks;
