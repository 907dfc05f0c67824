//! Basic Config: identifiers, cards, certificates; secrets go in and never come out.

use super::{World, world::card};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Problem, Secret,
    account::{Action, Preset},
    certificate::{CertificateFault, Environment, Upload},
    channel::{Card, Channel, ChannelView},
    field::{FieldFault, Format},
    parcel::{Credential, LaneKey},
    ports::{Authorisations, BasicConfigs, CredentialGap, Credentials},
    problem::What,
    product::{ApplicationView, Platform},
};
use simulator::{Options, Simulator, TOPIC};

async fn shown(world: &World, actor: &domain::account::Actor, id: domain::AccessId, channel: Channel) -> ChannelView {
    let config = world.services.basic_configs.get(actor, id).await.expect("visible");
    config
        .channels
        .into_iter()
        .find(|view| view.channel == channel)
        .expect("a card")
}

#[tokio::test]
async fn a_package_name_and_a_bundle_id_are_checked_by_their_platform() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (android, ios) = (
        world.application(&root, "A", Platform::Android).await,
        world.application(&root, "I", Platform::Ios).await,
    );
    let port = &world.services.basic_configs;
    let underscore = "com.example.my_chat";
    assert_eq!(port.save_identifier(&root, android.access_id, underscore).await, Ok(()));
    let refused = port.save_identifier(&root, ios.access_id, underscore).await;
    assert_eq!(
        refused,
        Err(Problem::field("identifier", FieldFault::Format(Format::BundleId)))
    );
    let view = world.view(&root, android.access_id).await;
    assert_eq!(view.identifier.as_deref(), Some(underscore));
    let config = port.get(&root, android.access_id).await.expect("visible");
    assert!(!config.identifier_in_use);
    let im = world.im(&root, "IM").await;
    world
        .services
        .authorisations
        .add(&root, im, android.id)
        .await
        .expect("added");
    assert!(
        port.get(&root, android.access_id)
            .await
            .expect("visible")
            .identifier_in_use
    );
}

#[tokio::test]
async fn every_vendor_of_the_platform_has_a_card_and_no_other_can_be_saved() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (android, ios) = (
        world.application(&root, "A", Platform::Android).await,
        world.application(&root, "I", Platform::Ios).await,
    );
    let port = &world.services.basic_configs;
    let cards = port.get(&root, android.access_id).await.expect("visible").channels;
    assert_eq!(cards.len(), 7);
    assert!(cards.iter().all(|card| !card.configured && !card.enabled));
    let wrong = port
        .save_channel(&root, ios.access_id, Card::main(Channel::Fcm), card(true, &[]))
        .await;
    assert_eq!(wrong, Err(Problem::NotFound(What::VendorChannel)));
    let apple = shown(&world, &root, ios.access_id, Channel::Apns).await;
    assert!(apple.enabled && !apple.configured);
}

#[tokio::test]
async fn a_saved_secret_is_told_by_its_note_only_and_kept_when_left_empty() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "A", Platform::Android).await;
    let (id, port) = (application.access_id, &world.services.basic_configs);
    let first = card(true, &[("app_key", " key "), ("master_secret", "very-secret")]);
    port.save_channel(&root, id, Card::main(Channel::Oppo), first)
        .await
        .expect("saved");
    let view = shown(&world, &root, id, Channel::Oppo).await;
    assert!(!format!("{view:?}").contains("very-secret"));
    let note = &view.secrets["master_secret"];
    assert_eq!(
        (note.set_by.as_str(), note.set_at, note.fingerprint.len()),
        ("root", super::world::NOW, 8)
    );
    assert_eq!(view.values["app_key"], "key");
    world.clock.advance_ms(1000);
    let second = card(false, &[("app_key", "other")]);
    port.save_channel(&root, id, Card::main(Channel::Oppo), second)
        .await
        .expect("saved");
    let again = shown(&world, &root, id, Channel::Oppo).await;
    assert_eq!((again.enabled, &again.secrets["master_secret"]), (false, note));
    let lane = LaneKey::main(application.id, Channel::Oppo);
    let stored = world
        .control
        .channel_credential(lane)
        .await
        .expect("opens")
        .expect("there");
    assert_eq!(stored.secrets["master_secret"].reveal(), "very-secret");
    assert!(!format!("{stored:?}").contains("very-secret"));
}

#[tokio::test]
async fn what_is_wrong_on_a_card_is_told_field_by_field_and_nothing_is_saved() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.application(&root, "A", Platform::Android).await.access_id;
    let port = &world.services.basic_configs;
    let change = card(true, &[("app_id", "not a number"), ("app_key", "")]);
    let Err(Problem::Invalid(fields)) = port.save_channel(&root, id, Card::main(Channel::Vivo), change).await else {
        panic!("accepted");
    };
    let names: Vec<_> = fields.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(names, ["app_id", "app_key", "app_secret"]);
    assert!(!shown(&world, &root, id, Channel::Vivo).await.configured);
    for file in ["no json", "{}", r#"{"type":"authorized_user"}"#] {
        let refused = port
            .save_channel(
                &root,
                id,
                Card::main(Channel::Fcm),
                card(true, &[("service_account", file)]),
            )
            .await;
        assert!(
            matches!(&refused, Err(Problem::Invalid(fields)) if fields[0].field == "service_account"),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn who_may_only_view_configures_nothing() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "I", Platform::Ios).await;
    let viewer = world.sub(&root, "viewer", &[(application.id, Preset::ReadOnly)]).await;
    let (id, port) = (application.access_id, &world.services.basic_configs);
    let lacking = Problem::Forbidden {
        missing: Action::Configure,
        ask: "root".into(),
    };
    assert!(port.get(&viewer, id).await.is_ok());
    assert_eq!(
        port.save_identifier(&viewer, id, "com.example.x").await,
        Err(lacking.clone())
    );
    let saved = port
        .save_channel(&viewer, id, Card::main(Channel::Apns), card(false, &[]))
        .await;
    assert_eq!(saved, Err(lacking.clone()));
    let removed = port.remove_certificate(&viewer, id, domain::CertificateId(1)).await;
    assert_eq!(removed, Err(lacking));
}

