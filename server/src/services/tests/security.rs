//! The own password and the own sessions; which passwords are taken; what becomes of old hashes.

use super::{World, world::PASSWORD};
use crate::services::{
    control::ControlServices,
    passwords::{Cost, Passwords},
};
use domain::{
    AccountId, Problem, Secret,
    account::NewRoot,
    field::FieldFault,
    ports::{Accounts, Security},
    sign_in::SessionMark,
};
use std::collections::HashMap;
use store::sessions::{ACCOUNT_KEY, mark};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

const NEW: &str = "the kettle sings at noon";

async fn open(services: &ControlServices, account: AccountId) -> SessionMark {
    let mut record = Record {
        id: Id::default(),
        data: HashMap::from([(ACCOUNT_KEY.to_owned(), account.0.into())]),
        expiry_date: OffsetDateTime::from_unix_timestamp(4_000_000_000).expect("a date"),
    };
    services.sessions.create(&mut record).await.expect("created");
    mark(&record.id)
}

#[tokio::test]
async fn the_own_password_is_changed_with_the_present_one_and_ends_all_sessions() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let (security, accounts) = (&world.services.security, &world.services.accounts);
    let session = open(&world.services, alice.account).await;
    let change = async |present: &str, new: &str| {
        let (present, new) = (Secret::new(present), Secret::new(new));
        security.change_password(&alice, &present, &new).await
    };
    let wrong = change("not mine at all", NEW).await;
    assert_eq!(wrong, Err(Problem::field("password", FieldFault::WrongPassword)));
    let guessable = change(PASSWORD, "alice-alice-alice").await;
    assert_eq!(guessable, Err(Problem::field("new", FieldFault::Guessable)));
    assert_eq!(security.is_open(&session).await, Ok(true));
    assert_eq!(change(PASSWORD, NEW).await, Ok(()));
    assert_eq!(security.is_open(&session).await, Ok(false));
    let sign_in = async |password: &str| accounts.sign_in("alice", &Secret::new(password), "192.0.2.1").await;
    assert_eq!(sign_in(PASSWORD).await.err(), Some(Problem::SignInRefused));
    assert!(sign_in(NEW).await.is_ok());
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let world = World::new().await;
    let (alice, bob) = (world.root("alice").await, world.root("bob").await);
    let security = &world.services.security;
    let (this, other) = (
        open(&world.services, alice.account).await,
        open(&world.services, alice.account).await,
    );
    let foreign = open(&world.services, bob.account).await;
    let listed = security.sessions(&alice).await.expect("lists");
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|session| session.mark != foreign));
    assert_eq!(security.end_session(&alice, &foreign).await, Ok(()));
    assert_eq!(security.end_other_sessions(&alice, &this).await, Ok(1));
    assert_eq!(security.is_open(&other).await, Ok(false));
    assert_eq!(security.end_session(&alice, &this).await, Ok(()));
    assert_eq!(security.is_open(&foreign).await, Ok(true));
}

#[tokio::test]
async fn a_password_hashed_otherwise_is_hashed_anew_when_its_owner_signs_in() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let dear = Passwords::new(Cost::RECOMMENDED, "").expect("starts");
    let old = dear.hash(&Secret::new(PASSWORD)).await.expect("hashes");
    let stored = async || {
        world
            .control
            .password_hash(alice.account)
            .await
            .expect("reads")
            .expect("exists")
    };
    world.control.change_password(&alice, &old).await.expect("written");
    let wrong = Secret::new("wrong");
    let refused = world.services.accounts.sign_in("alice", &wrong, "192.0.2.1").await;
    assert!(refused.is_err());
    assert_eq!(stored().await, old, "a wrong password changes nothing");
    let right = Secret::new(PASSWORD);
    let signed_in = world.services.accounts.sign_in("alice", &right, "192.0.2.1").await;
    assert!(signed_in.is_ok());
    let renewed = stored().await;
    assert!(renewed.reveal().contains("$m=8,t=1,p=1$"), "{}", renewed.reveal());
    assert!(
        world
            .services
            .accounts
            .sign_in("alice", &right, "192.0.2.1")
            .await
            .is_ok()
    );
    assert_eq!(stored().await, renewed, "once is enough");
}

#[tokio::test]
async fn a_first_password_that_is_easy_to_guess_is_refused() {
    let world = World::new().await;
    for password in ["password1234", "push.example.com", "carolcarolcarol"] {
        let root = NewRoot {
            name: "carol".into(),
            password: Secret::new(password),
        };
        let refused = world.services.accounts.create_root(root).await;
        assert_eq!(
            refused,
            Err(Problem::field("password", FieldFault::Guessable)),
            "{password}"
        );
    }
}
