//! The outbox: leases, settlements, ends.

use crate::world::{ANDROID, APP, IOS, IOS_PLAN, World, android, claims_by_package, ios, settlement};
use domain::{
    channel::Channel,
    delivery::{DeliveryState, Reason},
    device::{DeviceState, StateReport},
    parcel::{LaneKey, Parcel},
    plan::DeliveryView,
    ports::Outbox,
};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;

async fn only_delivery(world: &World) -> DeliveryView {
    world.history(IOS_PLAN).await.remove(0).deliveries.remove(0)
}

#[tokio::test]
async fn no_delivery_is_claimed_twice_however_many_ask() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    for random in 0..60 {
        world.send(&["bob"], random).await;
    }
    let claims = (0..20).map(|_| {
        let (plane, now) = (world.plane.clone(), world.now());
        tokio::spawn(async move { plane.claim(now, now.plus_secs(60), 7, &[]).await.expect("claims") })
    });
    let mut seen = HashSet::new();
    let mut taken = 0;
    for claim in claims.collect::<Vec<_>>() {
        for parcel in claim.await.expect("runs") {
            taken += 1;
            assert!(seen.insert(parcel.delivery), "claimed twice");
        }
    }
    assert_eq!(taken, 60);
}

#[tokio::test]
async fn a_lease_that_ran_out_lets_somebody_else_take_over() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let first = world.claim(1).await.remove(0);
    world.clock.advance_ms(59_999);
    assert_eq!(world.claim(1).await, vec![]);
    assert_eq!(world.plane.next_due().await.expect("is read"), Some(first.leased_until));
    world.clock.advance_ms(1);
    let second = world.claim(1).await.remove(0);
    assert_eq!(second.delivery, first.delivery);
    // Both answer: the first answer counts, both tries are recorded.
    let mut late = settlement(&first, DeliveryState::Failed);
    late.reason = Some(Reason::MessageRejected);
    late.attempt.as_mut().expect("is there").at = first.accepted_at.plus_ms(70_000);
    world.settle(&second, DeliveryState::Sent).await;
    world.plane.settle(vec![late]).await.expect("settles");
    let details = world.plane.message(IOS_PLAN, world.history(IOS_PLAN).await[0].id).await;
    let details = details.expect("is read").expect("is there");
    assert_eq!(details.message.deliveries[0].state, DeliveryState::Sent);
    assert_eq!(details.attempts[0].1.len(), 2);
}

#[tokio::test]
async fn settling_twice_is_settling_once() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    for _ in 0..3 {
        world.settle(&parcel, DeliveryState::Sent).await;
    }
    let twice = vec![
        settlement(&parcel, DeliveryState::Sent),
        settlement(&parcel, DeliveryState::Failed),
    ];
    world.plane.settle(twice).await.expect("settles");
    let delivery = only_delivery(&world).await;
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Sent, 1));
    assert_eq!(world.number("SELECT COUNT(*) FROM attempts").await, 1);
    let counts = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
    assert_eq!(
        (counts.accepted, counts.sent, counts.waiting, counts.failed),
        (1, 1, 0, 0)
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM outbox").await, 0);
}

#[tokio::test]
async fn what_is_to_be_tried_again_is_due_when_it_was_said_and_never_after_its_end() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    let mut again = settlement(&parcel, DeliveryState::Retrying);
    (again.reason, again.due_at) = (Some(Reason::VendorUnavailable), Some(world.now().plus_secs(30)));
    let attempt = again.attempt.as_mut().expect("is there");
    (attempt.vendor_status, attempt.vendor_code) = (Some(503), "Shutdown\0".into());
    world.plane.settle(vec![again.clone()]).await.expect("settles");
    let delivery = only_delivery(&world).await;
    assert_eq!(
        (delivery.state, delivery.reason),
        (DeliveryState::Retrying, Some(Reason::VendorUnavailable))
    );
    assert_eq!(delivery.next_attempt_at, again.due_at);
    assert_eq!(delivery.vendor_code, "Shutdown");
    assert_eq!(world.claim(1).await, vec![]);
    world.clock.advance_ms(30_000);
    let second = world.claim(1).await.remove(0);
    assert_eq!((second.attempts, second.delivery), (1, parcel.delivery));
    again.due_at = Some(parcel.expires_at.plus_secs(100));
    world.plane.settle(vec![again]).await.expect("settles");
    assert_eq!(world.plane.next_due().await.expect("is read"), Some(parcel.expires_at));
}

#[tokio::test]
async fn what_is_given_back_untried_counts_nothing() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    let due = world.now().plus_secs(5);
    world.plane.release(vec![parcel.delivery], due).await.expect("releases");
    assert_eq!(world.plane.next_due().await.expect("is read"), Some(due));
    let delivery = only_delivery(&world).await;
    assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Queued, 0));
    world.clock.advance_ms(5_000);
    assert_eq!(world.claim(1).await[0].attempts, 0);
}

