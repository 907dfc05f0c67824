//! Products: names, platforms, idempotent forms, search and pages, deletion.

use super::{
    World,
    world::{HERE, new_product},
};
use domain::{
    Problem, ProductId,
    account::{Action, Preset},
    field::FieldFault,
    page::PageRequest,
    ports::{Authorisations, Products},
    problem::{Conflict, What},
    product::{NewApplication, NewProduct, Platform, ProductChange, ProductQuery, ProductSort},
};

fn search(text: &str) -> ProductQuery {
    ProductQuery {
        search: text.into(),
        ..ProductQuery::default()
    }
}

#[tokio::test]
async fn each_platform_makes_an_application_with_numbers_and_keys_of_its_own() {
    let world = World::new().await;
    let root = world.root("root").await;
    let product = world.product(&root, "Chat", HERE, Platform::ALL).await;
    let view = world.services.products.get(&root, product).await.expect("there");
    let platforms: Vec<_> = view.applications.iter().map(|a| a.platform).collect();
    assert_eq!(platforms, Platform::ALL);
    for application in &view.applications {
        let prefix = application.platform.access_id_prefix().to_string();
        assert!(application.access_id.to_string().starts_with(&prefix));
        assert_eq!(application.access_id.to_string().len(), 10);
        assert_eq!(application.secret_key_hint.len(), 4);
        let key = world
            .control
            .secret_key(&root, application.access_id)
            .await
            .expect("opens");
        assert!(key.reveal().len() == 32 && key.reveal().ends_with(&application.secret_key_hint));
    }
    assert_eq!(view.applications[1].name, "Chat iOS");
}

