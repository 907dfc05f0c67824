//! A new master key: nothing is lost, nothing stays under the old one, whatever happens in between.

use super::{NOW, SECRET, im, opened, product, tenant};
use crate::{
    Fault,
    control::{ChannelOwner, ChannelRecord, Control, KeyState, KeyUse, entity::application, rotation::columns},
    vault::{KeyFault, MasterKey},
};
use domain::{
    AccessId, ApplicationId, PackageId, SdkAppId, Secret,
    account::{Actor, Origin},
    channel::{Card, Channel},
    parcel::LaneKey,
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, Statement};
use std::path::Path;

const APPLICATION: AccessId = AccessId(1_500_000_001);

/// A control plane with a record in each sealed column.
async fn world(folder: &Path) -> (Control, Actor, MasterKey) {
    let key = MasterKey::File(folder.join("master.key"));
    let control = opened(folder, &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    control
        .create_product(&actor, &product("One", APPLICATION.0))
        .await
        .expect("created");
    control
        .create_im_application(&actor, &im(1_400_000_001))
        .await
        .expect("created");
    let owners = [
        ChannelOwner::Application(APPLICATION, PackageId::MAIN),
        ChannelOwner::Im(SdkAppId(1_400_000_001)),
    ];
    for owner in owners {
        control
            .save_channel(&actor, owner, &card(SECRET), NOW)
            .await
            .expect("saved");
    }
    let doors = vec![(Card::main(Channel::Vivo), Secret::new(SECRET))];
    control
        .open_receipt_doors(&actor, APPLICATION, doors)
        .await
        .expect("opened");
    (control, actor, key)
}

fn card(secret: &str) -> ChannelRecord {
    ChannelRecord {
        channel: Channel::Vivo,
        enabled: true,
        values: [("app_id".to_owned(), "10004".to_owned())].into(),
        secrets: [("app_secret".to_owned(), Secret::new(secret))].into(),
    }
}

/// Everything that was sealed can be read.
async fn assert_readable(control: &Control, actor: &Actor, secret: &str) {
    let key = control.secret_key(actor, APPLICATION).await.expect("opens");
    assert_eq!(key.reveal(), SECRET);
    let routes = control.routes().await.expect("opens");
    assert!(routes.iter().all(|route| route.key.reveal() == SECRET));
    let row = application::Entity::find().one(&control.connections.read).await;
    let id = row.expect("reads").expect("there").id;
    let lane = LaneKey::main(ApplicationId(id), Channel::Vivo);
    let stored = control.channel_credential(lane).await.expect("opens").expect("there");
    assert_eq!(stored.secrets["app_secret"].reveal(), secret);
    let door = control
        .receipt_secret(lane, Secret::new("another"))
        .await
        .expect("opens");
    assert_eq!(door.reveal(), SECRET);
}

async fn to_its_end(rotation: &crate::control::Rotation) -> u64 {
    let mut all = 0;
    loop {
        match rotation.step().await.expect("a step") {
            0 => return all,
            done => all += done,
        }
    }
}

fn records(keys: &[KeyUse], state: KeyState) -> Option<u64> {
    keys.iter().find(|key| key.state == state).map(|key| key.records)
}

#[tokio::test]
async fn everything_is_sealed_anew_and_the_old_key_can_then_be_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor, key) = world(folder.path()).await;
    let before = control.keys().await.expect("counted");
    let all = before[0].records;
    assert_eq!(
        (before.len(), all),
        (1, 7),
        "proof, audit key, application, IM application, two cards, a door"
    );
    let rotation = control.rotate(Origin::command_line("root")).await.expect("begins");
    assert!(rotation.began);
    let halfway = control.forget_keys().await.map(drop);
    assert!(
        matches!(halfway, Err(Fault::MasterKey(KeyFault::Busy(_)))),
        "{halfway:?}"
    );
    assert_eq!(to_its_end(&rotation).await, all);
    drop(rotation);
    let after = control.keys().await.expect("counted");
    assert_eq!(
        (records(&after, KeyState::Current), records(&after, KeyState::Old)),
        (Some(all), Some(0))
    );
    assert_eq!(control.forget_keys().await.expect("forgotten"), [before[0].id.clone()]);
    assert_readable(&control, &actor, SECRET).await;
    let new_secret = control.create_im_application(&actor, &im(1_400_000_009)).await;
    new_secret.expect("a server that was not asked anything meanwhile seals with the key that is left");
    let again = opened(folder.path(), &key)
        .await
        .expect("opens with the new key alone")
        .control;
    assert_readable(&again, &actor, SECRET).await;
    assert_eq!(again.keys().await.expect("counted").len(), 1);
}

