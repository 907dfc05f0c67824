//! The same code on `PostgreSQL`, where `TEST_POSTGRES_URL` names a database in which schemas may be made.

mod alarms;
mod audit;
mod channels;
mod quotas;
mod rotation;

use super::{
    super::{Control, NewCertificate, Person},
    ChannelOwner, ChannelRecord, NOW, NewAccount, SECRET, Schema, im, product, tenant,
};
use crate::{Connections, Fault, sessions::Sessions, vault::MasterKey};
use domain::{
    AccessId, ApplicationId, Problem, SdkAppId, Secret,
    account::{Action, Grants, Origin, Preset},
    certificate::{CertificateFacts, CertificateKind, Environment},
    channel::Channel,
    page::PageRequest,
    parcel::LaneKey,
    product::{ProductQuery, ProductSort},
    sign_in::SignInName,
    time::MockClock,
};
use migrations::MigratorTrait;
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

const CHAT: AccessId = AccessId(1_500_000_001);

/// A control plane in a schema of its own, after a way up, down and up again.
#[expect(
    clippy::disallowed_methods,
    reason = "a test's own switch, not a setting of the server"
)]
async fn control(schema: &str) -> Option<Control> {
    let url = std::env::var("TEST_POSTGRES_URL").ok()?;
    let outside = Connections::open(&url).await.expect("opens");
    for sql in [
        format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
        format!("CREATE SCHEMA {schema}"),
    ] {
        outside.write.execute_unprepared(&sql).await.expect("runs");
    }
    let mark = if url.contains('?') { '&' } else { '?' };
    let inside = format!("{url}{mark}options=-c%20search_path%3D{schema}");
    let connections = Connections::open(&inside).await.expect("opens");
    Schema::up(&connections.write, None).await.expect("goes up");
    Schema::down(&connections.write, None).await.expect("goes down");
    Schema::up(&connections.write, None).await.expect("goes up again");
    let key = MasterKey::Text(Secret::new("ab".repeat(32)));
    Some(Control::open(connections, &key, vec![]).await.expect("opens").control)
}

#[tokio::test]
async fn products_are_searched_sorted_and_granted_on_postgresql() {
    let Some(control) = control("homing_products").await else {
        return;
    };
    let actor = tenant(&control).await;
    for (name, number) in [("Chat", CHAT.0), ("news", 1_500_000_002)] {
        control
            .create_product(&actor, &product(name, number))
            .await
            .expect("created");
    }
    let taken = control.create_product(&actor, &product("CHAT", 1_500_000_003)).await;
    assert!(matches!(taken, Err(Fault::Taken(_))), "{taken:?}");
    let query = |search: &str| ProductQuery {
        search: search.into(),
        sort: ProductSort::Name,
        page: PageRequest::default(),
    };
    let names = async |search: &str| {
        let page = control.products(&actor, &query(search)).await.expect("lists");
        page.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names("").await, ["Chat", "news"]);
    assert_eq!(names("000002").await, ["news"]);
    assert_eq!(names("100%").await, Vec::<String>::new());
    let chat = control.application(&actor, CHAT).await.expect("there");
    let new = NewAccount {
        name: "dev".into(),
        password_hash: Secret::new("$argon2id$"),
        now: NOW,
    };
    let rights = Preset::Developer.actions().iter().copied();
    let grants = Grants::of([(chat.id, rights)], [Action::ManageAuthorisation]);
    let sub = control
        .create_sub_account(&actor, &new, &grants)
        .await
        .expect("created");
    let named = control.sign_in_record(&SignInName::read("DEV@root")).await;
    assert_eq!(named.expect("reads").map(|(account, _)| account), Some(sub));
    let person = Person {
        issuer: "https://login.example.com".into(),
        subject: "00u-dev".into(),
    };
    let adopted = control.adopt(&person, &actor, "dev", &Origin::default()).await;
    let adopted = adopted.expect("adopted");
    assert_eq!(control.account_of(&person).await.expect("reads"), Some(adopted));
    let its = control.actor(adopted).await.expect("reads").expect("there");
    assert_eq!(its.name, "dev.2@root");
    let applications = control.all_applications(its.tenant).await.expect("reads");
    assert!(applications.contains(&chat.id));
    control.set_rights(&its, &grants).await.expect("set");
    control.withdraw(&its).await.expect("withdrawn");
    control.delete_sub_account(&actor, adopted).await.expect("deleted");
    let sub = control.actor(sub).await.expect("reads").expect("there");
    assert_eq!(control.products(&sub, &query("")).await.expect("lists").total, 1);
    let sessions = Sessions::new(control.connections().clone(), Arc::new(MockClock::new(NOW)));
    let mut record = Record {
        id: Id::default(),
        data: [("account".to_owned(), sub.account.0.into())].into(),
        expiry_date: time::OffsetDateTime::from_unix_timestamp(1_800_000_000).expect("a date"),
    };
    sessions.create(&mut record).await.expect("created");
    sessions.save(&record).await.expect("saved again");
    control.delete_sub_account(&actor, sub.account).await.expect("deleted");
    assert_eq!(sessions.load(&record.id).await.expect("loads"), None);
}

