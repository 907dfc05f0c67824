//! One folder per vendor, and what they share: vendor-side ids, access tokens, calls and the reading of an answer.

pub mod apns;
pub mod fcm;
pub mod honor;
pub mod huawei;
pub mod meizu;
pub mod oppo;
pub mod vivo;
pub mod xiaomi;

mod class;
mod code;
mod data;
mod day;
mod entries;
mod fitting;
pub(crate) mod fuzzing;
mod ids;
mod judgement;
mod oauth;
mod pool;
mod receipts;
pub mod retry_after;
mod shared;
mod signing;
mod split;
mod texts;
mod token;
mod verification;
mod wire;

pub use ids::{batch_id, notify_id, notify_key, vendor_id};
pub use pool::PoolSettings;
pub use wire::WireSettings;

#[cfg(test)]
mod sample;