#[tokio::test]
async fn every_wrong_field_of_the_form_is_named() {
    let world = World::new().await;
    let root = world.root("root").await;
    let wrong = NewProduct {
        name: " ".into(),
        category: "cars".into(),
        access_point: "mars".into(),
        platforms: vec![],
        form_key: String::new(),
    };
    let Err(Problem::Invalid(fields)) = world.services.products.create(&root, wrong).await else {
        panic!("accepted");
    };
    let found: Vec<_> = fields.iter().map(|p| (p.field.as_str(), p.fault)).collect();
    let expected = [
        ("name", FieldFault::Required),
        ("category", FieldFault::NotAChoice),
        ("access_point", FieldFault::NotAChoice),
        ("platforms", FieldFault::NothingChosen),
    ];
    assert_eq!(found, expected);
    let unknown = NewProduct {
        platforms: vec!["symbian".into()],
        ..new_product("Chat", HERE, &[])
    };
    let refused = world.services.products.create(&root, unknown).await;
    assert_eq!(refused, Err(Problem::field("platforms", FieldFault::NotAChoice)));
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case_and_spacing_but_only_within_the_account() {
    let world = World::new().await;
    let (root, other) = (world.root("root").await, world.root("other").await);
    world.product(&root, "My Chat", HERE, &[Platform::Ios]).await;
    let taken = Err(Problem::field("name", FieldFault::Taken));
    let port = &world.services.products;
    let second = port
        .create(&root, new_product("my  CHAT", HERE, &[Platform::Ios]))
        .await;
    assert_eq!(second, taken.clone());
    world.product(&other, "My Chat", HERE, &[Platform::Ios]).await;
    let renamed = world.product(&root, "News", HERE, &[Platform::Ios]).await;
    let change = ProductChange {
        name: "MY chat".into(),
        category: "news".into(),
    };
    assert_eq!(
        port.change(&root, renamed, change.clone()).await,
        taken.map(|_: ProductId| ())
    );
    let change = ProductChange {
        name: "Latest News".into(),
        ..change
    };
    assert_eq!(port.change(&root, renamed, change).await, Ok(()));
    assert_eq!(port.get(&root, renamed).await.expect("there").name, "Latest News");
}

#[tokio::test]
async fn a_form_that_is_submitted_twice_makes_one_product() {
    let world = World::new().await;
    let root = world.root("root").await;
    let new = NewProduct {
        form_key: "once".into(),
        ..new_product("Chat", HERE, &[Platform::Ios])
    };
    let port = &world.services.products;
    let (one, two) = tokio::join!(port.create(&root, new.clone()), port.create(&root, new.clone()));
    assert_eq!(one, two);
    assert!(one.is_ok(), "{one:?}");
    assert_eq!(port.create(&root, new).await, one, "and a third time much later");
    assert_eq!(port.list(&root, ProductQuery::default()).await.expect("lists").total, 1);
}

#[tokio::test]
async fn a_second_application_of_a_platform_is_refused() {
    let world = World::new().await;
    let root = world.root("root").await;
    let product = world.product(&root, "Chat", HERE, &[Platform::Ios]).await;
    let new = |platform: &str| NewApplication {
        product,
        platform: platform.into(),
        name: "Extra".into(),
    };
    let port = &world.services.products;
    let refused = port.add_application(&root, new("ios")).await;
    assert_eq!(refused, Err(Problem::Conflict(Conflict::PlatformExists(Platform::Ios))));
    assert!(port.add_application(&root, new("android")).await.is_ok());
    let (one, two) = tokio::join!(
        port.add_application(&root, new("macos")),
        port.add_application(&root, new("macos"))
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(port.get(&root, product).await.expect("there").free_platforms(), []);
}

#[tokio::test]
async fn the_list_is_searched_sorted_and_paged() {
    let world = World::new().await;
    let root = world.root("root").await;
    for name in ["Bravo", "alpha", "100% Chat", "Delta_1"] {
        world.product(&root, name, HERE, &[Platform::Ios]).await;
    }
    let port = &world.services.products;
    let names = async |query: ProductQuery| {
        let page = port.list(&root, query).await.expect("lists");
        page.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(search("")).await, ["Delta_1", "100% Chat", "alpha", "Bravo"]);
    assert_eq!(names(search("BRAV")).await, ["Bravo"]);
    assert_eq!(names(search("%")).await, ["100% Chat"], "a wildcard is a character");
    assert_eq!(names(search("a_1")).await, ["Delta_1"]);
    let view = port.list(&root, search("alpha")).await.expect("lists").rows.remove(0);
    let number = view.applications[0].access_id.to_string();
    assert_eq!(names(search(&number[2..])).await, ["alpha"], "part of an Access ID");
    let by_name = ProductQuery {
        sort: ProductSort::Name,
        page: PageRequest { number: 2, size: 2 },
        ..search("")
    };
    assert_eq!(names(by_name).await, ["Bravo", "Delta_1"]);
    let past_the_end = ProductQuery {
        page: PageRequest { number: 99, size: 3 },
        ..search("")
    };
    let page = port.list(&root, past_the_end).await.expect("lists");
    assert_eq!((page.page.number, page.rows.len(), page.total), (2, 1, 4));
}

#[tokio::test]
async fn a_sub_account_s_list_and_search_know_only_its_applications() {
    let world = World::new().await;
    let root = world.root("root").await;
    let product = world
        .product(&root, "Chat", HERE, &[Platform::Ios, Platform::Android])
        .await;
    world.product(&root, "Other", HERE, &[Platform::Ios]).await;
    let applications = world
        .services
        .products
        .get(&root, product)
        .await
        .expect("there")
        .applications;
    let sub = world.sub(&root, "dev", &[(applications[1].id, Preset::ReadOnly)]).await;
    let port = &world.services.products;
    let page = port.list(&sub, ProductQuery::default()).await.expect("lists");
    assert_eq!((page.total, page.rows.len()), (1, 1));
    assert_eq!(
        page.rows[0].applications.len(),
        1,
        "the other application of the product is not shown"
    );
    let by_hidden_number = search(&applications[0].access_id.to_string());
    assert_eq!(port.list(&sub, by_hidden_number).await.expect("lists").total, 0);
}

#[tokio::test]
async fn deleting_asks_for_the_name_and_refuses_while_an_application_is_authorised() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let port = &world.services.products;
    let differs = Err(Problem::field("confirmation", FieldFault::ConfirmationDiffers));
    assert_eq!(port.delete(&root, application.product, "chat").await, differs);
    let im = world.im(&root, "IM").await;
    let authorisation = world
        .services
        .authorisations
        .add(&root, im, application.id)
        .await
        .expect("added");
    let refused = Err(Problem::Conflict(Conflict::ApplicationAuthorised {
        application: "Chat iOS".into(),
        im_application: "IM".into(),
        product: application.product,
    }));
    assert_eq!(port.delete(&root, application.product, "Chat").await, refused);
    world
        .services
        .authorisations
        .revoke(&root, authorisation)
        .await
        .expect("revoked");
    assert_eq!(port.delete(&root, application.product, " Chat ").await, Ok(()));
    assert_eq!(
        port.get(&root, application.product).await,
        Err(Problem::NotFound(What::Product))
    );
}

#[tokio::test]
async fn a_sub_account_changes_no_product() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let sub = world.sub(&root, "dev", &[(application.id, Preset::FullAccess)]).await;
    let lacking = Problem::Forbidden {
        missing: Action::ManageProducts,
        ask: "root".into(),
    };
    let port = &world.services.products;
    let created = port.create(&sub, new_product("Mine", HERE, &[Platform::Ios])).await;
    assert_eq!(created, Err(lacking.clone()));
    let change = ProductChange {
        name: "Mine".into(),
        category: "news".into(),
    };
    assert_eq!(
        port.change(&sub, application.product, change).await,
        Err(lacking.clone())
    );
    assert_eq!(
        port.delete(&sub, application.product, "Chat").await,
        Err(lacking.clone())
    );
    let new = NewApplication {
        product: application.product,
        platform: "android".into(),
        name: "Mine".into(),
    };
    assert_eq!(port.add_application(&sub, new).await, Err(lacking));
}
