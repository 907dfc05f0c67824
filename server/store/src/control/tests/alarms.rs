//! Alarms: one for a cause while it lasts, seen by those who see the application.

use super::{NOW, opened, product, tenant};
use crate::{
    control::{
        Control, Looked,
        entity::{certificate, channel_trouble},
    },
    vault::MasterKey,
};
use domain::{
    AccessId, ApplicationId, CertificateId, PackageId, Timestamp,
    account::{Action, Actor, Grants, Role},
    alarm::{AlarmView, CERTIFICATE_WARNING_MS, Cause, Finding, Place},
    channel::Channel,
    delivery::Reason,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

pub(super) const CHAT: AccessId = AccessId(1_500_000_001);

pub(super) async fn round(control: &Control, now: Timestamp) -> (u64, u64) {
    control.watch_alarms(now, &Looked::default()).await.expect("watched")
}

/// A vendor says this of a credential.
pub(super) async fn refuse(control: &Control, application: i64, code: &str) {
    refuse_by(control, application, Channel::Vivo, 1, code).await;
}

async fn refuse_by(control: &Control, application: i64, channel: Channel, version: i64, code: &str) {
    let row = channel_trouble::ActiveModel {
        application_id: Set(application),
        package_id: Set(0),
        channel: Set(channel.name().into()),
        credential_version: Set(version),
        since: Set(NOW.0),
        vendor_code: Set(code.into()),
        vendor_text: Set("revoked".into()),
    };
    channel_trouble::Entity::delete_many()
        .exec(&control.connections.write)
        .await
        .expect("cleared");
    channel_trouble::Entity::insert(row)
        .exec_without_returning(&control.connections.write)
        .await
        .expect("noted");
}

async fn certificate(control: &Control, application: i64, ends: Timestamp) {
    let row = certificate::ActiveModel {
        id: Set(9),
        application_id: Set(application),
        kind: Set("p12".into()),
        subject: Set("Apple Push Services: com.example.chat".into()),
        bundle: Set("com.example.chat".into()),
        issuer: Set("Apple".into()),
        production: Set(true),
        sandbox: Set(true),
        not_before: Set(None),
        not_after: Set(Some(ends.0)),
        fingerprint: Set("00".into()),
        sealed: Set(String::new()),
        uploaded_at: Set(NOW.0),
        uploaded_by: Set("root".into()),
        replaced_at: Set(None),
        resumed: Set(0),
    };
    certificate::Entity::insert(row)
        .exec_without_returning(&control.connections.write)
        .await
        .expect("stored");
}

/// What becomes of two causes.
pub(super) async fn come_and_go(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there").id;
    let alarms = async || -> Vec<AlarmView> { control.alarms(actor).await.expect("read") };
    assert_eq!(round(control, NOW).await, (0, 0));

    refuse(control, application.0, "10000").await;
    let ends = NOW.plus_secs(CERTIFICATE_WARNING_MS / 1000 + 60);
    certificate(control, application.0, ends).await;
    assert_eq!(
        round(control, NOW).await,
        (1, 0),
        "the certificate has two weeks and a minute"
    );
    assert_eq!(round(control, NOW.plus_secs(5)).await, (0, 0), "one alarm for a cause");
    refuse(control, application.0, "10001").await;
    assert_eq!(round(control, NOW.plus_secs(10)).await, (0, 0));
    let [refused] = alarms().await.try_into().expect("one");
    assert_eq!((refused.raised_at, refused.vendor_code.as_str()), (NOW, "10001"));

    let later = NOW.plus_secs(61);
    assert_eq!(round(control, later).await, (1, 0), "one for both environments");
    assert_eq!(control.alarms_waiting(actor).await.expect("counted"), 2);
    let acknowledged = control.acknowledge_alarm(actor, CHAT, refused.id, later).await;
    acknowledged.expect("noted");
    let somebody = Actor {
        name: "somebody else".into(),
        ..actor.clone()
    };
    let again = control.acknowledge_alarm(&somebody, CHAT, refused.id, ends).await;
    again.expect("nothing to do");
    assert_eq!(control.alarms_waiting(actor).await.expect("counted"), 1);
    let [ending, known] = alarms().await.try_into().expect("two");
    assert!(matches!(ending.cause, Cause::CertificateEnds(_)) && ending.moment == Some(ends));
    assert_eq!(
        known.acknowledged,
        Some((actor.name.clone(), later)),
        "who was first stays"
    );

    // Replaced, and taken again.
    certificate::Entity::update_many()
        .col_expr(certificate::Column::ReplacedAt, later.0.into())
        .filter(certificate::Column::Id.eq(9))
        .exec(&control.connections.write)
        .await
        .expect("replaced");
    channel_trouble::Entity::delete_many()
        .exec(&control.connections.write)
        .await
        .expect("cleared");
    assert_eq!(round(control, ends).await, (0, 2));
    assert!(alarms().await.iter().all(|alarm| alarm.ended_at == Some(ends)));
    assert_eq!(control.alarms_waiting(actor).await.expect("counted"), 0);

    refuse(control, application.0, "10000").await;
    assert_eq!(round(control, ends).await, (1, 0), "refused once more is another alarm");
    assert_eq!(alarms().await.len(), 3);
    let stranger = Actor {
        role: Role::Sub(Grants::default()),
        ..actor.clone()
    };
    assert_eq!(control.alarms(&stranger).await.expect("read"), []);
    assert_eq!(control.alarms_waiting(&stranger).await.expect("counted"), 0);
    let mut grants = Grants::default();
    grants.on_application(application, Action::View);
    let viewer = Actor {
        role: Role::Sub(grants),
        ..actor.clone()
    };
    let seen = control.alarms(&viewer).await.expect("read");
    assert!(seen.len() == 3 && seen.iter().all(|alarm| !alarm.may_acknowledge));

    assert_eq!(control.sweep_alarms(ends).await.expect("swept"), 0);
    assert_eq!(control.sweep_alarms(ends.plus_secs(1)).await.expect("swept"), 2);
    assert_eq!(alarms().await.len(), 1, "what goes on is never swept");
}

/// What is said of a certificate goes with it, and with the application everything.
pub(super) async fn end_with_what_they_are_about(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there");
    let id = application.id.0;
    certificate(control, id, NOW).await;
    refuse_by(control, id, Channel::Apns, 9, "BadCertificate").await;
    assert_eq!(round(control, NOW).await, (2, 0), "it ended, and is refused");
    let removed = control.remove_certificate(actor, CHAT, CertificateId(9), NOW).await;
    removed.expect("removed");
    assert_eq!(round(control, NOW).await, (0, 2));
    refuse(control, id, "10000").await;
    assert_eq!(round(control, NOW).await, (1, 0));
    let deleted = control.delete_application(actor, CHAT, &application.name).await;
    deleted.expect("deleted");
    assert_eq!(control.alarms(actor).await.expect("read"), []);
    assert_eq!(round(control, NOW).await, (0, 0));
}

/// What only a node can see ends when it says so, or when nobody has seen it for minutes.
pub(super) async fn are_of_nodes(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there").id;
    let paused = |place| Finding {
        place,
        cause: Cause::LanePaused {
            channel: Channel::Oppo,
            package: PackageId::MAIN,
            why: Reason::VendorUnavailable,
            node: 3,
        },
        moment: Some(NOW),
        vendor_code: String::new(),
        text: String::new(),
    };
    let full = Finding {
        cause: Cause::DiskFilling { node: 3 },
        ..paused(Place::Server(actor.tenant))
    };
    let gone = paused(Place::Application(ApplicationId(99)));
    let sees = Looked {
        found: vec![paused(Place::Application(application)), full, gone],
        ..Looked::default()
    };
    let looks = async |at: Timestamp, looked: &Looked| control.watch_alarms(at, looked).await.expect("watched");
    assert_eq!(
        looks(NOW, &sees).await,
        (2, 0),
        "an application that is gone has no alarms"
    );
    let other = Looked {
        node: Some(4),
        applications: [application].into(),
        ..Looked::default()
    };
    assert_eq!(
        looks(NOW.plus_secs(1), &other).await,
        (0, 0),
        "another node cannot tell"
    );
    assert_eq!(looks(NOW.plus_secs(250), &sees).await, (0, 0));
    assert_eq!(looks(NOW.plus_secs(301), &other).await, (0, 0), "found a minute ago");
    let unseen = Looked {
        node: Some(3),
        found: sees.found[1..].to_vec(),
        ..Looked::default()
    };
    assert_eq!(
        looks(NOW.plus_secs(301), &unseen).await,
        (0, 0),
        "its messages could not be read"
    );
    let itself = Looked {
        node: Some(3),
        found: sees.found[1..].to_vec(),
        applications: [application].into(),
    };
    assert_eq!(looks(NOW.plus_secs(302), &itself).await, (0, 1), "it says so");
    let [disk, _] = control.alarms(actor).await.expect("read").try_into().expect("two");
    assert_eq!((disk.application, disk.ended_at), (None, None));
    let later = NOW.plus_secs(303);
    control
        .acknowledge_server_alarm(actor, disk.id, later)
        .await
        .expect("noted");
    let of_application = control.acknowledge_alarm(actor, CHAT, disk.id, later).await;
    assert!(of_application.is_err(), "it is of none");
    assert_eq!(control.alarms_waiting(actor).await.expect("counted"), 0);
    let mut grants = Grants::default();
    grants.on_application(application, Action::View);
    let viewer = Actor {
        role: Role::Sub(grants),
        ..actor.clone()
    };
    assert_eq!(
        control.alarms(&viewer).await.expect("read").len(),
        1,
        "the server is not theirs"
    );
    assert_eq!(
        looks(NOW.plus_secs(700), &other).await,
        (0, 1),
        "nobody has seen it for minutes"
    );
}

/// What several nodes can see does not end because one of them has not looked yet.
pub(super) async fn are_of_all_nodes_that_see_the_messages(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there").id;
    let late = Finding {
        place: Place::Application(application),
        cause: Cause::ReceiptsStopped { channel: Channel::Oppo },
        moment: None,
        vendor_code: String::new(),
        text: String::new(),
    };
    let sees_none = Looked {
        node: Some(4),
        applications: [application].into(),
        ..Looked::default()
    };
    let sees = Looked {
        found: vec![late],
        node: Some(3),
        ..sees_none.clone()
    };
    let looks = async |at: Timestamp, looked: &Looked| control.watch_alarms(at, looked).await.expect("watched");
    assert_eq!(looks(NOW, &sees).await, (1, 0));
    for secs in (5..300).step_by(5) {
        let at = NOW.plus_secs(secs);
        assert_eq!(looks(at, &sees_none).await, (0, 0), "the other node still finds it");
        assert_eq!(looks(at, &sees).await, (0, 0), "it is the same alarm");
    }
    let last = NOW.plus_secs(295);
    assert_eq!(looks(last.plus_secs(30), &sees_none).await, (0, 0));
    assert_eq!(
        looks(last.plus_secs(91), &sees_none).await,
        (0, 1),
        "nobody has found it for a while"
    );
}

pub(super) async fn fresh(folder: &std::path::Path) -> (Control, Actor) {
    let key = MasterKey::File(folder.join("master.key"));
    let control = opened(folder, &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    (control, actor)
}

#[tokio::test]
async fn alarms_end_with_what_they_are_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor) = fresh(folder.path()).await;
    end_with_what_they_are_about(&control, &actor).await;
}

#[tokio::test]
async fn alarms_come_and_go_with_their_causes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor) = fresh(folder.path()).await;
    come_and_go(&control, &actor).await;
}

#[tokio::test]
async fn alarms_are_of_nodes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor) = fresh(folder.path()).await;
    are_of_nodes(&control, &actor).await;
}

#[tokio::test]
async fn alarms_are_of_all_nodes_that_see_the_messages() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor) = fresh(folder.path()).await;
    are_of_all_nodes_that_see_the_messages(&control, &actor).await;
}
