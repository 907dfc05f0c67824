//! Receipt addresses and what vendors said of credentials, on the cards.

use super::{
    World,
    world::{NOW, RECEIPTS, card},
};
use domain::{
    Problem, Secret,
    certificate::Environment,
    channel::{Card, Channel, ChannelView},
    field::FieldProblem,
    parcel::LaneKey,
    ports::{BasicConfigs, Credentials},
    product::{ApplicationView, Platform},
};
use store::control::NewVerification;

async fn shown(world: &World, root: &domain::account::Actor, of: &ApplicationView, channel: Channel) -> ChannelView {
    let config = world
        .services
        .basic_configs
        .get(root, of.access_id)
        .await
        .expect("visible");
    config
        .channels
        .into_iter()
        .find(|view| view.channel == channel)
        .expect("a card")
}

const OPPO: &[(&str, &str)] = &[("app_key", "k"), ("master_secret", "m")];

#[tokio::test]
async fn a_card_gets_a_receipt_address_that_stays_and_is_found_again() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    assert_eq!(shown(&world, &root, &application, Channel::Oppo).await.receipts, None);
    let save = async || {
        let change = card(true, OPPO);
        let configs = &world.services.basic_configs;
        configs
            .save_channel(&root, application.access_id, Card::main(Channel::Oppo), change)
            .await
            .expect("saved");
    };
    save().await;
    let first = shown(&world, &root, &application, Channel::Oppo)
        .await
        .receipts
        .expect("an address");
    save().await;
    let second = shown(&world, &root, &application, Channel::Oppo)
        .await
        .receipts
        .expect("an address");
    assert_eq!(first, second);
    let secret = first
        .address
        .strip_prefix(&format!("{RECEIPTS}/receipts/oppo/"))
        .expect("the origin");
    let door = world
        .control
        .receipt_door(Channel::Oppo, &Secret::new(secret))
        .await
        .expect("answers");
    assert_eq!(door.expect("a door").application, application.id);
    let other = world
        .control
        .receipt_door(Channel::Vivo, &Secret::new(secret))
        .await
        .expect("answers");
    assert!(other.is_none(), "the secret of one vendor opens no other's door");
    let lane = LaneKey::main(application.id, Channel::Oppo);
    let credential = world
        .services
        .credentials
        .credential(lane, Environment::Production)
        .await
        .expect("there");
    assert_eq!(
        credential.receipt_url.reveal(),
        first.address,
        "OPPO is told with each call"
    );
}

#[tokio::test]
async fn a_verified_credential_ends_the_trouble_and_gets_another_version() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let configs = &world.services.basic_configs;
    configs
        .save_channel(
            &root,
            application.access_id,
            Card::main(Channel::Oppo),
            card(true, OPPO),
        )
        .await
        .expect("saved");
    let lane = LaneKey::main(application.id, Channel::Oppo);
    let credentials = &world.services.credentials;
    let before = credentials
        .credential(lane, Environment::Production)
        .await
        .expect("there")
        .version;
    let trouble = Some(("14".to_owned(), "Invalid App Key".to_owned()));
    credentials.report_trouble(lane, before, trouble).await;
    assert!(shown(&world, &root, &application, Channel::Oppo).await.is_unverified());
    let answer = |works| NewVerification {
        lane,
        environment: Environment::Production,
        version: before,
        works,
        vendor_code: "14".into(),
        vendor_text: String::new(),
        now: NOW,
    };
    world.control.note_verification(&answer(false)).await.expect("noted");
    let card_now = shown(&world, &root, &application, Channel::Oppo).await;
    assert!(card_now.trouble.is_some() && !card_now.is_unverified() && card_now.verifications[0].refused);
    world.control.note_verification(&answer(true)).await.expect("noted");
    let card_now = shown(&world, &root, &application, Channel::Oppo).await;
    assert!(card_now.trouble.is_none() && card_now.verifications[0].works && card_now.verifications[0].current);
    world.services.directory.refresh().await;
    let after = credentials
        .credential(lane, Environment::Production)
        .await
        .expect("there")
        .version;
    assert!(after > before, "a held lane opens for another version");
    configs
        .save_channel(
            &root,
            application.access_id,
            Card::main(Channel::Oppo),
            card(true, OPPO),
        )
        .await
        .expect("saved");
    assert!(
        shown(&world, &root, &application, Channel::Oppo).await.is_unverified(),
        "saved anew, not verified"
    );
}

#[tokio::test]
async fn huawei_s_signature_needs_user_and_key_and_a_service_account_is_looked_into() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let wrong = async |more: &[(&str, &str)]| {
        let fields = [&[("app_id", "1"), ("app_secret", "s")], more].concat();
        let configs = &world.services.basic_configs;
        let saved = configs
            .save_channel(
                &root,
                application.access_id,
                Card::main(Channel::Huawei),
                card(true, &fields),
            )
            .await;
        match saved {
            Ok(()) => vec![],
            Err(Problem::Invalid(faults)) => faults.into_iter().map(|FieldProblem { field, .. }| field).collect(),
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(wrong(&[("callback_user", "homing")]).await, ["callback_key"]);
    assert_eq!(wrong(&[("callback_key", "k")]).await, ["callback_user"]);
    assert_eq!(wrong(&[("service_account", "{}")]).await, ["service_account"]);
    assert_eq!(
        wrong(&[("callback_user", "homing"), ("callback_key", "k")]).await,
        Vec::<String>::new()
    );
    assert_eq!(
        wrong(&[("callback_user", "homing")]).await,
        Vec::<String>::new(),
        "the key was kept"
    );
}
