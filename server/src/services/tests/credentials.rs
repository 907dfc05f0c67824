//! What the dispatcher is given to sign in with, and what it reports back.

use super::{World, world::card};
use domain::{
    certificate::Environment,
    channel::{Card, Channel},
    parcel::{Credential, LaneKey},
    ports::{BasicConfigs, CredentialGap, Credentials},
    product::Platform,
};

#[tokio::test]
async fn credentials_follow_the_card_and_troubles_show_until_it_is_saved_again() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let simulator = simulator::Simulator::start(simulator::Options::default())
        .await
        .expect("starts");
    let file = simulator.credentials().expect("made").fcm.service_account.to_string();
    let (configs, credentials) = (&world.services.basic_configs, &world.services.credentials);
    let lane = LaneKey::main(application.id, Channel::Fcm);
    let ask = || credentials.credential(lane, Environment::Production);
    assert_eq!(ask().await, Err(CredentialGap::Missing));
    let save = async |enabled, values: &[(&str, &str)]| {
        configs
            .save_channel(
                &root,
                application.access_id,
                Card::main(Channel::Fcm),
                card(enabled, values),
            )
            .await
            .expect("saved");
    };
    save(true, &[("service_account", file.as_str()), ("channel_id", "im")]).await;
    let first = ask().await.expect("there");
    assert!(matches!(&*first.credential, Credential::Fcm { channel_id, .. } if channel_id == "im"));

    let trouble = Some(("UNREGISTERED_KEY".to_owned(), "no".repeat(600)));
    credentials.report_trouble(lane, first.version, trouble.clone()).await;
    let shown = async || {
        let config = configs.get(&root, application.access_id).await.expect("visible");
        let card = config
            .channels
            .into_iter()
            .find(|c| c.channel == Channel::Fcm)
            .expect("a card");
        card.trouble
    };
    let noted = shown().await.expect("shown");
    assert_eq!(
        (noted.vendor_code.as_str(), noted.vendor_text.len()),
        ("UNREGISTERED_KEY", 500)
    );
    save(true, &[]).await;
    assert_eq!(shown().await, None, "saving the card is the repair");
    let second = ask().await.expect("the secret was kept");
    assert!(second.version > first.version);
    credentials.report_trouble(lane, first.version, trouble).await;
    assert_eq!(shown().await, None, "a late report about the old credential");
    save(false, &[]).await;
    assert_eq!(ask().await, Err(CredentialGap::Disabled));
}
