//! What is kept of a device's past.

use crate::{
    receipts::{door, of},
    world::{APP, IOS_PLAN, World, android, ios, settlement},
};
use domain::{
    SdkAppId,
    delivery::{DeliveryState, Reason},
    device::{DeviceChange, DeviceState, MOST_CHANGES, Registration, StateReport},
    parcel::Settlement,
    ports::Outbox,
    product::Platform,
    receipt::{Receipt, ReceiptEvent},
};
use std::sync::Arc;
use store::plane::{DeviceStory, Scope};

fn scope() -> Scope {
    Scope {
        sdk_app_id: APP,
        plans: vec![IOS_PLAN],
    }
}

async fn story_on(world: &World, platform: Platform, token: &str) -> DeviceStory {
    let found = world.plane.device(&scope(), platform, token).await.expect("answers");
    found.expect("is known")
}

async fn story(world: &World, token: &str) -> DeviceStory {
    story_on(world, Platform::Ios, token).await
}

/// The changes with the users they name, oldest first.
fn changes(story: &DeviceStory) -> Vec<(DeviceChange, &str)> {
    story
        .history
        .iter()
        .rev()
        .map(|event| (event.what, event.user.as_str()))
        .collect()
}

async fn report(world: &World, user: &str, token: &str, state: DeviceState) {
    let report = StateReport {
        token: token.into(),
        state,
        unread: None,
    };
    world.plane.report_state(APP, user, report).await.expect("is taken");
}

/// Registers, reports, logs out and is taken over by somebody else.
pub async fn a_life(world: &World) {
    let token = world.device("bob", "aa").await;
    for state in [
        DeviceState::Foreground,
        DeviceState::Foreground,
        DeviceState::Offline,
        DeviceState::LoggedOut,
    ] {
        world.clock.advance_ms(1000);
        report(world, "bob", &token, state).await;
    }
    let renewed = Registration {
        notifications_on: false,
        token: Some(token.clone()),
        ..ios("bb")
    };
    assert_eq!(world.register("carol", renewed.clone()).await, token);
    // The same again changes nothing.
    world.register("carol", renewed).await;
    let story = story(world, &token).await;
    let expected = [
        (DeviceChange::Registered, "bob"),
        (DeviceChange::Foreground, ""),
        (DeviceChange::Offline, ""),
        (DeviceChange::LoggedOut, "bob"),
        (DeviceChange::SignedIn, "carol"),
        (DeviceChange::NewToken, ""),
        (DeviceChange::NotificationsOff, ""),
        (DeviceChange::Background, ""),
    ];
    assert_eq!(changes(&story), expected);
    assert_eq!(
        (story.device.facts.user.as_str(), story.device.signed_in),
        ("carol", true)
    );
    assert_eq!(story.history.last().map(|event| event.at), Some(story.first_seen));
}

#[tokio::test]
async fn each_change_is_kept_once_and_a_report_that_changes_nothing_is_not() {
    a_life(&World::new().await).await;
}

/// What a vendor says of tokens, in answers and in receipts.
pub async fn vendors_word(world: &World) {
    let token = world.register("bob", android("aa")).await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    let receipt = |event| Receipt {
        at: Some(world.now()),
        ..of(&parcel, event)
    };
    for _ in 0..2 {
        let off = vec![receipt(ReceiptEvent::SwitchedOff)];
        world
            .plane
            .take_receipts(Arc::new(door()), off)
            .await
            .expect("are taken");
    }
    let gone = Settlement {
        reason: Some(Reason::RecipientGone),
        token_dead_since: Some(world.now()),
        ..settlement(&parcel, DeliveryState::Failed)
    };
    world.plane.settle(vec![gone.clone(), gone]).await.expect("settles");
    let known = story_on(world, Platform::Android, &token).await;
    let expected = [
        (DeviceChange::Registered, "bob"),
        (DeviceChange::SwitchedOff, ""),
        (DeviceChange::TokenDead, ""),
    ];
    assert_eq!(changes(&known), expected);
    assert_eq!(known.device.dead_since, Some(world.now()));
    world.clock.advance_ms(1000);
    world.register("bob", android("aa")).await;
    let known = story_on(world, Platform::Android, &token).await;
    let last: Vec<_> = changes(&known).split_off(3);
    assert_eq!(last, [(DeviceChange::Revived, ""), (DeviceChange::NotificationsOn, "")]);
}

#[tokio::test]
async fn what_vendors_say_is_kept_once_however_often_they_say_it() {
    vendors_word(&World::new().await).await;
}

#[tokio::test]
async fn the_newest_changes_stay_and_a_device_that_is_gone_leaves_none() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    for round in 0..MOST_CHANGES {
        let state = if round % 2 == 0 {
            DeviceState::Foreground
        } else {
            DeviceState::Background
        };
        report(&world, "bob", &token, state).await;
    }
    let count = "SELECT COUNT(*) FROM device_history";
    assert_eq!(world.number(count).await, i64::from(MOST_CHANGES));
    let kept = story(&world, &token).await;
    assert!(changes(&kept).iter().all(|(what, _)| *what != DeviceChange::Registered));
    let other = world.device("carol", "bb").await;
    let moved = Registration {
        token: Some(other),
        ..ios("aa")
    };
    world.register("carol", moved).await;
    assert_eq!(world.number(count).await, 2, "carol's two changes");
}

#[tokio::test]
async fn a_device_brings_the_messages_of_its_users_and_no_other_device_s() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    world.device("bob", "other").await;
    let first = world.send(&["bob"], 1).await;
    world.device("carol", "aa").await;
    let second = world.send(&["carol"], 2).await;
    world.send(&["bob"], 3).await;
    let found = story(&world, &token).await;
    let messages: Vec<_> = found.messages.iter().map(|(_, details)| details.message.id).collect();
    assert_eq!(messages, [second.message, first.message]);
    for (_, details) in &found.messages {
        let devices: Vec<_> = details
            .message
            .deliveries
            .iter()
            .map(|one| one.device_token.as_deref())
            .collect();
        assert_eq!(devices, [Some(token.as_str())]);
    }
    let number = found.device.facts.id.to_string();
    let by_number = story(&world, &number).await;
    assert_eq!(by_number.device.token, token);
}

#[tokio::test]
async fn no_device_of_another_platform_or_im_application_is_found() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    let foreign = Scope {
        sdk_app_id: SdkAppId(APP.0 + 1),
        ..scope()
    };
    for (scope, platform, named) in [
        (&foreign, Platform::Ios, token.as_str()),
        (&scope(), Platform::Android, &token),
        (&scope(), Platform::Ios, "aa"),
        (&scope(), Platform::Ios, ""),
        (&scope(), Platform::Ios, "-1"),
    ] {
        let found = world.plane.device(scope, platform, named).await.expect("answers");
        assert!(found.is_none(), "{named}");
    }
}
