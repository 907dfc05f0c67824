//! What webhooks are told of deliveries: each state once, as it is written, and nothing of what is not.

use crate::world::{ANDROID, APP, IOS, World, settlement};
use domain::{
    ApplicationId, WebhookId,
    delivery::{DeliveryState, Reason},
    device::{Ack, AckKind},
    ports::Outbox,
    webhook::{Event, GIVE_UP_MS, WebhookCall, WebhookEvent, WebhookLog},
};
use std::collections::BTreeSet;
use store::plane::{Taken, Told, Wanted};

const HOOK: WebhookId = WebhookId(7);

fn wanted(application: ApplicationId, events: &[Event]) -> Wanted {
    let events: BTreeSet<Event> = events.iter().copied().collect();
    [(application, vec![(HOOK, events)])].into()
}

async fn waiting(world: &World) -> Vec<WebhookEvent> {
    world.clock.advance_ms(60_000);
    let taken = world.plane.take_turn(HOOK, 30_000).await.expect("answers");
    taken.map(|taken| taken.events).unwrap_or_default()
}

fn names(events: &[WebhookEvent]) -> Vec<&'static str> {
    events.iter().map(|event| event.event.name()).collect()
}

#[tokio::test]
async fn every_step_of_a_delivery_is_noted_with_what_a_back_end_needs() {
    tells_of_every_step(&World::new().await).await;
}

/// Sent, reached and clicked, each once.
pub async fn tells_of_every_step(world: &World) {
    world.plane.set_webhooks(wanted(IOS, Event::ALL));
    let token = world.device("bob", "aa").await;
    let sent = world.send(&["bob"], 1).await;
    let parcels = world.claim(10).await;
    world.settle(&parcels[0], DeliveryState::Retrying).await;
    world.settle(&parcels[0], DeliveryState::Sent).await;
    // Settled twice, it has moved once.
    world.settle(&parcels[0], DeliveryState::Sent).await;
    for kind in [AckKind::Reached, AckKind::Reached, AckKind::Clicked] {
        let ack = Ack {
            token: token.clone(),
            delivery: parcels[0].delivery.to_string(),
            message: String::new(),
            kind,
        };
        let done = world.plane.acknowledge(APP, "bob", ack, vec![]).await;
        done.expect("is taken");
    }
    let events = waiting(world).await;
    assert_eq!(names(&events), ["sent", "reached", "clicked"]);
    let event = &events[0];
    assert_eq!((event.delivery, event.message), (parcels[0].delivery, sent.message));
    assert_eq!((event.key.as_str(), event.seq, event.random), (sent.key.as_str(), 1, 1));
    assert_eq!((event.sender.as_str(), event.user.as_str()), ("alice", "bob"));
    assert_eq!(event.device_token.as_deref(), Some(token.as_str()));
    assert_eq!((event.sdk_app_id, event.plan), (APP, parcels[0].plan));
    assert_eq!(event.reason, None);
}

#[tokio::test]
async fn what_failed_ran_out_or_was_decided_against_tells_why() {
    let world = World::new().await;
    world.plane.set_webhooks(wanted(IOS, Event::ALL));
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let mut refused = settlement(&world.claim(10).await[0], DeliveryState::Failed);
    refused.reason = Some(Reason::RecipientGone);
    if let Some(attempt) = &mut refused.attempt {
        attempt.vendor_code = "Unregistered".into();
    }
    world.plane.settle(vec![refused]).await.expect("settles");
    world.send(&["nobody"], 2).await;
    world.device("carol", "bb").await;
    world.send(&["carol"], 3).await;
    world.clock.advance_ms(8 * 86_400_000);
    world.plane.expire(world.now()).await.expect("ends");
    let events = waiting(&world).await;
    assert_eq!(names(&events), ["failed", "skipped", "expired"]);
    assert_eq!(events[0].vendor_code, "Unregistered");
    let reasons: Vec<_> = events.iter().map(|event| event.reason).collect();
    let expected = [Reason::RecipientGone, Reason::ReceiverUnknown, Reason::TimeToLive];
    assert_eq!(reasons, expected.map(Some));
    assert_eq!((events[1].channel, events[1].device_token.as_deref()), (None, None));
}

