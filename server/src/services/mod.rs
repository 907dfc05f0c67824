//! The services: what `domain::ports` promises, kept over the store.
//!
//! Doors (console, REST, command line) hold them as `Arc<dyn …>` and know nothing of the store. Rights are checked
//! here, in the first line of every method that takes an actor; faults of the store become problems here, once.

pub mod accounts;
pub mod alarms;
pub mod api_keys;
pub mod applications;
mod attempts;
pub mod audit;
pub mod authorisations;
pub mod basic_configs;
mod card_credentials;
pub(crate) mod channel_cards;
pub mod channel_checks;
pub mod control;
pub mod credentials;
pub mod devices;
pub mod directory;
pub mod factors;
pub mod history;
pub mod im_applications;
pub mod im_users;
pub mod key_uses;
pub mod links;
pub mod messages;
mod numbers;
pub mod oidc;
pub mod one_time_codes;
pub mod packages;
pub mod passkeys;
pub mod passwords;
pub mod planes;
pub mod plans;
pub mod products;
pub mod provisioning;
pub mod pushes;
mod quotas;
pub mod receipts;
pub(crate) mod refusal;
pub mod retention;
pub mod security;
pub mod statistics;
pub mod sub_accounts;
pub mod traces;
pub mod verifier;
pub mod webhooks;

#[cfg(test)]
mod tests;
