//! What a device's vendor decides: the system it runs, and FCM in the vendor's place.

use crate::world::{ANDROID, ANDROID_PLAN, World, android, settlement};
use domain::{
    channel::Channel,
    delivery::{DeliveryState, Reason},
    device::Registration,
    parcel::LaneKey,
    ports::Outbox,
};
use std::sync::atomic::Ordering;

fn huawei(fcm_token: Option<&str>) -> Registration {
    Registration {
        channel: Channel::Huawei,
        harmony_os: true,
        fcm_token: fcm_token.map(str::to_owned),
        ..android("a Huawei token")
    }
}

const FCM: LaneKey = LaneKey::main(ANDROID, Channel::Fcm);

#[tokio::test]
async fn a_parcel_knows_whether_its_device_runs_harmony_os_whichever_way_it_comes() {
    let world = World::new().await;
    world.register("bob", huawei(Some("an FCM token"))).await;
    world.dispatcher.room.store(1, Ordering::SeqCst);
    world.send(&["bob"], 1).await;
    world.send(&["bob"], 2).await;
    let (handed, claimed) = (world.dispatcher.taken().remove(0), world.claim(1).await.remove(0));
    assert!(handed.harmony_os && claimed.harmony_os);
    world
        .register(
            "bob",
            Registration {
                harmony_os: false,
                ..huawei(Some("x"))
            },
        )
        .await;
    world.send(&["bob"], 3).await;
    assert!(!world.claim(1).await.remove(0).harmony_os);
}

#[tokio::test]
async fn fcm_stands_in_for_a_vendor_without_credential_and_the_history_says_so() {
    let world = World::new().await;
    world.register("bob", huawei(Some("an FCM token"))).await;
    world.dispatcher.room.store(1, Ordering::SeqCst);
    world.send(&["bob"], 1).await;
    world.send(&["bob"], 2).await;
    let (handed, claimed) = (world.dispatcher.taken().remove(0), world.claim(1).await.remove(0));
    for parcel in [handed, claimed] {
        assert_eq!((parcel.lane, parcel.vendor_token.as_str()), (FCM, "an FCM token"));
    }
    let shown = world.history(ANDROID_PLAN).await.remove(0).deliveries.remove(0);
    assert_eq!(
        (shown.channel, shown.own_channel),
        (Some(Channel::Fcm), Some(Channel::Huawei))
    );
}

#[tokio::test]
async fn the_history_names_no_second_channel_where_none_stands_in() {
    let world = World::new().await;
    world.register("bob", android("an FCM token")).await;
    world.send(&["bob"], 1).await;
    let shown = world.history(ANDROID_PLAN).await.remove(0).deliveries.remove(0);
    assert_eq!((shown.channel, shown.own_channel), (Some(Channel::Fcm), None));
}

#[tokio::test]
async fn a_dead_token_of_fcm_is_dropped_and_the_vendor_s_own_is_left_alone() {
    let world = World::new().await;
    world.register("bob", huawei(Some("an FCM token"))).await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    let mut gone = settlement(&parcel, DeliveryState::Failed);
    (gone.reason, gone.token_dead_since) = (Some(Reason::RecipientGone), Some(world.now()));
    world.plane.settle(vec![gone]).await.expect("settles");
    assert_eq!(world.number("SELECT COUNT(fcm_token) FROM devices").await, 0);
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 0);
}

#[tokio::test]
async fn a_delivery_whose_device_has_gone_to_another_vendor_is_not_sent_under_its_old_token() {
    let world = World::new().await;
    let token = world.register("bob", android("an FCM token")).await;
    world.send(&["bob"], 1).await;
    let moved = Registration {
        token: Some(token),
        ..huawei(None)
    };
    world.register("bob", moved).await;
    assert_eq!(world.claim(1).await, []);
    let shown = world.history(ANDROID_PLAN).await.remove(0).deliveries.remove(0);
    assert_eq!(
        (shown.state, shown.reason),
        (DeliveryState::Failed, Some(Reason::TokenDead))
    );
}
