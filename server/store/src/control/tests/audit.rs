//! The audit log: written with the change, whole or found broken, and cut from its oldest end only.

use super::{
    super::{Broken, Control, Noted},
    NOW, SECRET, im, opened, product, tenant,
};
use crate::vault::MasterKey;
use domain::{
    AccessId, SdkAppId, Timestamp,
    account::Actor,
    audit::{Deed, Entry, Failure, Outcome, OutcomeKind, Query, Record},
    product::Category,
    time::MockClock,
};
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use tempfile::TempDir;

const CHAT: AccessId = AccessId(1_500_000_001);

pub(super) async fn records(control: &Control, actor: &Actor) -> Vec<Record> {
    let all = control.audit_records(Some(actor.tenant), &Query::default(), 100).await;
    let mut rows = all.expect("reads").rows;
    rows.reverse();
    rows
}

pub(super) async fn deeds(control: &Control, actor: &Actor) -> Vec<Deed> {
    let records = records(control, actor).await;
    records.into_iter().map(|record| record.entry.deed).collect()
}

pub(super) async fn broken(control: &Control, actor: &Actor) -> Option<Broken> {
    let reports = control.verify_audit(&[]).await.expect("reads");
    let of_actor = reports.into_iter().find(|report| report.tenant == Some(actor.tenant));
    of_actor.expect("a chain").broken
}

/// As somebody who took the triggers away and writes what the log never would.
pub(super) async fn tamper(control: &Control, sql: &str) {
    let backend = control.connections.backend();
    let db = &control.connections.write;
    let triggers = ["entries_stay", "entries_kept", "chains_grow", "chains_kept"];
    for trigger in triggers {
        let on = if trigger.starts_with("entries") {
            "audit_entries"
        } else {
            "audit_chains"
        };
        let drop = match backend {
            sea_orm::DbBackend::Postgres => format!("DROP TRIGGER IF EXISTS audit_{trigger} ON {on}"),
            _ => format!("DROP TRIGGER IF EXISTS audit_{trigger}"),
        };
        db.execute_unprepared(&drop).await.expect("dropped");
    }
    db.execute_unprepared(sql).await.expect(sql);
}

/// A tenant with a product, changed once and once more: five entries.
pub(super) async fn changed_thrice(control: &Control) -> Actor {
    let actor = tenant(control).await;
    let made = control
        .create_product(&actor, &product("Chat", CHAT.0))
        .await
        .expect("created");
    for name in ["Talk", "Gossip"] {
        let changed = control.change_product(&actor, made, name, Category::News).await;
        changed.expect("changed");
    }
    actor
}

async fn control() -> (TempDir, Control) {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    (folder, control)
}

