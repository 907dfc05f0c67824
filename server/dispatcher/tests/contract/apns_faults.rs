//! APNs: everything below and beside the vendor that can go wrong.

use crate::world::World;
use domain::{channel::Channel, delivery::Verdict, parcel::Credential};
use simulator::{Rule, Settings};

const LATER: Verdict = Verdict::RetryLater { after_ms: None };

#[tokio::test]
async fn a_vendor_that_refuses_connections_is_tried_later() {
    let closed = closed_port().await;
    let world = World::with(Settings::default(), |apns| apns.production_url = closed, |_| {}).await;
    let outcome = world.push_apns(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_status, outcome.vendor_code.as_str()),
        (LATER, None, "connect_failed")
    );
    assert!(outcome.vendor_text.contains("refused"), "{}", outcome.vendor_text);
}

#[tokio::test]
async fn a_server_that_is_not_trusted_gets_nothing() {
    let world = World::with(Settings::default(), |apns| apns.extra_roots_pem.clear(), |_| {}).await;
    let outcome = world.push_apns(1).await;
    assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (LATER, "tls_failed"));
}

#[tokio::test]
async fn a_certificate_that_apple_does_not_know_breaks_the_credential() {
    let world = World::start().await;
    let own = rcgen::generate_simple_self_signed(["nobody".to_owned()]).unwrap();
    let credential = crate::world::versioned(Credential::ApnsCertificate {
        pem: domain::Secret::new(format!("{}{}", own.cert.pem(), own.signing_key.serialize_pem())),
        topic: simulator::TOPIC.into(),
    });
    let outcome = world
        .send(&world.apns, &credential, world.parcel(Channel::Apns, 1))
        .await;
    assert_eq!(outcome.verdict, Verdict::CredentialBroken, "{outcome:?}");
}

#[tokio::test]
async fn a_silent_vendor_is_left_after_the_time_out() {
    let world = World::with(Settings::default(), |apns| apns.timeout_ms = 200, |_| {}).await;
    world.script(Rule::apns().delay_ms(60_000));
    let outcome = world.push_apns(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_status, outcome.vendor_code.as_str()),
        (LATER, None, "timeout")
    );
}

#[tokio::test]
async fn pages_of_others_are_not_taken_for_apple_s_word() {
    let world = World::start().await;
    let html = "<html>Bad Gateway</html>";
    let page = |status: u16| {
        Rule::apns()
            .status(status)
            .header("content-type", "text/html")
            .body(html)
            .times(1)
    };
    for status in [200, 403, 410, 500, 502] {
        world.script(page(status));
        let outcome = world.push_apns(1).await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str()),
            (LATER, "unreadable_answer"),
            "{status}"
        );
        assert_eq!(
            (outcome.vendor_status, outcome.vendor_text.as_str()),
            (Some(status), html)
        );
    }
    world.script(Rule::apns().status(410).body(r#"{"reason":"Unregis"#).times(1));
    assert_eq!(
        world.push_apns(2).await.verdict,
        LATER,
        "a JSON that was cut says nothing"
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = World::start().await;
    let elsewhere = world.simulator.apns_sandbox_url().to_owned();
    world.script(Rule::apns().status(302).header("location", elsewhere).times(1));
    let outcome = world.push_apns(1).await;
    assert_eq!((outcome.verdict, outcome.vendor_status), (LATER, Some(302)));
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let world = World::start().await;
    world.script(Rule::apns().status(500).body("x".repeat(10 << 20)).times(1));
    let outcome = world.push_apns(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (LATER, "unreadable_answer")
    );
    assert!(outcome.vendor_text.len() <= 500);
    assert_eq!(
        world.push_apns(2).await.verdict,
        Verdict::Accepted,
        "the connection is still good"
    );
}

/// A base URL where nobody listens.
pub async fn closed_port() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("https://{}", listener.local_addr().unwrap())
}
