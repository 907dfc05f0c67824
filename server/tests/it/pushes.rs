//! Send a push: from the console's form to the trace of its message.

use crate::support::{Answer, Browser, DeviceClient, ImClient, TestApp, World};
use axum::http::StatusCode;
use domain::{
    AccessId, MessageId, PlanId,
    account::Actor,
    audit::{Deed, Entry, Query},
    delivery::{DeliveryState, Reason},
    plan::{DeliveryView, HistoryQuery, MessageDetails, PlanDraft},
};
use serde_json::json;

struct Sender {
    app: TestApp,
    root: Actor,
    browser: Browser,
    android: AccessId,
    plan: PlanId,
}

impl Sender {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let backend = &app.server.services.backend;
        let root = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
        let android = app.report.products[0].applications[0].access_id;
        let draft = PlanDraft {
            name: "News".into(),
            description: String::new(),
        };
        let plan = backend.plans.create(&root, android, draft).await.unwrap();
        // As the server does once a second.
        app.server.services.control.directory.refresh().await;
        let browser = app.browser();
        assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
        Self {
            app,
            root,
            browser,
            android,
            plan,
        }
    }

    fn page(&self) -> String {
        format!("/applications/{}/plans/{}/send", self.android, self.plan)
    }

    async fn post(&self, to: &str, text: &str, ext: &str, form_key: &str) -> Answer {
        let (android, plan) = (self.android.to_string(), self.plan.to_string());
        let fields = [
            ("access_id", android.as_str()),
            ("plan", &plan),
            ("form_key", form_key),
            ("to", to),
            ("title", "Good news"),
            ("text", text),
            ("ext", ext),
        ];
        self.browser.post(&self.page(), "/ui/pushes/send", &fields).await
    }

    /// The message that an answer leads to.
    async fn trace(&self, answer: &Answer) -> MessageDetails {
        let place = answer.location();
        let plan = format!("/applications/{}/plans/{}/messages/", self.android, self.plan);
        let message: MessageId = place
            .strip_prefix(&plan)
            .unwrap_or_else(|| panic!("{place}"))
            .parse()
            .unwrap();
        let history = &self.app.server.services.backend.history;
        history
            .message(&self.root, self.android, self.plan, message)
            .await
            .unwrap()
    }

    async fn entries(&self) -> Vec<Entry> {
        let audit = &self.app.server.services.backend.audit;
        let records = audit.records(&self.root, &Query::default(), 50).await.unwrap().rows;
        let entries = records.into_iter().map(|record| record.entry);
        entries.filter(|entry| entry.deed == Deed::Push).collect()
    }
}

fn of<'a>(details: &'a MessageDetails, user: &str) -> Vec<&'a DeliveryView> {
    details
        .message
        .deliveries
        .iter()
        .filter(|one| one.user == user)
        .collect()
}

