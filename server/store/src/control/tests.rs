//! The control plane on a migrated SQLite file: the master key, what the database itself refuses, what stands in it.

mod alarm_notices;
mod alarms;
mod audit;
mod postgres;
mod quotas;
mod rotation;
mod upgrades;

use super::{
    ChannelOwner, ChannelRecord, Control, NewAccount, NewApplicationRow, NewImApplicationRow, NewProductRow, Opened,
    entity::{application, authorisation, im_application, vendor_channel},
};
use crate::{
    Connections, Fault,
    vault::{KeyFault, MasterKey},
};
use domain::{
    AccessId, AccountId, PackageId, SdkAppId, Secret, Timestamp,
    account::{Actor, Origin, Role},
    channel::Channel,
    problem::Conflict,
    product::{Category, Platform},
};
use migrations::{Control as Schema, MigratorTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};
use std::path::Path;

const NOW: Timestamp = Timestamp(1_795_000_000_000);
const SECRET: &str = "0123456789abcdef0123456789abcdef";

async fn migrated(folder: &Path) -> Connections {
    let connections = Connections::open_file(&folder.join("control.db")).await.expect("opens");
    Schema::up(&connections.write, None).await.expect("migrates");
    connections
}

async fn opened(folder: &Path, key: &MasterKey) -> Result<Opened, Fault> {
    Control::open(migrated(folder).await, key, vec![]).await
}

async fn tenant(control: &Control) -> Actor {
    let new = NewAccount {
        name: "root".into(),
        password_hash: Secret::new("$argon2id$"),
        now: NOW,
    };
    let account: AccountId = control.create_root(&new, &Origin::default()).await.expect("created");
    Actor {
        account,
        name: "root".into(),
        tenant: account,
        tenant_name: "root".into(),
        role: Role::Root,
        origin: Origin::default(),
    }
}

fn product(name: &str, access_id: i64) -> NewProductRow {
    NewProductRow {
        name: name.into(),
        category: Category::Social,
        access_point: "here".into(),
        applications: vec![NewApplicationRow {
            platform: Platform::Android,
            name: format!("{name} Android"),
            access_id: AccessId(access_id),
            access_key: "A1".into(),
            secret_key: Secret::new(SECRET),
        }],
        form_key: String::new(),
        now: NOW,
    }
}

fn im(number: i64) -> NewImApplicationRow {
    NewImApplicationRow {
        sdk_app_id: SdkAppId(number),
        name: format!("IM {number}"),
        access_point: "here".into(),
        key: Secret::new(SECRET),
        most: 300,
        form_key: String::new(),
        now: NOW,
    }
}

#[tokio::test]
async fn the_schema_goes_up_down_and_up_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = migrated(folder.path()).await;
    Schema::down(&connections.write, None).await.expect("goes down");
    let left = Statement::from_string(
        DbBackend::Sqlite,
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations'",
    );
    assert!(connections.write.query_all_raw(left).await.expect("reads").is_empty());
    Schema::up(&connections.write, None).await.expect("goes up again");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = Control::open(connections, &key, vec![]).await.expect("opens").control;
    assert!(!control.has_accounts().await.expect("reads"));
}

#[tokio::test]
async fn a_key_is_made_for_a_new_database_and_never_for_one_that_lost_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("master.key");
    let key = MasterKey::File(path.clone());
    assert!(opened(folder.path(), &key).await.expect("opens").made_key);
    assert!(!opened(folder.path(), &key).await.expect("opens again").made_key);
    let backup = std::fs::read(&path).expect("readable");
    std::fs::remove_file(&path).expect("removed");
    let lost = opened(folder.path(), &key).await.expect_err("refused");
    assert!(
        matches!(&lost, Fault::MasterKey(KeyFault::Missing(at)) if *at == path),
        "{lost}"
    );
    assert!(lost.to_string().contains("restore it from your backup") && !path.exists());
    let other = MasterKey::Text(Secret::new("ab".repeat(32)));
    let wrong = opened(folder.path(), &other).await.expect_err("refused");
    assert!(matches!(wrong, Fault::MasterKey(KeyFault::Other { .. })), "{wrong}");
    std::fs::write(&path, backup).expect("restored");
    assert!(opened(folder.path(), &key).await.is_ok());
}

#[tokio::test]
async fn two_processes_that_start_at_once_agree_on_one_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let (one, two) = (migrated(folder.path()).await, migrated(folder.path()).await);
    let (one, two) = tokio::join!(Control::open(one, &key, vec![]), Control::open(two, &key, vec![]));
    let (one, two) = (one.expect("opens").control, two.expect("opens").control);
    let actor = tenant(&one).await;
    one.create_product(&actor, &product("Chat", 1_500_000_001))
        .await
        .expect("created");
    let read = two.secret_key(&actor, AccessId(1_500_000_001)).await.expect("opens");
    assert_eq!(read.reveal(), SECRET);
}

