//! The desk at its corners: two environments, versions, gaps, probes, changes during a look.

use super::*;
use Environment::{Production, Sandbox};
use domain::{Secret, parcel::Credential};
use std::sync::Arc;

const START: Timestamp = Timestamp(1_795_000_000_000);

fn version(version: i64) -> VersionedCredential {
    let credential = Credential::Fcm {
        service_account: Secret::new("{}"),
        channel_id: String::new(),
    };
    VersionedCredential {
        version,
        credential: Arc::new(credential),
        receipt_url: Secret::default(),
    }
}

fn desk(production: Result<VersionedCredential, CredentialGap>) -> Desk {
    let mut desk = Desk::new(
        Asking {
            fresh_ms: 2000,
            hold_ms: 5000,
        },
        START,
    );
    assert_eq!(desk.pass(Production, START), Pass::Wait);
    assert_eq!(desk.looks(START).collect::<Vec<_>>(), [Production]);
    desk.looked(Production, production, START);
    desk
}

#[test]
fn a_refused_credential_shuts_both_environments_that_use_it() {
    let mut desk = desk(Ok(version(7)));
    assert!(desk.broken(Production, 7, START));
    assert!(!desk.broken(Production, 7, START), "told once");
    assert_eq!(desk.looks(START).collect::<Vec<_>>(), [Sandbox]);
    desk.looked(Sandbox, Ok(version(7)), START);
    assert_eq!(desk.pass(Sandbox, START), Pass::Held(Reason::CredentialBroken));
    assert_eq!(desk.shut(START), Some((Reason::CredentialBroken, START)));
}

#[test]
fn a_refused_credential_leaves_the_other_environment_s_own_alone() {
    let mut desk = desk(Ok(version(7)));
    desk.broken(Production, 7, START);
    desk.looked(Sandbox, Ok(version(8)), START);
    assert_eq!(desk.pass(Sandbox, START), Pass::Go(version(8)));
    assert_eq!(desk.pass(Production, START), Pass::Held(Reason::CredentialBroken));
    assert_eq!(desk.shut(START), None);
}

#[test]
fn only_another_version_lifts_the_hold() {
    let mut desk = desk(Ok(version(7)));
    desk.broken(Production, 7, START);
    assert!(!desk.looked(Production, Ok(version(7)), START));
    assert!(desk.looked(Production, Ok(version(8)), START));
    assert_eq!(desk.pass(Production, START), Pass::Go(version(8)));
}

#[test]
fn while_a_held_credential_is_asked_for_parcels_wait_for_the_answer() {
    let mut desk = desk(Ok(version(7)));
    desk.broken(Production, 7, START);
    desk.looked(Sandbox, Ok(version(7)), START);
    // Repaired: both are asked for, and the one nobody waits for answers first.
    desk.changed(START);
    assert_eq!(desk.looks(START).count(), 2);
    assert!(desk.looked(Sandbox, Ok(version(8)), START));
    assert_eq!(
        desk.pass(Production, START),
        Pass::Wait,
        "not held for another five minutes"
    );
    assert!(desk.looked(Production, Ok(version(8)), START));
    assert_eq!(desk.pass(Production, START), Pass::Go(version(8)));
}

#[test]
fn after_the_hold_one_parcel_probes_and_the_others_wait() {
    let mut desk = desk(Ok(version(7)));
    desk.broken(Production, 7, START);
    desk.looked(Sandbox, Err(CredentialGap::Missing), START);
    let later = START.plus_secs(HOLD_SECS);
    assert_eq!(desk.shut(later), None);
    assert_eq!(desk.pass(Production, later), Pass::Probe(version(7)));
    desk.probe_begins(Production);
    assert_eq!(desk.pass(Production, later), Pass::Wait);
    assert!(desk.probe_ended(Production, 7, true, later));
    assert_eq!(desk.pass(Production, later), Pass::Go(version(7)));
}

#[test]
fn a_probe_without_a_verdict_on_the_push_keeps_the_hold() {
    let mut desk = desk(Ok(version(7)));
    desk.broken(Production, 7, START);
    let later = START.plus_secs(HOLD_SECS);
    desk.probe_begins(Production);
    assert!(!desk.probe_ended(Production, 7, false, later));
    assert_eq!(desk.pass(Production, later), Pass::Held(Reason::CredentialBroken));
    assert_eq!(desk.pass(Production, later.plus_ms(5000)), Pass::Probe(version(7)));
}

#[test]
fn a_missing_credential_holds_until_one_is_stored() {
    let mut desk = desk(Err(CredentialGap::Missing));
    assert_eq!(desk.pass(Production, START), Pass::Held(Reason::NoCredential));
    assert_eq!(
        desk.looks(START).collect::<Vec<_>>(),
        [Sandbox],
        "the other environment may have one"
    );
    assert_eq!(desk.looks(START.plus_ms(5000)).collect::<Vec<_>>(), [Production]);
    assert!(desk.looked(Production, Ok(version(1)), START));
}

#[test]
fn a_change_during_a_look_makes_it_look_again() {
    let mut desk = desk(Ok(version(7)));
    desk.pass(Production, START);
    let stale = START.plus_ms(2000);
    assert_eq!(desk.looks(stale).collect::<Vec<_>>(), [Production]);
    desk.changed(stale);
    desk.looked(Production, Ok(version(7)), stale);
    assert!(desk.looks(stale).any(|environment| environment == Production));
}

#[test]
fn credentials_that_cannot_be_read_now_are_asked_for_again_and_nothing_is_held() {
    let mut desk = desk(Err(CredentialGap::Unavailable));
    assert_eq!(desk.pass(Production, START), Pass::Wait);
    assert_eq!(desk.next_look(START), Some(START.plus_ms(5000)));
    assert!(!desk.holds());
}
