//! IM applications: keys, administrators, deletion, and what the directory knows of them.

use super::{World, world::HERE};
use domain::{
    Problem, Secret,
    account::{Actor, Origin},
    field::FieldFault,
    im::NewImApplication,
    ports::{Authorisations, ImApplications},
    problem::{Conflict, What},
    product::Platform,
};

fn new(name: &str, form_key: &str) -> NewImApplication {
    NewImApplication {
        name: name.into(),
        access_point: HERE.into(),
        form_key: form_key.into(),
    }
}

#[tokio::test]
async fn a_new_one_is_enabled_has_its_administrator_and_is_in_the_directory_at_once() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.im(&root, "IM").await;
    let port = &world.services.im_applications;
    let view = port.get(&root, id).await.expect("there");
    assert!(view.enabled && id.to_string().starts_with("1400"));
    assert_eq!(view.administrators, ["administrator"]);
    let key = port.reveal_key(&root, id).await.expect("revealed");
    assert_eq!(key.reveal().len(), 64);
    let entry = world.services.directory.get(id).expect("known");
    assert_eq!(
        (&entry.key, entry.enabled, entry.access_point.as_str()),
        (&key, true, HERE)
    );
    assert!(entry.administrators.contains("administrator"));
    let away = Actor {
        origin: Origin::console("192.0.2.1"),
        ..root
    };
    assert_eq!(port.reveal_key(&away, id).await, Err(Problem::Unconfirmed));
}

#[tokio::test]
async fn administrators_are_one_to_ten_user_ids() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.im(&root, "IM").await;
    let port = &world.services.im_applications;
    let named = |count: usize| (0..count).map(|n| format!("admin{n}")).collect::<Vec<_>>();
    let eleven = port.set_administrators(&root, id, named(11)).await;
    assert_eq!(
        eleven,
        Err(Problem::field("administrators", FieldFault::TooMany { max: 10 }))
    );
    for (names, fault) in [
        (vec![], FieldFault::NothingChosen),
        (vec![" ".to_owned()], FieldFault::NothingChosen),
        (vec!["x".repeat(33)], FieldFault::TooLong { max: 32 }),
    ] {
        let refused = port.set_administrators(&root, id, names).await;
        assert_eq!(refused, Err(Problem::field("administrators", fault)));
    }
    let twice = vec!["boss".to_owned(), " boss ".to_owned(), "ops".to_owned()];
    port.set_administrators(&root, id, twice).await.expect("set");
    assert_eq!(
        port.get(&root, id).await.expect("there").administrators,
        ["boss", "ops"]
    );
    let known = world.services.directory.get(id).expect("known");
    assert!(!known.administrators.contains("administrator") && known.administrators.contains("ops"));
    assert_eq!(port.set_administrators(&root, id, named(10)).await, Ok(()));
}

#[tokio::test]
async fn it_is_deleted_only_when_disabled_and_not_authorised() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.im(&root, "IM").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let authorisation = world
        .services
        .authorisations
        .add(&root, id, application.id)
        .await
        .expect("added");
    let port = &world.services.im_applications;
    let authorised = port.delete(&root, id, "IM").await;
    let expected = Conflict::ImApplicationAuthorised {
        im_application: "IM".into(),
        application: "Chat iOS".into(),
        product: application.product,
    };
    assert_eq!(authorised, Err(Problem::Conflict(expected)));
    world
        .services
        .authorisations
        .revoke(&root, authorisation)
        .await
        .expect("revoked");
    let enabled = port.delete(&root, id, "IM").await;
    assert_eq!(enabled, Err(Problem::Conflict(Conflict::ImApplicationEnabled)));
    port.set_enabled(&root, id, false).await.expect("disabled");
    assert!(!world.services.directory.get(id).expect("known").enabled);
    let differs = port.delete(&root, id, "im").await;
    assert_eq!(
        differs,
        Err(Problem::field("confirmation", FieldFault::ConfirmationDiffers))
    );
    assert_eq!(port.delete(&root, id, "IM").await, Ok(()));
    assert_eq!(port.get(&root, id).await, Err(Problem::NotFound(What::ImApplication)));
    assert!(world.services.directory.get(id).is_none());
}

#[tokio::test]
async fn a_taken_name_is_refused_and_a_repeated_form_answers_the_first() {
    let world = World::new().await;
    let root = world.root("root").await;
    let port = &world.services.im_applications;
    let first = port.create(&root, new("IM", "once")).await;
    assert_eq!(port.create(&root, new("IM", "once")).await, first);
    let taken = port.create(&root, new("im", "another")).await;
    assert_eq!(taken, Err(Problem::field("name", FieldFault::Taken)));
    assert_eq!(port.list(&root).await.expect("lists").len(), 1);
}

#[tokio::test]
async fn an_account_has_at_most_three_hundred() {
    let world = World::new().await;
    let root = world.root("root").await;
    let row = |number: i64| store::control::NewImApplicationRow {
        sdk_app_id: domain::SdkAppId(1_400_000_000 + number),
        name: format!("IM {number}"),
        access_point: HERE.into(),
        key: Secret::new("k"),
        most: 2,
        form_key: String::new(),
        now: super::world::NOW,
    };
    for number in 0..2 {
        world
            .control
            .create_im_application(&root, &row(number))
            .await
            .expect("room");
    }
    let full = world
        .control
        .create_im_application(&root, &row(2))
        .await
        .map_err(crate::services::refusal::refuse);
    assert_eq!(full, Err(Problem::Conflict(Conflict::ImApplicationsFull { max: 2 })));
    assert_eq!(domain::im::MAX_IM_APPLICATIONS, 300);
}

#[tokio::test]
async fn a_change_by_another_process_is_seen_by_the_next_look() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.im(&root, "IM").await;
    let before = world.services.directory.version();
    world
        .control
        .enable_im_application(&root, id, false)
        .await
        .expect("as another process would");
    assert!(world.services.directory.get(id).expect("known").enabled, "not yet seen");
    world.services.directory.refresh().await;
    assert!(!world.services.directory.get(id).expect("known").enabled);
    assert!(world.services.directory.version() > before);
}
