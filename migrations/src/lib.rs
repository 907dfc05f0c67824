//! The schema of the control plane and of a data plane: two migrators, because they are two databases.
//!
//! Migrations are frozen history: they name tables and columns as text, depend on no crate of ours, and a landed one is
//! never edited. All of them run on SQLite and on PostgreSQL.

mod control;
mod plane;

pub use control::Control;
pub use plane::Plane;
pub use sea_orm_migration::MigratorTrait;
