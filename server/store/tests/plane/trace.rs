//! What is found under a clue.

use crate::world::{ANDROID_PLAN, APP, IOS_PLAN, World, android, ios};
use domain::{SdkAppId, delivery::DeliveryState, device::DeviceState, device::StateReport};
use store::plane::{Known, Scope};

async fn find(world: &World, clue: &str) -> Known {
    let scope = Scope {
        sdk_app_id: APP,
        plans: vec![IOS_PLAN, ANDROID_PLAN],
    };
    world.plane.trace(&scope, clue).await.expect("answers")
}

fn tokens(known: &Known) -> Vec<&str> {
    known
        .devices
        .iter()
        .map(|device| device.facts.vendor_token.as_str())
        .collect()
}

/// The users of each message, newest message first.
fn receivers(known: &Known) -> Vec<Vec<&str>> {
    let of = |deliveries: &'_ [domain::plan::DeliveryView]| -> Vec<String> {
        deliveries.iter().map(|one| one.user.clone()).collect()
    };
    known
        .messages
        .iter()
        .map(|(_, details)| {
            let message = &details.message;
            assert_eq!(of(&message.deliveries).is_empty(), message.to.is_empty());
            message.to.iter().map(String::as_str).collect()
        })
        .collect()
}

#[tokio::test]
async fn a_user_is_found_with_devices_and_messages_of_both_platforms_and_nothing_of_others() {
    let world = World::new().await;
    world.register("bob", ios("a phone")).await;
    world.register("bob", android("a tablet")).await;
    world.register("carol", ios("hers")).await;
    world.send(&["bob"], 1).await;
    world.send(&["carol"], 2).await;
    world.send(&["bob", "carol"], 3).await;
    let known = find(&world, "bob").await;
    assert!(known.user);
    assert_eq!(tokens(&known), ["a tablet", "a phone"]);
    // Two messages, each under both plans.
    assert_eq!(receivers(&known), [["bob"], ["bob"], ["bob"], ["bob"]]);
    let mut newest_first: Vec<_> = known.messages.iter().map(|(_, details)| details.message.id).collect();
    newest_first.dedup();
    assert_eq!(newest_first.len(), 2);
    assert!(newest_first[0] > newest_first[1]);
}

#[tokio::test]
async fn a_device_is_found_by_either_token_and_brings_its_own_messages_only() {
    let world = World::new().await;
    let phone = world.register("bob", ios("a phone")).await;
    world.register("bob", ios("another phone")).await;
    world.send(&["bob"], 1).await;
    for clue in [phone.as_str(), "a phone"] {
        let known = find(&world, clue).await;
        assert!(!known.user);
        assert_eq!(tokens(&known), ["a phone"], "{clue}");
        let [(_, details)] = known.messages.as_slice() else {
            panic!("{clue}: {:?}", known.messages)
        };
        let devices: Vec<_> = details
            .message
            .deliveries
            .iter()
            .filter_map(|one| one.device_token.as_deref())
            .collect();
        assert_eq!(devices, [phone.as_str()]);
    }
}

#[tokio::test]
async fn a_device_on_which_its_user_logged_out_is_found_by_the_user() {
    let world = World::new().await;
    let token = world.register("bob", ios("a phone")).await;
    let report = StateReport {
        token,
        state: DeviceState::LoggedOut,
        unread: None,
    };
    world.plane.report_state(APP, "bob", report).await.expect("reports");
    let known = find(&world, "bob").await;
    assert_eq!(tokens(&known), ["a phone"]);
    assert_eq!(
        (known.devices[0].facts.user.as_str(), known.devices[0].facts.state),
        ("bob", DeviceState::LoggedOut)
    );
}

#[tokio::test]
async fn a_message_is_found_by_its_key_its_number_and_that_of_a_delivery() {
    let world = World::new().await;
    world.register("bob", ios("a phone")).await;
    let wanted = world.send(&["bob"], 1).await;
    world.send(&["bob"], 2).await;
    let delivery = world.claim(1).await.remove(0);
    world.settle(&delivery, DeliveryState::Sent).await;
    for clue in [
        wanted.key.clone(),
        wanted.message.0.to_string(),
        delivery.delivery.0.to_string(),
    ] {
        let known = find(&world, &clue).await;
        let found: Vec<_> = known.messages.iter().map(|(_, details)| details.message.id).collect();
        assert_eq!(found, [wanted.message], "{clue}");
        assert!(known.devices.is_empty());
        let tries: Vec<_> = known.messages[0]
            .1
            .attempts
            .iter()
            .map(|(id, tries)| (*id, tries.len()))
            .collect();
        assert_eq!(tries, [(delivery.delivery, 1)]);
    }
}

#[tokio::test]
async fn a_message_is_found_by_the_number_that_a_vendor_gave_a_try_of_it() {
    let world = World::new().await;
    world.register("bob", ios("a phone")).await;
    let wanted = world.send(&["bob"], 1).await;
    world.send(&["bob"], 2).await;
    let delivery = world.claim(1).await.remove(0);
    world.settle(&delivery, DeliveryState::Sent).await;
    let number = format!("vendor-{}", delivery.delivery);
    let known = find(&world, &number).await;
    let found: Vec<_> = known.messages.iter().map(|(_, details)| details.message.id).collect();
    assert_eq!(found, [wanted.message]);
    let foreign = Scope {
        sdk_app_id: SdkAppId(APP.0 + 1),
        plans: vec![IOS_PLAN],
    };
    let known = world.plane.trace(&foreign, &number).await.expect("answers");
    assert!(known.messages.is_empty());
}

#[tokio::test]
async fn nothing_of_another_im_application_or_plan_is_found() {
    let world = World::new().await;
    let token = world.register("bob", ios("a phone")).await;
    let sent = world.send(&["bob"], 1).await;
    let foreign = Scope {
        sdk_app_id: SdkAppId(APP.0 + 1),
        plans: vec![IOS_PLAN],
    };
    let elsewhere = Scope {
        sdk_app_id: APP,
        plans: vec![ANDROID_PLAN],
    };
    for clue in ["bob", &token, "a phone", &sent.key, &sent.message.0.to_string()] {
        let known = world.plane.trace(&foreign, clue).await.expect("answers");
        assert!(!known.user && known.devices.is_empty(), "{clue}");
        // A user of the same name may be a receiver of this plan's messages, but those are never another application's.
        let known = world.plane.trace(&elsewhere, clue).await.expect("answers");
        assert!(known.messages.is_empty(), "{clue}");
    }
    for clue in ["", "%", "_", "1_2_99999999999", "-1", "0", "x\0y"] {
        let known = find(&world, clue).await;
        assert!(
            !known.user && known.devices.is_empty() && known.messages.is_empty(),
            "{clue}"
        );
    }
}
