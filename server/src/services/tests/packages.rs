//! Package names beside the application's own: unique, at most 50 in all, each with keys of its own.

use super::{World, world::card};
use crate::services::{packages::PackageService, planes::Planes};
use domain::{
    Problem,
    account::Preset,
    basic_config::MAX_PACKAGES,
    certificate::Environment,
    channel::{Card, Channel},
    field::{FieldFault, Format},
    parcel::Credential,
    ports::{Authorisations, BasicConfigs, CredentialGap, Credentials, Packages},
    problem::What,
    product::Platform,
};
use std::sync::Arc;

pub(super) fn packages(world: &World) -> PackageService {
    let directory = Arc::clone(&world.services.directory);
    PackageService::new(
        world.control.clone(),
        directory,
        Arc::new(Planes::default()),
        world.clock.clone(),
    )
}

fn wrong(fault: FieldFault) -> Problem {
    Problem::field("package", fault)
}

#[tokio::test]
async fn a_package_name_is_checked_and_is_the_application_s_once() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.application(&root, "Chat", Platform::Android).await.access_id;
    let (port, configs) = (packages(&world), &world.services.basic_configs);
    configs
        .save_identifier(&root, id, "com.example.chat")
        .await
        .expect("saved");
    let no_name = port.add(&root, id, "chat").await;
    assert_eq!(no_name, Err(wrong(FieldFault::Format(Format::PackageName))));
    assert_eq!(
        port.add(&root, id, "com.example.chat").await,
        Err(wrong(FieldFault::Taken))
    );
    let added = port.add(&root, id, " com.example.lite ").await.expect("added");
    assert_eq!(
        port.add(&root, id, "com.example.lite").await,
        Err(wrong(FieldFault::Taken))
    );
    let as_main = configs.save_identifier(&root, id, "com.example.lite").await;
    assert_eq!(as_main, Err(Problem::field("identifier", FieldFault::Taken)));
    let shown = configs.get(&root, id).await.expect("visible").packages;
    assert_eq!(
        (shown.len(), shown[0].id, shown[0].name.as_str()),
        (1, added, "com.example.lite")
    );
    assert_eq!(shown[0].channels.len(), 7);
    let ios = world.application(&root, "Chat iOS", Platform::Ios).await.access_id;
    assert_eq!(
        port.add(&root, ios, "com.example.lite").await,
        Err(Problem::NotFound(What::PackageName))
    );
    let chat = world.view(&root, id).await;
    let viewer = world.sub(&root, "viewer", &[(chat.id, Preset::ReadOnly)]).await;
    assert!(matches!(
        port.add(&viewer, id, "com.example.other").await,
        Err(Problem::Forbidden { .. })
    ));
    assert!(matches!(
        port.remove(&viewer, id, added).await,
        Err(Problem::Forbidden { .. })
    ));
}

#[tokio::test]
async fn an_application_has_fifty_package_names_and_no_more() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.application(&root, "Chat", Platform::Android).await.access_id;
    let port = packages(&world);
    for number in 2..=MAX_PACKAGES {
        port.add(&root, id, &format!("com.example.p{number}"))
            .await
            .expect("added");
    }
    let refused = port.add(&root, id, "com.example.more").await;
    assert_eq!(refused, Err(wrong(FieldFault::TooMany { max: 50 })));
    let shown = world.services.basic_configs.get(&root, id).await.expect("visible");
    port.remove(&root, id, shown.packages[0].id).await.expect("removed");
    assert!(port.add(&root, id, "com.example.more").await.is_ok());
}