#[tokio::test]
async fn other_applications_and_unwanted_events_leave_no_row() {
    let world = World::new().await;
    let rows = "SELECT COUNT(*) FROM webhook_events";
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcels = world.claim(10).await;
    assert_eq!(world.number(rows).await, 0, "nobody wants anything");
    world.plane.set_webhooks(wanted(ANDROID, Event::ALL));
    world.settle(&parcels[0], DeliveryState::Sent).await;
    assert_eq!(world.number(rows).await, 0, "it is the other application's");
    world.plane.set_webhooks(wanted(IOS, &[Event::Failed]));
    world.send(&["bob"], 2).await;
    world.settle(&world.claim(10).await[0], DeliveryState::Sent).await;
    assert_eq!(world.number(rows).await, 0, "it was sent, which is not wanted");
}

fn call(world: &World, status: u16) -> WebhookCall {
    WebhookCall {
        at: world.now(),
        events: 1,
        attempt: 1,
        status: Some(status),
        fault: String::new(),
        answer: "said\0so".into(),
        duration_ms: 12,
        test: status == 200,
    }
}

#[tokio::test]
async fn what_is_given_up_is_kept_told_again_and_swept_in_the_end() {
    gives_up_tells_again_and_sweeps(&World::new().await).await;
}

/// From a refused call to the dead letter, back, and away.
pub async fn gives_up_tells_again_and_sweeps(world: &World) {
    world.plane.set_webhooks(wanted(IOS, Event::ALL));
    world.send(&["nobody"], 11).await;
    world.clock.advance_ms(GIVE_UP_MS);
    let turn = async || {
        let taken = world.plane.take_turn(HOOK, 30_000).await.expect("answers");
        taken.expect("there is something to tell")
    };
    let told = |taken: &Taken, status| Told {
        webhook: HOOK,
        lease_until: Some(taken.lease_until),
        events: taken.events.iter().map(|event| event.id).collect(),
        call: call(world, status),
        asked_ms: None,
    };
    let first = turn().await;
    world.plane.end_turn(told(&first, 500)).await.expect("is written");
    let log = world.plane.webhook_log(HOOK).await.expect("is read");
    assert_eq!(
        (log.waiting, log.dead, log.dead_letters[0].cause.as_str()),
        (0, 1, "500")
    );
    assert_eq!(log.dead_letters[0].event, first.events[0]);
    assert_eq!((log.calls[0].answer.as_str(), log.calls[0].test), ("saidso", false));
    assert_eq!(log.next_call, Some(world.now().plus_secs(5)));
    assert_eq!(world.plane.replay(HOOK, Some(0)).await.expect("answers"), 0);
    assert_eq!(world.plane.replay(HOOK, None).await.expect("answers"), 1);
    world.clock.advance_ms(1000);
    let second = turn().await;
    assert_eq!(second.events, first.events);
    world.plane.end_turn(told(&second, 200)).await.expect("is written");
    let log = world.plane.webhook_log(HOOK).await.expect("is read");
    assert_eq!((log.waiting, log.dead, log.calls.len(), log.next_call), (0, 0, 2, None));
    assert!(log.calls[0].test, "newest first");
    world.plane.sweep_webhooks(vec![]).await.expect("sweeps");
    let kept = world.plane.webhook_log(HOOK).await.expect("is read");
    assert_eq!(kept, log, "another node may know the webhook");
    world.clock.advance_ms(3_600_000);
    world.plane.sweep_webhooks(vec![]).await.expect("sweeps");
    let gone = world.plane.webhook_log(HOOK).await.expect("is read");
    assert_eq!(gone, WebhookLog::default());
}

#[tokio::test]
async fn a_turn_whose_lease_ran_out_ends_nobody_else_s() {
    let world = World::new().await;
    world.plane.set_webhooks(wanted(IOS, Event::ALL));
    world.send(&["nobody"], 1).await;
    world.clock.advance_ms(1000);
    let take = async || world.plane.take_turn(HOOK, 30_000).await.expect("answers");
    let first = take().await.expect("it is free");
    world.clock.advance_ms(30_000);
    let second = take().await.expect("the first one's lease has run out");
    assert_eq!(first.events, second.events);
    let failed = Told {
        webhook: HOOK,
        lease_until: Some(first.lease_until),
        events: vec![first.events[0].id],
        call: call(&world, 500),
        asked_ms: None,
    };
    world.plane.end_turn(failed).await.expect("is written");
    world.clock.advance_ms(29_999);
    assert!(take().await.is_none(), "the second one's lease stands");
    let log = world.plane.webhook_log(HOOK).await.expect("is read");
    assert_eq!((log.waiting, log.calls.len()), (1, 1));
}
