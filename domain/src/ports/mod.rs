//! What the doors may ask of the services, and what the dispatcher asks of the store.
//!
//! One trait per area. The console's server functions, the REST handlers and the command line all call these; the
//! services implement them. Every method that takes an [`Actor`](crate::account::Actor) checks its rights first.

mod accounts;
mod alarms;
mod api_keys;
mod applications;
mod audit;
mod authorisations;
mod dispatch;
mod im;
mod passkeys;
mod plans;
mod products;
mod provider;
mod receipts;
mod security;
mod statistics;
mod traces;
mod webhooks;

pub use crate::basic_config::BasicConfig;
pub use accounts::{Accounts, SubAccounts};
pub use alarms::{AlarmRecipients, Alarms};
pub use api_keys::ApiKeys;
pub use applications::{Applications, BasicConfigs, ChannelChecks, Packages, TestSent};
pub use audit::Audit;
pub use authorisations::{Authorisations, ImApplications};
pub use dispatch::{CredentialGap, Credentials, Handover, Outbox, OutboxError};
pub use im::{Devices, ImUsers, Messages, OnlineStatus, Registered};
pub use passkeys::{Begun, Passkeys};
pub use plans::{History, Plans, Pushes};
pub use products::Products;
pub use provider::IdentityProvider;
pub use receipts::{Receipts, Verifier, VerifyOutcome};
pub use security::{Factors, Links, Security};
pub use statistics::Statistics;
pub use traces::Traces;
pub use webhooks::{WebhookCalls, Webhooks};
