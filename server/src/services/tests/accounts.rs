//! Set-up, sign-in, the actor, activation.

use super::{
    World,
    world::{HERE, PASSWORD, draft, new_product},
};
use domain::{
    Problem, Secret,
    account::{Action, NewRoot},
    field::FieldFault,
    ports::{Accounts, Products, SubAccounts},
    problem::Conflict,
    product::Platform,
    sign_in::{SignInName, SignedIn},
};

fn root(name: &str, password: &str) -> NewRoot {
    NewRoot {
        name: name.into(),
        password: Secret::new(password),
    }
}

#[tokio::test]
async fn set_up_takes_the_token_once_and_no_other() {
    let world = World::new().await;
    let accounts = &world.services.accounts;
    assert_eq!(accounts.needs_set_up().await, Ok(true));
    let wrong_before = accounts
        .set_up(&Secret::default(), root("root", PASSWORD), "192.0.2.1")
        .await;
    let wrong_token = Problem::field("token", FieldFault::WrongSetupToken);
    assert_eq!(wrong_before, Err(wrong_token.clone()), "no token was made yet");
    let token = accounts.offer_set_up().await.expect("answers").expect("a token");
    let wrong = Secret::new(token.reveal().replace(|c| c != '0', "0"));
    assert_eq!(
        accounts.set_up(&wrong, root("root", PASSWORD), "192.0.2.1").await,
        Err(wrong_token)
    );
    let account = accounts
        .set_up(&token, root("root", PASSWORD), "192.0.2.1")
        .await
        .expect("set up");
    assert!(world.actor(account).await.is_root());
    let again = accounts.set_up(&token, root("other", PASSWORD), "192.0.2.1").await;
    assert_eq!(again, Err(Problem::Conflict(Conflict::AlreadySetUp)));
    assert_eq!(accounts.offer_set_up().await, Ok(None));
}

#[tokio::test]
async fn two_set_ups_at_once_make_one_account() {
    let world = World::new().await;
    let accounts = &world.services.accounts;
    let token = accounts.offer_set_up().await.expect("answers").expect("a token");
    let (one, two) = tokio::join!(
        accounts.set_up(&token, root("first", PASSWORD), "192.0.2.1"),
        accounts.set_up(&token, root("second", PASSWORD), "192.0.2.1"),
    );
    let refused = [&one, &two].into_iter().find_map(|outcome| outcome.as_ref().err());
    assert_eq!(refused, Some(&Problem::Conflict(Conflict::AlreadySetUp)));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn a_bad_name_and_a_short_password_are_told_together() {
    let world = World::new().await;
    let token = world
        .services
        .accounts
        .offer_set_up()
        .await
        .expect("answers")
        .expect("a token");
    let Err(Problem::Invalid(fields)) = world
        .services
        .accounts
        .set_up(&token, root("a b", "short"), "192.0.2.1")
        .await
    else {
        panic!("accepted");
    };
    let names: Vec<_> = fields.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(names, ["name", "password"]);
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let accounts = &world.services.accounts;
    for (name, password) in [
        ("alice", "wrong password"),
        ("nobody", PASSWORD),
        ("", ""),
        ("alice", ""),
    ] {
        let outcome = accounts.sign_in(name, &Secret::new(password), "192.0.2.1").await;
        assert_eq!(outcome, Err(Problem::SignInRefused), "{name}");
    }
    let signed_in = accounts.sign_in("ALICE", &Secret::new(PASSWORD), "192.0.2.1").await;
    assert_eq!(
        signed_in,
        Ok(SignedIn::Whole(alice.account)),
        "names are compared without case"
    );
}

#[tokio::test]
async fn guessing_is_slowed_down_where_it_happens_and_waiting_helps() {
    let world = World::new().await;
    world.root("alice").await;
    let accounts = &world.services.accounts;
    for _ in 0..5 {
        let outcome = accounts.sign_in("alice", &Secret::new("guess"), "192.0.2.1").await;
        assert_eq!(outcome, Err(Problem::SignInRefused));
    }
    let right = Secret::new(PASSWORD);
    accounts
        .sign_in("alice", &Secret::new("guess"), "192.0.2.1")
        .await
        .expect_err("wrong");
    let slowed = accounts.sign_in("alice", &right, "192.0.2.1").await;
    let Err(Problem::TooMany { retry_after_secs }) = slowed else {
        panic!("{slowed:?}");
    };
    assert!(
        accounts.sign_in("alice", &right, "198.51.100.7").await.is_ok(),
        "elsewhere"
    );
    world.clock.advance_ms(i64::from(retry_after_secs) * 1000);
    assert!(
        accounts.sign_in("alice", &right, "192.0.2.1").await.is_ok(),
        "after the wait"
    );
}

#[tokio::test]
async fn one_s_own_password_is_confirmed_or_the_field_says_no() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let accounts = &world.services.accounts;
    assert_eq!(accounts.confirm_password(&alice, &Secret::new(PASSWORD)).await, Ok(()));
    let wrong = accounts.confirm_password(&alice, &Secret::new("not mine at all")).await;
    assert_eq!(wrong, Err(Problem::field("password", FieldFault::WrongPassword)));
}

