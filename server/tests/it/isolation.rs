//! Two tenants on one server: nothing of the other can be learnt or touched, by any address, call, search or count.
//!
//! What the other tenant has is made at random. Everything that can be asked is asked once about the other's things and
//! once about things that do not exist; the answers have to be the same, and nobody's things may have changed.

mod descriptions;
mod neighbours;
mod work;

use crate::{
    permissions::{
        ask,
        calls::{Call, Ids, call_of},
    },
    support::{Answer, ImClient, im::text_message},
};
use axum::http::Method;
use neighbours::{Neighbours, Tenant, drawn};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use server::permissions::RULES;
use std::collections::BTreeMap;

/// Takes a thing's numbers out of one set of them into another.
type Swap = (&'static str, fn(&mut Ids, &Ids));

const SWAPS: &[Swap] = &[
    ("product", |to, from| to.product.clone_from(&from.product)),
    ("application", |to, from| {
        to.android.clone_from(&from.android);
        to.application = from.application;
    }),
    ("certificate's application", |to, from| {
        to.ios.clone_from(&from.ios);
        to.ios_application = from.ios_application;
    }),
    ("IM application", |to, from| to.im.clone_from(&from.im)),
    ("plan", |to, from| to.plan.clone_from(&from.plan)),
    ("message", |to, from| to.message.clone_from(&from.message)),
    ("device", |to, from| to.device.clone_from(&from.device)),
    ("authorisation", |to, from| {
        to.authorisation.clone_from(&from.authorisation);
    }),
    ("sub-account", |to, from| to.sub_account.clone_from(&from.sub_account)),
    ("package", |to, from| to.package.clone_from(&from.package)),
    ("API key", |to, from| to.api_key.clone_from(&from.api_key)),
    ("webhook", |to, from| to.webhook.clone_from(&from.webhook)),
    ("recipient of alarms", |to, from| {
        to.recipient.clone_from(&from.recipient);
    }),
    ("alarm of the server", |to, from| {
        to.server_alarm.clone_from(&from.server_alarm);
    }),
];

/// A set with those swaps made whose bit is set.
fn swapped(own: &Ids, from: &Ids, which: usize) -> Ids {
    let mut ids = own.clone();
    for (number, (_, swap)) in SWAPS.iter().enumerate() {
        if which & (1 << number) != 0 {
            swap(&mut ids, from);
        }
    }
    ids
}

fn placeholders(path: &str, ids: &Ids) -> String {
    let application = if path.ends_with("/certificates") {
        &ids.ios
    } else {
        &ids.android
    };
    path.replace("{access_id}", application)
        .replace("{package}", &ids.package)
        .replace("{sdk_app_id}", &ids.im)
        .replace("{recipient}", &ids.recipient)
}

fn sent(path: &str, call: &Call, ids: &Ids) -> String {
    format!("{} {:?}", placeholders(path, ids), call.fields)
}

/// The swaps that make a difference to a call.
fn relevant(path: &str, own: &Ids, theirs: &Ids) -> usize {
    let of = |ids: &Ids| call_of(path, ids).map(|call| sent(path, &call, ids));
    let as_own = of(own);
    let differs = |number: &usize| of(&swapped(own, theirs, 1 << number)) != as_own;
    (0..SWAPS.len()).filter(differs).map(|number| 1 << number).sum()
}

/// An answer with the numbers asked about, and what is drawn for every answer, taken out.
fn told(answer: &Answer, ids: &Ids) -> (u16, String, String) {
    let numbers = [
        &ids.product,
        &ids.android,
        &ids.application.to_string(),
        &ids.ios,
        &ids.ios_application.to_string(),
        &ids.im,
        &ids.plan,
        &ids.message,
        &ids.device,
        &ids.authorisation,
        &ids.sub_account,
        &ids.package,
    ];
    let plain = |text: &str| {
        numbers
            .iter()
            .fold(text.to_owned(), |text, number| text.replace(number.as_str(), "#"))
    };
    (
        answer.status.as_u16(),
        plain(answer.location()),
        plain(content(&answer.text)),
    )
}

/// What stands on a page; around it are a nonce, the time, and what is always there. Other answers count as a whole.
fn content(text: &str) -> &str {
    let main = text
        .split_once("<main")
        .and_then(|(_, rest)| rest.split_once("</main>"));
    main.map_or(text, |(main, _)| main)
}

/// Every call of the console with the other's numbers, in every mixture with our own, against numbers of nothing.
async fn the_console_tells_nothing(world: &Neighbours, wrong: &mut Vec<String>) {
    let (us, theirs, nothing) = (&world.us, world.them.ids(), world.nothing());
    for (path, _) in RULES {
        let own = us.ids();
        let which = relevant(path, &own, &theirs);
        for mixture in (1..1 << SWAPS.len()).filter(|mixture| mixture & !which == 0) {
            let (foreign, missing) = (swapped(&own, &theirs, mixture), swapped(&own, &nothing, mixture));
            let (Some(asked), Some(control)) = (call_of(path, &foreign), call_of(path, &missing)) else {
                continue;
            };
            // The number in the address alone: our own authorisation would be taken back, by the first of the two.
            if *path == "/ui/authorisations/revoke" && foreign.authorisation == own.authorisation {
                continue;
            }
            let answer = ask(&world.app, &us.browser, path, &asked, &foreign).await;
            let control = ask(&world.app, &us.browser, path, &control, &missing).await;
            let (answer, control) = (told(&answer, &foreign), told(&control, &missing));
            if answer != control {
                let named = SWAPS
                    .iter()
                    .enumerate()
                    .filter(|(number, _)| mixture & (1 << number) != 0);
                let named: Vec<_> = named.map(|(_, (name, _))| *name).collect();
                wrong.push(format!(
                    "{path} with the other's {}:\n  {answer:?}\n  {control:?}",
                    named.join(" and ")
                ));
            }
        }
    }
}

/// What a tenant sees: every answer to a question about its own things.
async fn seen(world: &Neighbours, tenant: &Tenant) -> BTreeMap<&'static str, String> {
    let ids = tenant.ids();
    let mut seen = BTreeMap::new();
    for (path, _) in RULES {
        let Some(call) = call_of(path, &ids).filter(|call| call.method == Method::GET && *path != "/events") else {
            continue;
        };
        let answer = ask(&world.app, &tenant.browser, path, &call, &ids).await;
        seen.insert(*path, format!("{} {}", answer.status, content(&answer.text)));
    }
    // A fresh key is drawn for every form, and a fresh challenge for every passkey.
    seen.retain(|path, _| !path.ends_with("/new") && *path != "/ui/passkeys/ask");
    seen
}

