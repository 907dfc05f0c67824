//! A spent quota holds messages of its class until it is full again, and no others.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{Gate, LaneSettings, Settings};
use domain::{
    Timestamp,
    channel::Channel as Kind,
    delivery::{DeliveryState, Reason, Verdict},
    parcel::LaneKey,
    quota::{QuotaClass, SpentQuota},
};

const FCM: LaneKey = lane(1, Kind::Fcm);

fn one_at_a_time() -> Settings {
    let lane = LaneSettings {
        concurrency: 1,
        places: 1000,
        rate_per_sec: 0,
    };
    Settings {
        lane,
        ..Settings::default()
    }
}

/// Until then the vendor refuses sales.
fn refuse_sales(world: &World, until: Timestamp) {
    let clock = world.clock.clone();
    world.fcm.decides(move |parcel, _| {
        if parcel.notification.body.starts_with("sale") && clock.now() < until {
            Answer::status(Verdict::QuotaSpent { until }, 200)
        } else {
            Answer::accept()
        }
    });
}

fn spent(world: &World, class: QuotaClass) -> Option<SpentQuota> {
    world.credentials.quotas.lock().unwrap().get(&(FCM, class)).cloned()
}

#[tokio::test(start_paused = true)]
async fn a_spent_class_waits_untried_until_it_is_full_again_and_others_go_on() {
    let world = World::awake(one_at_a_time()).await;
    let until = world.now().plus_secs(1800);
    refuse_sales(&world, until);
    for delivery in 1..=50 {
        world.accept(world.parcel(delivery, FCM, &format!("sale {delivery}")));
        world.accept(world.parcel(100 + delivery, FCM, &format!("hello {delivery}")));
    }
    world.pass(1000).await;
    assert_eq!(
        world.outbox.count(DeliveryState::Sent),
        50,
        "messages of the other class"
    );
    assert_eq!(world.fcm.seen().len(), 51, "one answer is enough");
    assert_eq!(world.gate(FCM), Some(Gate::Open));
    for delivery in 2..=50 {
        let row = world.outbox.row(delivery);
        assert_eq!(
            (row.state, row.reason, row.due_at),
            (DeliveryState::Retrying, Some(Reason::QuotaSpent), until)
        );
        assert_eq!(row.attempts, []);
    }
    assert!(world.accept(world.parcel(51, FCM, "sale late")), "others need the lane");
    world.pass(1000).await;
    assert_eq!(world.outbox.row(51).reason, Some(Reason::QuotaSpent));
    world.pass(1_800_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 101);
}

#[tokio::test(start_paused = true)]
async fn the_console_is_told_that_a_quota_is_spent_and_that_it_is_not() {
    let world = World::awake(one_at_a_time()).await;
    let until = world.now().plus_secs(1800);
    refuse_sales(&world, until);
    world.accept(world.parcel(1, FCM, "sale"));
    world.pass(100).await;
    let told = spent(&world, QuotaClass::Marketing).expect("told");
    assert_eq!((told.until, told.vendor_code.as_str()), (until, "code"));
    assert_eq!(spent(&world, QuotaClass::Communication), None);
    let lanes = world.dispatch.lanes();
    assert_eq!(lanes[0].spent, [(QuotaClass::Marketing, until)]);
    world.pass(1_802_000).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
    assert_eq!(spent(&world, QuotaClass::Marketing), None);
}

#[tokio::test(start_paused = true)]
async fn a_restart_does_not_forget_a_spent_quota() {
    let mut world = World::awake(one_at_a_time()).await;
    let until = world.now().plus_secs(1800);
    refuse_sales(&world, until);
    world.accept(world.parcel(1, FCM, "sale"));
    world.pass(100).await;
    world.crash().await;
    world.start().await;
    world.accept(world.parcel(2, FCM, "sale two"));
    world.accept(world.parcel(3, FCM, "hello"));
    world.pass(1000).await;
    assert_eq!(world.fcm.times(2), []);
    assert_eq!(world.outbox.row(2).reason, Some(Reason::QuotaSpent));
    assert_eq!(world.outbox.row(3).state, DeliveryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_quota_expires_with_its_time_to_live() {
    let world = World::awake(one_at_a_time()).await;
    let until = world.now().plus_secs(86_400);
    refuse_sales(&world, until);
    for delivery in 1..=3 {
        world.accept(world.parcel(delivery, FCM, &format!("sale {delivery}")));
    }
    world.pass(100).await;
    assert_eq!(world.outbox.row(2).state, DeliveryState::Retrying);
    world.pass(3_602_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Expired), 3);
    assert_eq!(world.fcm.seen().len(), 1);
}
