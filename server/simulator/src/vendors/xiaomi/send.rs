//! `/v3/message/regid`: the secret, the form, the limits, the devices.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;

use super::codes;
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, Fields, Form, Kind, News, Settle, Told, fates, find_fault};
use crate::world::World;
use Kind::{OneOf, Text, Whole};

const TTL_MAX_MS: i64 = 10 * 86_400_000;
const DELAY_MAX_MS: i64 = 7 * 86_400_000;
const TARGETS_MAX: usize = 1000;

/// The fields outside `extra.`; everything is text in a form.
const FIELDS: Fields = &[
    ("payload", Text),
    ("restricted_package_name", Text),
    ("pass_through", OneOf(&["0", "1"])),
    ("title", Text),
    ("description", Text),
    ("notify_type", Whole(-1, 7)),
    ("time_to_live", Whole(0, TTL_MAX_MS)),
    ("time_to_send", Whole(0, i64::MAX)),
    ("notify_id", Whole(0, i32::MAX as i64)),
    ("registration_id", Text),
];

/// What `extra.` documents; other names are the sender's own, ten at most.
const EXTRAS: &[&str] = &[
    "channel_id",
    "notify_effect",
    "intent_uri",
    "web_uri",
    "notify_foreground",
    "ticker",
    "sound_uri",
    "flow_control",
    "jobkey",
    "only_send_once",
    "locale",
    "locale_not_in",
    "model",
    "model_not_in",
    "app_version",
    "app_version_not_in",
    "connpt",
    "callback",
    "callback.param",
    "callback.type",
];

/// Reads a send.
pub(super) fn read(world: &World, head: &Parts, body: &Bytes) -> Call {
    let form = Form::announced(&head.headers, body);
    let header = head
        .headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let secret = header
        .and_then(|header| header.strip_prefix("key="))
        .unwrap_or_default();
    let application = world
        .registry
        .application_where(Vendor::Xiaomi, |application| application.secret == secret);
    let listed = form.filled("registration_id").unwrap_or_default();
    let tokens: Arc<[String]> = listed
        .split(',')
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect();
    let own = Arc::clone(&tokens);
    Call {
        application: application.as_ref().map(|application| application.id.clone()),
        id: form.filled("extra.callback.param").map(str::to_owned),
        tokens,
        check: Box::new(move |world| {
            let application = application.ok_or_else(|| codes::coded(codes::AUTHENTICATION, None))?;
            check(world, application, form, own)
        }),
    }
}

fn check(world: &World, application: Arc<Application>, form: Form, tokens: Arc<[String]>) -> Result<Settle, Answer> {
    fields(&form)?;
    let now_ms = world.clock.now_ms();
    if form
        .get("time_to_send")
        .and_then(|at| at.parse::<i64>().ok())
        .is_some_and(|at| at > now_ms + DELAY_MAX_MS)
    {
        return Err(codes::coded(
            codes::ILLEGAL,
            Some("time_to_send is more than 7 days ahead"),
        ));
    }
    extras(&form)?;
    let packages = form.filled("restricted_package_name").unwrap_or_default();
    if !application.packages.is_empty()
        && !packages
            .split(',')
            .all(|name| application.packages.iter().any(|own| own == name))
    {
        return Err(codes::coded(codes::PACKAGE, None));
    }
    let channel = form.filled("extra.channel_id").unwrap_or_default();
    if !(channel.is_empty() || application.channels.is_empty() || application.channels.iter().any(|own| own == channel))
    {
        return Err(codes::coded(codes::CHANNEL, None));
    }
    match tokens.len() {
        0 => return Err(codes::coded(codes::MISSING, Some("registration_id is missing"))),
        count if count > TARGETS_MAX => {
            return Err(codes::coded(
                codes::ILLEGAL,
                Some("registration_id holds more than 1000"),
            ));
        }
        _ => {}
    }
    if !world.desk.ledger.second(&application, 1, now_ms) {
        return Err(codes::coded(codes::RATE, None));
    }
    let fates = fates(world, Vendor::Xiaomi, &application.id, &tokens);
    let good = fates.iter().filter(|fate| fate.is_taken()).count();
    // Bad ones are dropped without a word, unless there are no others.
    if good == 0 {
        return Err(codes::coded(codes::ALL_BAD, None));
    }
    let channel = channel.to_owned();
    let used = world
        .desk
        .ledger
        .day(&application, &channel, good as u64, now_ms)
        .map_err(|spent| {
            let text = format!("exceed quota, quota:{}, have acked:{}", spent.limit, spent.used);
            codes::coded(codes::QUOTA, Some(&text))
        })?;
    let limits = &application.limits.daily;
    let quota = limits
        .get(&channel)
        .or_else(|| limits.get("*"))
        .map(|limit| (*limit, used));
    Ok(Box::new(move |world| {
        settle(world, &application, &form, &tokens, &fates, quota)
    }))
}

