//! Third-party Authorization: what is offered, the effects, the race, and taking it back.

use super::{
    World,
    world::{ELSEWHERE, HERE, card},
};
use domain::{
    Problem,
    account::{Action, Preset},
    authorisation::ImMode,
    certificate::Environment,
    channel::{Card, Channel},
    parcel::LaneKey,
    plan::PlanSource,
    ports::{Accounts, Authorisations, BasicConfigs, ImApplications, Plans, Products, SubAccounts},
    problem::{Conflict, What},
    product::{Platform, ServiceDetails},
};

#[tokio::test]
async fn the_page_leads_from_no_im_application_over_the_dialog_to_the_list() {
    let world = World::new().await;
    let root = world.root("root").await;
    let product = world.application(&root, "Chat", Platform::Ios).await.product;
    let port = &world.services.authorisations;
    let page = port.page(&root, product).await.expect("visible");
    assert_eq!((page.im_mode, page.introduced), (ImMode::NoImApplication, false));
    world.im(&root, "IM").await;
    port.acknowledge_introduction(&root).await.expect("noted");
    let page = port.page(&root, product).await.expect("visible");
    assert_eq!((page.im_mode, page.introduced), (ImMode::Offered, true));
    assert!(page.applications[0].authorised.is_none());
}

#[tokio::test]
async fn authorising_has_all_its_effects_at_once() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let im = world.im(&root, "IM").await;
    let port = &world.services.authorisations;
    let made = port.add(&root, im, application.id).await.expect("added");
    let view = world.view(&root, application.access_id).await;
    assert_eq!(view.service_details, ServiceDetails::ImPushOnly);
    assert_eq!(view.im_application.as_deref(), Some("IM"));
    let plans = world
        .services
        .plans
        .list(&root, application.access_id)
        .await
        .expect("lists");
    assert_eq!(
        (plans.len(), plans[0].source, plans[0].active),
        (1, PlanSource::Im, true)
    );
    let page = port.page(&root, application.product).await.expect("visible");
    let active = page.applications[0].authorised.clone().expect("in force");
    assert_eq!((active.id, active.sdk_app_id, active.by.as_str()), (made, im, "root"));
    let route = &world.services.directory.get(im).expect("known").route;
    let way = route.application(Platform::Android).expect("a way");
    assert_eq!((way.application, way.plan), (application.id, plans[0].id));
}

#[tokio::test]
async fn what_cannot_be_chosen_is_listed_and_refused_with_the_reason() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (one, two) = (
        world.application(&root, "One", Platform::Ios).await,
        world.application(&root, "Two", Platform::Ios).await,
    );
    let (im, other, far) = (
        world.im(&root, "IM").await,
        world.im(&root, "Other").await,
        world.im_at(&root, "Far", ELSEWHERE).await,
    );
    let port = &world.services.authorisations;
    port.add(&root, im, one.id).await.expect("added");
    let choices = port.choices(&root).await.expect("lists");
    let taken = choices
        .im_applications
        .iter()
        .find(|choice| choice.sdk_app_id == im)
        .expect("listed");
    assert_eq!(taken.taken, [(Platform::Ios, "One iOS".to_owned())]);
    let product = choices
        .products
        .iter()
        .find(|choice| choice.name == "One")
        .expect("listed");
    assert_eq!(product.applications[0].authorised_to.as_deref(), Some("IM"));

    let refused = async |im, application| match port.add(&root, im, application).await {
        Err(Problem::Conflict(conflict)) => conflict,
        other => panic!("{other:?}"),
    };
    let authorised = Conflict::ApplicationAuthorised {
        application: "One iOS".into(),
        im_application: "IM".into(),
        product: one.product,
    };
    assert_eq!(refused(other, one.id).await, authorised);
    let platform_taken = Conflict::ImPlatformTaken {
        platform: Platform::Ios,
        application: "One iOS".into(),
    };
    assert_eq!(refused(im, two.id).await, platform_taken);
    assert_eq!(refused(far, two.id).await, Conflict::AccessPointsDiffer);
    world
        .services
        .im_applications
        .set_enabled(&root, other, false)
        .await
        .expect("disabled");
    assert_eq!(refused(other, two.id).await, Conflict::ImApplicationDisabled);
    assert_eq!(
        world.view(&root, two.access_id).await.service_details,
        ServiceDetails::NotEnabled
    );
}

#[tokio::test]
async fn of_two_submits_at_once_one_wins_and_the_other_is_told_who() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let (one, two) = (world.im(&root, "First").await, world.im(&root, "Second").await);
    let port = &world.services.authorisations;
    let outcomes = tokio::join!(
        port.add(&root, one, application.id),
        port.add(&root, two, application.id)
    );
    let (refusal, winner) = match outcomes {
        (Ok(_), Err(refusal)) => (refusal, "First"),
        (Err(refusal), Ok(_)) => (refusal, "Second"),
        other => panic!("{other:?}"),
    };
    let expected = Conflict::ApplicationAuthorised {
        application: "Chat iOS".into(),
        im_application: winner.into(),
        product: application.product,
    };
    assert_eq!(refusal, Problem::Conflict(expected));
    assert_eq!(
        world
            .services
            .plans
            .list(&root, application.access_id)
            .await
            .expect("lists")
            .len(),
        1
    );
}