#[tokio::test]
async fn before_activation_no_product_can_be_created() {
    let world = World::new().await;
    let accounts = &world.services.accounts;
    let account = accounts.create_root(root("carol", PASSWORD)).await.expect("created");
    let carol = world.actor(account).await;
    assert!(!accounts.identity(&carol).await.expect("answers").activated);
    let new = new_product("Chat", HERE, &[Platform::Ios]);
    let early = world.services.products.create(&carol, new.clone()).await;
    assert_eq!(early, Err(Problem::Conflict(Conflict::NotActivated)));
    accounts.activate(&carol).await.expect("activated");
    let identity = accounts.identity(&carol).await.expect("answers");
    assert!(identity.activated && identity.root && identity.may(Action::ManageProducts));
    assert!(world.services.products.create(&carol, new).await.is_ok());
}

#[tokio::test]
async fn two_accounts_cannot_have_one_name() {
    let world = World::new().await;
    world.root("alice").await;
    let second = world.services.accounts.create_root(root("Alice", PASSWORD)).await;
    assert_eq!(second, Err(Problem::field("name", FieldFault::Taken)));
}

#[tokio::test]
async fn no_password_stands_in_the_database() {
    let world = World::new().await;
    world.root("alice").await;
    let (_, hash) = world
        .control
        .sign_in_record(&SignInName::read("alice"))
        .await
        .expect("reads")
        .expect("there");
    assert!(hash.reveal().starts_with("$argon2id$") && !hash.reveal().contains(PASSWORD));
}

#[tokio::test]
async fn a_name_belongs_to_its_tenant_and_slowing_it_down_does_too() {
    let world = World::new().await;
    let (one, two) = (world.root("one").await, world.root("two").await);
    let dev = world.root("dev").await;
    let (of_one, of_two) = (world.sub(&one, "dev", &[]).await, world.sub(&two, "Dev", &[]).await);
    assert_eq!((of_one.name.as_str(), of_two.name.as_str()), ("dev@one", "Dev@two"));
    let accounts = &world.services.accounts;
    let sign_in = async |name: &str, password: &str| accounts.sign_in(name, &Secret::new(password), "192.0.2.1").await;
    for (name, whose) in [("dev", &dev), ("dev@one", &of_one), ("DEV @ Two", &of_two)] {
        assert_eq!(
            sign_in(name, PASSWORD).await,
            Ok(SignedIn::Whole(whose.account)),
            "{name}"
        );
    }
    for nobody in ["one@dev", "dev@three", "dev@", "@one", "dev@one@two"] {
        assert_eq!(sign_in(nobody, PASSWORD).await, Err(Problem::SignInRefused), "{nobody}");
    }
    for typed in ["dev@one", " DEV@one", "dev@ONE", "dev @one", "Dev@ One"] {
        assert_eq!(sign_in(typed, "guess").await, Err(Problem::SignInRefused), "{typed}");
    }
    let slowed = sign_in("dev@one", PASSWORD).await;
    assert!(matches!(slowed, Err(Problem::TooMany { .. })), "{slowed:?}");
    assert!(sign_in("dev@two", PASSWORD).await.is_ok() && sign_in("dev", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_sub_account_is_told_by_its_whole_name() {
    let world = World::new().await;
    let root = world.root("acme").await;
    let sub = world.sub(&root, "anna", &[]).await;
    let view = world
        .services
        .sub_accounts
        .get(&root, sub.account)
        .await
        .expect("there");
    assert_eq!((view.name.as_str(), view.sign_in_name.as_str()), ("anna", "anna@acme"));
    let held = world.services.sub_accounts.create(&root, draft("anna@acme", &[])).await;
    assert!(matches!(held, Err(Problem::Invalid(_))), "{held:?}");
    let identity = world.services.accounts.identity(&sub).await.expect("known");
    assert_eq!(
        (identity.name, identity.tenant_name),
        ("anna@acme".to_owned(), "acme".to_owned())
    );
}
