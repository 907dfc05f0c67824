//! Webhooks: what an IM back end hears of the deliveries of an application, over real HTTP.

pub mod listener;

use crate::support::{TestApp, World, im::text_message};
use axum::http::StatusCode;
use domain::{
    AccessId, WebhookId,
    account::Actor,
    field::FieldFault,
    problem::Problem,
    webhook::{Event, Shape, WebhookCall, WebhookDraft, WebhookLog},
};
use hmac::{Hmac, KeyInit, Mac};
use listener::{Answer, Came, Listener};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// A server whose Android application has a webhook. Messages for `bob` are skipped: the application has no channel.
struct Hooked {
    app: TestApp,
    root: Actor,
    back_end: Listener,
    android: AccessId,
    webhook: WebhookId,
    secret: String,
}

impl Hooked {
    async fn start(shape: Shape) -> Self {
        let app = TestApp::with(|settings| settings.outbound.webhook_secs = 1).await;
        let backend = &app.server.services.backend;
        let root = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
        let android = app.report.products[0].applications[0].access_id;
        let back_end = Listener::start().await;
        let webhook = backend
            .webhooks
            .create(&root, android, draft(&back_end.url, shape), "k")
            .await
            .unwrap();
        let secret = backend.webhooks.issue(&root, android, webhook).await.unwrap();
        Self {
            secret: secret.reveal().to_owned(),
            app,
            root,
            back_end,
            android,
            webhook,
        }
    }

    /// Messages that become events, numbered from there.
    async fn send(&self, numbers: std::ops::Range<u32>) {
        for number in numbers {
            let sent = self.app.im().call("openim/sendmsg", text_message("bob", number)).await;
            assert_eq!(sent["ActionStatus"], "OK", "{sent}");
        }
    }

    /// A round after so long; the calls that it makes.
    async fn round_after(&self, ms: i64) -> Vec<Came> {
        let before = self.back_end.came().len();
        self.app.clock.advance_ms(ms);
        self.app.server.services.webhooks.round().await;
        self.back_end.came().split_off(before)
    }

    async fn log(&self) -> WebhookLog {
        let calls = &self.app.server.services.backend.webhook_calls;
        calls.log(&self.root, self.android, self.webhook).await.unwrap()
    }
}

fn draft(url: &str, shape: Shape) -> WebhookDraft {
    WebhookDraft {
        url: url.to_owned(),
        shape,
        events: Event::ALL.iter().copied().collect(),
        enabled: true,
    }
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    let digits = bytes.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

#[tokio::test]
async fn events_are_told_in_order_a_hundred_a_call_and_signed() {
    let hooked = Hooked::start(Shape::Plain).await;
    hooked.send(0..120).await;
    // A full call goes at once, what is left over waits for others.
    let first = hooked.round_after(0).await;
    assert_eq!(first.iter().map(|call| call.ids().len()).collect::<Vec<_>>(), [100]);
    assert!(hooked.round_after(999).await.is_empty());
    let rest = hooked.round_after(1).await;
    assert_eq!(rest.iter().map(|call| call.ids().len()).collect::<Vec<_>>(), [20]);
    let ids: Vec<i64> = first
        .iter()
        .chain(&rest)
        .flat_map(Came::ids)
        .map(|id| id.parse().unwrap())
        .collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "in order, and none twice");
    let call = &first[0];
    let mut mac = Hmac::<Sha256>::new_from_slice(hooked.secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}", call.header("homing-timestamp"), call.text).as_bytes());
    let signed = format!("sha256={}", hex(mac.finalize().into_bytes()));
    assert_eq!(call.header("homing-signature"), signed);
    assert_eq!(call.header("content-type"), "application/json");
    let event = &call.json()["events"][0];
    assert_eq!(
        (event["event"].as_str(), event["to"].as_str()),
        (Some("skipped"), Some("bob"))
    );
    assert_eq!(event["from"], "alice");
    assert_eq!(event["access_id"], hooked.android.0);
    assert_eq!(event["device_token"], hooked.app.report.devices[0].token.as_str());
    assert_eq!(event["reason"], "no_credential");
    let log = hooked.log().await;
    assert_eq!((log.waiting, log.dead, log.calls.len()), (0, 0, 2));
    assert_eq!((log.calls[1].events, log.calls[1].status), (100, Some(200)));
}

#[tokio::test]
async fn the_callback_of_the_im_service_carries_its_parameters_and_its_signature() {
    let hooked = Hooked::start(Shape::OfflinePush).await;
    hooked.send(0..1).await;
    let calls = hooked.round_after(1000).await;
    let call = &calls[0];
    let im = hooked.app.report.im_applications[0].sdk_app_id;
    assert_eq!(call.parameter("SdkAppid"), im.to_string());
    assert_eq!(call.parameter("CallbackCommand"), "Push.OfflinePush");
    assert_eq!(call.parameter("contenttype"), "json");
    let sign = Sha256::digest(format!("{}{}", hooked.secret, call.parameter("RequestTime")));
    assert_eq!(call.parameter("Sign"), hex(sign));
    let body = call.json();
    let event = &body["Events"][0];
    assert_eq!(event["From_Account"], "alice");
    assert_eq!(event["To_Account"], "bob");
    assert_eq!(
        (event["PushStage"].as_i64(), event["ErrCode"].as_i64()),
        (Some(1), Some(2))
    );
    assert_eq!(event["ErrInfo"], "no_credential");
    assert!(event["MsgKey"].as_str().unwrap().contains('_'));
}

