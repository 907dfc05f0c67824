//! The doors that are not the console's, called by everybody, and compared with their table. A route without a row fails.

use crate::{
    provisioning::key_of,
    support::{ImClient, TestApp, World, im::ticket, world::vendor_cards},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use domain::{Secret, api_key::Scope, channel::Channel, time::Clock};
use serde_json::Value;
use server::{
    cli::apply::apply,
    permissions::{Caller, DOORS, RULES},
    rest::im::{
        commands,
        usersig::{Expected, sign},
    },
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Somebody who calls.
struct Knocker {
    name: &'static str,
    sdkappid: String,
    identifier: &'static str,
    usersig: String,
    cookie: String,
    /// An API key.
    key: String,
    /// What they have proved.
    proves: &'static [Caller],
}

async fn everybody(app: &TestApp) -> Vec<Knocker> {
    let [chat, elsewhere, closed] = &app.report.im_applications[..] else {
        panic!("the world has three IM applications");
    };
    let now = app.clock.as_ref();
    let signed =
        |of: &server::cli::apply::report::ImApplication, user: &str| ticket(of.sdk_app_id, &of.key, user, now, 3600);
    let key = Secret::new(&chat.key);
    let expired = Expected {
        sdk_app_id: chat.sdk_app_id,
        identifier: "administrator",
        key: &key,
    };
    let expired = sign(expired, now.now().plus_secs(-7200), 3600).unwrap();
    let forged = ticket(chat.sdk_app_id, "another key", "administrator", now, 3600);
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let cookie = browser.cookies().into_iter();
    let cookie: Vec<_> = cookie.map(|(name, value)| format!("{name}={value}")).collect();
    let knocker = |name, identifier, usersig: &str, proves| Knocker {
        name,
        sdkappid: chat.sdk_app_id.to_string(),
        identifier,
        usersig: usersig.to_owned(),
        cookie: String::new(),
        key: String::new(),
        proves,
    };
    let provisions = key_of(app, app.report.root.id, Scope::Provision).await;
    let imports = key_of(app, app.report.root.id, Scope::ManageUsers).await;
    vec![
        knocker("nobody", "", "", &[]),
        knocker("a name alone", "administrator", "", &[]),
        knocker("a made-up ticket", "administrator", "eJwAAA__", &[]),
        knocker("a forged ticket", "administrator", &forged, &[]),
        knocker("an expired ticket", "administrator", &expired, &[]),
        knocker("another's ticket", "administrator", &signed(chat, "bob"), &[]),
        knocker(
            "another application's ticket",
            "administrator",
            &signed(elsewhere, "administrator"),
            &[],
        ),
        Knocker {
            sdkappid: elsewhere.sdk_app_id.to_string(),
            ..knocker(
                "an application that is not served here",
                "administrator",
                &signed(elsewhere, "administrator"),
                &[],
            )
        },
        Knocker {
            sdkappid: closed.sdk_app_id.to_string(),
            ..knocker(
                "a disabled application",
                "administrator",
                &signed(closed, "administrator"),
                &[],
            )
        },
        Knocker {
            cookie: cookie.join("; "),
            ..knocker("the console's root", "", "", &[])
        },
        Knocker {
            key: format!("Bearer {}", provisions.reveal()),
            ..knocker("a program that provisions", "", "", &[Caller::Provisioner])
        },
        Knocker {
            // What a key for users may call is seen in api_keys.rs; of the other doors none opens.
            sdkappid: elsewhere.sdk_app_id.to_string(),
            key: format!("Bearer {}", imports.reveal()),
            ..knocker("a program with another scope", "", "", &[])
        },
        Knocker {
            key: format!("Bearer hmk_1_{}", "A".repeat(43)),
            ..knocker("a program with a made-up key", "", "", &[])
        },
        knocker("a user", "bob", &signed(chat, "bob"), &[Caller::User]),
        knocker(
            "an administrator",
            "administrator",
            &signed(chat, "administrator"),
            &[Caller::User, Caller::Administrator],
        ),
    ]
}

/// Whether the call was let in; what it then makes of an empty body is its own business.
async fn let_in(app: &TestApp, who: &Knocker, method: &str, path: &str) -> bool {
    let credentials = ImClient {
        app,
        sdkappid: who.sdkappid.clone(),
        identifier: who.identifier.to_owned(),
        usersig: who.usersig.clone(),
    };
    let request = Request::builder()
        .method(method)
        .uri(format!("{path}?{}", credentials.query()))
        .header(header::COOKIE, &who.cookie)
        .body(Body::from("{}"))
        .unwrap();
    let mut request = request;
    if !who.key.is_empty() {
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, who.key.parse().unwrap());
    }
    let response = app.ask(request).await;
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let frame: Value = serde_json::from_slice(&body).unwrap_or_default();
    if path.starts_with("/v4/") {
        let code = frame["ErrorCode"].as_u64().unwrap();
        let at_the_door = matches!(
            code,
            60002 | 60004 | 60006 | 60010 | 60012 | 60016 | 60017 | 70001..=70050 | 90009
        );
        assert_ne!(code, 60009, "{path} is not known");
        return !at_the_door;
    }
    assert!(status < 500, "{path}: {status}");
    !matches!(status, 401 | 403 | 404 | 409)
}

#[tokio::test]
async fn every_door_lets_in_whom_the_table_names() {
    // Here nobody guesses: each wrong ticket is told what is wrong with it.
    let app = TestApp::with(|settings| settings.limits.wrong_tickets_per_min = 100_000).await;
    apply(&app.server.services, &vendor_cards(), Path::new("."))
        .await
        .unwrap();
    let backend = &app.server.services.backend;
    let root = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    let android = app.report.products[0].applications[0].access_id;
    let config = backend.basic_configs.get(&root, android).await.unwrap();
    let mut wrong = Vec::new();
    for who in everybody(&app).await {
        for (method, path, caller) in DOORS {
            if *caller != Caller::Address {
                let expected = *caller == Caller::Anybody || who.proves.contains(caller);
                if let_in(&app, &who, method, path).await != expected {
                    wrong.push(format!("{method} {path} as {}: expected {expected}", who.name));
                }
                continue;
            }
            for card in config.channels.iter().filter(|card| card.channel.has_receipts()) {
                let right = card.receipts.as_ref().unwrap().address.clone();
                let right = right.split_once("/receipts/").unwrap().1;
                let secret = right.split_once('/').unwrap().1;
                let other = if card.channel == Channel::Oppo { "vivo" } else { "oppo" };
                let guesses = [
                    (format!("/receipts/{right}"), true),
                    (format!("/receipts/{}/{}", card.channel.name(), "A".repeat(43)), false),
                    (format!("/receipts/{other}/{secret}"), false),
                    (format!("/receipts/fcm/{secret}"), false),
                ];
                for (guess, expected) in guesses {
                    if let_in(&app, &who, method, &guess).await != expected {
                        wrong.push(format!("{method} {path} ({}) as {}", card.channel.name(), who.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against the table:\n{}", wrong.join("\n"));
}

/// Routes as they stand in the sources: what a router was given cannot be read back from it.
fn routes(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            routes(&path, found);
        } else {
            let source = fs::read_to_string(&path).unwrap();
            for rest in source.split(".route(").skip(1) {
                let literal = rest.trim_start().strip_prefix('"');
                let literal =
                    literal.unwrap_or_else(|| panic!("{}: a route without its path beside it", path.display()));
                found.insert(literal.split_once('"').unwrap().0.to_owned());
            }
        }
    }
}

#[test]
fn every_route_and_command_has_a_row() {
    let mut found = BTreeSet::new();
    for folder in ["src/rest", "src/web"] {
        routes(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    assert!(found.len() > 10, "the routes were not found: {found:?}");
    // The commands behind it have the rows; what is not there.
    for without in ["/v4/{*command}", "/device/{*path}", "/provisioning/{*path}"] {
        assert!(found.remove(without), "{without} is gone");
    }
    found.extend(commands().map(|command| format!("/v4/{command}")));
    let ruled = RULES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| !path.starts_with("/ui/"));
    let ruled: BTreeSet<String> = ruled
        .chain(DOORS.iter().map(|(_, path, _)| *path))
        .map(str::to_owned)
        .collect();
    assert_eq!(found, ruled, "server/src/permissions.rs and the routes differ");
}

#[test]
fn the_openapi_description_names_every_door_and_no_other() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api/openapi.json");
    let document: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
        described.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    let ruled = DOORS
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()));
    assert_eq!(described, ruled.collect());
}
