//! The two kinds of databases: the control plane and the data planes.
//!
//! Entities stay inside; what leaves this crate are the words of `domain`. Nothing here checks rights: every method
//! takes the owner whose rows it may touch, and the services decide who acts for that owner.

pub mod connection;
pub mod control;
pub mod fault;
mod folding;
mod hex;
pub mod plane;
pub mod sessions;
pub mod vault;

pub use connection::Connections;
pub use fault::{Fault, Result};
