//! What vendors report back.

use crate::world::{ANDROID, ANDROID_PLAN, APP, World, android};
use domain::{
    MessageId, PlanId, Secret, Timestamp,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    device::{DeviceState, Registration, StateReport},
    parcel::Parcel,
    plan::DeliveryView,
    receipt::{Receipt, ReceiptDoor, ReceiptEvent, ReceiptsTaken},
};
use std::sync::Arc;

pub fn door() -> ReceiptDoor {
    ReceiptDoor {
        package: domain::PackageId::MAIN,
        application: ANDROID,
        channel: Channel::Fcm,
        access_point: "ap-guangzhou".into(),
        plans: vec![PlanId(151), ANDROID_PLAN],
        sdk_app_id: Some(APP),
        callback_user: String::new(),
        callback_key: Secret::default(),
    }
}

pub fn of(parcel: &Parcel, event: ReceiptEvent) -> Receipt {
    Receipt {
        message: Some(parcel.message),
        vendor_id: format!("vendor-{}", parcel.delivery),
        vendor_token: parcel.vendor_token.clone(),
        at: None,
        event,
        vendor_code: "5".into(),
    }
}

/// How many are known, and how many not.
async fn take(world: &World, receipts: Vec<Receipt>) -> (u32, u32) {
    let taken = taken(world, receipts).await;
    (taken.known, taken.unknown_message + taken.unknown_device)
}

async fn taken(world: &World, receipts: Vec<Receipt>) -> ReceiptsTaken {
    let taken = world.plane.take_receipts(Arc::new(door()), receipts).await;
    taken.expect("is taken")
}

/// The delivery of the newest message.
async fn delivery(world: &World) -> DeliveryView {
    world.history(ANDROID_PLAN).await.remove(0).deliveries.remove(0)
}

/// A world in which a message is with the vendor.
async fn leased(token: &str) -> (World, Parcel) {
    let world = World::new().await;
    world.register("bob", android(token)).await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    (world, parcel)
}

async fn sent(token: &str) -> (World, Parcel) {
    let (world, parcel) = leased(token).await;
    world.settle(&parcel, DeliveryState::Sent).await;
    (world, parcel)
}

#[tokio::test]
async fn receipts_move_a_delivery_on_in_any_order_and_once() {
    use ReceiptEvent::{Clicked, Other, Reached};
    for (events, counts) in [
        (&[Reached, Reached, Clicked] as &[_], (1, 1, 1)),
        (&[Clicked, Reached], (1, 1, 1)),
        (&[Reached], (1, 1, 0)),
        (&[Other], (1, 0, 0)),
    ] {
        for at_once in [true, false] {
            let (world, parcel) = sent("aa").await;
            let receipts: Vec<_> = events.iter().map(|event| of(&parcel, *event)).collect();
            if at_once {
                assert_eq!(take(&world, receipts).await, (u32::try_from(events.len()).unwrap(), 0));
            } else {
                for receipt in receipts {
                    assert_eq!(take(&world, vec![receipt]).await, (1, 0));
                }
            }
            let got = world.plane.plan_totals(ANDROID_PLAN).await.expect("are read");
            assert_eq!((got.sent, got.reached, got.clicked), counts, "{events:?}");
        }
    }
}

#[tokio::test]
async fn a_receipt_that_overtakes_the_settlement_is_not_lost() {
    let (world, parcel) = leased("aa").await;
    assert_eq!(take(&world, vec![of(&parcel, ReceiptEvent::Reached)]).await, (1, 0));
    world.settle(&parcel, DeliveryState::Sent).await;
    assert_eq!(delivery(&world).await.state, DeliveryState::Reached);
    assert_eq!(world.number("SELECT COUNT(*) FROM attempts").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM outbox").await, 0);
    let got = world.plane.plan_totals(ANDROID_PLAN).await.expect("are read");
    assert_eq!((got.accepted, got.sent, got.reached, got.waiting), (1, 1, 1, 0));
}

#[tokio::test]
async fn one_call_tells_of_many_devices_of_one_message() {
    let world = World::new().await;
    for (user, token) in [("bob", "aa"), ("carol", "bb"), ("dave", "cc")] {
        world.register(user, android(token)).await;
    }
    world.send(&["bob", "carol", "dave"], 1).await;
    let parcels = world.claim(10).await;
    for parcel in &parcels {
        world.settle(parcel, DeliveryState::Sent).await;
    }
    let mut receipts: Vec<_> = parcels.iter().map(|p| of(p, ReceiptEvent::Reached)).collect();
    receipts[2].vendor_token = "a token that nobody has".into();
    assert_eq!(take(&world, receipts).await, (2, 1));
    assert_eq!(
        world.plane.plan_totals(ANDROID_PLAN).await.expect("are read").reached,
        2
    );
}

#[tokio::test]
async fn a_receipt_without_our_number_is_found_by_the_vendor_s() {
    let (world, parcel) = sent("aa").await;
    let mut receipt = of(&parcel, ReceiptEvent::Reached);
    receipt.message = None;
    let mut foreign = receipt.clone();
    foreign.vendor_id = "somebody else's".into();
    assert_eq!(take(&world, vec![foreign]).await, (0, 1));
    assert_eq!(delivery(&world).await.state, DeliveryState::Sent);
    assert_eq!(take(&world, vec![receipt]).await, (1, 0));
    assert_eq!(delivery(&world).await.state, DeliveryState::Reached);
}

#[tokio::test]
async fn a_receipt_of_a_known_device_with_an_unknown_message_is_told_from_one_of_a_stranger() {
    let (world, parcel) = sent("aa").await;
    let unnumbered = |token: &str| Receipt {
        message: None,
        vendor_id: "of the vendor's console".into(),
        vendor_token: token.into(),
        ..of(&parcel, ReceiptEvent::Reached)
    };
    let silent = Receipt {
        vendor_id: String::new(),
        ..unnumbered("aa")
    };
    let receipts = vec![
        unnumbered("aa"),
        silent,
        unnumbered("bb"),
        of(&parcel, ReceiptEvent::Other),
    ];
    let expected = ReceiptsTaken {
        known: 1,
        unknown_message: 2,
        unknown_device: 1,
    };
    assert_eq!(taken(&world, receipts).await, expected);
    assert_eq!(delivery(&world).await.state, DeliveryState::Sent, "nothing is guessed");
    // Whatever it was sent with, a token that the vendor calls dead since is not used any more.
    let dead = Receipt {
        at: Some(world.now()),
        event: ReceiptEvent::TokenDead,
        ..unnumbered("aa")
    };
    take(&world, vec![dead]).await;
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 1);
}

