//! Statistics agree to the digit with a count over the rows, after any history: late, repeated and unordered reports,
//! over midnight and over days of 23 and 25 hours, folded or not, rebuilt or not.

mod compared;

use crate::{
    counters::{Step, Tokens, steps, take},
    world::{ANDROID, APP, IOS, IOS_PLAN, NOW, World, settlement},
};
use compared::compare;
use domain::{
    channel::Channel,
    delivery::{DeliveryState, Reason},
    device::{Ack, AckKind},
    ports::Outbox,
    statistics::{Day, MessageKind, Slot, Stage},
};
use proptest::prelude::*;
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use store::plane::{Counted, DayOfZone, Selection};

const ZONE: &str = "Test/Zone";
const ALL: Selection = Selection {
    plan: None,
    channel: None,
    kind: None,
};

/// The same as statistics have it. Of losses no devices are kept.
fn figures(counted: &Counted, selection: Selection) -> BTreeMap<Stage, (i64, i64)> {
    let figure = |stage: Stage| {
        let devices = counted.devices(stage);
        assert!(!devices.estimated, "so few are counted exactly");
        (
            counted.events(selection, stage).cast_signed(),
            devices.devices.cast_signed(),
        )
    };
    Stage::ALL.iter().map(|stage| (*stage, figure(*stage))).collect()
}

/// Days as around the changes of summer time: of 24, 23 and 25 hours.
fn days() -> Vec<DayOfZone> {
    let mut first = Slot::of(NOW).0 - 20;
    let lengths = [48, 46, 50].into_iter().cycle().take(60);
    let day = |(index, length): (i32, i64)| {
        let day = DayOfZone {
            day: Day(20_000 + index),
            first: Slot(first),
            last: Slot(first + length - 1),
        };
        first += length;
        day
    };
    (0..).zip(lengths).map(day).collect()
}

async fn fold(world: &World) {
    while world.plane.fold_statistics(Slot(0), 3).await.expect("folds") {}
}

async fn check(world: &World) -> Result<(), TestCaseError> {
    compare(world, "as written").await?;
    fold(world).await;
    compare(world, "folded").await?;
    for day in days().into_iter().filter(|day| day.last < Slot::of(world.now())) {
        for application in [IOS, ANDROID] {
            world.plane.fold_day(application, ZONE, day).await.expect("folds");
        }
    }
    compare(world, "by days").await?;
    world.clock.advance_ms(Slot::MS + 60_000);
    world.plane.rebuild_statistics().await.expect("rebuilds");
    compare(world, "rebuilt").await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn statistics_equal_a_count_of_the_rows_after_any_history(history in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts");
        runtime.block_on(async {
            let world = World::new().await;
            let (mut claimed, mut tokens) = (vec![], Tokens::new());
            for step in history {
                let folds = matches!(step, Step::Release(_));
                take(&world, &mut claimed, &mut tokens, step).await;
                if folds {
                    fold(&world).await;
                }
            }
            check(&world).await
        })?;
    }
}

