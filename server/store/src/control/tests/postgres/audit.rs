//! The audit log on PostgreSQL: its triggers, its filters, and many nodes that write at once.

use super::{
    super::{
        super::Broken,
        audit::{broken, changed_thrice, deeds, filters_find, retention_keeps_the_chain, tamper},
        product,
    },
    control,
};
use domain::audit::Deed;
use sea_orm::ConnectionTrait;

#[tokio::test]
async fn the_database_refuses_to_change_the_log_on_postgresql_and_what_is_done_without_it_is_found() {
    let Some(control) = control("homing_audit").await else {
        return;
    };
    let actor = changed_thrice(&control).await;
    for sql in [
        "UPDATE audit_entries SET account_name = 'somebody else' WHERE number = 2",
        "DELETE FROM audit_entries WHERE number = 1",
        "TRUNCATE audit_entries",
        "TRUNCATE audit_chains",
        "DELETE FROM audit_chains",
        "UPDATE audit_chains SET length = length - 1",
        "UPDATE audit_chains SET cut = length + 1",
    ] {
        let done = control.connections.write.execute_unprepared(sql).await;
        let refusal = done.expect_err(sql).to_string();
        assert!(refusal.contains("append-only"), "{sql}: {refusal}");
    }
    assert_eq!(broken(&control, &actor).await, None);
    tamper(
        &control,
        "UPDATE audit_entries SET deed = 'product.delete' WHERE number = 3",
    )
    .await;
    assert_eq!(broken(&control, &actor).await, Some(Broken::Changed { number: 3 }));
}

#[tokio::test]
async fn retention_keeps_the_chain_on_postgresql() {
    if let Some(control) = control("homing_audit_retention").await {
        retention_keeps_the_chain(control).await;
    }
}

#[tokio::test]
async fn the_filters_find_what_they_say_on_postgresql() {
    if let Some(control) = control("homing_audit_filters").await {
        filters_find(control).await;
    }
}

#[tokio::test]
async fn changes_made_at_once_follow_each_other_in_one_chain_on_postgresql() {
    let Some(control) = control("homing_audit_at_once").await else {
        return;
    };
    let actor = changed_thrice(&control).await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..12_i64 {
        let (control, actor) = (control.clone(), actor.clone());
        tasks.spawn(async move {
            let new = product(&format!("Product {number}"), 1_500_000_100 + number);
            control.create_product(&actor, &new).await
        });
    }
    while let Some(made) = tasks.join_next().await {
        made.expect("ends").expect("created");
    }
    assert_eq!(broken(&control, &actor).await, None);
    let deeds = deeds(&control, &actor).await;
    let made = deeds.iter().filter(|deed| **deed == Deed::CreateProduct).count();
    assert_eq!((made, deeds.len()), (13, 5 + 24));
}
