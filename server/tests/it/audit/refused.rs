//! What is refused for lack of a right, and sign-ins that fail.

use super::{actor, after, signed_in};
use crate::{
    permissions::{
        ask,
        calls::{Ids, call_of},
    },
    support::{TestApp, World},
};
use axum::http::Method;
use domain::{
    Secret,
    account::{Action, Door, Grants, SubAccountDraft},
    audit::{Deed, Failure, Kind, Outcome, Query},
    problem::What,
};
use server::permissions::{DEEDS, Leaves, Needs, RULES};

const PASSWORD: &str = "staple of somebody who looks";

#[tokio::test]
async fn every_refusal_for_lack_of_a_right_is_recorded_with_the_right() {
    let app = TestApp::start().await;
    let root = actor(&app, app.report.root.id).await;
    let product = &app.report.products[0];
    let (android, ios) = (&product.applications[0], &product.applications[1]);
    let grants = Grants::of([(android.id, [Action::View]), (ios.id, [Action::View])], []);
    let draft = SubAccountDraft {
        name: "looker".into(),
        password: Secret::new(PASSWORD),
        grants,
    };
    app.server
        .services
        .backend
        .sub_accounts
        .create(&root, draft)
        .await
        .unwrap();
    let looker = signed_in(&app, "looker@root", PASSWORD).await;
    let ids = Ids {
        product: product.id.to_string(),
        android: android.access_id.to_string(),
        application: android.id,
        ios: ios.access_id.to_string(),
        ios_application: ios.id,
        im: app.report.im_applications[0].sdk_app_id.to_string(),
        plan: app.report.authorisations[0].plan.to_string(),
        message: "1".into(),
        device: "1".into(),
        authorisation: app.report.authorisations[0].id.to_string(),
        sub_account: app.report.sub_accounts[0].id.to_string(),
        package: "1".into(),
        api_key: "1".into(),
        webhook: "1".into(),
        server_alarm: "1".into(),
        recipient: "1".into(),
    };
    for (path, needs) in RULES {
        let (Needs::Right(right) | Needs::Of(_, right)) = needs else {
            continue;
        };
        let Some(call) = call_of(path, &ids) else { continue };
        if *right == Action::View {
            continue;
        }
        // Each in a window of its own: the like of it would only be counted.
        app.clock.advance_ms(6 * 60_000);
        let before = app.server.services.backend.audit.state(&root).await.unwrap().length;
        ask(&app, &looker, path, &call, &ids).await;
        let entries = after(&app, &root, before).await;
        let deed = DEEDS.iter().find(|(known, _)| known == path).map(|(_, leaves)| *leaves);
        assert!(
            deed.is_some() || call.method == Method::GET,
            "{path} has no row in DEEDS"
        );
        let expected = match deed {
            // A file that is none is refused as such; the form's page, where that leads, tells of the right.
            Some(Leaves::Entry(deed)) if path.starts_with("/ui/") && call.method == Method::POST => deed,
            _ => Deed::Look,
        };
        let found = entries.iter().find(|record| record.entry.deed == expected);
        let entry = &found.unwrap_or_else(|| panic!("{path}: {entries:?}")).entry;
        assert_eq!(entry.outcome, Outcome::Refused(*right), "{path}");
        assert_eq!(
            (entry.account_name.as_str(), entry.door),
            ("looker@root", Door::Console)
        );
        // What the asker can see is named.
        let object = entry.object.as_ref().unwrap();
        let (kind, name) = match needs {
            Needs::Of(What::Application, _) if object.name == "Messenger iOS" => (Kind::Application, "Messenger iOS"),
            Needs::Of(What::Application, _) => (Kind::Application, "Messenger Android"),
            Needs::Of(What::Product, _) => (Kind::Product, "Messenger"),
            _ if *path == "/ui/authorisations/add" => (Kind::Product, "Messenger"),
            _ => (Kind::Page, object.name.as_str()),
        };
        assert_eq!((object.kind, object.name.as_str()), (kind, name), "{path}");
    }
}

