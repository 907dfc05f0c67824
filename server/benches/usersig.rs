//! What it takes to know a caller of IM REST: a ticket seen for the first time, a ticket known, a forged one.

use divan::{Bencher, black_box};
use domain::{SdkAppId, Secret, Timestamp};
use server::rest::im::{
    tickets::Tickets,
    usersig::{Expected, sign, verify},
};

const MADE: Timestamp = Timestamp(1_795_381_004_000);
const LIFE_SECS: i64 = 86_400;
const ADDRESS: &str = "192.0.2.7";

fn main() {
    divan::main();
}

fn key() -> Secret {
    Secret::new("5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e")
}

fn expected(key: &Secret) -> Expected<'_> {
    Expected {
        sdk_app_id: SdkAppId(1_400_000_001),
        identifier: "administrator",
        key,
    }
}

fn ticket(key: &Secret) -> String {
    sign(expected(key), MADE, LIFE_SECS).expect("a key")
}

#[divan::bench]
fn verify_cold(bencher: Bencher) {
    let key = key();
    let ticket = ticket(&key);
    bencher.bench(|| verify(black_box(&ticket), expected(&key), MADE).expect("is valid"));
}

#[divan::bench]
fn verify_from_the_ticket_cache(bencher: Bencher) {
    let key = key();
    let (ticket, tickets) = (ticket(&key), Tickets::default());
    tickets.check(&ticket, expected(&key), ADDRESS, MADE).expect("is valid");
    bencher.bench(|| {
        tickets
            .check(black_box(&ticket), expected(&key), ADDRESS, MADE)
            .expect("is known");
    });
}

/// Whoever guesses is looked at all the same: a right ticket must pass.
#[divan::bench]
fn refuse_after_too_many_wrong_ones(bencher: Bencher) {
    let (key, other) = (key(), Secret::new("another key"));
    let (forged, tickets) = (ticket(&other), Tickets::default());
    for _ in 0..100 {
        tickets
            .check(&forged, expected(&key), ADDRESS, MADE)
            .expect_err("is forged");
    }
    bencher.bench(|| {
        tickets
            .check(black_box(&forged), expected(&key), ADDRESS, MADE)
            .expect_err("is forged")
    });
}
