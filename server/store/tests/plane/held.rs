//! How much waits for a reason, by plan and channel.

use crate::world::{ANDROID_PLAN, World, android, ios, settlement};
use domain::{
    channel::Channel,
    delivery::{DeliveryState, Reason},
    parcel::{Parcel, Settlement},
    ports::Outbox,
};

/// What waits for a quota is counted until it goes.
pub async fn counts_what_waits(world: &World) {
    world.register("bob", android("aa")).await;
    world.register("bob", ios(&"ab".repeat(32))).await;
    for random in 0..3 {
        world.send(&["bob"], random).await;
    }
    let claimed = world.claim(10).await;
    let of_fcm: Vec<&Parcel> = claimed.iter().filter(|p| p.lane.channel == Channel::Fcm).collect();
    assert_eq!((claimed.len(), of_fcm.len()), (6, 3));
    let held = |parcel: &&Parcel| Settlement {
        attempt: None,
        reason: Some(Reason::QuotaSpent),
        due_at: Some(world.now().plus_secs(3600)),
        ..settlement(parcel, DeliveryState::Retrying)
    };
    let settled = world.plane.settle(of_fcm.iter().map(held).collect()).await;
    settled.expect("settles");
    let counted = async |reason| {
        let held = world.plane.held_back(&[ANDROID_PLAN], reason).await;
        held.expect("is read").into_iter().collect::<Vec<_>>()
    };
    let waiting = [((ANDROID_PLAN, Channel::Fcm), 3)];
    assert_eq!(counted(Reason::QuotaSpent).await, waiting);
    assert_eq!(counted(Reason::Throttled).await, []);
    world.settle(of_fcm[0], DeliveryState::Sent).await;
    assert_eq!(counted(Reason::QuotaSpent).await[0].1, 2);
}

#[tokio::test]
async fn what_waits_for_a_quota_is_counted_by_plan_and_channel() {
    counts_what_waits(&World::new().await).await;
}