#[tokio::test]
async fn keys_of_a_package_stand_beside_those_of_the_main_one_and_go_with_it() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let id = application.access_id;
    let im = world.im(&root, "IM").await;
    let authorised = world.services.authorisations.add(&root, im, application.id).await;
    authorised.expect("authorised");
    let (port, configs) = (packages(&world), &world.services.basic_configs);
    let package = port.add(&root, id, "com.example.lite").await.expect("added");
    let (main, lite) = (
        Card::main(Channel::Oppo),
        Card {
            package,
            channel: Channel::Oppo,
        },
    );
    for (keys, name) in [(main, "main"), (lite, "lite")] {
        let change = card(true, &[("app_key", name), ("master_secret", "s")]);
        configs.save_channel(&root, id, keys, change).await.expect("saved");
    }
    let keys = async |card: Card| {
        let lane = card.lane(application.id);
        let found = world
            .services
            .credentials
            .credential(lane, Environment::Production)
            .await;
        found.map(|found| match &*found.credential {
            Credential::Oppo { app_key, .. } => (app_key.clone(), found.receipt_url.reveal().to_owned()),
            other => panic!("{other:?}"),
        })
    };
    let ((main_key, main_url), (lite_key, lite_url)) =
        (keys(main).await.expect("there"), keys(lite).await.expect("there"));
    assert_eq!((main_key.as_str(), lite_key.as_str()), ("main", "lite"));
    assert_ne!(main_url, lite_url, "each has a receipt address");
    let lane = lite.lane(application.id);
    let stored = world
        .services
        .credentials
        .credential(lane, Environment::Production)
        .await;
    let version = stored.expect("there").version;
    let trouble = Some(("14".to_owned(), "Invalid App Key".to_owned()));
    world.services.credentials.report_trouble(lane, version, trouble).await;
    let shown = configs.get(&root, id).await.expect("visible");
    let card_of = |views: &[domain::channel::ChannelView]| {
        let found = views.iter().find(|view| view.channel == Channel::Oppo);
        found.map(|view| (view.configured, view.trouble.is_some(), view.receipts.is_some()))
    };
    assert_eq!(card_of(&shown.channels), Some((true, false, true)));
    assert_eq!(card_of(&shown.packages[0].channels), Some((true, true, true)));
    let route = world.services.directory.get(im).expect("there");
    assert_eq!(route.route.applications[0].packages[0].channels.len(), 1);

    assert_eq!(configs.remove_channel(&root, id, lite).await, Ok(()));
    assert_eq!(keys(lite).await, Err(CredentialGap::Missing));
    let again = configs.remove_channel(&root, id, lite).await;
    assert_eq!(again, Err(Problem::NotFound(What::VendorChannel)));
    let change = card(true, &[("app_key", "lite"), ("master_secret", "s")]);
    configs
        .save_channel(&root, id, lite, change.clone())
        .await
        .expect("saved");
    assert_eq!(
        port.get(&root, id, package).await.expect("there").channels,
        [Channel::Oppo]
    );
    port.remove(&root, id, package).await.expect("removed");
    assert_eq!(keys(lite).await, Err(CredentialGap::Missing));
    assert_eq!(keys(main).await.expect("stays").0, "main");
    let late = configs.save_channel(&root, id, lite, change).await;
    assert_eq!(late, Err(Problem::NotFound(What::PackageName)));
}

#[tokio::test]
async fn the_settings_of_an_im_application_are_followed_by_the_main_package_alone() {
    use domain::ports::ImApplications;
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let id = application.access_id;
    let im = world.im(&root, "IM").await;
    packages(&world)
        .add(&root, id, "com.example.lite")
        .await
        .expect("added");
    let authorised = world.services.authorisations.add(&root, im, application.id).await;
    authorised.expect("authorised");
    let change = card(true, &[("app_key", "k"), ("master_secret", "s")]);
    let im_applications = &world.services.im_applications;
    im_applications
        .save_channel(&root, im, Channel::Oppo, change)
        .await
        .expect("saved");
    let shown = world.services.basic_configs.get(&root, id).await.expect("visible");
    let configured = |views: &[domain::channel::ChannelView]| views.iter().filter(|view| view.configured).count();
    assert_eq!(
        (configured(&shown.channels), configured(&shown.packages[0].channels)),
        (1, 0)
    );
}
