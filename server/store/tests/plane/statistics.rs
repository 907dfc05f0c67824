//! Statistics agree to the digit with a count over the rows, after any history: late, repeated and unordered reports,
//! over midnight and over days of 23 and 25 hours, folded or not, rebuilt or not.

use crate::{
    counters::{Step, Tokens, steps, take},
    world::{ANDROID, APP, IOS, IOS_PLAN, NOW, World, settlement},
};
use domain::{
    ApplicationId,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    device::{Ack, AckKind},
    ports::Outbox,
    statistics::{Day, MessageKind, Slot, Stage},
};
use proptest::prelude::*;
use sea_orm::{ConnectionTrait, Statement};
use std::collections::BTreeMap;
use store::plane::{Counted, DayOfZone, Selection};

const ZONE: &str = "Test/Zone";
const ALL: Selection = Selection {
    plan: None,
    channel: None,
    kind: None,
};

/// Where a stage's moment is kept, and which rows have passed it.
const STAGES: [(Stage, &str, &str); 7] = [
    (Stage::Planned, "accepted_at", "1 = 1"),
    (Stage::Sent, "sent_at", "sent_at IS NOT NULL"),
    (Stage::Reached, "reached_at", "reached_at IS NOT NULL"),
    (Stage::Clicked, "clicked_at", "clicked_at IS NOT NULL"),
    (Stage::Cleared, "cleared_at", "cleared_at IS NOT NULL"),
    (
        Stage::Unsent,
        "updated_at",
        "state IN ('skipped', 'failed', 'expired', 'cancelled') AND sent_at IS NULL",
    ),
    (
        Stage::Undelivered,
        "updated_at",
        "state = 'failed' AND sent_at IS NOT NULL",
    ),
];

/// What a count over the rows gives: of each stage the events and the distinct devices.
async fn counted_by_hand(world: &World, of: ApplicationId, (first, last): (Slot, Slot)) -> BTreeMap<Stage, (i64, i64)> {
    let mut counts = BTreeMap::new();
    for (stage, at, passed) in STAGES {
        let (from, until) = (first.start().0, Slot(last.0 + 1).start().0);
        let sql = format!(
            "SELECT COUNT(*), COUNT(DISTINCT device_id) FROM deliveries
             WHERE application_id = {of} AND {passed} AND {at} >= {from} AND {at} < {until}"
        );
        let statement = Statement::from_string(world.raw.backend(), sql);
        let row = world
            .raw
            .read
            .query_one_raw(statement)
            .await
            .expect("answers")
            .expect("one row");
        let number = |index| row.try_get_by_index(index).expect("a number");
        counts.insert(stage, (number(0), number(1)));
    }
    counts
}

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

/// Plans and channels have the events of their own, and together all.
fn compare_plans(whole: &Counted, when: &str) -> Result<(), TestCaseError> {
    let plans = whole.by_plan(ALL);
    for stage in Stage::ALL {
        for ((plan, channel), of) in &plans {
            let selection = Selection {
                plan: Some(*plan),
                channel: Some(*channel),
                kind: None,
            };
            let events = whole.events(selection, *stage);
            prop_assert_eq!(of.get(*stage), events, "{} {:?} {:?}", when, plan, channel);
        }
        let sum: u64 = plans.values().map(|of| of.get(*stage)).sum();
        prop_assert_eq!(sum, whole.events(ALL, *stage), "{} {:?}", when, stage);
    }
    Ok(())
}

/// The devices through each channel are those that are read for it alone.
async fn compare_channels(
    world: &World,
    application: ApplicationId,
    whole: &Counted,
    when: &str,
) -> Result<(), TestCaseError> {
    for channel in whole.channels(ALL) {
        let selection = Selection {
            channel: Some(channel),
            ..ALL
        };
        let read = world
            .plane
            .statistics_of_days(application, ZONE, &days(), Some(selection))
            .await
            .expect("are read");
        let mut alone = Counted::default();
        for day in &read {
            alone.merge(day);
        }
        for stage in Stage::ALL {
            let devices = whole.devices_through(channel, *stage);
            prop_assert_eq!(devices, alone.devices(*stage), "{} {:?} {:?}", when, channel, stage);
        }
    }
    Ok(())
}

/// Compares each half hour, each day and the whole.
async fn compare(world: &World, when: &str) -> Result<(), TestCaseError> {
    let days = days();
    for application in [IOS, ANDROID] {
        let of_days = world
            .plane
            .statistics_of_days(application, ZONE, &days, Some(ALL))
            .await
            .expect("are read");
        let mut whole = Counted::default();
        for (day, counted) in days.iter().zip(&of_days) {
            let mut by_hand = counted_by_hand(world, application, (day.first, day.last)).await;
            without_lost_devices(&mut by_hand);
            prop_assert_eq!(figures(counted, ALL), by_hand, "{} on {}", when, day.day);
            whole.merge(counted);
        }
        let range = (days[0].first, days[days.len() - 1].last);
        let mut by_hand = counted_by_hand(world, application, range).await;
        without_lost_devices(&mut by_hand);
        prop_assert_eq!(figures(&whole, ALL), by_hand, "{} in all", when);
        compare_plans(&whole, when)?;
        compare_channels(world, application, &whole, when).await?;
        let half_hours = world
            .plane
            .statistics_of_half_hours(application, range, Some(ALL))
            .await
            .expect("are read");
        for (slot, counted) in &half_hours {
            let mut by_hand = counted_by_hand(world, application, (*slot, *slot)).await;
            without_lost_devices(&mut by_hand);
            prop_assert_eq!(figures(counted, ALL), by_hand, "{} in {:?}", when, slot);
        }
    }
    Ok(())
}

fn without_lost_devices(counts: &mut BTreeMap<Stage, (i64, i64)>) {
    let lost = counts.iter_mut().filter(|(stage, _)| stage.is_loss());
    lost.for_each(|(_, (_, devices))| *devices = 0);
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
