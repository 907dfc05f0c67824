//! Faults of APNs by script, as a sender meets them.

use std::time::{Duration, Instant};

use simulator::{Cut, Ending, Environment, Filter, Latency, Rule, Settings, Vendor};

use crate::senders::{Apns, DEVICE, MESSAGE_ID, simulator};

#[tokio::test]
async fn every_documented_reason_can_be_scripted() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    let documented = [
        (
            400,
            "BadDeviceToken DeviceTokenNotForTopic BadCollapseId BadExpirationDate BadMessageId BadPriority BadTopic DuplicateHeaders",
        ),
        (
            400,
            "InvalidPushType MissingDeviceToken PayloadEmpty MissingTopic TopicDisallowed IdleTimeout",
        ),
        (
            403,
            "ExpiredProviderToken InvalidProviderToken MissingProviderToken BadCertificate BadCertificateEnvironment Forbidden",
        ),
        (403, "BadEnvironmentKeyIdInToken UnrelatedKeyIdInToken"),
        (404, "BadPath"),
        (405, "MethodNotAllowed"),
        (410, "Unregistered ExpiredToken"),
        (413, "PayloadTooLarge"),
        (429, "TooManyProviderTokenUpdates TooManyRequests"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable Shutdown"),
    ];
    for (status, reasons) in documented {
        for reason in reasons.split(' ') {
            simulator.script(Rule::apns().reason(reason).times(1)).unwrap();
            assert_eq!(apns.send(DEVICE).await, (status, reason.to_owned()));
        }
    }
    assert_eq!(apns.send(DEVICE).await.0, 200, "every rule has spoken once");
}

#[tokio::test]
async fn a_scripted_answer_does_not_hide_a_bad_request() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    simulator.script(Rule::apns().status(503).times(1)).unwrap();
    let bad = apns.push(DEVICE).header("apns-priority", "3").send().await.unwrap();
    assert_eq!(bad.status(), 400);
    assert_eq!(simulator.rules().len(), 1, "the rule waits for a request that passes");
    assert_eq!(apns.send(DEVICE).await.0, 503);
}

#[tokio::test]
async fn unavailability_comes_with_and_without_retry_after() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    simulator
        .script(
            Rule::apns()
                .reason("ServiceUnavailable")
                .header("retry-after", "7")
                .times(1),
        )
        .unwrap();
    simulator.script(Rule::apns().status(500).times(1)).unwrap();
    let first = apns.push(DEVICE).send().await.unwrap();
    assert_eq!(
        (
            first.status().as_u16(),
            first.headers()["retry-after"].to_str().unwrap()
        ),
        (503, "7")
    );
    let second = apns.push(DEVICE).send().await.unwrap();
    assert_eq!(
        (second.status().as_u16(), second.headers().get("retry-after")),
        (500, None)
    );
}

#[tokio::test]
async fn a_scripted_410_carries_its_time() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    simulator
        .script(
            Rule::apns()
                .token(DEVICE)
                .reason("Unregistered")
                .timestamp_ms(1_600_000_000_000),
        )
        .unwrap();
    let answer = apns.push(DEVICE).send().await.unwrap();
    assert_eq!(
        answer.text().await.unwrap(),
        r#"{"reason":"Unregistered","timestamp":1600000000000}"#
    );
}

#[tokio::test]
async fn a_cut_before_leaves_the_message_undelivered_and_a_cut_after_does_not() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    for (cut, ending, accepted) in [(Cut::Before, Ending::CutBefore, 0), (Cut::After, Ending::CutAfter, 1)] {
        simulator.reset();
        simulator.script(Rule::apns().cut(cut).times(1)).unwrap();
        assert!(apns.push(DEVICE).header("apns-id", MESSAGE_ID).send().await.is_err());
        assert_eq!(simulator.inbox(&Filter::default())[0].ending, ending);
        assert_eq!(simulator.ids(DEVICE)[0].accepted, accepted);
        let again = apns.push(DEVICE).header("apns-id", MESSAGE_ID).send().await.unwrap();
        assert_eq!(again.status(), 200, "the next connection works");
        let ids = simulator.stats().ids;
        assert_eq!(
            (ids.tokens_with_several_ids, ids.accepted_more_than_once),
            (0, accepted)
        );
    }
}

#[tokio::test]
async fn a_refused_stream_was_not_processed() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    simulator.script(Rule::apns().refuse().times(1)).unwrap();
    assert!(apns.push(DEVICE).send().await.is_err());
    let record = &simulator.inbox(&Filter::default())[0];
    assert_eq!(
        (record.ending, record.accepted, record.status),
        (Ending::Refused, false, None)
    );
    assert_eq!(apns.send(DEVICE).await.0, 200);
}

#[tokio::test]
async fn a_goaway_moves_the_sender_to_a_new_connection() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    simulator
        .script(Rule::apns().goaway(Some("Shutdown")).times(1))
        .unwrap();
    assert!(apns.push(DEVICE).send().await.is_err());
    assert_eq!(apns.send(DEVICE).await.0, 200);
    let connections: Vec<u64> = simulator
        .inbox(&Filter::default())
        .iter()
        .map(|record| record.connection)
        .collect();
    assert!(
        connections[0] == connections[1] && connections[1] < connections[2],
        "{connections:?}"
    );
}

#[tokio::test]
async fn slowness_is_scripted_or_set_for_all() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    simulator
        .script(Rule::apns().token(DEVICE).delay_ms(80).times(1))
        .unwrap();
    simulator
        .set_settings(Settings {
            latency: Some(Latency::Fixed(40)),
            ..Settings::default()
        })
        .unwrap();
    let started = Instant::now();
    assert_eq!(apns.send(DEVICE).await.0, 200);
    assert!(started.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn a_share_of_faults_is_the_same_in_every_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let simulator = simulator().await;
        let apns = Apns::new(&simulator);
        simulator.script(Rule::apns().status(503).share(0.3)).unwrap();
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(apns.send(DEVICE).await.0);
        }
        let faults = statuses.iter().filter(|status| **status == 503).count();
        assert!((6..=32).contains(&faults), "{faults} of 60 at a share of 0.3");
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn a_rule_may_be_about_one_environment() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    simulator
        .script(Rule::apns().environment(Environment::Sandbox).status(500))
        .unwrap();
    assert_eq!(apns.send(DEVICE).await.0, 200);
    let sandbox = Apns {
        base: simulator.apns_sandbox_url().to_owned(),
        ..apns
    };
    assert_eq!(sandbox.send(DEVICE).await.0, 500);
}

#[tokio::test]
async fn stopping_closes_connections_and_ports() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    assert_eq!(simulator.stats().vendors[&Vendor::Apns].connections_open, 1);
    simulator.stop().await;
    assert!(apns.push(DEVICE).send().await.is_err());
}
