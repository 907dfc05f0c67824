//! The REST doors: IM back ends (`/v4`), client applications (`/device/v1`), programs that provision (`/provisioning/v1`), vendors
//! (`/receipts`), operators (`/healthz`, `/readyz`).
//!
//! Doors parse, verify who calls, ask one port and map the answer; they hold no rule of their own and no session.

pub mod addresses;
pub mod body;
pub mod device;
pub mod health;
pub mod im;
pub mod pace;
pub mod places;
pub mod problem;
pub mod provisioning;
pub mod receipts;

use crate::services::directory::Directory;
use addresses::Addresses;
use axum::Router;
use domain::{
    ports::{Devices, ImUsers, Messages, Receipts},
    time::Clock,
};
use im::{repeats::Repeats, tickets::Tickets};
use pace::Pace;
use places::Places;
use provisioning::Provisioning;
use std::sync::Arc;

/// What the REST doors hold.
#[derive(Clone)]
#[expect(missing_docs, reason = "the names and types say it")]
pub struct RestState {
    pub directory: Arc<Directory>,
    pub messages: Arc<dyn Messages>,
    pub im_users: Arc<dyn ImUsers>,
    pub devices: Arc<dyn Devices>,
    pub receipts: Arc<dyn Receipts>,
    pub tickets: Arc<Tickets>,
    pub pace: Arc<Pace>,
    pub repeats: Arc<Repeats>,
    pub clock: Arc<dyn Clock>,
    pub places: Places,
    pub addresses: Addresses,
    pub provisioning: Provisioning,
}

/// The doors that verify a UserSig or an API key, and those of vendors.
pub fn routes(state: RestState) -> Router {
    Router::new()
        .merge(im::routes())
        .merge(device::routes())
        .merge(provisioning::routes())
        .merge(receipts::routes())
        .with_state(state)
}
