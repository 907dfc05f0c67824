//! A new master key on PostgreSQL.

use super::{super::super::KeyState, Control, MasterKey, SECRET, control, im, product, tenant};
use domain::{AccessId, Secret, account::Origin};

const ONE: AccessId = AccessId(1_500_000_001);

#[tokio::test]
async fn the_master_key_is_replaced_on_postgresql() {
    let Some(before) = control("homing_rotation").await else {
        return;
    };
    let actor = tenant(&before).await;
    let created = before.create_product(&actor, &product("One", ONE.0)).await;
    created.expect("created");
    let created = before.create_im_application(&actor, &im(1_400_000_001)).await;
    created.expect("created");
    let both = format!("{},{}", "cd".repeat(32), "ab".repeat(32));
    let key = MasterKey::Text(Secret::new(both));
    let opened = Control::open(before.connections.clone(), &key, vec![]).await;
    let control = opened.expect("opens").control;
    let rotation = control.rotate(Origin::default()).await.expect("begins");
    while rotation.step().await.expect("a step") > 0 {}
    let keys = control.keys().await.expect("counted");
    let records: Vec<_> = keys.iter().map(|key| (key.state, key.records)).collect();
    assert_eq!(records, [(KeyState::Current, 4), (KeyState::Old, 0)]);
    let secret = control.secret_key(&actor, ONE).await;
    assert_eq!(secret.expect("opens").reveal(), SECRET);
    assert!(before.secret_key(&actor, ONE).await.is_err(), "has the old key only");
}
