//! The stream of events, listened to by everybody, and compared with the table of topics.

use super::{PASSWORD, Somebody, Walk};
use crate::support::{ImClient, im::text_message, world::BUNDLE};
use axum::{
    body::{Body, BodyDataStream},
    http::{Method, StatusCode},
};
use domain::{
    PlanId,
    account::{Action, Grants, Preset},
};
use futures_util::StreamExt as _;
use serde_json::json;
use server::{
    cli::apply::{Report, apply},
    permissions::{Needs, TOPICS},
};
use std::{collections::BTreeSet, fs, path::Path, time::Duration};

/// Longer than an event takes on a slow machine.
const SOON: Duration = Duration::from_secs(30);

struct Listener {
    who: Somebody,
    stream: BodyDataStream,
    /// A plan that it may view in any case: once its news are told, those before them were told, or never will be.
    marker: PlanId,
    heard: BTreeSet<String>,
}

impl Listener {
    async fn open(walk: &Walk, who: Somebody, marker: PlanId) -> Self {
        let request = who.browser.request(Method::GET, "/events").body(Body::empty()).unwrap();
        let response = walk.app.ask(request).await;
        assert_eq!(response.status(), StatusCode::OK, "{}", who.name);
        let mut listener = Self {
            who,
            stream: response.into_body().into_data_stream(),
            marker,
            heard: BTreeSet::new(),
        };
        assert!(listener.next().await.contains("ready"));
        listener
    }

    async fn next(&mut self) -> String {
        let chunk = tokio::time::timeout(SOON, self.stream.next()).await;
        let chunk = chunk.unwrap_or_else(|_| panic!("{} hears nothing", self.who.name));
        String::from_utf8(chunk.unwrap().unwrap().to_vec()).unwrap()
    }

    /// Listens until the marker's news.
    async fn listen(&mut self) {
        let end = format!("data: {{\"topic\":\"plan:{}\"}}", self.marker);
        loop {
            let event = self.next().await;
            let event = event.trim().to_owned();
            let over = event == end;
            self.heard.insert(event);
            if over {
                return;
            }
        }
    }
}

/// A tenant with a product, an IM application and a user of its own.
async fn other_tenant(walk: &Walk) -> Report {
    let description = json!({
        "root": { "name": "listener", "password": PASSWORD },
        "products": [{ "name": "Messenger", "access_point": "ap-guangzhou", "applications": [
            { "platform": "android", "identifier": "com.example.other" },
        ]}],
        "im_applications": [{ "name": "Chat", "access_point": "ap-guangzhou" }],
        "authorisations": [{ "im_application": "Chat", "product": "Messenger", "platform": "android" }],
        "devices": [{
            "im_application": "Chat", "user": "bob", "platform": "android", "channel": "fcm",
            "identifier": "com.example.other", "vendor_token": "other-token",
        }],
    });
    let description = serde_json::from_value(description).unwrap();
    apply(&walk.app.server.services, &description, Path::new("."))
        .await
        .unwrap()
}

#[tokio::test]
async fn every_topic_is_told_to_those_whom_the_table_names() {
    let walk = Walk::start().await;
    let authorised = &walk.app.report.authorisations;
    let (asked, marker) = (authorised[0].plan, authorised[1].plan);
    let phone = json!({ "platform": "ios", "channel": "apns", "vendor_token": "ab".repeat(32), "identifier": BUNDLE });
    assert_eq!(walk.app.device("carol").call("register", phone).await.0, 200);
    let applications = &walk.app.report.products[0].applications;
    let (android, ios) = (applications[0].id, applications[1].id);
    let other = other_tenant(&walk).await;

    let nobody = walk.app.browser();
    assert_eq!(nobody.get("/events").await.status, StatusCode::UNAUTHORIZED);
    let grants =
        |actions: Vec<Action>, tenant: Vec<Action>| Grants::of([(android, actions), (ios, vec![Action::View])], tenant);
    let mut roles = vec![("nothing".to_owned(), grants(vec![], vec![]))];
    for preset in Preset::ALL {
        roles.push((preset.name().to_owned(), grants(preset.actions().to_vec(), vec![])));
    }
    for action in Action::all() {
        let on_application = Action::ON_APPLICATIONS.contains(&action);
        let (actions, tenant) = if on_application {
            (vec![action], vec![])
        } else {
            (vec![], vec![action])
        };
        roles.push((format!("only.{}", action.name()), grants(actions, tenant)));
    }
    let mut listeners = Vec::new();
    for (name, grants) in roles {
        let who = walk.somebody(&name, grants).await;
        listeners.push(Listener::open(&walk, who, marker).await);
    }
    let root = walk
        .signed_in(
            crate::support::World::ROOT,
            crate::support::World::PASSWORD,
            walk.root.account,
        )
        .await;
    listeners.push(Listener::open(&walk, root, marker).await);
    let stranger = walk.signed_in("listener", PASSWORD, other.root.id).await;
    listeners.push(Listener::open(&walk, stranger, other.authorisations[0].plan).await);

    let others_im = ImClient::of(&walk.app, &other.im_applications[0], "administrator");
    for round in 1..=2 {
        for (im, receiver) in [(&walk.app.im(), "bob"), (&walk.app.im(), "carol"), (&others_im, "bob")] {
            let random = round * 10 + u32::from(receiver == "carol");
            let sent = im.call("openim/sendmsg", text_message(receiver, random)).await;
            assert_eq!(sent["ActionStatus"], "OK", "{sent}");
        }
        for listener in &mut listeners {
            listener.listen().await;
        }
    }

    let [("plan:{plan}", Needs::Of(_, action))] = TOPICS else {
        panic!("a topic without a test: {TOPICS:?}");
    };
    for listener in &listeners {
        let who = &listener.who;
        let may = !who.foreign && who.actor.as_ref().is_some_and(|actor| actor.may_on(*action, android));
        let told = listener
            .heard
            .contains(&format!("data: {{\"topic\":\"plan:{asked}\"}}"));
        assert_eq!(told, may, "{}: {:?}", who.name, listener.heard);
        let most = if may { 2 } else { 1 };
        assert!(listener.heard.len() <= most, "{} hears {:?}", who.name, listener.heard);
    }
}

#[test]
fn every_topic_has_a_row() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/events.rs");
    let source = fs::read_to_string(source).unwrap();
    let told = source.split("\\\"topic\\\":\\\"").skip(1);
    let told: BTreeSet<String> = told
        .filter_map(|rest| Some(rest.split_once("\\\"")?.0.to_owned()))
        .collect();
    let ruled: BTreeSet<String> = TOPICS.iter().map(|(topic, _)| (*topic).to_owned()).collect();
    assert_eq!(told, ruled);
}