#[tokio::test]
async fn what_the_asker_cannot_see_is_not_named_and_each_thing_is_counted_by_itself() {
    let app = TestApp::start().await;
    let root = actor(&app, app.report.root.id).await;
    let product = &app.report.products[0];
    let android = &product.applications[0];
    let grants = Grants::of([(android.id, [Action::View])], [Action::ManageSubAccounts]);
    let draft = SubAccountDraft {
        name: "looker".into(),
        password: Secret::new(PASSWORD),
        grants,
    };
    let backend = &app.server.services.backend;
    let looker = backend.sub_accounts.create(&root, draft).await.unwrap();
    let looker = actor(&app, looker).await;
    let before = backend.audit.state(&root).await.unwrap().length;
    // It hands out rights on an application that it cannot see, by its number.
    let hidden = Grants::of([(product.applications[1].id, [Action::Configure])], []);
    let draft = |name: &str, grants| SubAccountDraft {
        name: name.into(),
        password: Secret::new(PASSWORD),
        grants,
    };
    assert!(
        backend
            .sub_accounts
            .create(&looker, draft("other", hidden))
            .await
            .is_err()
    );
    backend
        .audit
        .refused(&looker, Deed::CreateSubAccount, "/ui/sub-accounts/create")
        .await;
    let more = Grants::of([(android.id, [Action::Configure])], []);
    assert!(
        backend
            .sub_accounts
            .create(&looker, draft("other", more))
            .await
            .is_err()
    );
    backend
        .audit
        .refused(&looker, Deed::CreateSubAccount, "/ui/sub-accounts/create")
        .await;
    let entries = after(&app, &root, before).await;
    let objects: Vec<_> = entries
        .iter()
        .map(|record| record.entry.object.as_ref().unwrap())
        .collect();
    let kinds: Vec<_> = objects
        .iter()
        .map(|object| (object.kind, object.name.as_str()))
        .collect();
    let page = (Kind::Page, "/ui/sub-accounts/create");
    assert!(kinds.len() == 2 && kinds.contains(&page), "{kinds:?}");
    assert!(kinds.contains(&(Kind::Application, "Messenger Android")), "{kinds:?}");
}

#[tokio::test]
async fn failed_sign_ins_stand_in_the_log_of_the_account_named_and_an_unknown_name_nowhere_in_clear() {
    let app = TestApp::start().await;
    let root = actor(&app, app.report.root.id).await;
    let browser = app.browser();
    assert!(!browser.sign_in(World::ROOT, "not the password at all").await);
    assert!(!browser.sign_in("hunter2-typed-in-the-wrong@field", "x").await);
    let before = after(&app, &root, 0).await;
    let failed = &before.last().unwrap().entry;
    assert_eq!(failed.outcome, Outcome::Failed(Failure::WrongPassword));
    assert_eq!((failed.deed, failed.account), (Deed::SignIn, Some(root.account)));
    let servers = app.server.services.control.audit.read(None, None).await.unwrap();
    let unknown = &servers[0].entry;
    assert_eq!(unknown.outcome, Outcome::Failed(Failure::UnknownName));
    assert!(!format!("{servers:?}").contains("hunter2"));
    let signed_in = signed_in(&app, World::ROOT, World::PASSWORD).await;
    signed_in.post("/products", "/logout", &[]).await;
    let deeds: Vec<_> = after(&app, &root, before.last().unwrap().number)
        .await
        .into_iter()
        .map(|record| (record.entry.deed, record.entry.outcome))
        .collect();
    assert_eq!(deeds, [(Deed::SignIn, Outcome::Done), (Deed::SignOut, Outcome::Done)]);
    let audit = &app.server.services.backend.audit;
    let query = Query {
        who: "hunter2".into(),
        ..Query::default()
    };
    assert!(audit.records(&root, &query, 10).await.unwrap().rows.is_empty());
}