async fn apple(world: &World, actor: &domain::account::Actor, bundle: &str) -> (Simulator, ApplicationView) {
    let application = world.application(actor, "Chat", Platform::Ios).await;
    let saved = world
        .services
        .basic_configs
        .save_identifier(actor, application.access_id, bundle)
        .await;
    saved.expect("saved");
    let simulator = Simulator::start(Options::default()).await.expect("starts");
    (simulator, application)
}

fn p12(simulator: &Simulator, password: &str, environments: &[Environment]) -> Upload {
    Upload::P12 {
        file: STANDARD
            .decode(&simulator.credentials().expect("made").apns_certificate.p12_base64)
            .expect("base64"),
        password: Secret::new(password),
        environments: environments.to_vec(),
    }
}

fn p8(simulator: &Simulator, environments: &[Environment]) -> Upload {
    let token = simulator.credentials().expect("made").apns.clone();
    Upload::P8 {
        file: token.p8.into_bytes(),
        key_id: token.key_id,
        team_id: token.team_id,
        environments: environments.to_vec(),
    }
}

#[tokio::test]
async fn a_certificate_comes_into_force_and_is_replaced_per_environment_without_a_gap() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (simulator, application) = apple(&world, &root, TOPIC).await;
    let (id, port) = (application.access_id, &world.services.basic_configs);
    let lane = LaneKey::main(application.id, Channel::Apns);
    let ask = |environment| world.services.credentials.credential(lane, environment);
    assert_eq!(ask(Environment::Production).await, Err(CredentialGap::Missing));
    let both = port.upload(&root, id, p8(&simulator, &[])).await.expect("stored");
    assert_eq!(both.facts.environments, Environment::ALL);
    assert_eq!((both.uploaded_by.as_str(), both.days_left), ("root", None));
    let first = ask(Environment::Production).await.expect("in force");
    assert!(matches!(&*first.credential, Credential::ApnsToken { topic, .. } if topic == TOPIC));

    let next = port
        .upload(&root, id, p8(&simulator, &[Environment::Production]))
        .await
        .expect("stored");
    let production = ask(Environment::Production).await.expect("in force");
    let sandbox = ask(Environment::Sandbox).await.expect("still in force");
    assert_eq!((production.version, sandbox.version), (next.id.0, both.id.0));
    let listed = port.get(&root, id).await.expect("visible").certificates;
    let served: Vec<_> = listed.iter().map(|view| view.facts.environments.clone()).collect();
    assert_eq!(served, [vec![Environment::Production], vec![Environment::Sandbox]]);

    port.upload(&root, id, p8(&simulator, &[Environment::Sandbox]))
        .await
        .expect("stored");
    assert_eq!(
        port.get(&root, id).await.expect("visible").certificates.len(),
        2,
        "the first one is replaced"
    );
    port.remove_certificate(&root, id, next.id).await.expect("removed");
    assert_eq!(ask(Environment::Production).await, Err(CredentialGap::Missing));
    let again = port.remove_certificate(&root, id, next.id).await;
    assert_eq!(again, Err(Problem::NotFound(What::Certificate)));
}

#[tokio::test]
async fn refused_files_are_told_apart_and_leave_the_one_in_force_alone() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (simulator, application) = apple(&world, &root, "com.example.other").await;
    let (id, port) = (application.access_id, &world.services.basic_configs);
    let kept = port.upload(&root, id, p8(&simulator, &[])).await.expect("stored");
    let wrong_password = port.upload(&root, id, p12(&simulator, "guess", &[])).await;
    assert_eq!(
        wrong_password,
        Err(Problem::Certificate(CertificateFault::WrongPassword))
    );
    let other_bundle = port.upload(&root, id, p12(&simulator, "homing", &[])).await;
    let fault = CertificateFault::OtherBundle {
        certificate: TOPIC.into(),
        application: "com.example.other".into(),
    };
    assert_eq!(other_bundle, Err(Problem::Certificate(fault)));
    let empty = Upload::P8 {
        file: vec![],
        key_id: "short".into(),
        team_id: "TEAM123456".into(),
        environments: vec![],
    };
    let ids_first = port.upload(&root, id, empty).await;
    assert_eq!(
        ids_first,
        Err(Problem::field("key_id", FieldFault::Format(Format::TenCharacters)))
    );
    let listed = port.get(&root, id).await.expect("visible").certificates;
    assert_eq!(listed.iter().map(|view| view.id).collect::<Vec<_>>(), [kept.id]);
}

#[tokio::test]
async fn a_certificate_is_uploaded_only_to_an_apple_application_with_a_bundle() {
    let world = World::new().await;
    let root = world.root("root").await;
    let simulator = Simulator::start(Options::default()).await.expect("starts");
    let (android, ios) = (
        world.application(&root, "A", Platform::Android).await,
        world.application(&root, "I", Platform::Ios).await,
    );
    let port = &world.services.basic_configs;
    let android = port.upload(&root, android.access_id, p8(&simulator, &[])).await;
    assert_eq!(android, Err(Problem::NotFound(What::Certificate)));
    let early = port.upload(&root, ios.access_id, p8(&simulator, &[])).await;
    assert_eq!(early, Err(Problem::Certificate(CertificateFault::NoBundle)));
}
