//! The composition root: settings become databases, services, dispatchers and doors. Nothing else in the house knows
//! which implementation stands behind a port.

pub mod databases;
mod opening;
mod probes;
mod server;
mod services;
mod sweeper;
mod telling;
mod vendors;

pub use server::Server;
pub(crate) use services::open_control;
pub use services::{Purpose, ServedPlane, Services};
