//! The words, rules and ports of Homing.
//!
//! Everything else in the house speaks in these types: the console and its browser half, the REST doors, the store
//! and the dispatcher. Nothing here does I/O, reads a clock or draws a random number, so it compiles to wasm.
//! Feature `ports` adds the async traits and the clocks, which only the server needs.

pub mod account;
pub mod alarm;
pub mod api_key;
pub mod audit;
pub mod authorisation;
pub mod basic_config;
pub mod certificate;
pub mod channel;
pub mod decision;
pub mod delivery;
pub mod device;
pub mod field;
pub mod ids;
pub mod im;
pub mod message;
pub mod page;
pub mod parcel;
pub mod passkey;
pub mod plan;
#[cfg(feature = "ports")]
pub mod ports;
pub mod problem;
pub mod product;
pub mod provider;
pub mod push;
pub mod quota;
pub mod receipt;
pub mod retry;
pub mod secret;
pub mod sign_in;
pub mod statistics;
pub mod time;
pub mod trace;
pub mod truncate;
pub mod webhook;

pub use ids::{
    AccessId, AccountId, AlarmId, ApiKeyId, ApplicationId, AuthorisationId, CertificateId, DeliveryId, DeviceId,
    MessageId, PackageId, PasskeyId, PlanId, ProductId, RecipientId, SdkAppId, WebhookId,
};
pub use problem::{Problem, Result};
pub use secret::Secret;
pub use time::Timestamp;
