//! What is forgotten, and what must not be: messages that wait, totals, and everything that is not old enough.

use crate::world::{ANDROID_PLAN, APP, IOS, IOS_PLAN, World, android, settlement};
use domain::{
    MessageId, Timestamp,
    delivery::{DeliveryState, Reason},
    device::{Ack, AckKind},
    page::PageRequest,
    plan::HistoryQuery,
    ports::Outbox,
    statistics::{Day, Slot},
};
use store::plane::{Ageing, DayOfZone};

const DAY_MS: i64 = 86_400_000;
const ORPHANS: &str = "SELECT COUNT(*) FROM deliveries WHERE message_id NOT IN (SELECT id FROM messages)";

fn days_ago(world: &World, days: i64) -> Timestamp {
    world.now().plus_ms(-days * DAY_MS)
}

/// Steps of `limit` rows, until one says that nothing is left.
async fn forget(world: &World, what: Ageing, days: i64, limit: u32) -> Vec<u64> {
    let mut steps = vec![];
    loop {
        let rows = world.plane.forget(what, days_ago(world, days), limit).await;
        steps.push(rows.expect("forgets"));
        if steps.last().is_none_or(|rows| *rows < u64::from(limit)) {
            return steps;
        }
    }
}

#[tokio::test]
async fn previews_are_emptied_step_by_step_and_messages_stay() {
    empties_previews(&World::new().await).await;
}

/// Old ones, each once; the next ones when they have become old.
pub async fn empties_previews(world: &World) {
    let with_text = "SELECT COUNT(*) FROM messages WHERE preview <> '' OR title <> ''";
    world.device("bob", "aa").await;
    for random in 0..5 {
        world.send(&["bob"], random).await;
    }
    world.clock.advance_ms(20 * DAY_MS);
    world.send(&["bob"], 5).await;
    assert_eq!(world.number(with_text).await, 6);
    assert_eq!(forget(world, Ageing::Previews, 10, 2).await, [2, 2, 1]);
    assert_eq!(world.number(with_text).await, 1, "the newest is kept");
    assert_eq!(
        forget(world, Ageing::Previews, 10, 2).await,
        [0],
        "each is looked at once"
    );
    world.clock.advance_ms(20 * DAY_MS);
    assert_eq!(forget(world, Ageing::Previews, 10, 2).await, [1]);
    assert_eq!(world.number(with_text).await, 0);
    assert_eq!(world.history(IOS_PLAN).await.len(), 6, "the messages are there");
}

#[tokio::test]
async fn deliveries_go_before_their_messages_and_what_waits_stays() {
    forgets_deliveries(&World::new().await).await;
}

/// Tries, deliveries and messages; never a message that still has a delivery.
pub async fn forgets_deliveries(world: &World) {
    for (user, token) in [("bob", "aa"), ("carol", "bb"), ("dave", "cc")] {
        world.device(user, token).await;
    }
    world.send(&["bob", "carol"], 1).await;
    for parcel in world.claim(2).await {
        world.settle(&parcel, DeliveryState::Sent).await;
    }
    world.send(&["dave"], 2).await;
    world.clock.advance_ms(9 * DAY_MS);
    world.send(&["bob"], 3).await;
    let attempts = "SELECT COUNT(*) FROM attempts";
    let deliveries = "SELECT COUNT(*) FROM deliveries";
    let messages = "SELECT COUNT(*) FROM messages";

    assert_eq!(world.number(attempts).await, 2);
    assert_eq!(forget(world, Ageing::Attempts, 10, 9).await, [0], "not old enough");
    assert_eq!(forget(world, Ageing::Attempts, 8, 1).await, [1, 1, 0]);
    assert_eq!((world.number(attempts).await, world.number(deliveries).await), (0, 4));

    assert_eq!(forget(world, Ageing::Deliveries, 8, 1).await, [1, 1, 0]);
    assert_eq!(world.number(deliveries).await, 2, "one waits, one is new");
    assert_eq!(
        forget(world, Ageing::Messages, 8, 9).await,
        [0],
        "what waits has a message"
    );
    assert_eq!(world.number(ORPHANS).await, 0);

    world.plane.expire(world.now()).await.expect("ends");
    let totals = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
    assert_eq!((totals.accepted, totals.sent, totals.expired), (4, 2, 1));
    assert_eq!(forget(world, Ageing::Deliveries, 8, 9).await, [1]);
    assert_eq!(forget(world, Ageing::Messages, 8, 1).await, [1, 1, 0]);
    assert_eq!((world.number(messages).await, world.number(ORPHANS).await), (1, 0));
    assert_eq!(world.history(IOS_PLAN).await.len(), 1);
    assert_eq!(world.plane.plan_totals(IOS_PLAN).await.expect("are read"), totals);
}

#[tokio::test]
async fn what_was_put_together_is_found_as_before() {
    finds_what_was_put_together(&World::new().await).await;
}

/// The history's pages and filters, when the counters no longer say the hour.
pub async fn finds_what_was_put_together(world: &World) {
    world.device("bob", "aa").await;
    let mut all = vec![];
    for random in 0..5 {
        all.insert(0, world.send(&["bob"], random).await.message);
        world.clock.advance_ms(3_600_000);
    }
    let parcels = world.claim(5).await;
    let mut failed = settlement(&parcels[0], DeliveryState::Failed);
    failed.reason = Some(Reason::MessageRejected);
    world.plane.settle(vec![failed]).await.expect("settles");
    world.clock.advance_ms(10 * DAY_MS);
    all.insert(0, world.send(&["bob"], 5).await.message);
    is_found(world, &all).await;
    while world
        .plane
        .forget(Ageing::CounterHours, days_ago(world, 8), 2)
        .await
        .expect("forgets")
        > 0
    {
        is_found(world, &all).await;
    }
    let hours = "SELECT COUNT(DISTINCT hour) FROM rollups WHERE state = 'message'";
    assert!(world.number(hours).await <= 3, "a day or two, and now");
    world.clock.advance_ms(30 * DAY_MS);
    while world
        .plane
        .forget(Ageing::Counters, days_ago(world, 30), 2)
        .await
        .expect("forgets")
        > 0
    {
        is_found(world, &all).await;
    }
    assert_eq!(world.number(hours).await, 2);
}

