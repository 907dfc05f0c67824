//! What the doors may ask of the services, and what the dispatcher asks of the store.
//!
//! One trait per area. The console's server functions, the REST handlers and the command line all call these; the
//! services implement them. Every method that takes an [`Actor`](crate::account::Actor) checks its rights first.

mod accounts;
mod applications;
mod authorisations;
mod audit;
mod dispatch;
mod im;
mod plans;
mod products;
mod receipts;

pub use crate::basic_config::BasicConfig;
pub use accounts::{Accounts, SubAccounts};
pub use applications::{Applications, BasicConfigs, ChannelChecks, Packages, TestSent};
pub use authorisations::{Authorisations, ImApplications};
pub use dispatch::{CredentialGap, Credentials, Handover, Outbox, OutboxError};
pub use im::{Devices, ImUsers, Messages, OnlineStatus, Registered};
pub use audit::Audit;
pub use plans::{History, Plans};
pub use products::Products;
pub use receipts::{Receipts, Verifier, VerifyOutcome};
