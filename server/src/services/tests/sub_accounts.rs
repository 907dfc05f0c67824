//! Sub-accounts: what they get, and that it counts at once.

use super::{
    World,
    world::{PASSWORD, draft},
};
use domain::{
    ApplicationId, Problem, Secret,
    account::{Action, Actor, Preset, SubAccountDraft},
    field::FieldFault,
    ports::{Accounts, Applications, Authorisations, ImApplications, SubAccounts},
    problem::{Conflict, What},
    product::Platform,
    sign_in::SignedIn,
};
use std::collections::HashMap;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

#[tokio::test]
async fn a_sub_account_sees_only_the_applications_it_was_given() {
    let world = World::new().await;
    let root = world.root("root").await;
    let (seen, hidden) = (
        world.application(&root, "Seen", Platform::Ios).await,
        world.application(&root, "Hidden", Platform::Ios).await,
    );
    let sub = world.sub(&root, "dev", &[(seen.id, Preset::ReadOnly)]).await;
    let listed = world.services.applications.list(&sub).await.expect("lists");
    assert_eq!(listed.iter().map(|a| a.id).collect::<Vec<_>>(), [seen.id]);
    assert_eq!(listed[0].rights, [Action::View].into());
    let denied = world.services.applications.get(&sub, hidden.access_id).await;
    assert_eq!(denied, Err(Problem::NotFound(What::Application)));
}

#[tokio::test]
async fn a_changed_grant_counts_with_the_next_request() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let sub = world.sub(&root, "dev", &[(application.id, Preset::ReadOnly)]).await;
    let mut change = SubAccountDraft {
        password: Secret::default(),
        ..draft("dev", &[(application.id, Preset::FullAccess)])
    };
    change.grants.on_tenant(Action::ManageAuthorisation);
    let given = change.grants.clone();
    world
        .services
        .sub_accounts
        .change(&root, sub.account, change)
        .await
        .expect("changed");
    let now = world.actor(sub.account).await;
    assert!(now.may_on(Action::Configure, application.id) && now.may(Action::ManageAuthorisation));
    let view = world
        .services
        .sub_accounts
        .get(&root, sub.account)
        .await
        .expect("there");
    assert_eq!(view.grants, given);
    let kept = world
        .services
        .accounts
        .sign_in("dev@root", &Secret::new(PASSWORD), "x")
        .await;
    assert_eq!(
        kept,
        Ok(SignedIn::Whole(sub.account)),
        "an empty password keeps the old one"
    );
}

#[tokio::test]
async fn a_deleted_sub_account_is_nobody_and_its_sessions_end() {
    let world = World::new().await;
    let root = world.root("root").await;
    let sub = world.sub(&root, "dev", &[]).await;
    let session = session(&world, sub.account.0).await;
    world
        .services
        .sub_accounts
        .delete(&root, sub.account)
        .await
        .expect("deleted");
    assert_eq!(world.services.accounts.actor(sub.account).await, Ok(None));
    assert_eq!(world.services.sessions.load(&session).await.expect("loads"), None);
    let again = world.services.sub_accounts.delete(&root, sub.account).await;
    assert_eq!(again, Err(Problem::NotFound(What::Account)));
}

#[tokio::test]
async fn a_new_password_ends_the_sessions_and_an_unchanged_one_does_not() {
    let world = World::new().await;
    let root = world.root("root").await;
    let sub = world.sub(&root, "dev", &[]).await;
    let open = session(&world, sub.account.0).await;
    let same = SubAccountDraft {
        password: Secret::default(),
        ..draft("dev", &[])
    };
    world
        .services
        .sub_accounts
        .change(&root, sub.account, same)
        .await
        .expect("changed");
    assert!(world.services.sessions.load(&open).await.expect("loads").is_some());
    let other = SubAccountDraft {
        password: Secret::new("another long password"),
        ..draft("dev", &[])
    };
    world
        .services
        .sub_accounts
        .change(&root, sub.account, other)
        .await
        .expect("changed");
    assert_eq!(world.services.sessions.load(&open).await.expect("loads"), None);
}

async fn session(world: &World, account: i64) -> Id {
    let mut record = Record {
        id: Id::default(),
        data: HashMap::from([("account".to_owned(), account.into())]),
        expiry_date: time::OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("a date"),
    };
    world.services.sessions.create(&mut record).await.expect("created");
    record.id
}

#[tokio::test]
async fn only_who_may_manage_sub_accounts_does() {
    let world = World::new().await;
    let root = world.root("root").await;
    let sub = world.sub(&root, "dev", &[]).await;
    let refusal = Problem::Forbidden {
        missing: Action::ManageSubAccounts,
        ask: "root".into(),
    };
    let port = &world.services.sub_accounts;
    assert_eq!(port.list(&sub).await, Err(refusal.clone()));
    assert_eq!(port.get(&sub, sub.account).await, Err(refusal.clone()));
    assert_eq!(port.create(&sub, draft("more", &[])).await, Err(refusal.clone()));
    assert_eq!(
        port.change(&sub, sub.account, draft("dev", &[])).await,
        Err(refusal.clone())
    );
    assert_eq!(port.delete(&sub, sub.account).await, Err(refusal));
}