#[tokio::test]
async fn what_is_not_taken_is_told_again_later_and_nothing_overtakes_it() {
    let hooked = Hooked::start(Shape::Plain).await;
    hooked.back_end.answer([
        Answer::Status(500),
        Answer::Silence,
        Answer::Redirect,
        Answer::Busy { retry_after: "300" },
    ]);
    hooked.send(0..1).await;
    let first = hooked.round_after(1000).await;
    hooked.send(1..2).await;
    assert!(
        hooked.round_after(4_999).await.is_empty(),
        "5 seconds after the first failure"
    );
    let timed_out = hooked.round_after(1).await;
    assert!(
        hooked.round_after(9_999).await.is_empty(),
        "10 seconds after the second"
    );
    let redirected = hooked.round_after(1).await;
    let busy = hooked.round_after(20_000).await;
    assert!(
        hooked.round_after(299_999).await.is_empty(),
        "as long as the other side asked"
    );
    let taken = hooked.round_after(1).await;
    let both = taken[0].ids();
    assert_eq!((first[0].ids(), both.len()), (vec![both[0].clone()], 2));
    for again in [timed_out, redirected, busy] {
        assert_eq!(again[0].ids(), both);
    }
    let came: Vec<String> = hooked.log().await.calls.iter().rev().map(WebhookCall::came).collect();
    assert_eq!(came, ["500", "timeout", "307", "503", "200"]);
    assert_eq!(hooked.log().await.calls[0].attempt, 5);
    assert_eq!(hooked.back_end.came().len(), 5, "a redirect is not followed");
    assert!(hooked.round_after(1000).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_told_for_a_day_is_given_up_and_told_again_on_demand() {
    let hooked = Hooked::start(Shape::Plain).await;
    hooked.back_end.answer([Answer::Status(500), Answer::Status(404)]);
    hooked.send(0..3).await;
    let first = hooked.round_after(1000).await;
    assert_eq!(hooked.log().await.waiting, 3);
    hooked.round_after(24 * 3_600_000).await;
    let log = hooked.log().await;
    assert_eq!((log.waiting, log.dead), (0, 3));
    assert_eq!(log.dead_letters[0].cause, "404");
    // What comes later is told all the same.
    hooked.send(3..4).await;
    let later = hooked.round_after(3_600_000).await;
    assert_eq!(later.iter().map(|call| call.ids().len()).collect::<Vec<_>>(), [1]);
    let (root, android, webhook) = (&hooked.root, hooked.android, hooked.webhook);
    let calls = &hooked.app.server.services.backend.webhook_calls;
    let one: i64 = first[0].ids()[1].parse().unwrap();
    assert_eq!(calls.replay(root, android, webhook, Some(one)).await, Ok(1));
    let again = hooked.round_after(1000).await;
    assert_eq!(again[0].ids(), [first[0].ids()[1].clone()]);
    assert_eq!(calls.replay(root, android, webhook, None).await, Ok(2));
    let again = hooked.round_after(1000).await;
    assert_eq!(again[0].ids(), [first[0].ids()[0].clone(), first[0].ids()[2].clone()]);
    let log = hooked.log().await;
    assert_eq!((log.waiting, log.dead), (0, 0));
}

#[tokio::test]
async fn a_crash_between_answer_and_commit_tells_the_same_events_again_and_no_other_node_before() {
    let hooked = Hooked::start(Shape::Plain).await;
    hooked.send(0..2).await;
    hooked.app.clock.advance_ms(1000);
    let plane = &hooked.app.server.services.planes[0].plane;
    // A node has taken the turn and called; it ends before it can say so.
    let taken = plane.take_turn(hooked.webhook, 30_000).await.unwrap().unwrap();
    let told: Vec<String> = taken.events.iter().map(|event| event.id.to_string()).collect();
    assert!(plane.take_turn(hooked.webhook, 30_000).await.unwrap().is_none());
    assert!(hooked.round_after(29_999).await.is_empty(), "it is another node's turn");
    let again = hooked.round_after(1).await;
    assert_eq!(again[0].ids(), told);
    assert!(hooked.round_after(60_000).await.is_empty());
}

#[tokio::test]
async fn only_what_is_wanted_is_noted_and_nothing_without_a_secret_or_while_it_is_off() {
    let hooked = Hooked::start(Shape::Plain).await;
    let webhooks = &hooked.app.server.services.backend.webhooks;
    let change = async |events: &[Event], enabled: bool| {
        let draft = WebhookDraft {
            events: events.iter().copied().collect::<BTreeSet<_>>(),
            enabled,
            ..draft(&hooked.back_end.url, Shape::Plain)
        };
        let changed = webhooks.change(&hooked.root, hooked.android, hooked.webhook, draft);
        changed.await.unwrap();
    };
    change(&[Event::Sent], true).await;
    hooked.send(0..1).await;
    change(&[Event::Skipped], false).await;
    hooked.send(1..2).await;
    change(&[Event::Skipped], true).await;
    let mute = webhooks.create(
        &hooked.root,
        hooked.android,
        draft(&hooked.back_end.url, Shape::Plain),
        "",
    );
    let mute = mute.await.unwrap();
    hooked.send(2..3).await;
    let calls = hooked.round_after(1000).await;
    assert_eq!(calls.iter().map(|call| call.ids().len()).collect::<Vec<_>>(), [1]);
    let test = hooked
        .app
        .server
        .services
        .backend
        .webhook_calls
        .test(&hooked.root, hooked.android, mute);
    let problem = test.await.unwrap_err();
    assert_eq!(problem.code(), "webhook_without_secret");
    // What belongs to a webhook that is gone goes with it.
    hooked.send(3..5).await;
    webhooks
        .delete(&hooked.root, hooked.android, hooked.webhook)
        .await
        .unwrap();
    assert!(hooked.round_after(3_600_000).await.is_empty());
    hooked.app.server.services.webhooks.sweep().await;
    let plane = &hooked.app.server.services.planes[0].plane;
    assert_eq!(plane.webhook_log(hooked.webhook).await.unwrap(), WebhookLog::default());
}

#[tokio::test]
async fn an_address_that_leads_behind_the_firewall_is_refused_at_once() {
    let app = TestApp::with(|settings| settings.outbound.allow = dispatcher::client::Destinations::default()).await;
    let backend = &app.server.services.backend;
    let root = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    let android = app.report.products[0].applications[0].access_id;
    for private in [
        "https://169.254.169.254/latest",
        "https://10.0.0.7/",
        "http://127.0.0.1:80/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.7]/",
        "https://0x7f.1/",
        "https://2130706433/",
    ] {
        let made = backend
            .webhooks
            .create(&root, android, draft(private, Shape::Plain), "")
            .await;
        assert_eq!(
            made,
            Err(Problem::field("url", FieldFault::PrivateAddress)),
            "{private}"
        );
    }
    let made = backend
        .webhooks
        .create(&root, android, draft("https://8.8.8.8/", Shape::Plain), "");
    assert!(made.await.is_ok());
}

#[tokio::test]
async fn the_pages_add_a_webhook_show_its_secret_once_and_test_it() {
    let app = TestApp::start().await;
    let back_end = Listener::start().await;
    back_end.answer([Answer::Status(200), Answer::Status(403)]);
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let android = app.report.products[0].applications[0].access_id.to_string();
    let list = format!("/applications/{android}/webhooks");
    let empty = browser.get(&list).await;
    assert!(empty.text.contains("No webhooks yet"), "{}", empty.text);
    let of = ("access_id", android.as_str());
    let bad = [
        of,
        ("url", "http://example.com/"),
        ("shape", "plain"),
        ("form_key", "k0"),
    ];
    let refused = browser.post(&format!("{list}/new"), "/ui/webhooks/create", &bad).await;
    let page = browser.get(refused.location()).await;
    assert!(
        page.text.contains("begins with https://") && page.text.contains("at least one"),
        "{}",
        page.text
    );
    let good = [
        of,
        ("url", back_end.url.as_str()),
        ("shape", "plain"),
        ("events[]", "skipped"),
        ("enabled", "on"),
        ("form_key", "k1"),
    ];
    let made = browser.post(&format!("{list}/new"), "/ui/webhooks/create", &good).await;
    let secret_page = made.location().to_owned();
    assert!(secret_page.ends_with("/secret-key"), "{secret_page}");
    let asked = browser.get(&secret_page).await;
    assert!(!asked.text.contains("whs_"));
    let shown = browser.post(&secret_page, &secret_page, &[]).await;
    assert_eq!(shown.status, StatusCode::OK);
    let secret = shown.text.split("whs_").nth(1).unwrap()[..43].to_owned();
    let page = secret_page.trim_end_matches("/secret-key").to_owned();
    let id = page.rsplit('/').next().unwrap().to_owned();
    for (answer, says) in [
        ("200", "The address took the test event"),
        ("403", "did not take the test event"),
    ] {
        let tested = browser.post(&page, "/ui/webhooks/test", &[of, ("webhook", &id)]).await;
        let told = browser.get(tested.location()).await;
        assert!(told.text.contains(says) && told.text.contains(answer), "{}", told.text);
        assert!(!told.text.contains(&secret));
    }
    let came = back_end.came();
    assert_eq!((came.len(), &came[0].json()["test"]), (2, &serde_json::json!(true)));
    let again = browser.post(&format!("{list}/new"), "/ui/webhooks/create", &good).await;
    assert_eq!(again.location(), secret_page, "a form makes one thing");
}
