//! Everything below and beside a vendor that can go wrong, for each of the six vendors and each path of
//! a push: nothing of it may end a device or a credential, and the next push goes through.

use crate::{
    apns_faults::closed_port,
    scripted::{Reply, Scripted},
    vendors,
};
use domain::delivery::Verdict;
use simulator::{Options, Simulator};
use std::time::Duration;

const LATER: Verdict = Verdict::RetryLater { after_ms: None };

/// Past the time in which a failure to get a token is shared.
const FAILURE_LIFE_MS: i64 = 2_001;

#[tokio::test]
async fn a_vendor_that_cannot_be_reached_is_tried_later() {
    let closed = closed_port().await.replace("https:", "http:");
    let untrusted = Simulator::start(Options::default()).await.unwrap();
    for subject in vendors::EVERY {
        for (url, code) in [(closed.as_str(), "connect_failed"), (untrusted.fcm_url(), "tls_failed")] {
            let world = subject.world(url, 5_000);
            let outcome = world.push(1).await;
            assert_eq!(
                (outcome.verdict, outcome.vendor_code.as_str()),
                (LATER, code),
                "{subject:?}"
            );
            assert_eq!(outcome.vendor_status, None);
        }
    }
}

#[tokio::test]
async fn silence_is_left_after_the_time_out_and_a_cut_to_a_later_try() {
    for subject in vendors::EVERY {
        let server = Scripted::start().await;
        subject.greet(&server);
        let world = subject.world(&server.url, 300);
        for path in subject.paths {
            for (reply, code) in [
                (Reply::Silence, "timeout"),
                (Reply::Cut, "connection_broken"),
                (Reply::Half, "connection_broken"),
            ] {
                server.next(path, reply.clone());
                let outcome = world.push(1).await;
                let expected = (LATER, code);
                assert_eq!(
                    (outcome.verdict, outcome.vendor_code.as_str()),
                    expected,
                    "{subject:?} {path} {reply:?}"
                );
                world.clock.advance_ms(FAILURE_LIFE_MS);
            }
        }
        assert_eq!(world.push(2).await.verdict, Verdict::Accepted, "{subject:?}");
    }
}

#[tokio::test]
async fn pages_of_others_are_not_taken_for_the_vendor_s_word() {
    for subject in vendors::EVERY {
        let server = Scripted::start().await;
        subject.greet(&server);
        let world = subject.world(&server.url, 5_000);
        for path in subject.paths {
            for (reply, status) in [
                (Reply::body(200, ""), 200),
                (Reply::body(200, r#"{"code":0,"result":0,"da"#), 200),
                (Reply::html(200, "<html>Sign in to the hotel's network</html>"), 200),
                (Reply::html(200, "[]"), 200),
                (Reply::html(403, "<html>blocked</html>"), 403),
                (Reply::html(502, "<html>Bad Gateway</html>"), 502),
                (Reply::body(503, "x".repeat(10 << 20)), 503),
            ] {
                server.next(path, reply);
                let outcome = world.push(1).await;
                let expected = (LATER, "unreadable_answer", Some(status));
                let found = (outcome.verdict, outcome.vendor_code.as_str(), outcome.vendor_status);
                assert_eq!(found, expected, "{subject:?} {path}");
                world.clock.advance_ms(FAILURE_LIFE_MS);
            }
        }
        assert_eq!(world.push(2).await.verdict, Verdict::Accepted, "{subject:?}");
    }
}

#[tokio::test]
async fn a_wrong_content_type_does_not_hide_the_vendor_s_word() {
    for subject in vendors::EVERY {
        let server = Scripted::start().await;
        subject.greet(&server);
        let Reply::Whole { body, .. } = vendors::good(subject.paths.last().unwrap()) else {
            panic!("a good answer is a whole one");
        };
        server.next(subject.paths.last().unwrap(), Reply::html(200, &body));
        let world = subject.world(&server.url, 5_000);
        assert_eq!(world.push(1).await.verdict, Verdict::Accepted, "{subject:?}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Scripted::start().await;
    let location: &'static str = format!("location: {}/x\r\n", elsewhere.url).leak();
    for subject in vendors::EVERY {
        let server = Scripted::start().await;
        subject.greet(&server);
        let world = subject.world(&server.url, 5_000);
        for path in subject.paths {
            for status in [301, 302, 307, 308] {
                let reply = Reply::Whole {
                    status,
                    headers: location,
                    body: String::new(),
                };
                server.next(path, reply);
                let outcome = world.push(1).await;
                assert_eq!(
                    (outcome.verdict, outcome.vendor_status),
                    (LATER, Some(status)),
                    "{subject:?} {path}"
                );
                world.clock.advance_ms(FAILURE_LIFE_MS);
            }
        }
    }
    assert_eq!(elsewhere.paths(), Vec::<String>::new());
}

#[tokio::test]
async fn a_batch_that_hangs_in_the_second_of_its_calls_ends_with_the_time_out() {
    for subject in vendors::EVERY {
        let server = Scripted::start().await;
        subject.greet(&server);
        server.always(subject.batch_paths.last().unwrap(), Reply::Silence);
        let world = subject.world(&server.url, 300);
        let outcomes = tokio::time::timeout(Duration::from_secs(20), world.push_batch(3))
            .await
            .unwrap();
        assert_eq!(outcomes.len(), 3);
        for outcome in outcomes {
            assert_eq!(
                (outcome.verdict, outcome.vendor_code.as_str()),
                (LATER, "timeout"),
                "{subject:?}"
            );
        }
    }
}
