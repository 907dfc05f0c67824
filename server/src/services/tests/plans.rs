//! Push plans: own ones, and the fixed one of an authorisation.

use super::World;
use domain::{
    Problem,
    account::{Action, Preset},
    field::FieldFault,
    plan::{PlanDraft, PlanSource},
    ports::{Authorisations, Plans},
    problem::{Conflict, What},
    product::Platform,
};

fn draft(name: &str, description: &str) -> PlanDraft {
    PlanDraft {
        name: name.into(),
        description: description.into(),
    }
}

#[tokio::test]
async fn an_own_plan_is_created_changed_counted_and_deleted() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.application(&root, "Chat", Platform::Ios).await.access_id;
    let port = &world.services.plans;
    let plan = port
        .create(&root, id, draft(" Spring ", "line\r\ntwo"))
        .await
        .expect("created");
    let view = port.get(&root, id, plan).await.expect("there");
    assert_eq!((view.name.as_str(), view.description.as_str()), ("Spring", "line\ntwo"));
    assert_eq!(
        (view.messages, view.messages_last_day, view.source),
        (3, 1, PlanSource::Console)
    );
    let taken = port.create(&root, id, draft("SPRING", "")).await;
    assert_eq!(taken, Err(Problem::field("name", FieldFault::Taken)));
    assert_eq!(port.change(&root, id, plan, draft("Summer", "")).await, Ok(()));
    let differs = port.delete(&root, id, plan, "Spring").await;
    assert_eq!(
        differs,
        Err(Problem::field("confirmation", FieldFault::ConfirmationDiffers))
    );
    assert_eq!(port.delete(&root, id, plan, "Summer").await, Ok(()));
    assert_eq!(port.get(&root, id, plan).await, Err(Problem::NotFound(What::Plan)));
}

#[tokio::test]
async fn names_and_descriptions_have_their_limits() {
    let world = World::new().await;
    let root = world.root("root").await;
    let id = world.application(&root, "Chat", Platform::Ios).await.access_id;
    let Err(Problem::Invalid(fields)) = world
        .services
        .plans
        .create(&root, id, draft(&"n".repeat(61), &"d".repeat(301)))
        .await
    else {
        panic!("accepted");
    };
    let found: Vec<_> = fields.iter().map(|p| (p.field.as_str(), p.fault)).collect();
    let expected = [
        ("name", FieldFault::TooLong { max: 60 }),
        ("description", FieldFault::TooLong { max: 300 }),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_plan_of_an_authorisation_can_be_neither_edited_nor_deleted() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let im = world.im(&root, "IM").await;
    let port = &world.services.plans;
    port.create(&root, application.access_id, draft("Autumn", ""))
        .await
        .expect("created");
    world
        .services
        .authorisations
        .add(&root, im, application.id)
        .await
        .expect("added");
    let plans = port.list(&root, application.access_id).await.expect("lists");
    assert_eq!(plans.len(), 2);
    let fixed = &plans[0];
    assert_eq!(
        (fixed.source, fixed.active, fixed.name.as_str()),
        (PlanSource::Im, true, "")
    );
    let refused = Err(Problem::Conflict(Conflict::PlanIsFixed));
    assert_eq!(
        port.change(&root, application.access_id, fixed.id, draft("Mine", ""))
            .await,
        refused.clone()
    );
    assert_eq!(port.delete(&root, application.access_id, fixed.id, "").await, refused);
}

#[tokio::test]
async fn who_may_only_view_changes_no_plan() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let (id, port) = (application.access_id, &world.services.plans);
    let plan = port.create(&root, id, draft("Spring", "")).await.expect("created");
    let viewer = world.sub(&root, "viewer", &[(application.id, Preset::ReadOnly)]).await;
    let editor = world
        .sub(&root, "editor", &[(application.id, Preset::FullAccess)])
        .await;
    let lacking = Problem::Forbidden {
        missing: Action::ManagePlans,
        ask: "root".into(),
    };
    assert!(port.get(&viewer, id, plan).await.is_ok());
    assert_eq!(port.create(&viewer, id, draft("Mine", "")).await, Err(lacking.clone()));
    assert_eq!(
        port.change(&viewer, id, plan, draft("Mine", "")).await,
        Err(lacking.clone())
    );
    assert_eq!(port.delete(&viewer, id, plan, "Spring").await, Err(lacking));
    assert_eq!(port.change(&editor, id, plan, draft("Mine", "")).await, Ok(()));
}

#[tokio::test]
async fn a_plan_of_another_application_is_not_found() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (one, two) = (
        world.application(&root, "One", Platform::Ios).await,
        world.application(&root, "Two", Platform::Ios).await,
    );
    let port = &world.services.plans;
    let plan = port
        .create(&root, one.access_id, draft("Spring", ""))
        .await
        .expect("created");
    assert_eq!(
        port.get(&root, two.access_id, plan).await,
        Err(Problem::NotFound(What::Plan))
    );
}
