//! What APNs does on the level of frames: the stream limit, refusals, farewells, acceptances without a body.

use simulator::{Filter, Options, Rule, Settings, Simulator, Vendor};

use crate::frames::{DATA, GOAWAY, HEADERS, RESET, SETTINGS, Wire, number};
use crate::senders::{DEVICE, provider_token, simulator};

async fn limited(streams: u32) -> Simulator {
    let settings = Settings {
        apns_max_streams: streams,
        ..Settings::default()
    };
    Simulator::start(Options {
        settings,
        ..Options::default()
    })
    .await
    .unwrap()
}

fn bearer(simulator: &Simulator) -> String {
    format!("bearer {}", provider_token(simulator, 0))
}

#[tokio::test]
async fn one_stream_is_allowed_until_a_valid_token_was_answered() {
    let simulator = limited(37).await;
    let mut wire = Wire::connect(&simulator).await;
    assert_eq!(wire.next_of(SETTINGS).await.stream_limit(), Some(1));
    wire.push(1, DEVICE, "bearer nonsense").await;
    assert_eq!(wire.next_of(HEADERS).await.stream, 1);
    assert_eq!(wire.next_of(DATA).await.stream, 1);
    wire.push(3, DEVICE, &bearer(&simulator)).await;
    // Nothing raised the limit before: the next frame is the acceptance, and only then comes the new limit.
    let accepted = wire.next().await.unwrap();
    assert_eq!((accepted.kind, accepted.stream), (HEADERS, 3));
    let raised = wire.next().await.unwrap();
    assert_eq!((raised.kind, raised.stream_limit()), (SETTINGS, Some(37)));
}

#[tokio::test]
async fn a_burst_on_a_fresh_connection_is_refused_but_for_its_first() {
    let simulator = limited(100).await;
    simulator.script(Rule::apns().delay_ms(500).times(1)).unwrap();
    let (mut wire, bearer) = (Wire::connect(&simulator).await, bearer(&simulator));
    for stream in [1, 3, 5] {
        wire.push(stream, DEVICE, &bearer).await;
    }
    for stream in [3, 5] {
        let reset = wire.next_of(RESET).await;
        // 7 is REFUSED_STREAM.
        assert_eq!((reset.stream, number(&reset.payload)), (stream, 7));
    }
    assert_eq!(wire.next_of(HEADERS).await.stream, 1);
    for stream in [7, 9, 11] {
        wire.push(stream, DEVICE, &bearer).await;
    }
    let mut answered = Vec::new();
    for _ in 0..3 {
        answered.push(wire.next_of(HEADERS).await.stream);
    }
    answered.sort_unstable();
    assert_eq!(answered, [7, 9, 11]);
    assert_eq!(simulator.stats().vendors[&Vendor::Apns].accepted, 4);
}

#[tokio::test]
async fn an_acceptance_ends_with_its_headers() {
    let simulator = simulator().await;
    let mut wire = Wire::connect(&simulator).await;
    wire.push(1, DEVICE, &bearer(&simulator)).await;
    let headers = wire.next_of(HEADERS).await;
    assert!(
        headers.ends_stream(),
        "an empty DATA frame would follow, and aioapns would fail on it"
    );
}

#[tokio::test]
async fn a_farewell_names_the_last_stream_and_its_reason() {
    for reason in [None, Some("Shutdown")] {
        let simulator = simulator().await;
        let (mut wire, bearer) = (Wire::connect(&simulator).await, bearer(&simulator));
        wire.push(1, DEVICE, &bearer).await;
        wire.next_of(HEADERS).await;
        let unlucky = "ff".repeat(32);
        simulator.script(Rule::apns().token(DEVICE).delay_ms(300)).unwrap();
        simulator.script(Rule::apns().token(&unlucky).goaway(reason)).unwrap();
        wire.push(3, DEVICE, &bearer).await;
        wire.push(5, &unlucky, &bearer).await;

        let goaway = wire.next_of(GOAWAY).await;
        assert_eq!((number(&goaway.payload), number(&goaway.payload[4..])), (3, 0));
        let debug = reason
            .map(|reason| format!(r#"{{"reason":"{reason}"}}"#))
            .unwrap_or_default();
        assert_eq!(String::from_utf8_lossy(&goaway.payload[8..]), debug);
        assert_eq!(
            wire.next_of(HEADERS).await.stream,
            3,
            "what was accepted before is still answered"
        );
        assert_eq!(
            simulator
                .inbox(&Filter::vendor(Vendor::Apns))
                .iter()
                .filter(|record| record.accepted)
                .count(),
            2
        );
    }
}