#[tokio::test]
async fn the_database_itself_lets_only_one_authorisation_of_a_pair_be_in_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    for (name, number) in [("One", 1_500_000_001), ("Two", 1_500_000_002)] {
        control
            .create_product(&actor, &product(name, number))
            .await
            .expect("created");
    }
    for number in [1_400_000_001, 1_400_000_002] {
        control
            .create_im_application(&actor, &im(number))
            .await
            .expect("created");
    }
    let db = &control.connections.write;
    let row = |application: i64, sdk_app_id: i64, revoked_at: Option<i64>| authorisation::ActiveModel {
        application_id: Set(application),
        sdk_app_id: Set(sdk_app_id),
        platform: Set("android".into()),
        created_at: Set(NOW.0),
        created_by: Set("root".into()),
        revoked_at: Set(revoked_at),
        revoked_by: Set(None),
        ..Default::default()
    };
    let (one, two) = (
        application_of(&control, 1_500_000_001).await,
        application_of(&control, 1_500_000_002).await,
    );
    row(one, 1_400_000_001, Some(1))
        .insert(db)
        .await
        .expect("the past does not count");
    row(one, 1_400_000_001, None).insert(db).await.expect("the first");
    for (application, sdk_app_id) in [(one, 1_400_000_002), (two, 1_400_000_001)] {
        let second = row(application, sdk_app_id, None).insert(db).await.map_err(Fault::from);
        assert!(matches!(second, Err(Fault::Taken(_))), "{second:?}");
    }
    row(two, 1_400_000_002, None).insert(db).await.expect("another pair");
    let guarded = application::Entity::delete_by_id(one)
        .exec(db)
        .await
        .map_err(Fault::from);
    assert!(matches!(guarded, Err(Fault::InUse(_))), "{guarded:?}");
    let guarded = im_application::Entity::delete_by_id(1_400_000_001)
        .exec(db)
        .await
        .map_err(Fault::from);
    assert!(matches!(guarded, Err(Fault::InUse(_))), "{guarded:?}");
}

/// The number of an application, which is drawn.
async fn application_of(control: &Control, access_id: i64) -> i64 {
    let ours = application::COLUMN.access_id.eq(access_id);
    let found = application::Entity::find().filter(ours);
    let found = found.one(&control.connections.read).await.expect("reads");
    found.expect("created").id
}

#[tokio::test]
async fn an_insert_that_loses_the_race_is_explained_by_the_winner() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    control
        .create_product(&actor, &product("Chat", 1_500_000_001))
        .await
        .expect("created");
    for number in [1_400_000_001, 1_400_000_002] {
        control
            .create_im_application(&actor, &im(number))
            .await
            .expect("created");
    }
    let application = domain::ApplicationId(application_of(&control, 1_500_000_001).await);
    let (first, second) = tokio::join!(
        control.authorise(&actor, SdkAppId(1_400_000_001), application, NOW),
        control.authorise(&actor, SdkAppId(1_400_000_002), application, NOW),
    );
    first.expect("the first in line wins");
    let Err(Fault::Refused(domain::Problem::Conflict(Conflict::ApplicationAuthorised { im_application, .. }))) = second
    else {
        panic!("{second:?}");
    };
    assert_eq!(im_application, "IM 1400000001");
}

#[tokio::test]
async fn no_secret_stands_in_the_database_and_a_moved_record_does_not_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    for (name, number) in [("One", 1_500_000_001), ("Two", 1_500_000_002)] {
        control
            .create_product(&actor, &product(name, number))
            .await
            .expect("created");
    }
    control
        .create_im_application(&actor, &im(1_400_000_001))
        .await
        .expect("created");
    let record = ChannelRecord {
        channel: Channel::Vivo,
        enabled: true,
        values: [("app_id".to_owned(), "10004".to_owned())].into(),
        secrets: [("app_secret".to_owned(), Secret::new(SECRET))].into(),
    };
    let owner = ChannelOwner::Application(AccessId(1_500_000_001), PackageId::MAIN);
    control.save_channel(&actor, owner, &record, NOW).await.expect("saved");
    let db = &control.connections.write;
    let cards = vendor_channel::Entity::find().all(db).await.expect("reads");
    assert!(!format!("{cards:?}").contains(SECRET));
    db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
        .await
        .expect("folds the log in");
    let file = std::fs::read(folder.path().join("control.db")).expect("readable");
    assert!(!file.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()));

    let rows = application::Entity::find().all(db).await.expect("reads");
    let moved = application::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(rows[1].id),
        secret_key_sealed: Set(rows[0].secret_key_sealed.clone()),
        ..Default::default()
    };
    moved.update(db).await.expect("written");
    let opened = control.secret_key(&actor, AccessId(1_500_000_002)).await;
    assert!(matches!(opened, Err(Fault::Vault(_))), "{opened:?}");
}

#[tokio::test]
async fn a_half_made_product_is_not_left_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    control
        .create_product(&actor, &product("One", 1_500_000_001))
        .await
        .expect("created");
    let taken = control.create_product(&actor, &product("Two", 1_500_000_001)).await;
    assert!(matches!(taken, Err(Fault::Taken(_))), "{taken:?}");
    assert!(!control.product_name_taken(&actor, "Two").await.expect("reads"));
}
