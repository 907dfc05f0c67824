//! Application Information: keys, names, deletion.

use super::World;
use domain::{
    Problem,
    account::{Action, Actor, Origin, Preset},
    field::FieldFault,
    ports::{Applications, Authorisations},
    problem::{Conflict, What},
    product::Platform,
};

#[tokio::test]
async fn the_secret_key_is_revealed_to_somebody_who_has_just_proved_who_they_are() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let port = &world.services.applications;
    let from = |origin| Actor { origin, ..root.clone() };
    let browser = Origin::console("192.0.2.1");
    let away = port
        .reveal_secret_key(&from(browser.clone()), application.access_id)
        .await;
    assert_eq!(away, Err(Problem::Unconfirmed));
    let key = port
        .reveal_secret_key(&from(browser.confirmed(true)), application.access_id)
        .await
        .expect("revealed");
    assert_eq!(key.reveal().len(), 32);
    assert!(key.reveal().bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
}

#[tokio::test]
async fn a_sub_account_without_the_right_gets_no_secret_key_even_with_its_password() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let sub = world.sub(&root, "dev", &[(application.id, Preset::Operator)]).await;
    let refused = world
        .services
        .applications
        .reveal_secret_key(&sub, application.access_id)
        .await;
    let lacking = Problem::Forbidden {
        missing: Action::RevealSecrets,
        ask: "root".into(),
    };
    assert_eq!(refused, Err(lacking));
}

#[tokio::test]
async fn an_application_is_renamed_within_the_rules_of_names() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let port = &world.services.applications;
    let long = port.rename(&root, application.access_id, &"x".repeat(61)).await;
    assert_eq!(long, Err(Problem::field("name", FieldFault::TooLong { max: 60 })));
    assert_eq!(port.rename(&root, application.access_id, " 归雁 ").await, Ok(()));
    assert_eq!(world.view(&root, application.access_id).await.name, "归雁");
}

#[tokio::test]
async fn an_authorised_application_is_deleted_only_after_unauthorising() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let im = world.im(&root, "IM").await;
    let authorisation = world
        .services
        .authorisations
        .add(&root, im, application.id)
        .await
        .expect("added");
    let port = &world.services.applications;
    let refused = port.delete(&root, application.access_id, "Chat Android").await;
    assert!(
        matches!(&refused, Err(Problem::Conflict(Conflict::ApplicationAuthorised { product, .. })) if *product == application.product),
        "{refused:?}"
    );
    world
        .services
        .authorisations
        .revoke(&root, authorisation)
        .await
        .expect("revoked");
    let differs = port.delete(&root, application.access_id, "").await;
    assert_eq!(
        differs,
        Err(Problem::field("confirmation", FieldFault::ConfirmationDiffers))
    );
    assert_eq!(port.delete(&root, application.access_id, "Chat Android").await, Ok(()));
    let gone = port.get(&root, application.access_id).await;
    assert_eq!(gone, Err(Problem::NotFound(What::Application)));
}
