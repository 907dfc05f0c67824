//! Figures beside a count over the rows.

use super::{ALL, ZONE, days, figures};
use crate::world::{ANDROID, IOS, World};
use domain::{
    ApplicationId,
    statistics::{Slot, Stage},
};
use proptest::prelude::*;
use sea_orm::{ConnectionTrait, Statement};
use std::collections::BTreeMap;
use store::plane::{Counted, Selection};

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
pub(super) async fn compare(world: &World, when: &str) -> Result<(), TestCaseError> {
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