#[tokio::test]
async fn settings_kept_with_the_im_application_are_copied_with_their_secrets() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let im = world.im(&root, "IM").await;
    let vivo = card(
        true,
        &[("app_id", "10004"), ("app_key", "key"), ("app_secret", "hush-hush")],
    );
    let meizu = card(true, &[("app_id", "1"), ("app_secret", "from-im")]);
    for (channel, change) in [(Channel::Vivo, vivo), (Channel::Meizu, meizu)] {
        world
            .services
            .im_applications
            .save_channel(&root, im, channel, change)
            .await
            .expect("kept");
    }
    let own = card(false, &[("app_id", "2"), ("app_secret", "own")]);
    let configs = &world.services.basic_configs;
    configs
        .save_channel(&root, application.access_id, Card::main(Channel::Meizu), own)
        .await
        .expect("saved");
    world
        .services
        .authorisations
        .add(&root, im, application.id)
        .await
        .expect("added");

    let config = configs.get(&root, application.access_id).await.expect("visible");
    let copied = config
        .channels
        .iter()
        .find(|c| c.channel == Channel::Vivo)
        .expect("a card");
    assert!(copied.configured && copied.enabled);
    assert_eq!(copied.values.get("app_id").map(String::as_str), Some("10004"));
    assert_eq!(copied.secrets["app_secret"].set_by, "root");
    let lane = |channel| LaneKey::main(application.id, channel);
    let stored = world
        .control
        .channel_credential(lane(Channel::Vivo))
        .await
        .expect("opens")
        .expect("there");
    assert_eq!(stored.secrets["app_secret"].reveal(), "hush-hush");
    let kept = world
        .control
        .channel_credential(lane(Channel::Meizu))
        .await
        .expect("opens")
        .expect("there");
    assert_eq!(
        kept.secrets["app_secret"].reveal(),
        "own",
        "the application's own card stays"
    );
    let directory = &world.services.directory;
    let entry = directory.get(im).expect("known");
    let way = entry.route.application(Platform::Android).expect("a way");
    let vivo = way
        .channels
        .iter()
        .find(|c| c.channel == Channel::Vivo)
        .expect("a channel");
    assert_eq!(vivo.credentials, [(Environment::Production, None)]);
}

#[tokio::test]
async fn revoking_keeps_the_plan_inactive_and_authorising_again_wakes_it() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let im = world.im(&root, "IM").await;
    let port = &world.services.authorisations;
    let plan = async || {
        let plans = world
            .services
            .plans
            .list(&root, application.access_id)
            .await
            .expect("lists");
        (plans.len(), plans[0].id, plans[0].active)
    };
    let made = port.add(&root, im, application.id).await.expect("added");
    let (_, first, _) = plan().await;
    port.revoke(&root, made).await.expect("revoked");
    assert_eq!(plan().await, (1, first, false));
    let view = world.view(&root, application.access_id).await;
    assert_eq!(
        (view.service_details, view.im_application),
        (ServiceDetails::NotEnabled, None)
    );
    let entry = world.services.directory.get(im).expect("known");
    assert_eq!(entry.route.applications, []);
    assert_eq!(
        port.revoke(&root, made).await,
        Err(Problem::NotFound(What::Authorisation))
    );
    port.add(&root, im, application.id).await.expect("added again");
    assert_eq!(plan().await, (1, first, true));
}

#[tokio::test]
async fn an_android_and_an_ios_application_share_an_im_application() {
    let world = World::new().await;
    let root = world.root("root").await;
    let product = world
        .product(&root, "Chat", HERE, &[Platform::Android, Platform::Ios])
        .await;
    let im = world.im(&root, "IM").await;
    for application in world
        .services
        .products
        .get(&root, product)
        .await
        .expect("there")
        .applications
    {
        world
            .services
            .authorisations
            .add(&root, im, application.id)
            .await
            .expect("added");
    }
    let view = world.services.im_applications.get(&root, im).await.expect("there");
    assert_eq!(view.authorised_to.len(), 2);
    assert_eq!(
        world
            .services
            .directory
            .get(im)
            .expect("known")
            .route
            .applications
            .len(),
        2
    );
}

#[tokio::test]
async fn a_granted_sub_account_authorises_what_it_sees_and_nothing_else() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (seen, hidden) = (
        world.application(&root, "Seen", Platform::Ios).await,
        world.application(&root, "Hidden", Platform::Android).await,
    );
    let im = world.im(&root, "IM").await;
    let sub = world.sub(&root, "dev", &[(seen.id, Preset::ReadOnly)]).await;
    let mut granted = super::world::draft("dev", &[(seen.id, Preset::ReadOnly)]);
    granted.grants.on_tenant(Action::ManageAuthorisation);
    world
        .services
        .sub_accounts
        .change(&root, sub.account, granted)
        .await
        .expect("granted");
    let sub = world
        .services
        .accounts
        .actor(sub.account)
        .await
        .expect("answers")
        .expect("there");
    let port = &world.services.authorisations;
    let choices = port.choices(&sub).await.expect("lists");
    assert_eq!(
        choices.products.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
        ["Seen"]
    );
    assert_eq!(
        port.add(&sub, im, hidden.id).await,
        Err(Problem::NotFound(What::Application))
    );
    assert!(port.add(&sub, im, seen.id).await.is_ok());
    let of_hidden = port.add(&root, im, hidden.id).await.expect("added");
    assert_eq!(
        port.revoke(&sub, of_hidden).await,
        Err(Problem::NotFound(What::Authorisation))
    );
}