/// Five messages and a newer one, of which the first has failed.
async fn is_found(world: &World, all: &[MessageId]) {
    let found = async |query: HistoryQuery| {
        let page = world.plane.messages(IOS_PLAN, &query).await.expect("is read");
        page.rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let mut seen = vec![];
    for number in 1..=3 {
        let page = PageRequest { number, size: 2 };
        seen.extend(
            found(HistoryQuery {
                page,
                ..HistoryQuery::default()
            })
            .await,
        );
    }
    assert_eq!(seen, all);
    let by_state = HistoryQuery {
        state: Some(DeliveryState::Failed),
        ..HistoryQuery::default()
    };
    let by_reason = HistoryQuery {
        reason: Some(Reason::MessageRejected),
        ..HistoryQuery::default()
    };
    for query in [by_state, by_reason] {
        assert_eq!(found(query.clone()).await.len(), 1, "{query:?}");
    }
}

#[tokio::test]
async fn counters_are_put_together_and_totals_stay() {
    puts_counters_together(&World::new().await).await;
}

/// Of two plans; a receipt for something old counts afterwards as well.
pub async fn puts_counters_together(world: &World) {
    let token = world.device("bob", "aa").await;
    world.register("carol", android("bb")).await;
    let mut parcels = vec![];
    for random in 0..3 {
        world.send(&["bob", "carol"], random).await;
        parcels.extend(world.claim(2).await);
        world.clock.advance_ms(3_600_000);
    }
    for parcel in &parcels {
        world.settle(parcel, DeliveryState::Sent).await;
    }
    world.clock.advance_ms(40 * DAY_MS);
    world.send(&["bob"], 9).await;
    let totals = async |plan| world.plane.plan_totals(plan).await.expect("are read");
    let plans = [IOS_PLAN, ANDROID_PLAN];
    let messages = async || world.plane.plan_messages(&plans).await.expect("are read");
    let before = (totals(IOS_PLAN).await, totals(ANDROID_PLAN).await, messages().await);
    let hours = format!(
        "SELECT COUNT(*) FROM rollups WHERE hour > 0 AND hour < {}",
        days_ago(world, 30).0 / 3_600_000
    );
    assert!(world.number(&hours).await > 6, "three hours of two plans");
    let steps = forget(world, Ageing::Counters, 30, 4).await;
    assert!(steps.len() > 2 && steps.iter().all(|rows| *rows <= 4), "{steps:?}");
    assert_eq!(world.number(&hours).await, 0);
    let after = (totals(IOS_PLAN).await, totals(ANDROID_PLAN).await, messages().await);
    assert_eq!(after, before);

    let late = Ack {
        token,
        delivery: parcels
            .iter()
            .find(|parcel| parcel.plan == IOS_PLAN)
            .map(|parcel| parcel.delivery.to_string())
            .expect("bob's"),
        message: String::new(),
        kind: AckKind::Reached,
    };
    world
        .plane
        .acknowledge(APP, "bob", late, vec![])
        .await
        .expect("is taken");
    for _ in 0..2 {
        let now = totals(IOS_PLAN).await;
        assert_eq!((now.sent, now.reached), (before.0.sent, before.0.reached + 1));
        forget(world, Ageing::Counters, 30, 4).await;
    }
    assert_eq!(world.number(&hours).await, 0);
}

#[tokio::test]
async fn statistics_of_old_days_go_and_new_ones_stay() {
    forgets_statistics(&World::new().await).await;
}

/// Half hours and folded days.
pub async fn forgets_statistics(world: &World) {
    world.device("bob", "aa").await;
    let first = Slot::of(world.now());
    world.send(&["bob"], 1).await;
    let day = i32::try_from(world.now().0 / DAY_MS).expect("is near");
    let whole = DayOfZone {
        day: Day(day),
        first: Slot(i64::from(day) * 48),
        last: Slot(i64::from(day) * 48 + 47),
    };
    world.clock.advance_ms(DAY_MS);
    world.plane.fold_day(IOS, "UTC", whole).await.expect("folds");
    world.clock.advance_ms(99 * DAY_MS);
    world.send(&["bob"], 2).await;
    let old = format!("SELECT COUNT(*) FROM statistics WHERE slot <= {}", first.0);
    let days = "SELECT (SELECT COUNT(*) FROM statistics_days) + (SELECT COUNT(*) FROM statistics_devices)";
    assert!(world.number(&old).await == 1 && world.number(days).await > 1);

    for what in [Ageing::HalfHours, Ageing::Days] {
        assert_eq!(forget(world, what, 101, 9).await, [0], "not old enough");
    }
    assert_eq!(forget(world, Ageing::HalfHours, 92, 9).await, [1]);
    assert_eq!(
        forget(world, Ageing::Days, 92, 3)
            .await
            .iter()
            .filter(|rows| **rows > 3)
            .count(),
        0
    );
    assert_eq!((world.number(&old).await, world.number(days).await), (0, 0));
    assert_eq!(world.number("SELECT COUNT(*) FROM statistics").await, 1, "today's");
}
