//! Addresses that are not public: nothing is sent there unless the settings list them, whether the URL says the address or
//! a name leads to it, and wherever a redirect points.

use crate::{
    scripted::{Reply, Scripted},
    vendors,
    world::World,
};
use dispatcher::{Outcome, channels::WireSettings, client::Destinations};
use domain::delivery::Verdict;
use simulator::{Filter, Settings};

/// The address and a name that leads to it.
fn both(url: &str) -> [String; 2] {
    [url.to_owned(), url.replace("127.0.0.1", "localhost")]
}

fn assert_refused(outcome: &Outcome) {
    let said = (outcome.verdict, outcome.vendor_status, outcome.vendor_code.as_str());
    assert_eq!(said, (Verdict::AddressRefused, None, "address_refused"), "{outcome:?}");
    for part in ["a loopback address", "outbound.allow"] {
        assert!(outcome.vendor_text.contains(part), "{}", outcome.vendor_text);
    }
}

#[tokio::test]
async fn no_channel_calls_an_address_that_is_not_listed() {
    let server = Scripted::start().await;
    for subject in vendors::EVERY {
        for url in both(&server.url) {
            let world = subject.world_with(&url, WireSettings::default());
            assert_refused(&world.push(1).await);
        }
    }
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn apple_and_google_are_not_called_at_an_address_that_is_not_listed() {
    let strict = World::with(
        Settings::default(),
        |apns| apns.destinations = Destinations::default(),
        |fcm| fcm.destinations = Destinations::default(),
    )
    .await;
    assert_refused(&strict.push_apns(1).await);
    assert_refused(&strict.push_fcm(2).await);
    assert_eq!(strict.simulator.inbox(&Filter::default()).len(), 0);
}

#[tokio::test]
async fn a_name_may_be_listed_and_then_leads_where_it_leads() {
    let server = Scripted::start().await;
    vendors::XIAOMI.greet(&server);
    let wire = WireSettings {
        destinations: Destinations::new(["localhost"]).unwrap(),
        ..WireSettings::default()
    };
    let [by_address, by_name] = both(&server.url);
    assert_refused(&vendors::XIAOMI.world_with(&by_address, wire.clone()).push(1).await);
    let outcome = vendors::XIAOMI.world_with(&by_name, wire).push(2).await;
    assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
}

#[tokio::test]
async fn a_redirect_leads_nowhere_not_even_to_an_address_that_is_listed() {
    let (server, elsewhere) = (Scripted::start().await, Scripted::start().await);
    for subject in vendors::EVERY {
        subject.greet(&elsewhere);
        let location = format!("location: {}/\r\n", elsewhere.url);
        let reply = Reply::Whole {
            status: 307,
            headers: location.leak(),
            body: String::new(),
        };
        server.next(subject.paths[0], reply);
        let outcome = subject.world(&server.url, 5_000).push(1).await;
        assert_ne!(outcome.verdict, Verdict::Accepted, "{subject:?}");
    }
    assert_eq!(elsewhere.asked().len(), 0);
}
