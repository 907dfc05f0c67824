//! The history as the console asks for it.

use crate::world::{ANDROID_PLAN, APP, IOS_PLAN, NOW, World, android, settlement};
use domain::{
    MessageId, PlanId,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    page::PageRequest,
    plan::HistoryQuery,
    ports::Outbox,
};

async fn found(world: &World, plan: PlanId, query: HistoryQuery) -> (Vec<MessageId>, u64) {
    let page = world.plane.messages(plan, &query).await.expect("is read");
    (page.rows.iter().map(|row| row.id).collect(), page.total)
}

#[tokio::test]
async fn messages_stand_newest_first_and_pages_join_without_gap_over_hours() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    let mut all = vec![];
    for random in 0..45 {
        all.insert(0, world.send(&["bob"], random).await.message);
        world.clock.advance_ms(600_000);
    }
    let mut seen = vec![];
    for number in 1..=5 {
        let page = PageRequest { number, size: 10 };
        let (rows, total) = found(
            &world,
            IOS_PLAN,
            HistoryQuery {
                page,
                ..HistoryQuery::default()
            },
        )
        .await;
        assert_eq!(total, 45);
        seen.extend(rows);
    }
    assert_eq!(seen, all);
    let page = PageRequest { number: 99, size: 10 };
    let last = world
        .plane
        .messages(
            IOS_PLAN,
            &HistoryQuery {
                page,
                ..HistoryQuery::default()
            },
        )
        .await;
    let last = last.expect("is read");
    assert_eq!((last.page.number, last.rows.len()), (5, 5));
}

#[tokio::test]
async fn filters_keep_what_they_say_and_nothing_else() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.register("carol", android("bb")).await;
    let to_bob = world.send(&["bob"], 1).await.message;
    world.clock.advance_ms(3_600_000);
    let to_carol = world.send(&["carol"], 2).await.message;
    let to_both = world.send(&["bob", "carol"], 3).await.message;
    let to_nobody = world.send(&["nobody"], 4).await.message;
    let first = world
        .claim(100)
        .await
        .into_iter()
        .min_by_key(|p| p.delivery)
        .expect("one");
    let mut failed = settlement(&first, DeliveryState::Failed);
    failed.reason = Some(Reason::MessageRejected);
    world.plane.settle(vec![failed]).await.expect("settles");
    let by = |change: fn(&mut HistoryQuery)| {
        let mut query = HistoryQuery::default();
        change(&mut query);
        query
    };
    let cases: Vec<(PlanId, HistoryQuery, Vec<MessageId>)> = vec![
        (IOS_PLAN, by(|_| {}), vec![to_nobody, to_both, to_bob]),
        (ANDROID_PLAN, by(|_| {}), vec![to_nobody, to_both, to_carol]),
        (IOS_PLAN, by(|q| q.user = " bob ".into()), vec![to_both, to_bob]),
        (IOS_PLAN, by(|q| q.user = "bo".into()), vec![]),
        (ANDROID_PLAN, by(|q| q.user = "carol".into()), vec![to_both, to_carol]),
        (
            IOS_PLAN,
            by(|q| q.from = Some(NOW.plus_secs(1))),
            vec![to_nobody, to_both],
        ),
        (IOS_PLAN, by(|q| q.until = Some(NOW.plus_secs(1))), vec![to_bob]),
        (IOS_PLAN, by(|q| q.state = Some(DeliveryState::Failed)), vec![to_bob]),
        (IOS_PLAN, by(|q| q.state = Some(DeliveryState::Sending)), vec![to_both]),
        (IOS_PLAN, by(|q| q.state = Some(DeliveryState::Queued)), vec![]),
        (
            IOS_PLAN,
            by(|q| q.state = Some(DeliveryState::Skipped)),
            vec![to_nobody],
        ),
        (IOS_PLAN, by(|q| q.state = Some(DeliveryState::Sent)), vec![]),
        (IOS_PLAN, by(|q| q.reason = Some(Reason::MessageRejected)), vec![to_bob]),
        (
            IOS_PLAN,
            by(|q| q.reason = Some(Reason::ReceiverUnknown)),
            vec![to_nobody],
        ),
        (IOS_PLAN, by(|q| q.channel = Some(Channel::Apns)), vec![to_both, to_bob]),
        (IOS_PLAN, by(|q| q.channel = Some(Channel::Fcm)), vec![]),
        (PlanId(999), by(|_| {}), vec![]),
    ];
    for (plan, query, expected) in cases {
        let total = expected.len() as u64;
        assert_eq!(
            found(&world, plan, query.clone()).await,
            (expected, total),
            "{plan} {query:?}"
        );
    }
}

#[tokio::test]
async fn a_message_is_shown_with_its_tries_under_its_own_plan_only() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    let message = world.send(&["bob"], 1).await.message;
    let parcel = world.claim(1).await.remove(0);
    let mut again = settlement(&parcel, DeliveryState::Retrying);
    (again.reason, again.due_at) = (Some(Reason::VendorUnavailable), Some(world.now()));
    let tried = again.attempt.clone().expect("is there");
    world.plane.settle(vec![again]).await.expect("settles");
    let details = world
        .plane
        .message(IOS_PLAN, message)
        .await
        .expect("is read")
        .expect("is there");
    assert_eq!(details.attempts, vec![(parcel.delivery, vec![tried])]);
    assert_eq!(details.message.deliveries[0].state, DeliveryState::Retrying);
    assert_eq!(world.plane.message(ANDROID_PLAN, message).await.expect("is read"), None);
    assert_eq!(
        world.plane.message(IOS_PLAN, MessageId(1)).await.expect("is read"),
        None
    );
}

#[tokio::test]
async fn plans_know_their_messages_in_all_and_of_the_last_day() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.register("bob", android("bb")).await;
    world.send(&["bob"], 1).await;
    world.clock.advance_ms(25 * 3_600_000);
    world.send(&["bob"], 2).await;
    world.send(&["bob"], 2).await;
    let plans = world
        .plane
        .plan_messages(&[IOS_PLAN, ANDROID_PLAN, PlanId(999)])
        .await
        .expect("is read");
    assert_eq!(plans.get(&IOS_PLAN), Some(&(2, 1)));
    assert_eq!(plans.get(&ANDROID_PLAN), Some(&(2, 1)));
    assert_eq!(plans.get(&PlanId(999)), None);
    let other = world.plane.unrouted(APP, 10).await.expect("is read");
    assert_eq!(other, vec![]);
}