fn differences(who: &str, before: &BTreeMap<&str, String>, after: &BTreeMap<&str, String>, wrong: &mut Vec<String>) {
    for (path, then) in before {
        if after.get(path) != Some(then) {
            wrong.push(format!(
                "{who} see something else at {path}:\n  {then}\n  {:?}",
                after.get(path)
            ));
        }
    }
}

/// Names: what the other has is found by no search, and is free for us.
async fn names_tell_nothing(world: &Neighbours, wrong: &mut Vec<String>) {
    let ids = world.us.ids();
    for (known, free) in world.them.names() {
        let search = |name: &str| Call {
            method: Method::GET,
            fields: vec![
                ("query[search]", name.to_owned()),
                ("query[sort]", "newest".into()),
                ("query[page][number]", "1".into()),
                ("query[page][size]", "20".into()),
            ],
        };
        let mut found = Vec::new();
        for name in [&known, &free] {
            let answer = ask(&world.app, &world.us.browser, "/ui/products/list", &search(name), &ids).await;
            found.push((answer.status, answer.text.replace(name, "#")));
        }
        if found[0] != found[1] {
            wrong.push(format!("the search for {known}: {found:?}"));
        }
        for path in ["/ui/products/create", "/ui/im-applications/create"] {
            let mut made = Vec::new();
            for name in [&known, &free] {
                let fields = vec![
                    ("name", name.clone()),
                    ("category", "social".into()),
                    ("access_point", "ap-guangzhou".into()),
                    ("platforms", "android".into()),
                    ("form_key", drawn(name)),
                ];
                let call = Call {
                    method: Method::POST,
                    fields,
                };
                let answer = ask(&world.app, &world.us.browser, path, &call, &ids).await;
                made.push(answer.status);
            }
            if made[0] != made[1] {
                wrong.push(format!("{path} with the other's name {known}: {made:?}"));
            }
        }
    }
    for (known, free) in world.them.account_names() {
        for path in ["/ui/sub-accounts/create", "/ui/sub-accounts/change"] {
            let mut made = Vec::new();
            for name in [&known, &free] {
                let fields = vec![
                    ("account", ids.sub_account.clone()),
                    ("name", name.clone()),
                    ("password", "a kettle sings at noon".to_owned()),
                ];
                let call = Call {
                    method: Method::POST,
                    fields,
                };
                let answer = ask(&world.app, &world.us.browser, path, &call, &ids).await;
                made.push((
                    answer.status,
                    answer.text.replace(name, "#"),
                    answer.location().to_owned(),
                ));
            }
            if made[0] != made[1] {
                wrong.push(format!("{path} with the other's account name {known}: {made:?}"));
            }
        }
    }
}

