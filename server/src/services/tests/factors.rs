//! One-time codes and recovery codes, and the second step of signing in.

use super::{World, world::PASSWORD};
use crate::services::one_time_codes::code_at;
use domain::{
    AccountId, Problem, Result, Secret,
    account::Actor,
    field::FieldFault,
    ports::{Accounts, Factors},
    problem::{Conflict, What},
    sign_in::{HalfWay, SignedIn},
    time::Clock,
};

const ADDRESS: &str = "192.0.2.1";

fn wrong() -> Problem {
    Problem::field("code", FieldFault::WrongCode)
}

impl World {
    /// What the phone shows now, given the secret that it scanned.
    fn phone(&self, secret: &Secret) -> Secret {
        Secret::new(code_at(secret, self.clock.now()).expect("a code"))
    }

    /// Turns codes on for an account.
    async fn with_codes(&self, actor: &Actor) -> Secret {
        let factors = &self.services.factors;
        let secret = factors.new_codes(actor).await.expect("made").secret;
        let enabled = factors.enable_codes(actor, &self.phone(&secret)).await;
        assert_eq!(enabled, Ok(()));
        secret
    }

    async fn signs_in(&self, name: &str) -> Result<SignedIn> {
        let password = Secret::new(PASSWORD);
        self.services.accounts.sign_in(name, &password, ADDRESS).await
    }

    async fn half_way(&self, name: &str) -> HalfWay {
        match self.signs_in(name).await.expect("the password is right") {
            SignedIn::HalfWay(half_way) => half_way,
            SignedIn::Whole(_) => panic!("no second step was asked for"),
        }
    }

    async fn second(&self, half_way: HalfWay, code: &Secret) -> Result<AccountId> {
        self.services.factors.second_step(half_way, code, ADDRESS).await
    }
}

#[tokio::test]
async fn codes_are_asked_for_once_a_first_one_was_right() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let factors = &world.services.factors;
    let made = factors.new_codes(&alice).await.expect("made");
    assert_eq!(
        factors.new_codes(&alice).await.as_ref(),
        Ok(&made),
        "the same while it is set up"
    );
    assert!(made.link.reveal().contains("Homing%20push.example.com:alice"));
    let early = factors.enable_codes(&alice, &Secret::new("000000")).await;
    assert_eq!(early, Err(wrong()));
    assert_eq!(
        world.signs_in("alice").await,
        Ok(SignedIn::Whole(alice.account)),
        "not asked for yet"
    );
    assert_eq!(factors.enable_codes(&alice, &world.phone(&made.secret)).await, Ok(()));
    let again = factors.new_codes(&alice).await;
    assert_eq!(
        again.err(),
        Some(Problem::Conflict(Conflict::AlreadyDone)),
        "told no more"
    );
    let half_way = world.half_way("alice").await;
    world.clock.advance_ms(30_000);
    assert_eq!(
        world.second(half_way, &world.phone(&made.secret)).await,
        Ok(alice.account)
    );
}

#[tokio::test]
async fn a_code_is_taken_once() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let secret = world.with_codes(&alice).await;
    let half_way = world.half_way("alice").await;
    let used_for_enabling = world.phone(&secret);
    assert_eq!(world.second(half_way, &used_for_enabling).await, Err(wrong()));
    world.clock.advance_ms(30_000);
    let code = world.phone(&secret);
    let (one, two) = tokio::join!(world.second(half_way, &code), world.second(half_way, &code));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn the_second_step_follows_within_ten_minutes() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let secret = world.with_codes(&alice).await;
    let half_way = world.half_way("alice").await;
    world.clock.advance_ms(10 * 60_000);
    let late = world.second(half_way, &world.phone(&secret)).await;
    assert_eq!(late, Err(Problem::Unauthenticated));
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_wherever_it_comes_from() {
    let world = World::new().await;
    let (alice, bob) = (world.root("alice").await, world.root("bob").await);
    let secret = world.with_codes(&alice).await;
    let half_way = world.half_way("alice").await;
    let guess = Secret::new("123456");
    let mut slowed = None;
    for number in 0..10 {
        let address = format!("192.0.2.{number}");
        let outcome = world.services.factors.second_step(half_way, &guess, &address).await;
        if let Err(Problem::TooMany { retry_after_secs }) = outcome {
            slowed = Some(retry_after_secs);
        }
    }
    assert!(slowed.is_some(), "ten guesses from ten addresses");
    let of_bob = world.with_codes(&bob).await;
    let half_way_bob = world.half_way("bob").await;
    world.clock.advance_ms(30_000);
    let others = world.second(half_way_bob, &world.phone(&of_bob)).await;
    assert_eq!(others, Ok(bob.account), "others are not");
    world.clock.advance_ms(300_000);
    assert_eq!(world.second(half_way, &world.phone(&secret)).await, Ok(alice.account));
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_however_it_is_typed() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    let factors = &world.services.factors;
    let before = factors.new_recovery_codes(&alice).await;
    assert!(before.is_err(), "there is nothing to recover");
    world.with_codes(&alice).await;
    let old = factors.new_recovery_codes(&alice).await.expect("made");
    let codes = factors.new_recovery_codes(&alice).await.expect("made");
    assert_eq!(codes.len(), 10);
    let half_way = world.half_way("alice").await;
    assert_eq!(world.second(half_way, &old[0]).await, Err(wrong()), "replaced");
    let typed = Secret::new(codes[0].reveal().to_lowercase().replace('-', " "));
    assert_eq!(world.second(half_way, &typed).await, Ok(alice.account));
    assert_eq!(world.second(half_way, &typed).await, Err(wrong()), "used up");
    let left = factors.factors(&alice).await.expect("told").recovery_codes;
    assert_eq!(left, 9);
}

#[tokio::test]
async fn who_lost_the_phone_is_let_in_by_who_manages_the_account_and_by_nobody_else() {
    let world = World::new().await;
    let (root, stranger) = (world.root("root").await, world.root("stranger").await);
    let dev = world.sub(&root, "dev", &[]).await;
    world.with_codes(&dev).await;
    let factors = &world.services.factors;
    assert_eq!(
        factors.remove(&stranger, dev.account).await,
        Err(Problem::NotFound(What::Account))
    );
    assert!(matches!(
        factors.remove(&dev, root.account).await,
        Err(Problem::Forbidden { .. })
    ));
    let own = factors.remove(&root, root.account).await;
    assert_eq!(own, Err(Problem::Conflict(Conflict::OwnAccount)));
    assert_eq!(factors.remove(&root, dev.account).await, Ok(()));
    assert_eq!(world.signs_in("dev@root").await, Ok(SignedIn::Whole(dev.account)));
}

#[tokio::test]
async fn who_turns_codes_off_signs_in_with_the_password_alone() {
    let world = World::new().await;
    let alice = world.root("alice").await;
    world.with_codes(&alice).await;
    world.services.factors.new_recovery_codes(&alice).await.expect("made");
    assert_eq!(world.services.factors.disable_codes(&alice).await, Ok(()));
    let told = world.services.factors.factors(&alice).await.expect("told");
    assert_eq!((told.codes_since, told.recovery_codes), (None, 0));
    assert_eq!(world.signs_in("alice").await, Ok(SignedIn::Whole(alice.account)));
}
