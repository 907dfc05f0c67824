//! One folder per vendor, and what they share: the vendor-side id and the reading of an answer.

pub mod apns;
pub mod fcm;

mod entries;
mod fitting;
mod judgement;
mod pool;
mod retry_after;
mod shared;

pub use pool::PoolSettings;

use domain::DeliveryId;
use uuid::Uuid;

/// The namespace of [`vendor_id`]; it must never change, or a re-send is no longer recognised.
const NAMESPACE: Uuid = Uuid::from_u128(0x9f1d_5c0e_6b5a_5d0b_8a43_1f7e_2c86_40d7);

/// The id under which every vendor knows a delivery: the same for each try, whichever process makes it.
pub fn vendor_id(delivery: DeliveryId) -> Uuid {
    Uuid::new_v5(&NAMESPACE, &delivery.0.to_be_bytes())
}

#[cfg(test)]
mod sample;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_id_of_a_delivery_never_changes() {
        let first = vendor_id(DeliveryId(1));
        assert_eq!(first.to_string(), "53140c71-8211-5825-b4ca-cf3838c78da2");
        assert_eq!(first, vendor_id(DeliveryId(1)));
        assert_ne!(first, vendor_id(DeliveryId(2)));
    }
}