#[tokio::test]
async fn a_change_and_its_entry_are_one() {
    let (_folder, control) = control().await;
    let actor = changed_thrice(&control).await;
    let expected = [
        Deed::CreateRoot,
        Deed::CreateProduct,
        Deed::AddApplication,
        Deed::ChangeProduct,
        Deed::ChangeProduct,
    ];
    assert_eq!(deeds(&control, &actor).await, expected);
    let taken = control.create_product(&actor, &product("Gossip", 1_500_000_002)).await;
    assert!(taken.is_err(), "the name is taken");
    let all = records(&control, &actor).await;
    assert_eq!(all.len(), expected.len(), "what was not done is not recorded");
    assert_eq!(
        all.iter().map(|record| record.number).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5]
    );
    let last = &all[4].entry;
    let shown = |fields: &[domain::audit::Field]| serde_json::to_string(fields).expect("writes");
    assert_eq!(shown(&last.before), r#"[{"name":"name","value":{"text":"Talk"}}]"#);
    assert_eq!(shown(&last.after), r#"[{"name":"name","value":{"text":"Gossip"}}]"#);
    assert_eq!(last.object.as_ref().expect("a product").name, "Talk");
    assert_eq!(broken(&control, &actor).await, None);
}

#[tokio::test]
async fn a_secret_is_shown_only_after_it_is_on_record_and_stands_there_as_a_fingerprint() {
    let (folder, control) = control().await;
    let actor = changed_thrice(&control).await;
    control
        .create_im_application(&actor, &im(1_400_000_001))
        .await
        .expect("created");
    control.secret_key(&actor, CHAT).await.expect("shown");
    control.im_key(&actor, SdkAppId(1_400_000_001)).await.expect("shown");
    let last = deeds(&control, &actor).await.split_off(6);
    assert_eq!(last, [Deed::RevealSecretKey, Deed::RevealImKey]);
    let all = records(&control, &actor).await;
    let fingerprint = |at: usize| serde_json::to_string(&all[at].entry.after.last()).expect("writes");
    // Both were made of the same text.
    assert_eq!(fingerprint(6).replace("secret_key", "key"), fingerprint(7));
    let text = format!("{all:?}");
    assert!(!text.contains(SECRET) && !text.contains(&SECRET[24..]), "{text}");
    drop(folder);
}

#[tokio::test]
async fn the_database_refuses_to_change_the_log() {
    let (_folder, control) = control().await;
    changed_thrice(&control).await;
    for sql in [
        "UPDATE audit_entries SET account_name = 'somebody else' WHERE number = 2",
        "DELETE FROM audit_entries WHERE number = 1",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_chains",
        "UPDATE audit_chains SET length = length - 1",
        "UPDATE audit_chains SET cut = length + 1",
        "UPDATE audit_chains SET tenant = tenant + 1",
    ] {
        let done = control.connections.write.execute_unprepared(sql).await;
        let refusal = done.expect_err(sql).to_string();
        assert!(refusal.contains("append-only"), "{sql}: {refusal}");
    }
}

#[tokio::test]
async fn whatever_is_done_to_the_log_behind_our_back_is_found() {
    let shorter = "UPDATE audit_chains SET length = 4, \
                   head = (SELECT hash FROM audit_entries WHERE number = 4 AND audit_entries.tenant = audit_chains.tenant); \
                   DELETE FROM audit_entries WHERE number = 5";
    let later = "UPDATE audit_chains SET cut = 2, \
                 cut_head = (SELECT hash FROM audit_entries WHERE number = 2 AND audit_entries.tenant = audit_chains.tenant); \
                 DELETE FROM audit_entries WHERE number <= 2";
    for (sql, expected) in [
        (
            "UPDATE audit_entries SET address = '' || address || '7' WHERE number = 3",
            Broken::Changed { number: 3 },
        ),
        (
            "UPDATE audit_entries SET recorded_at = 0 WHERE number = 1",
            Broken::Changed { number: 1 },
        ),
        (
            "DELETE FROM audit_entries WHERE number = 3",
            Broken::Missing { number: 3 },
        ),
        ("DELETE FROM audit_entries WHERE number = 5", Broken::Head { number: 4 }),
        (shorter, Broken::Head { number: 4 }),
        (later, Broken::Cut),
        ("DELETE FROM audit_chains", Broken::NoChain),
    ] {
        let (_folder, control) = control().await;
        let actor = changed_thrice(&control).await;
        assert_eq!(broken(&control, &actor).await, None);
        tamper(&control, sql).await;
        assert_eq!(broken(&control, &actor).await, Some(expected), "{sql}");
    }
}

#[tokio::test]
async fn an_entry_that_was_noted_elsewhere_must_still_be_the_same() {
    let (_folder, control) = control().await;
    let actor = changed_thrice(&control).await;
    let state = control.audit_state(actor.tenant).await.expect("reads");
    let noted = |number: i64, hash: &str| Noted {
        tenant: Some(actor.tenant),
        number,
        hash: hash.to_owned(),
    };
    let check = async |noted: Noted| {
        let mut reports = control.verify_audit(&[noted]).await.expect("reads");
        reports.pop().expect("a chain").broken
    };
    assert_eq!(check(noted(5, &state.head)).await, None);
    assert_eq!(check(noted(4, &state.head)).await, Some(Broken::Noted { number: 4 }));
    assert_eq!(check(noted(6, &state.head)).await, Some(Broken::Noted { number: 6 }));
}

pub(super) async fn retention_keeps_the_chain(control: Control) {
    let clock = Arc::new(MockClock::new(NOW));
    let control = control.dated_by(clock.clone());
    let actor = changed_thrice(&control).await;
    clock.advance_ms(1000);
    let made = control.create_product(&actor, &product("News", 1_500_000_002)).await;
    made.expect("created");
    assert_eq!(control.sweep_audit(NOW).await.expect("sweeps"), 0);
    assert_eq!(control.sweep_audit(NOW.plus_ms(1)).await.expect("sweeps"), 5);
    assert_eq!(control.sweep_audit(NOW.plus_ms(1)).await.expect("sweeps"), 0);
    let numbers: Vec<i64> = records(&control, &actor)
        .await
        .iter()
        .map(|record| record.number)
        .collect();
    assert_eq!(numbers, [6, 7]);
    assert_eq!(broken(&control, &actor).await, None);
    assert_eq!(control.audit_state(actor.tenant).await.expect("reads").cut, 5);
    assert_eq!(control.sweep_audit(NOW.plus_secs(60)).await.expect("sweeps"), 2);
    control.secret_key(&actor, CHAT).await.expect("shown");
    assert_eq!(broken(&control, &actor).await, None);
    assert_eq!(records(&control, &actor).await[0].number, 8);
}

#[tokio::test]
async fn retention_takes_the_oldest_entries_and_the_chain_still_holds() {
    let (_folder, control) = control().await;
    retention_keeps_the_chain(control).await;
}

pub(super) async fn filters_find(control: Control) {
    let clock = Arc::new(MockClock::new(NOW));
    let control = control.dated_by(clock.clone());
    let actor = changed_thrice(&control).await;
    clock.advance_ms(1000);
    let failed = control
        .entry(&actor, Deed::SignIn)
        .came_to(Outcome::Failed(Failure::WrongPassword));
    control.record(&failed).await.expect("recorded");
    let numbers = async |query: Query, limit: u64| {
        let found = control
            .audit_records(Some(actor.tenant), &query, limit)
            .await
            .expect("reads");
        (found.rows.iter().map(|row| row.number).collect::<Vec<_>>(), found.next)
    };
    let all = Query::default;
    assert_eq!(numbers(all(), 4).await, (vec![6, 5, 4, 3], Some(3)));
    assert_eq!(
        numbers(
            Query {
                below: Some(3),
                ..all()
            },
            4
        )
        .await,
        (vec![2, 1], None)
    );
    assert_eq!(
        numbers(
            Query {
                who: " ROO ".into(),
                ..all()
            },
            9
        )
        .await
        .0,
        [6, 5, 4, 3, 2]
    );
    assert_eq!(
        numbers(
            Query {
                who: "%".into(),
                ..all()
            },
            9
        )
        .await
        .0,
        Vec::<i64>::new()
    );
    let deed = Some(Deed::ChangeProduct);
    assert_eq!(numbers(Query { deed, ..all() }, 9).await.0, [5, 4]);
    let application = Some(CHAT);
    assert_eq!(numbers(Query { application, ..all() }, 9).await.0, [3]);
    let outcome = Some(OutcomeKind::Failed);
    assert_eq!(numbers(Query { outcome, ..all() }, 9).await.0, [6]);
    let from: Option<Timestamp> = Some(NOW.plus_ms(1000));
    assert_eq!(numbers(Query { from, ..all() }, 9).await.0, [6]);
    assert_eq!(numbers(Query { until: from, ..all() }, 9).await.0, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn the_filters_and_the_cursor_find_what_they_say() {
    let (_folder, control) = control().await;
    filters_find(control).await;
}

#[tokio::test]
async fn a_flood_of_failures_is_counted_and_the_count_is_on_record() {
    let (_folder, control) = control().await;
    let clock = Arc::new(MockClock::new(NOW));
    let control = control.dated_by(clock.clone());
    let failed = || Entry::anonymous(&domain::account::Origin::console("192.0.2.1"), Deed::SignIn, NOW);
    for _ in 0..50 {
        let failed = failed().came_to(Outcome::Failed(Failure::UnknownName));
        control.record_counted(failed).await.expect("recorded");
    }
    assert_eq!(control.settle_counts().await.expect("settles"), 0);
    clock.advance_ms(5 * 60_000);
    assert_eq!(control.settle_counts().await.expect("settles"), 1);
    let found = control.audit_records(None, &Query::default(), 9).await.expect("reads");
    assert_eq!(
        found.rows.iter().map(|row| row.entry.times).collect::<Vec<_>>(),
        [49, 1]
    );
}

#[tokio::test]
async fn a_database_from_before_the_log_gives_every_account_its_chain() {
    let (folder, control) = control().await;
    let actor = tenant(&control).await;
    tamper(
        &control,
        "DELETE FROM audit_entries; DELETE FROM audit_chains; DELETE FROM settings WHERE name = 'audit_key'",
    )
    .await;
    drop(control);
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    assert_eq!(broken(&control, &actor).await, None);
    control
        .create_product(&actor, &product("Chat", CHAT.0))
        .await
        .expect("created");
    assert_eq!(
        deeds(&control, &actor).await,
        [Deed::CreateProduct, Deed::AddApplication]
    );
}
