//! FCM: access tokens, and service accounts that cannot be used.

use crate::world::World;
use dispatcher::Channel as _;
use domain::{channel::Channel, delivery::Verdict, parcel::Parcel};
use serde_json::Value;
use simulator::{Filter, Rule, Settings, Vendor};

fn asked(world: &World) -> usize {
    world.simulator.inbox(&Filter::vendor(Vendor::Oauth)).len()
}

#[tokio::test]
async fn a_burst_asks_for_one_access_token() {
    let world = World::start().await;
    world.script(Rule::oauth().delay_ms(50));
    let batch: Vec<Parcel> = (0..200).map(|number| world.parcel(Channel::Fcm, number)).collect();
    let outcomes = world.fcm.deliver(&world.service_account(), &batch).await;
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Accepted));
    assert_eq!(asked(&world), 1);
}

#[tokio::test]
async fn an_access_token_is_renewed_five_minutes_before_its_end() {
    let world = World::start().await;
    for (wait_secs, times) in [(0, 1), (3599 - 301, 1), (1, 2)] {
        world.advance_secs(wait_secs);
        assert_eq!(world.push_fcm(1).await.verdict, Verdict::Accepted);
        assert_eq!(asked(&world), times);
    }
}

#[tokio::test]
async fn a_refused_access_token_is_replaced_once() {
    let world = World::start().await;
    assert_eq!(world.push_fcm(1).await.verdict, Verdict::Accepted);
    world.script(Rule::fcm().status(401).times(1));
    assert_eq!(world.push_fcm(2).await.verdict, Verdict::Accepted);
    assert_eq!(asked(&world), 2);
    world.script(Rule::fcm().status(401));
    let outcome = world.push_fcm(3).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::CredentialBroken, "UNAUTHENTICATED")
    );
    assert_eq!(asked(&world), 3);
}

#[tokio::test]
async fn a_short_lived_token_is_not_asked_for_with_every_push() {
    let settings = Settings {
        fcm_token_life_s: 60,
        ..Settings::default()
    };
    let world = World::with(settings, |_| {}, |_| {}).await;
    for (wait_secs, times) in [(0, 1), (29, 1), (1, 2)] {
        world.advance_secs(wait_secs);
        assert_eq!(world.push_fcm(1).await.verdict, Verdict::Accepted);
        assert_eq!(asked(&world), times, "after {wait_secs} s more");
    }
}

#[tokio::test]
async fn refusals_of_the_token_endpoint_have_their_verdicts() {
    let world = World::start().await;
    for (rule, verdict, code) in [
        (
            Rule::oauth().reason("invalid_grant"),
            Verdict::CredentialBroken,
            "invalid_grant",
        ),
        (
            Rule::oauth().status(401).reason("invalid_client"),
            Verdict::CredentialBroken,
            "invalid_client",
        ),
        (
            Rule::oauth().status(503),
            Verdict::RetryLater { after_ms: None },
            "internal_failure",
        ),
        (
            Rule::oauth()
                .status(429)
                .reason("rate_limited")
                .header("retry-after", "9"),
            Verdict::Throttled { after_ms: 9000 },
            "rate_limited",
        ),
        (
            Rule::oauth().status(502).body("<html>Bad Gateway</html>"),
            Verdict::RetryLater { after_ms: None },
            "unreadable_answer",
        ),
        (
            Rule::oauth().status(200).body(""),
            Verdict::RetryLater { after_ms: None },
            "unreadable_answer",
        ),
    ] {
        world.script(rule.times(1));
        let outcome = world.push_fcm(1).await;
        assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (verdict, code));
        world.advance_secs(3);
    }
    assert_eq!(world.push_fcm(1).await.verdict, Verdict::Accepted);
}

#[tokio::test]
async fn those_who_waited_for_a_refused_account_do_not_ask_again_one_by_one() {
    let world = World::start().await;
    world.script(Rule::oauth().reason("invalid_grant"));
    let batch: Vec<Parcel> = (0..50).map(|number| world.parcel(Channel::Fcm, number)).collect();
    let outcomes = world.fcm.deliver(&world.service_account(), &batch).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.verdict == Verdict::CredentialBroken)
    );
    assert_eq!(asked(&world), 1);
}

#[tokio::test]
async fn a_token_endpoint_that_only_the_file_names_is_never_called() {
    let world = World::with(Settings::default(), |_| {}, |fcm| fcm.token_hosts.clear()).await;
    let outcome = world.push_fcm(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::CredentialBroken, "token_uri_refused")
    );
    assert_eq!(world.simulator.inbox(&Filter::default()).len(), 0);
}

#[tokio::test]
async fn the_settings_token_endpoint_wins_over_the_file_s() {
    let world = World::start().await;
    let url = world.simulator.oauth_token_url().to_owned();
    let world = World {
        fcm: dispatcher::channels::fcm::Fcm::new(
            dispatcher::channels::fcm::FcmSettings {
                base_url: world.simulator.fcm_url().to_owned(),
                oauth_url: url,
                extra_roots_pem: world.simulator.ca_pem().to_owned(),
                destinations: crate::world::here(),
                ..Default::default()
            },
            world.clock.clone(),
        )
        .unwrap(),
        ..world
    };
    let google = world.changed_service_account(|file| file["token_uri"] = "https://oauth2.googleapis.com/token".into());
    let outcome = world.send(&world.fcm, &google, world.parcel(Channel::Fcm, 1)).await;
    assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
}

#[tokio::test]
async fn a_service_account_that_cannot_be_used_breaks_the_credential() {
    let world = World::start().await;
    let changes: [fn(&mut Value); 4] = [
        |file| file["private_key"] = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n".into(),
        |file| file["type"] = "authorized_user".into(),
        |file| file["project_id"] = "../../v2".into(),
        |file| file["token_uri"] = "no url".into(),
    ];
    for change in changes {
        let credential = world.changed_service_account(change);
        let outcome = world.send(&world.fcm, &credential, world.parcel(Channel::Fcm, 1)).await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str()),
            (Verdict::CredentialBroken, "credential_unusable")
        );
    }
    let outcome = world
        .send(&world.fcm, &world.apns_token(), world.parcel(Channel::Fcm, 1))
        .await;
    assert_eq!(outcome.verdict, Verdict::CredentialBroken);
}