#[tokio::test]
async fn a_delivery_whose_time_is_over_ends_unless_somebody_holds_it() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    for random in 0..3 {
        world.send(&["bob"], random).await;
    }
    world.clock.advance_ms(7 * 86_400_000 - 10_000);
    let held = world.claim(1).await;
    world.clock.advance_ms(10_000);
    assert_eq!(world.claim(10).await, vec![], "nothing is sent after its time");
    assert_eq!(world.plane.expire(world.now()).await.expect("expires"), 2);
    assert_eq!(world.plane.expire(world.now()).await.expect("expires"), 0);
    world.clock.advance_ms(50_000);
    assert_eq!(world.plane.expire(world.now()).await.expect("expires"), 1);
    world.settle(&held[0], DeliveryState::Sent).await;
    let counts = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
    assert_eq!((counts.expired, counts.sent, counts.waiting), (3, 0, 0));
    assert_eq!(counts.by_reason, vec![(Reason::TimeToLive, 3)]);
    assert_eq!(world.plane.next_due().await.expect("is read"), None);
    assert_eq!(world.number("SELECT COUNT(*) FROM payloads").await, 0);
}

#[tokio::test]
async fn a_lane_with_a_long_queue_never_stands_before_another() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.register("carol", android("bb")).await;
    for random in 0..50 {
        world.send(&["bob"], random).await;
    }
    world.clock.advance_ms(1);
    world.send(&["carol"], 100).await;
    let claimed = world.claim(10).await;
    assert_eq!(claimed.len(), 10);
    assert_eq!(
        lanes(&claimed),
        HashSet::from([(IOS, Channel::Apns), (ANDROID, Channel::Fcm)])
    );
    let now = world.now();
    let paused = LaneKey::main(IOS, Channel::Apns);
    let rest = world.plane.claim(now, now.plus_secs(60), 10, &[paused]).await;
    assert_eq!(rest.expect("claims"), vec![]);
}

#[tokio::test]
async fn the_packages_of_an_application_have_lanes_of_their_own() {
    claims_by_package(&World::new().await).await;
}

fn lanes(parcels: &[Parcel]) -> HashSet<(domain::ApplicationId, Channel)> {
    parcels.iter().map(|p| (p.lane.application, p.lane.channel)).collect()
}

#[tokio::test]
async fn a_device_given_to_somebody_else_does_not_get_its_former_owner_s_messages() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    world.device("carol", "aa").await;
    assert_eq!(world.claim(10).await, vec![]);
    let delivery = only_delivery(&world).await;
    assert_eq!(
        (delivery.state, delivery.reason),
        (DeliveryState::Cancelled, Some(Reason::LoggedOut))
    );
}

#[tokio::test]
async fn a_user_who_logged_out_gets_nothing_that_was_waiting() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let state = DeviceState::LoggedOut;
    let report = StateReport {
        token,
        state,
        unread: None,
    };
    world.plane.report_state(APP, "bob", report).await.expect("is taken");
    assert_eq!(world.claim(10).await, vec![]);
    assert_eq!(only_delivery(&world).await.state, DeliveryState::Cancelled);
}

#[tokio::test]
async fn a_dead_token_is_retired_unless_the_device_has_registered_since() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    world.send(&["bob"], 2).await;
    let parcel = world.claim(1).await.remove(0);
    let mut gone = settlement(&parcel, DeliveryState::Failed);
    (gone.reason, gone.token_dead_since) = (Some(Reason::RecipientGone), Some(world.now()));
    // Registered anew after the vendor last saw it: the answer is about the past.
    world.clock.advance_ms(10);
    world.device("bob", "aa").await;
    world.plane.settle(vec![gone.clone()]).await.expect("settles");
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 0);
    gone.token_dead_since = Some(world.now());
    gone.vendor_token = "another".into();
    world.plane.settle(vec![gone.clone()]).await.expect("settles");
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 0);
    gone.vendor_token = "aa".into();
    world.plane.settle(vec![gone]).await.expect("settles");
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 1);
    assert_eq!(world.claim(1).await, vec![], "what waits for a dead token is not tried");
    let deliveries: Vec<_> = world
        .history(IOS_PLAN)
        .await
        .into_iter()
        .flat_map(|m| m.deliveries)
        .collect();
    assert_eq!(deliveries[0].reason, Some(Reason::TokenDead));
    assert_eq!(deliveries[1].reason, Some(Reason::RecipientGone));
    world.register("bob", ios("aa")).await;
    assert_eq!(
        world.number("SELECT COUNT(dead_since) FROM devices").await,
        0,
        "registering revives it"
    );
}

#[tokio::test]
async fn a_text_that_cannot_be_read_ends_its_delivery_and_no_other() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    let broken = world.send(&["bob"], 1).await.message;
    world.send(&["bob"], 2).await;
    let spoil = format!("UPDATE payloads SET notification = '{{' WHERE message_id = {broken}");
    world.raw.write.execute_unprepared(&spoil).await.expect("runs");
    assert_eq!(world.claim(10).await.len(), 1);
    let shown = world.history(IOS_PLAN).await;
    let states: Vec<_> = shown.iter().map(|message| message.deliveries[0].state).collect();
    assert_eq!(states, vec![DeliveryState::Sending, DeliveryState::Failed]);
}

#[tokio::test]
async fn a_plane_that_is_to_finish_writes_what_waits_and_refuses_the_rest() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let now = world.now();
    world.plane.finish().await;
    world.writer.await.expect("ends");
    assert_eq!(world.plane.next_due().await.expect("reading goes on"), Some(now));
    let refused = world.plane.claim(now, now, 1, &[]).await;
    refused.expect_err("nobody writes any more");
}