#[tokio::test]
async fn a_push_goes_to_the_devices_of_its_receivers_and_says_why_it_does_not_go_to_others() {
    let sender = Sender::start().await;
    let answer = sender
        .post("bob, alice\nnobody", "See page 1", "{\"page\":1}", "form-1")
        .await;
    let details = sender.trace(&answer).await;
    assert_eq!(
        (details.message.title.as_str(), details.message.preview.as_str()),
        ("Good news", "See page 1")
    );
    assert_eq!(details.message.receivers, 3);
    let bob = of(&details, "bob");
    // The world's Android application has no vendor channel: the decision says so, as for any other message.
    assert_eq!((bob.len(), bob[0].state), (1, DeliveryState::Skipped));
    assert_eq!(
        bob[0].device_token.as_deref(),
        Some(sender.app.report.devices[0].token.as_str())
    );
    assert_eq!(of(&details, "alice")[0].reason, Some(Reason::NoDevice));
    assert!(of(&details, "nobody")[0].device_token.is_none());
    // It is booked under the plan it was sent for, and nowhere else.
    let history = &sender.app.server.services.backend.history;
    let of_im = sender.app.report.authorisations[0].plan;
    let others = history
        .messages(&sender.root, sender.android, of_im, HistoryQuery::default())
        .await
        .unwrap();
    assert_eq!(others.total, 0);
    let page = sender.browser.get(answer.location()).await;
    assert!(
        page.text.contains("The push to 3 receiver(s) is on its way"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn a_form_that_is_posted_twice_sends_once_and_leaves_one_entry_without_the_text() {
    let sender = Sender::start().await;
    let first = sender.post("bob", "planted text", "", "form-1").await;
    sender.app.clock.advance_ms(5_000);
    let again = sender.post("bob", "planted text", "", "form-1").await;
    assert_eq!(first.location(), again.location());
    let other = sender.post("bob", "planted text", "", "form-2").await;
    assert_ne!(first.location(), other.location());
    let history = &sender.app.server.services.backend.history;
    let sent = history
        .messages(&sender.root, sender.android, sender.plan, HistoryQuery::default())
        .await
        .unwrap();
    assert_eq!(sent.total, 2);
    let entries = sender.entries().await;
    assert_eq!(entries.len(), 2);
    let entry = &entries[0];
    assert_eq!(entry.account_name, World::ROOT);
    assert_eq!(entry.object.as_ref().unwrap().name, "News");
    let told = format!("{entry:?}");
    assert!(
        told.contains("receivers") && !told.contains("planted") && !told.contains("bob"),
        "{told}"
    );
}

#[tokio::test]
async fn a_device_of_its_own_is_named_by_its_token_and_only_this_application_s_devices_are_meant() {
    let sender = Sender::start().await;
    let chat = &sender.app.report.im_applications[0];
    let bob = DeviceClient(ImClient::of(&sender.app, chat, "bob"));
    let register = |platform: &str, channel: &str, token: &str, identifier: &str| json!({ "platform": platform, "channel": channel, "vendor_token": token, "identifier": identifier });
    let (_, second) = bob
        .call("register", register("android", "fcm", "second", "com.example.chat"))
        .await;
    let apple = register("ios", "apns", &"ab".repeat(32), "com.example.homing");
    assert_eq!(bob.call("register", apple).await.0, 200);
    let second = second["token"].as_str().unwrap();
    let one = sender.trace(&sender.post(second, "hi", "", "form-1").await).await;
    let devices: Vec<_> = one
        .message
        .deliveries
        .iter()
        .map(|one| one.device_token.as_deref())
        .collect();
    assert_eq!(devices, [Some(second)]);
    // Named both ways, bob is meant with all devices that this application serves: not the iPhone.
    let both = sender
        .trace(&sender.post(&format!("bob {second}"), "hi", "", "form-2").await)
        .await;
    assert_eq!(of(&both, "bob").len(), 2);
    let unknown = sender.post(&"x".repeat(36), "hi", "", "form-3").await;
    assert_eq!(unknown.location(), sender.page());
    assert!(sender.entries().await.len() == 2, "what is refused is not sent");
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let sender = Sender::start().await;
    let refused = sender.post("bob", "A text worth keeping", "not json", "form-1").await;
    assert_eq!(
        (refused.status, refused.location()),
        (StatusCode::FOUND, sender.page().as_str())
    );
    let page = sender.browser.get(&sender.page()).await;
    for kept in [
        "A text worth keeping",
        "Good news",
        "not json",
        "Write JSON, such as",
        ">bob</textarea>",
    ] {
        assert!(page.text.contains(kept), "{kept}: {}", page.text);
    }
    assert!(sender.entries().await.is_empty());
}

/// Where a device acknowledges a message by its number, it is looked for under these (the store's tests see it found).
#[tokio::test]
async fn the_plans_of_an_application_are_known_to_the_doors_of_its_devices() {
    let sender = Sender::start().await;
    let directory = &sender.app.server.services.control.directory;
    let android = &sender.app.report.products[0].applications[0];
    let plans = || {
        let route = directory.of_application(android.id).unwrap().route.clone();
        let application = route.application(android.platform).unwrap();
        (application.plan, application.other_plans.clone())
    };
    assert_eq!(plans(), (sender.app.report.authorisations[0].plan, vec![sender.plan]));
    let backend = &sender.app.server.services.backend;
    backend
        .plans
        .delete(&sender.root, sender.android, sender.plan, "News")
        .await
        .unwrap();
    directory.refresh().await;
    assert_eq!(plans().1, vec![]);
}

#[tokio::test]
async fn nobody_sends_through_an_application_without_an_im_application() {
    let sender = Sender::start().await;
    let backend = &sender.app.server.services.backend;
    backend
        .authorisations
        .revoke(&sender.root, sender.app.report.authorisations[0].id)
        .await
        .unwrap();
    let refused = sender.post("bob", "hi", "", "form-1").await;
    assert_eq!(refused.location(), sender.page());
    let page = sender.browser.get(&sender.page()).await;
    assert!(
        page.text
            .contains("No IM application is authorised to this application"),
        "{}",
        page.text
    );
}