#[tokio::test]
async fn a_rotation_that_was_cut_off_leaves_everything_readable_and_the_next_goes_on_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor, key) = world(folder.path()).await;
    for number in 2..=120 {
        control
            .create_im_application(&actor, &im(1_400_000_000 + number))
            .await
            .expect("created");
    }
    let all = control.keys().await.expect("counted")[0].records;
    let cut_off = control.rotate(Origin::default()).await.expect("begins");
    let done = cut_off.step().await.expect("a step");
    assert!(done > 0 && done < all, "{done} of {all}");
    drop((cut_off, control));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    assert_readable(&control, &actor, SECRET).await;
    let keys = control.keys().await.expect("counted");
    assert_eq!(records(&keys, KeyState::Old), Some(all - done));
    let refused = control.forget_keys().await.map(drop);
    assert!(
        matches!(refused, Err(Fault::MasterKey(KeyFault::InUse(left))) if left == all - done),
        "{refused:?}"
    );
    let second = control.rotate(Origin::default()).await.expect("goes on");
    assert!(!second.began);
    assert_eq!(to_its_end(&second).await, all - done);
    assert_eq!(control.keys().await.expect("counted").len(), 2, "no third key");
}

#[tokio::test]
async fn a_running_server_reads_and_writes_on_and_seals_with_the_new_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let (server, actor, key) = world(folder.path()).await;
    let tool = opened(folder.path(), &key).await.expect("opens beside it").control;
    let version = server.routes_version().await.expect("reads");
    let rotation = tool.rotate(Origin::default()).await.expect("begins");
    let owner = ChannelOwner::Application(APPLICATION, PackageId::MAIN);
    server
        .save_channel(&actor, owner, &card("written in between"), NOW)
        .await
        .expect("saved");
    to_its_end(&rotation).await;
    assert!(
        server.routes_version().await.expect("reads") > version,
        "told to read anew"
    );
    assert_readable(&server, &actor, "written in between").await;
    server
        .create_im_application(&actor, &im(1_400_000_002))
        .await
        .expect("created");
    assert_eq!(records(&tool.keys().await.expect("counted"), KeyState::Old), Some(0));
}

#[tokio::test]
async fn a_key_of_the_settings_is_changed_there_and_rotated_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, new) = ("ab".repeat(32), "cd".repeat(32));
    let at = |text: String| MasterKey::Text(Secret::new(text));
    let control = opened(folder.path(), &at(old.clone())).await.expect("opens").control;
    let refused = control.rotate(Origin::default()).await.map(drop).expect_err("refused");
    assert!(refused.to_string().contains("data.master_key"), "{refused}");
    let control = opened(folder.path(), &at(format!("{new},{old}")))
        .await
        .expect("opens")
        .control;
    let rotation = control.rotate(Origin::default()).await.expect("goes to the first key");
    assert!(!rotation.began && to_its_end(&rotation).await > 0);
    assert!(opened(folder.path(), &at(new)).await.is_ok());
    assert!(opened(folder.path(), &at(old)).await.is_err());
}

#[tokio::test]
async fn every_column_that_is_named_sealed_is_rotated() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, ..) = world(folder.path()).await;
    let named = Statement::from_string(
        DbBackend::Sqlite,
        "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c \
         WHERE t.type = 'table' AND (c.name = 'sealed' OR c.name LIKE '%\\_sealed' ESCAPE '\\')",
    );
    let rows = control.connections.write.query_all_raw(named).await.expect("reads");
    let mut found: Vec<(String, String)> = rows
        .iter()
        .map(|row| {
            (
                row.try_get_by_index(0).expect("a table"),
                row.try_get_by_index(1).expect("a column"),
            )
        })
        .collect();
    let mut rotated = columns();
    found.sort();
    rotated.sort();
    assert_eq!(rotated, found);
}
