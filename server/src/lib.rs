//! The server: doors (console, REST, command line), services and wiring.
//!
//! `assembly` puts the parts together, `lifecycle` starts and drains them. Doors call `domain::ports` and nothing else.

pub mod assembly;
pub mod audit_csv;
pub mod cli;
pub mod fuzzing;
pub mod lifecycle;
pub mod listener;
pub mod metrics;
pub mod permissions;
pub mod provisioning;
pub mod rest;
pub mod services;
pub mod settings;
pub mod statistics_csv;
pub mod telemetry;
pub mod trace_json;
pub mod web;