/// IM REST and the device API: the other's IM application, users and devices against what does not exist.
async fn the_doors_tell_nothing(world: &Neighbours, wrong: &mut Vec<String>) {
    let us = ImClient::of(&world.app, world.us.im_application(), "administrator");
    let (theirs, nothing) = (world.them.ids(), world.nothing());
    let mut answers = Vec::new();
    for (sdkappid, user, device, message_number) in [
        (&theirs.im, world.them.user(), world.them.device(), &theirs.message),
        (&nothing.im, world.nobody(), world.no_device(), &nothing.message),
    ] {
        let stranger = ImClient {
            sdkappid: sdkappid.clone(),
            ..us.clone()
        };
        let mut told = Vec::new();
        for command in [
            "openim/sendmsg",
            "openim/batchsendmsg",
            "im_open_login_svc/account_import",
        ] {
            told.push(stranger.call(command, json!({})).await);
        }
        let mut message = text_message(&user, 77);
        message["MsgTimeStamp"] = 1.into();
        let online = json!({ "To_Account": [user], "IsNeedDetail": 1 });
        told.push(us.call("openim/sendmsg", message).await);
        told.push(us.call("openim/query_online_status", online).await);
        let trace = json!({ "PushID": message_number });
        told.push(us.call("timpush/normal_push_trace", trace).await);
        let client = crate::support::DeviceClient(ImClient::of(&world.app, world.us.im_application(), "mallory"));
        for (call, body) in [
            ("state", json!({ "token": device, "state": "background", "unread": 3 })),
            (
                "ack",
                json!({ "token": device, "message": theirs.message, "kind": "reached" }),
            ),
            ("ack", json!({ "token": device, "delivery": "1", "kind": "clicked" })),
        ] {
            let (status, answer) = client.call(call, body).await;
            told.push(json!({ "status": status, "answer": answer }));
        }
        let stranger = crate::support::DeviceClient(ImClient {
            identifier: "mallory".into(),
            ..stranger
        });
        let (status, answer) = stranger
            .call("state", json!({ "token": device, "state": "background" }))
            .await;
        told.push(json!({ "status": status, "answer": answer }));
        let plain = |answer: Value| answer.to_string().replace(sdkappid.as_str(), "#").replace(&user, "#");
        answers.push(told.into_iter().map(plain).collect::<Vec<_>>());
    }
    for (theirs, nothing) in answers[0].iter().zip(&answers[1]) {
        if theirs != nothing {
            wrong.push(format!("a door:\n  {theirs}\n  {nothing}"));
        }
    }
}

async fn hold(draw: u64) -> Result<(), String> {
    let world = Neighbours::start(draw).await;
    let mut wrong = Vec::new();
    let (ours, theirs) = (seen(&world, &world.us).await, seen(&world, &world.them).await);
    the_console_tells_nothing(&world, &mut wrong).await;
    the_doors_tell_nothing(&world, &mut wrong).await;
    descriptions::tell_nothing(&world, &mut wrong).await;
    world.report_on_the_others_messages().await;
    world.take_the_others_token().await;
    differences("they", &theirs, &seen(&world, &world.them).await, &mut wrong);
    let after_us = seen(&world, &world.us).await;
    world.them_at_work().await;
    differences("we", &after_us, &seen(&world, &world.us).await, &mut wrong);
    assert!(ours.len() > 20, "nothing was asked");
    names_tell_nothing(&world, &mut wrong).await;
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{} leaks:\n{}", wrong.len(), wrong.join("\n")))
    }
}

#[test]
fn nothing_of_another_tenant_can_be_learnt_or_touched() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: 3,
        failure_persistence: None,
        // A smaller number is no simpler a world.
        max_shrink_iters: 0,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&any::<u64>(), |draw| {
        runtime.block_on(hold(draw)).map_err(TestCaseError::fail)
    });
    if let Err(fault) = outcome {
        panic!("{fault}");
    }
}

/// Something to hold against: a number of ours in the place of the other's is answered otherwise.
#[test]
fn the_comparison_sees_a_difference() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let world = Neighbours::start(1).await;
        let (own, missing) = (world.us.ids(), world.nothing());
        for path in ["/ui/applications/get", "/ui/products/get", "/ui/plans/message"] {
            let (call, control) = (call_of(path, &own).unwrap(), call_of(path, &missing).unwrap());
            let answer = ask(&world.app, &world.us.browser, path, &call, &own).await;
            let control = ask(&world.app, &world.us.browser, path, &control, &missing).await;
            assert_ne!(told(&answer, &own), told(&control, &missing), "{path}");
        }
    });
}

/// A number that counted would tell each tenant how much the others made since its last one.
#[test]
fn numbers_do_not_count() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let world = Neighbours::start(2).await;
        for ids in [world.us.ids(), world.them.ids()] {
            let numbers = [
                &ids.product,
                &ids.application.to_string(),
                &ids.plan,
                &ids.authorisation,
                &ids.sub_account,
                &ids.package,
            ];
            for number in numbers {
                let number: i64 = number.parse().unwrap();
                assert!((1 << 40..1 << 53).contains(&number), "{number}");
            }
        }
    });
}