#[tokio::test]
async fn of_two_authorisations_at_once_one_wins_on_postgresql_and_its_effects_are_read_back() {
    let Some(control) = control("homing_authorisations").await else {
        return;
    };
    let actor = tenant(&control).await;
    control
        .create_product(&actor, &product("Chat", CHAT.0))
        .await
        .expect("created");
    let (one, two) = (SdkAppId(1_400_000_001), SdkAppId(1_400_000_002));
    for sdk_app_id in [one, two] {
        control
            .create_im_application(&actor, &im(sdk_app_id.0))
            .await
            .expect("created");
        let card = ChannelRecord {
            channel: Channel::Fcm,
            enabled: true,
            values: [("channel_id".to_owned(), "im".to_owned())].into(),
            secrets: [("service_account".to_owned(), Secret::new(SECRET))].into(),
        };
        control
            .save_channel(&actor, ChannelOwner::Im(sdk_app_id), &card, NOW)
            .await
            .expect("saved");
    }
    let application = control.application(&actor, CHAT).await.expect("there").id;
    let outcomes = tokio::join!(
        control.authorise(&actor, one, application, NOW),
        control.authorise(&actor, two, application, NOW)
    );
    let (made, winner) = match outcomes {
        (Ok(made), Err(Fault::Refused(Problem::Conflict(_)))) => (made, one),
        (Err(Fault::Refused(Problem::Conflict(_))), Ok(made)) => (made, two),
        other => panic!("{other:?}"),
    };
    let lane = LaneKey::main(application, Channel::Fcm);
    let copied = control.channel_credential(lane).await.expect("opens").expect("copied");
    assert_eq!(copied.secrets["service_account"].reveal(), SECRET);
    let trouble = Some(("403".to_owned(), "no".to_owned()));
    for _ in 0..2 {
        control
            .note_trouble(lane, copied.version, trouble.clone(), NOW)
            .await
            .expect("noted");
    }
    let routes = control.routes().await.expect("reads");
    let route = routes
        .iter()
        .find(|read| read.route.sdk_app_id == winner)
        .expect("there");
    assert_eq!(route.route.applications.len(), 1);
    certificates(&control, &actor, application).await;
    control.revoke(&actor, made, NOW).await.expect("revoked");
    control
        .delete_product(
            &actor,
            control.application(&actor, CHAT).await.expect("there").product,
            "Chat",
        )
        .await
        .expect("deleted");
    control
        .enable_im_application(&actor, winner, false)
        .await
        .expect("disabled");
    let name = control.im_application(&actor, winner).await.expect("there").name;
    control
        .delete_im_application(&actor, winner, &name)
        .await
        .expect("deleted");
}

async fn certificates(control: &Control, actor: &domain::account::Actor, application: ApplicationId) {
    let new = NewCertificate {
        facts: CertificateFacts {
            kind: CertificateKind::P8,
            subject: "KEY".into(),
            bundle: "com.example".into(),
            environments: vec![Environment::Production],
            issuer: "TEAM".into(),
            not_before: None,
            not_after: Some(NOW),
            fingerprint: "AB".into(),
        },
        secret: Secret::new(SECRET),
        now: NOW,
    };
    for _ in 0..2 {
        control.add_certificate(actor, CHAT, &new).await.expect("stored");
    }
    let stored = control
        .certificate_credential(application, Environment::Production)
        .await;
    assert_eq!(stored.expect("opens").expect("in force").secret.reveal(), SECRET);
    assert_eq!(control.certificates(actor, CHAT, NOW).await.expect("lists").len(), 1);
}