fn fields(form: &Form) -> Result<(), Answer> {
    let mut plain = form.object();
    plain.retain(|name, _| !name.starts_with("extra."));
    if let Some(fault) = find_fault(&plain, FIELDS, true) {
        return Err(codes::coded(codes::ILLEGAL, Some(&fault.to_string())));
    }
    let missing = |name: &str| codes::coded(codes::MISSING, Some(&format!("{name} is missing")));
    form.filled("restricted_package_name")
        .ok_or_else(|| missing("restricted_package_name"))?;
    if form.get("pass_through") == Some("1") {
        return form.filled("payload").map(|_| ()).ok_or_else(|| missing("payload"));
    }
    for (name, limit) in [("title", 50), ("description", 128)] {
        let text = form.filled(name).ok_or_else(|| missing(name))?;
        // Shorter than the number, not at most the number.
        if text.encode_utf16().count() >= limit {
            return Err(codes::coded(codes::TOO_LONG, Some(&format!("{name} is too long"))));
        }
    }
    Ok(())
}

fn extras(form: &Form) -> Result<(), Answer> {
    let illegal = |why: &str| Err(codes::coded(codes::ILLEGAL, Some(why)));
    let get = |name: &str| form.filled(&format!("extra.{name}"));
    let own: Vec<(&str, &str)> = form
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("extra.")?, value)))
        .filter(|(name, _)| !EXTRAS.contains(name))
        .collect();
    if own.len() > 10 || own.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > 1024 {
        return illegal("more than 10 extras of one's own, or more than 1024 characters");
    }
    match get("notify_effect") {
        None | Some("1") => {}
        Some("2") if get("intent_uri").is_some() => {}
        Some("3") if get("web_uri").is_some() => {}
        Some(_) => return illegal("extra.notify_effect is none of 1, 2 with intent_uri, 3 with web_uri"),
    }
    if !matches!(get("notify_foreground"), None | Some("0" | "1")) {
        return illegal("extra.notify_foreground is neither 0 nor 1");
    }
    if get("jobkey").is_some_and(|key| key.len() > 20) {
        return illegal("extra.jobkey is longer than 20");
    }
    if get("callback.param").is_some_and(|param| param.len() > 256) {
        return Err(codes::coded(codes::PARAM_LONG, None));
    }
    if get("callback.type").is_some_and(|kind| kind.parse::<u8>().is_err()) {
        return illegal("extra.callback.type is no bit mask");
    }
    match get("callback") {
        Some(url) if url.len() > 256 => Err(codes::coded(codes::URL_LONG, None)),
        Some(url) if !url.starts_with("http") => Err(codes::coded(codes::URL_ILLEGAL, None)),
        _ => Ok(()),
    }
}

fn settle(
    world: &World,
    application: &Arc<Application>,
    form: &Form,
    tokens: &Arc<[String]>,
    fates: &[Fate],
    quota: Option<(u64, u64)>,
) -> Done {
    let id = format!("scm{}{}", world.clock.now_ms(), world.chance.hex16());
    let (ledger, now_ms) = (&world.desk.ledger, world.clock.now_ms());
    let class = form.filled("extra.channel_id").unwrap_or_default();
    let param = form.filled("extra.callback.param").unwrap_or_default();
    let names = (form.filled("extra.callback"), param, id.as_str());
    let told = Told::collect(world, application, names, tokens, |index| {
        Some(match &fates[index] {
            Fate::Living if !ledger.device(application, class, &tokens[index], now_ms) => News::TooOften,
            Fate::Living => News::Delivered,
            Fate::SwitchedOff => News::SwitchedOff,
            _ => News::Dead,
        })
    });
    let told = told.map(|told| Told {
        wanted: form.filled("extra.callback.type").and_then(|kind| kind.parse().ok()),
        ..told
    });
    Done {
        answer: codes::taken(&id, tokens.len(), quota),
        taken: if fates.iter().all(Fate::is_taken) {
            Taken::All
        } else {
            Taken::Some(fates.iter().map(Fate::is_taken).collect())
        },
        told: told.into_iter().collect(),
    }
}
