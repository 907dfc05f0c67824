//! APNs: tokens and connections over time, streams, bursts, refusals of single streams, goodbyes.

use crate::world::World;
use dispatcher::{Channel as _, channels::PoolSettings};
use domain::{channel::Channel, delivery::Verdict, parcel::Parcel};
use simulator::{Cut, Filter, Rule, Settings, Vendor};
use std::collections::BTreeSet;

fn connections(world: &World) -> BTreeSet<u64> {
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Apns));
    records.iter().map(|record| record.connection).collect()
}

fn tokens(world: &World) -> Vec<String> {
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Apns));
    records
        .iter()
        .map(|record| record.headers["authorization"].clone())
        .collect()
}

#[tokio::test]
async fn one_token_serves_for_fifty_minutes_over_one_connection() {
    let world = World::start().await;
    for (number, wait_secs) in [(1, 0), (2, 2999), (3, 1)] {
        world.advance_secs(wait_secs);
        assert_eq!(world.push_apns(number).await.verdict, Verdict::Accepted);
    }
    let tokens = tokens(&world);
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[0], tokens[2]);
    assert_eq!(connections(&world).len(), 1);
}

#[tokio::test]
async fn a_token_that_apple_calls_expired_is_renewed_over_a_new_connection_and_the_push_repeated() {
    let world = World::start().await;
    assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted);
    // Apple's clock is ahead: our token is 21 minutes old, and more than an hour to Apple.
    world.advance_secs(21 * 60);
    world.script(Rule::apns().reason("ExpiredProviderToken").times(1));
    assert_eq!(world.push_apns(2).await.verdict, Verdict::Accepted);
    let tokens = tokens(&world);
    assert_eq!(tokens.len(), 3);
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(connections(&world).len(), 2);
}

#[tokio::test]
async fn a_fresh_token_called_expired_breaks_the_credential_and_is_not_replaced() {
    let world = World::start().await;
    world.script(Rule::apns().reason("ExpiredProviderToken"));
    let outcome = world.push_apns(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::CredentialBroken, "ExpiredProviderToken")
    );
    assert_eq!(
        tokens(&world).len(),
        1,
        "a new token within 20 minutes would be refused as one too many"
    );
}

#[tokio::test]
async fn too_many_token_updates_keep_the_token() {
    let world = World::start().await;
    world.script(Rule::apns().reason("TooManyProviderTokenUpdates").times(1));
    assert_eq!(
        world.push_apns(1).await.verdict,
        Verdict::Throttled { after_ms: 60_000 }
    );
    assert_eq!(world.push_apns(2).await.verdict, Verdict::Accepted);
    let tokens = tokens(&world);
    assert_eq!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn applications_of_one_team_share_token_and_connection() {
    let world = World::start().await;
    let mut other = world.parcel(Channel::Apns, 2);
    other.lane.application = domain::ApplicationId(6);
    assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted);
    assert_eq!(
        world.send(&world.apns, &world.apns_token(), other).await.verdict,
        Verdict::Accepted
    );
    assert_eq!(tokens(&world).iter().collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(connections(&world).len(), 1);
}

#[tokio::test]
async fn another_credential_gets_another_connection() {
    let world = World::start().await;
    assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted);
    let mut credential = world.apns_certificate();
    credential.version = 2;
    let parcel = world.parcel(Channel::Apns, 2);
    assert_eq!(
        world.send(&world.apns, &credential, parcel).await.verdict,
        Verdict::Accepted
    );
    assert_eq!(connections(&world).len(), 2);
}

#[tokio::test]
async fn a_key_unrelated_to_the_connection_is_tried_once_over_a_new_one() {
    let world = World::start().await;
    world.script(Rule::apns().reason("UnrelatedKeyIdInToken").times(1));
    assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted);
    assert_eq!(connections(&world).len(), 2);
}

#[tokio::test]
async fn a_burst_on_a_cold_connection_loses_nothing_and_repeats_nothing() {
    let settings = Settings {
        apns_max_streams: 50,
        ..Settings::default()
    };
    let pool = PoolSettings {
        max_connections: 4,
        streams_per_connection: 50,
    };
    let world = World::with(settings, |apns| apns.pool = pool, |_| {}).await;
    let batch: Vec<Parcel> = (0..500).map(|number| world.parcel(Channel::Apns, number)).collect();
    let outcomes = world.apns.deliver(&world.apns_token(), &batch).await;
    let lost: Vec<_> = outcomes.iter().filter(|o| o.verdict != Verdict::Accepted).collect();
    assert_eq!(lost, Vec::<&dispatcher::Outcome>::new());
    let ids = world.simulator.ids(&"ab".repeat(32));
    assert_eq!(ids.len(), 500);
    assert!(ids.iter().all(|id| id.accepted == 1));
    assert_eq!(connections(&world).len(), 4);
}

#[tokio::test]
async fn a_refused_stream_is_repeated_with_the_same_id() {
    let world = World::start().await;
    world.script(Rule::apns().refuse().times(2));
    assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted);
    let ids = world.simulator.ids(&"ab".repeat(32));
    assert_eq!((ids.len(), ids[0].requests, ids[0].accepted), (1, 3, 1));
}

#[tokio::test]
async fn streams_refused_for_ever_end_in_a_later_try() {
    let world = World::start().await;
    world.script(Rule::apns().refuse());
    let outcome = world.push_apns(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::RetryLater { after_ms: None }, "not_processed")
    );
}

#[tokio::test]
async fn a_goaway_moves_the_push_to_a_new_connection() {
    for reason in [None, Some("Shutdown")] {
        let world = World::start().await;
        world.script(Rule::apns().goaway(reason).times(1));
        assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted);
        assert_eq!(connections(&world).len(), 2);
        assert_eq!(world.simulator.duplicates(10), []);
    }
}

#[tokio::test]
async fn a_cut_is_answered_by_one_repeat_with_the_same_id() {
    for (cut, accepted) in [(Cut::Before, 1), (Cut::After, 2)] {
        let world = World::start().await;
        world.script(Rule::apns().cut(cut).times(1));
        assert_eq!(world.push_apns(1).await.verdict, Verdict::Accepted, "{cut:?}");
        let ids = world.simulator.ids(&"ab".repeat(32));
        assert_eq!(
            (ids.len(), ids[0].requests, ids[0].accepted),
            (1, 2, accepted),
            "{cut:?}"
        );
    }
}

#[tokio::test]
async fn connections_cut_for_ever_end_in_a_later_try() {
    let world = World::start().await;
    world.script(Rule::apns().cut(Cut::Before));
    let outcome = world.push_apns(1).await;
    assert_eq!(outcome.verdict, Verdict::RetryLater { after_ms: None });
    assert_eq!(
        (outcome.vendor_status, outcome.vendor_code.as_str()),
        (None, "connection_broken")
    );
}
