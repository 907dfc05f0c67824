//! The services of the control plane in small worlds: a migrated SQLite file, a clock that stands still, real accounts.

mod accounts;
mod applications;
mod authorisations;
mod basic_configs;
mod credentials;
mod factors;
mod im_applications;
mod im_channels;
mod isolation;
mod packages;
mod plans;
mod products;
mod quotas;
mod receipts;
mod security;
mod sub_accounts;
mod world;

use world::World;
