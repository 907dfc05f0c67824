//! The numbers under which vendors and devices know what is sent: derived, so that every try gives the same ones.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{DeliveryId, MessageId, parcel::Parcel};
use uuid::Uuid;

/// The namespace of the vendor-side ids; it must never change, or a re-send is no longer recognised.
const NAMESPACE: Uuid = Uuid::from_u128(0x9f1d_5c0e_6b5a_5d0b_8a43_1f7e_2c86_40d7);

/// The id under which every vendor knows a delivery: the same for each try, whichever process makes it.
pub fn vendor_id(delivery: DeliveryId) -> Uuid {
    Uuid::new_v5(&NAMESPACE, &delivery.0.to_be_bytes())
}

/// The id of a call: of one device that of its delivery, of several made of all deliveries in their order.
pub fn batch_id(batch: &[Parcel]) -> Uuid {
    call_id(batch)
}

/// [`batch_id`] of parcels that lie apart.
pub(crate) fn call_id<'a>(parcels: impl IntoIterator<Item = &'a Parcel>) -> Uuid {
    let numbers = parcels.into_iter().flat_map(|parcel| parcel.delivery.0.to_be_bytes());
    let numbers: Vec<u8> = numbers.collect();
    Uuid::new_v5(&NAMESPACE, &numbers)
}

/// The number of what is shown, from 1 to 2^31 - 1: a repeat of a message replaces it on the device.
pub fn notify_id(message: MessageId) -> i32 {
    let [a, b, c, d, ..] = digest(message);
    i32::from_be_bytes([a & 0x7f, b, c, d]).max(1)
}

/// [`notify_id`] for Meizu: 8 characters of `[0-9a-zA-Z_-]` (vendors 8).
pub fn notify_key(message: MessageId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&digest(message)[..6])
}

/// Message numbers are ordered by time; their digests differ everywhere.
fn digest(message: MessageId) -> [u8; 16] {
    // One byte more than a delivery's number has, so that the two never meet.
    let mut name = [b'm'; 9];
    name[1..].copy_from_slice(&message.0.to_be_bytes());
    Uuid::new_v5(&NAMESPACE, &name).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::channel::Channel;
    use proptest::prelude::*;

    fn parcels(deliveries: &[i64]) -> Vec<Parcel> {
        let parcel = |delivery: &i64| Parcel {
            delivery: DeliveryId(*delivery),
            ..sample::parcel(Channel::Huawei, |_| {})
        };
        deliveries.iter().map(parcel).collect()
    }

    #[test]
    fn the_vendor_id_of_a_delivery_never_changes() {
        let first = vendor_id(DeliveryId(1));
        assert_eq!(first.to_string(), "53140c71-8211-5825-b4ca-cf3838c78da2");
        assert_eq!(first, vendor_id(DeliveryId(1)));
        assert_ne!(first, vendor_id(DeliveryId(2)));
    }

    #[test]
    fn a_call_for_one_device_has_its_delivery_s_id_and_one_for_several_an_id_of_its_own() {
        assert_eq!(batch_id(&parcels(&[7])), vendor_id(DeliveryId(7)));
        let both = batch_id(&parcels(&[7, 8]));
        assert_eq!(both, batch_id(&parcels(&[7, 8])));
        for other in [&[7][..], &[8, 7], &[7, 8, 9]] {
            assert_ne!(both, batch_id(&parcels(other)), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_has_a_number_and_a_key_that_vendors_take(number in any::<i64>()) {
            let message = MessageId(number);
            prop_assert!(notify_id(message) >= 1);
            prop_assert_eq!(notify_id(message), notify_id(message));
            let key = notify_key(message);
            prop_assert_eq!(key.len(), 8);
            prop_assert!(key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)));
            prop_assert_ne!(key, notify_key(MessageId(number.wrapping_add(1))));
        }
    }
}