#[tokio::test]
async fn a_message_for_one_device_is_known_by_its_number_even_under_a_token_that_was_replaced() {
    let (world, parcel) = sent("aa").await;
    let token = world.register("bob", android("aa")).await;
    let renewed = Registration {
        token: Some(token),
        ..android("a new one")
    };
    world.register("bob", renewed).await;
    assert_eq!(take(&world, vec![of(&parcel, ReceiptEvent::Reached)]).await, (1, 0));
    assert_eq!(delivery(&world).await.state, DeliveryState::Reached);
}

#[tokio::test]
async fn receipts_of_unknown_messages_and_of_other_applications_are_counted_and_dropped() {
    let (world, parcel) = sent("aa").await;
    let mut unknown = of(&parcel, ReceiptEvent::TokenDead);
    unknown.message = Some(MessageId(17));
    assert_eq!(take(&world, vec![unknown]).await, (0, 1));
    let elsewhere = ReceiptDoor {
        plans: vec![PlanId(999)],
        sdk_app_id: None,
        ..door()
    };
    let taken = world
        .plane
        .take_receipts(Arc::new(elsewhere), vec![of(&parcel, ReceiptEvent::TokenDead)])
        .await
        .expect("is taken");
    let expected = ReceiptsTaken {
        unknown_device: 1,
        ..ReceiptsTaken::default()
    };
    assert_eq!(taken, expected);
    assert_eq!(delivery(&world).await.state, DeliveryState::Sent);
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 0);
}

#[tokio::test]
async fn a_dead_token_retires_unless_the_device_has_registered_it_anew() {
    let (world, parcel) = sent("aa").await;
    assert_eq!(take(&world, vec![of(&parcel, ReceiptEvent::TokenDead)]).await, (1, 0));
    let shown = delivery(&world).await;
    let expected = (DeliveryState::Failed, Some(Reason::RecipientGone), "5".to_owned());
    assert_eq!((shown.state, shown.reason, shown.vendor_code), expected);
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 1);

    let (world, parcel) = sent("aa").await;
    world.clock.advance_ms(1000);
    world.register("bob", android("aa")).await;
    assert_eq!(take(&world, vec![of(&parcel, ReceiptEvent::TokenDead)]).await, (1, 0));
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 0);
    // The vendor's own time counts, but never one that is still to come.
    let dated = |at: Timestamp| Receipt {
        at: Some(at),
        ..of(&parcel, ReceiptEvent::TokenDead)
    };
    take(&world, vec![dated(parcel.accepted_at)]).await;
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 0);
    world.clock.advance_ms(1000);
    take(&world, vec![dated(world.now().plus_secs(86_400))]).await;
    let since = world.number("SELECT dead_since FROM devices").await;
    assert_eq!(since, world.now().0);
}

#[tokio::test]
async fn switched_off_notifications_are_believed_until_the_device_is_used_again() {
    let (world, parcel) = sent("aa").await;
    let device = world.register("bob", android("aa")).await;
    take(&world, vec![of(&parcel, ReceiptEvent::SwitchedOff)]).await;
    assert_eq!(delivery(&world).await.reason, Some(Reason::NotificationsOff));
    world.send(&["bob"], 2).await;
    assert_eq!(delivery(&world).await.reason, Some(Reason::NotificationsOff));
    for state in [DeviceState::Foreground, DeviceState::Background] {
        world.clock.advance_ms(1000);
        let report = StateReport {
            token: device.clone(),
            state,
            unread: None,
        };
        world.plane.report_state(APP, "bob", report).await.expect("is taken");
    }
    world.send(&["bob"], 3).await;
    assert_eq!(delivery(&world).await.state, DeliveryState::Queued);
}

#[tokio::test]
async fn a_message_that_was_not_shown_fails_and_leaves_the_device_alone() {
    let (world, parcel) = sent("aa").await;
    take(&world, vec![of(&parcel, ReceiptEvent::NotShown)]).await;
    assert_eq!(delivery(&world).await.reason, Some(Reason::NotShown));
    let got = world.plane.plan_totals(ANDROID_PLAN).await.expect("are read");
    assert_eq!((got.sent, got.failed), (0, 1));
    world.send(&["bob"], 2).await;
    assert_eq!(delivery(&world).await.state, DeliveryState::Queued);
}
