//! FCM: everything below and beside the vendor that can go wrong.

use crate::{apns_faults::closed_port, world::World};
use dispatcher::Channel as _;
use domain::{channel::Channel, delivery::Verdict, parcel::Parcel};
use simulator::{Cut, Filter, Rule, Settings, Vendor};

const LATER: Verdict = Verdict::RetryLater { after_ms: None };

#[tokio::test]
async fn a_vendor_that_cannot_be_reached_is_tried_later() {
    let closed = closed_port().await;
    let world = World::with(Settings::default(), |_| {}, |fcm| fcm.base_url = closed).await;
    let outcome = world.push_fcm(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (LATER, "connect_failed")
    );
    let world = World::with(Settings::default(), |_| {}, |fcm| fcm.extra_roots_pem.clear()).await;
    let outcome = world.push_fcm(1).await;
    assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (LATER, "tls_failed"));
}

#[tokio::test]
async fn silence_of_either_service_is_left_after_the_time_out() {
    let world = World::with(Settings::default(), |_| {}, |fcm| fcm.timeout_ms = 300).await;
    for slow in [Rule::oauth(), Rule::fcm()] {
        world.script(slow.delay_ms(60_000).times(1));
        let outcome = world.push_fcm(1).await;
        assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (LATER, "timeout"));
    }
}

#[tokio::test]
async fn a_cut_is_left_to_a_later_try_because_google_cannot_tell_a_repeat() {
    let world = World::start().await;
    world.script(Rule::fcm().cut(Cut::After).times(1));
    let outcome = world.push_fcm(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (LATER, "connection_broken")
    );
    assert_eq!(world.simulator.inbox(&Filter::vendor(Vendor::Fcm)).len(), 1);
    assert_eq!(world.push_fcm(1).await.verdict, Verdict::Accepted);
}

#[tokio::test]
async fn what_google_did_not_process_is_repeated_at_once() {
    let world = World::start().await;
    assert_eq!(world.push_fcm(1).await.verdict, Verdict::Accepted);
    world.script(Rule::fcm().refuse().times(2));
    assert_eq!(world.push_fcm(2).await.verdict, Verdict::Accepted);
    world.script(Rule::fcm().goaway(None).times(1));
    assert_eq!(world.push_fcm(3).await.verdict, Verdict::Accepted);
}

#[tokio::test]
async fn pages_of_others_are_not_taken_for_google_s_word() {
    let world = World::start().await;
    for (status, body) in [
        (200, ""),
        (200, "<html>Sign in to the hotel's network</html>"),
        (200, r#"{"name":"projects/p/mess"#),
        (403, "<html>blocked</html>"),
        (404, "<html>Not Found</html>"),
        (500, r#"{"error":{"code":500"#),
        (502, "<html>Bad Gateway</html>"),
    ] {
        world.script(
            Rule::fcm()
                .status(status)
                .header("content-type", "text/html")
                .body(body)
                .times(1),
        );
        let outcome = world.push_fcm(1).await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str()),
            (LATER, "unreadable_answer"),
            "{status} {body}"
        );
        assert_eq!(
            (outcome.vendor_status, outcome.vendor_text.as_str()),
            (Some(status), body)
        );
    }
}

#[tokio::test]
async fn redirects_are_not_followed_and_endless_answers_cut() {
    let world = World::start().await;
    let elsewhere = world.simulator.apns_url().to_owned();
    world.script(Rule::fcm().status(307).header("location", elsewhere).times(1));
    let outcome = world.push_fcm(1).await;
    assert_eq!((outcome.verdict, outcome.vendor_status), (LATER, Some(307)));
    world.script(Rule::fcm().status(503).body("x".repeat(10 << 20)).times(1));
    let outcome = world.push_fcm(2).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (LATER, "unreadable_answer")
    );
    assert_eq!(world.push_fcm(3).await.verdict, Verdict::Accepted);
}

#[tokio::test]
async fn a_burst_over_a_few_connections_loses_nothing() {
    let world = World::start().await;
    let batch: Vec<Parcel> = (0..500).map(|number| world.parcel(Channel::Fcm, number)).collect();
    let outcomes = world.fcm.deliver(&world.service_account(), &batch).await;
    let lost: Vec<_> = outcomes.iter().filter(|o| o.verdict != Verdict::Accepted).collect();
    assert_eq!(lost, Vec::<&dispatcher::Outcome>::new());
    let opened = world.simulator.stats().vendors[&Vendor::Fcm].connections_opened;
    assert!(opened <= 8, "{opened} connections");
}