#[tokio::test]
async fn grants_reach_only_the_tenant_s_own_applications_and_refusals_change_nothing() {
    let world = World::new().await;
    let (root, other) = (world.root("root").await, world.root("other").await);
    let foreign = world.application(&other, "Theirs", Platform::Ios).await;
    let port = &world.services.sub_accounts;
    let refused = port
        .create(&root, draft("dev", &[(foreign.id, Preset::ReadOnly)]))
        .await;
    assert_eq!(refused, Err(Problem::NotFound(What::Application)));
    assert_eq!(port.list(&root).await, Ok(vec![]), "half an account was left");
    world.sub(&root, "dev", &[]).await;
    let taken = port.create(&root, draft("DEV", &[])).await;
    assert_eq!(taken, Err(Problem::field("name", FieldFault::Taken)));
}

#[tokio::test]
async fn without_the_right_the_im_mode_is_not_offered_and_the_page_says_who_gives_it() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Ios).await;
    let im = world.im(&root, "IM").await;
    world
        .services
        .authorisations
        .add(&root, im, application.id)
        .await
        .expect("added");
    let sub = world.sub(&root, "dev", &[(application.id, Preset::FullAccess)]).await;
    let page = world
        .services
        .authorisations
        .page(&sub, application.product)
        .await
        .expect("visible");
    let expected = domain::authorisation::ImMode::RightMissing { ask: "root".into() };
    assert_eq!(page.im_mode, expected);
    assert!(page.applications.iter().all(|row| row.authorised.is_none()));
    assert!(world.services.authorisations.choices(&sub).await.is_err());
    assert!(
        world
            .services
            .authorisations
            .add(&sub, im, application.id)
            .await
            .is_err()
    );
    assert!(world.services.im_applications.list(&sub).await.is_err());
}

/// A sub-account that manages sub-accounts, with a preset on an application.
async fn manager(world: &World, root: &Actor, application: ApplicationId, preset: Preset) -> Actor {
    let mut wanted = draft("lead", &[(application, preset)]);
    wanted.grants.on_tenant(Action::ManageSubAccounts);
    let made = world.services.sub_accounts.create(root, wanted).await;
    world.actor(made.expect("created")).await
}

#[tokio::test]
async fn who_manages_sub_accounts_gives_no_more_than_the_own_rights() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await.id;
    let lead = manager(&world, &root, application, Preset::Operator).await;
    let port = &world.services.sub_accounts;
    let lacks = |missing| {
        let ask = "root".into();
        Problem::Forbidden { missing, ask }
    };
    let within = port
        .create(&lead, draft("helper", &[(application, Preset::ReadOnly)]))
        .await;
    let within = within.expect("within the giver's rights");
    let beyond = draft("rival", &[(application, Preset::Developer)]);
    assert_eq!(port.create(&lead, beyond.clone()).await, Err(lacks(Action::Configure)));
    assert_eq!(port.change(&lead, within, beyond).await, Err(lacks(Action::Configure)));
    let mut wider = draft("rival", &[]);
    wider.grants.on_tenant(Action::ManageProducts);
    assert_eq!(port.create(&lead, wider).await, Err(lacks(Action::ManageProducts)));
    assert_eq!(port.delete(&lead, within).await, Ok(()));
}

#[tokio::test]
async fn who_may_do_more_is_not_changed_by_who_may_do_less_and_nobody_changes_the_own_account() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await.id;
    let lead = manager(&world, &root, application, Preset::Operator).await;
    let above = world
        .sub(&root, "dev", &[(application, Preset::Developer)])
        .await
        .account;
    let port = &world.services.sub_accounts;
    let refused = Err(Problem::Forbidden {
        missing: Action::Configure,
        ask: "root".into(),
    });
    // A password set by somebody else is a way to sign in with more rights.
    assert_eq!(port.change(&lead, above, draft("dev", &[])).await, refused);
    assert_eq!(port.delete(&lead, above).await, refused);
    let own = Err(Problem::Conflict(Conflict::OwnAccount));
    assert_eq!(port.change(&lead, lead.account, draft("lead", &[])).await, own);
    assert_eq!(port.delete(&lead, lead.account).await, own);
}

#[tokio::test]
async fn who_manages_products_sees_them_all_with_those_made_later() {
    let world = World::new().await;
    let root = world.root("root").await;
    let mut wanted = draft("lead", &[]);
    wanted.grants.on_tenant(Action::ManageProducts);
    let lead = world
        .services
        .sub_accounts
        .create(&root, wanted)
        .await
        .expect("created");
    let lead = world.actor(lead).await;
    let made = world.application(&lead, "Chat", Platform::Android).await;
    assert_eq!(made.rights, [Action::View].into());
    let other = world.root("other").await;
    let foreign = world.application(&other, "Theirs", Platform::Ios).await;
    let seen = world.services.applications.get(&lead, foreign.access_id).await;
    assert_eq!(seen, Err(Problem::NotFound(What::Application)));
}