/// One message, from accepted to cleared, each a day after the other.
pub async fn tells_of_each_step_on_its_own_day(world: &World) {
    const DAY_MS: i64 = 86_400_000;
    let token = world.device("bob", "aa").await;
    world.send(&["bob", "nobody"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    let ack = |kind| Ack {
        token: token.clone(),
        delivery: parcel.delivery.to_string(),
        message: String::new(),
        kind,
    };
    world.clock.advance_ms(DAY_MS);
    world.settle(&parcel, DeliveryState::Sent).await;
    for kind in [AckKind::Reached, AckKind::Cleared, AckKind::Clicked] {
        world.clock.advance_ms(DAY_MS);
        for _ in 0..2 {
            world
                .plane
                .acknowledge(APP, "bob", ack(kind), vec![])
                .await
                .expect("is heard");
        }
    }
    let day = |n: i64| (Slot(Slot::of(NOW).0 + n * 48), Slot(Slot::of(NOW).0 + n * 48 + 47));
    let stages = [
        Stage::Planned,
        Stage::Sent,
        Stage::Reached,
        Stage::Cleared,
        Stage::Clicked,
    ];
    for (n, stage) in (0..).zip(stages) {
        let read = world
            .plane
            .statistics_of_half_hours(IOS, day(n), Some(ALL))
            .await
            .expect("is read");
        let counted = read.values().next().expect("something happened");
        assert_eq!(counted.devices(stage).devices, 1, "{stage:?}");
        for other in stages {
            let expected = match (other, stage) {
                (Stage::Planned, Stage::Planned) => 2,
                _ => u64::from(other == stage),
            };
            assert_eq!(
                counted.events(ALL, other),
                expected,
                "{other:?} on the day of {stage:?}"
            );
        }
        assert_eq!(read.len(), 1);
    }
    let lost = world
        .plane
        .statistics_of_half_hours(IOS, day(0), None)
        .await
        .expect("is read");
    let losses = lost.values().next().expect("something happened").losses(ALL);
    assert_eq!(losses, BTreeMap::from([((Stage::Unsent, Reason::ReceiverUnknown), 1)]));
    says_the_same_folded_and_rebuilt(world).await;
}

async fn says_the_same_folded_and_rebuilt(world: &World) {
    let days = days();
    let figures_of_days = async || {
        let read = world.plane.statistics_of_days(IOS, ZONE, &days, Some(ALL)).await;
        let read = read.expect("are read");
        read.iter().map(|day| figures(day, ALL)).collect::<Vec<_>>()
    };
    let before = figures_of_days().await;
    assert_eq!(before.iter().map(|day| day[&Stage::Planned].0).sum::<i64>(), 2);
    fold(world).await;
    assert_eq!(figures_of_days().await, before, "folded to half hours");
    let over = days.iter().copied().filter(|day| day.last < Slot::of(world.now()));
    world.plane.fold_days(IOS, ZONE, over.collect()).await.expect("folds");
    assert_eq!(figures_of_days().await, before, "folded to days");
    world.clock.advance_ms(Slot::MS + 60_000);
    world.plane.rebuild_statistics().await.expect("rebuilds");
    assert_eq!(figures_of_days().await, before, "rebuilt");
}

#[tokio::test]
async fn each_step_counts_on_the_day_it_is_reported() {
    tells_of_each_step_on_its_own_day(&World::new().await).await;
}

#[tokio::test]
async fn a_selection_takes_its_plan_its_channel_and_its_kind_only() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob", "nobody"], 1).await;
    let days = &days()[..1];
    world.clock.advance_ms(86_400_000);
    world.plane.fold_day(IOS, ZONE, days[0]).await.expect("folds");
    let figure = async |selection: Selection| {
        let read = world
            .plane
            .statistics_of_days(IOS, ZONE, days, Some(selection))
            .await
            .expect("is read");
        (
            read[0].events(selection, Stage::Planned),
            read[0].devices(Stage::Planned).devices,
        )
    };
    assert_eq!(figure(ALL).await, (2, 1));
    let of = |plan, channel, kind| Selection { plan, channel, kind };
    assert_eq!(figure(of(Some(IOS_PLAN), None, Some(MessageKind::C2c))).await, (2, 1));
    assert_eq!(figure(of(None, Some(Some(Channel::Apns)), None)).await, (1, 1));
    assert_eq!(figure(of(None, Some(None), None)).await, (1, 0));
    assert_eq!(figure(of(None, Some(Some(Channel::Fcm)), None)).await, (0, 0));
    assert_eq!(figure(of(None, None, Some(MessageKind::Push))).await, (0, 0));
}

#[tokio::test]
async fn a_rebuild_mends_what_was_damaged_and_leaves_what_is_older_than_the_rows() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    world
        .plane
        .settle(vec![settlement(&parcel, DeliveryState::Sent)])
        .await
        .expect("settles");
    world.clock.advance_ms(2 * Slot::MS);
    let execute = async |sql: String| world.raw.write.execute_unprepared(&sql).await.expect("runs");
    execute("UPDATE statistics SET body = '[]'".into()).await;
    let now = Slot::of(NOW);
    let sent = async || {
        let read = world
            .plane
            .statistics_of_half_hours(IOS, (Slot(now.0 - 9), now), None)
            .await
            .expect("is read");
        read.values()
            .map(|counted| counted.events(ALL, Stage::Sent))
            .sum::<u64>()
    };
    assert_eq!(sent().await, 0);
    let rebuilt = world.plane.rebuild_statistics().await.expect("rebuilds");
    assert_eq!((rebuilt.deliveries, rebuilt.since, sent().await), (1, now, 1));
    // Something older than any row: rows were swept, so nothing that they would have told of is taken away.
    let (slot, older) = (now.0 - 5, r#"[[160,"apns","c2c","sent","",3]]"#);
    execute(format!(
        "INSERT INTO statistics (slot, application_id, part, body) VALUES ({slot}, 16, 1, '{older}')"
    ))
    .await;
    world.plane.rebuild_statistics().await.expect("rebuilds");
    assert_eq!(sent().await, 4);
}
