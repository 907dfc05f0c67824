//! The work that an answer costs must not tell more than the answer: a question about another tenant's thing takes as many
//! statements of the database as one about a thing that nobody has. Statements are counted, not seconds: they are what an
//! answer's time is made of, and their number is the same on every machine.

use super::{Neighbours, SWAPS, relevant, swapped};
use crate::{
    permissions::{
        ask,
        calls::{Ids, call_of},
    },
    support::{DeviceClient, ImClient, im::text_message},
};
use serde_json::json;
use server::permissions::RULES;
use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicUsize, Ordering},
};
use tracing::{Subscriber, span};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    util::SubscriberInitExt,
};

/// What the database is asked by, inside a transaction and outside; each makes a span.
const STATEMENTS: [&str; 5] = [
    "execute_raw",
    "execute_unprepared",
    "query_one_raw",
    "query_all_raw",
    "stream_raw",
];

/// Counts statements of the thread that it is set for.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, _: &span::Id, _: Context<'_, S>) {
        let metadata = attributes.metadata();
        if metadata.target().starts_with("sea_orm::database") && STATEMENTS.contains(&metadata.name()) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Statements {
    async fn of<T>(&self, asked: impl Future<Output = T>) -> usize {
        let before = self.0.load(Ordering::Relaxed);
        asked.await;
        self.0.load(Ordering::Relaxed) - before
    }
}

/// Pages, by addresses with our numbers, another's, or those of nothing.
fn pages(ids: &Ids) -> Vec<String> {
    let app = format!("/applications/{}", ids.android);
    vec![
        format!("{app}/basic-config/channels/fcm"),
        format!("{app}/plans/{}", ids.plan),
        format!("{app}/plans/{}/send", ids.plan),
        format!("{app}/plans/{}/messages/{}", ids.plan, ids.message),
        format!("{app}/troubleshooting/devices/{}", ids.device),
        format!("{app}/basic-config/packages/{}/channels/fcm", ids.package),
        app,
        format!("/products/{}/edit", ids.product),
        format!("/products/{}/authorisation/{}/revoke", ids.product, ids.authorisation),
        format!("/im-applications/{}", ids.im),
        format!("/sub-accounts/{}", ids.sub_account),
        format!("/api-keys/{}/revoke", ids.api_key),
        format!("/audit?application={}", ids.android),
    ]
}

/// The least of several goes: beside them the log of a database may be folded in, which asks the database as well. What the
/// first go costs more (something noted for a session) is no part of it either.
#[derive(Clone, Copy)]
struct Cost {
    theirs: usize,
    nothing: usize,
}

const GOES: usize = 2;
/// How often it is gone on while the two differ: what happens beside only ever adds statements.
const MOST_GOES: usize = 30;

impl Statements {
    async fn compared<'a, T, F: Future<Output = T> + 'a>(&self, of: impl Fn(bool) -> F) -> Cost {
        let mut cost = Cost {
            theirs: usize::MAX,
            nothing: usize::MAX,
        };
        for go in 0..MOST_GOES {
            cost.theirs = cost.theirs.min(self.of(of(true)).await);
            cost.nothing = cost.nothing.min(self.of(of(false)).await);
            if go + 1 >= GOES && cost.theirs == cost.nothing {
                break;
            }
        }
        cost
    }
}

async fn the_console(world: &Neighbours, statements: &Statements, wrong: &mut Vec<String>) -> usize {
    let (own, theirs, nothing) = (world.us.ids(), world.them.ids(), world.nothing());
    let mut most = 0;
    for (path, _) in RULES.iter().filter(|(path, _)| *path != "/events") {
        let which = relevant(path, &own, &theirs);
        for (number, (name, _)) in SWAPS
            .iter()
            .enumerate()
            .filter(|(number, _)| which & (1 << number) != 0)
        {
            let sets = [&theirs, &nothing].map(|from| swapped(&own, from, 1 << number));
            let calls = sets.each_ref().map(|ids| call_of(path, ids).unwrap());
            let cost = statements
                .compared(|foreign| {
                    let at = usize::from(!foreign);
                    ask(&world.app, &world.us.browser, path, &calls[at], &sets[at])
                })
                .await;
            compare(&format!("{path} with the other's {name}"), cost, wrong);
            most = most.max(cost.nothing);
        }
    }
    most
}

async fn the_pages(world: &Neighbours, statements: &Statements, wrong: &mut Vec<String>) {
    let (own, theirs, nothing) = (world.us.ids(), world.them.ids(), world.nothing());
    for (number, (name, _)) in SWAPS.iter().enumerate() {
        let [foreign, missing] = [&theirs, &nothing].map(|from| pages(&swapped(&own, from, 1 << number)));
        for (theirs, nothing) in foreign
            .iter()
            .zip(&missing)
            .filter(|(theirs, nothing)| theirs != nothing)
        {
            let browser = &world.us.browser;
            let cost = statements
                .compared(|foreign| browser.get(if foreign { theirs } else { nothing }))
                .await;
            compare(&format!("{theirs} with the other's {name}"), cost, wrong);
        }
    }
}

async fn the_doors(world: &Neighbours, statements: &Statements, wrong: &mut Vec<String>) {
    let us = ImClient::of(&world.app, world.us.im_application(), "administrator");
    let mallory = DeviceClient(ImClient::of(&world.app, world.us.im_application(), "mallory"));
    let sets = [
        (world.them.ids(), world.them.user(), world.them.device()),
        (world.nothing(), world.nobody(), world.no_device()),
    ];
    let of = |foreign: bool| &sets[usize::from(!foreign)];
    let stranger = |foreign| {
        let client = ImClient {
            sdkappid: of(foreign).0.im.clone(),
            ..us.clone()
        };
        async move { client.call("openim/sendmsg", json!({})).await }
    };
    compare("a stranger", statements.compared(stranger).await, wrong);
    let online = |foreign| us.call("openim/query_online_status", json!({ "To_Account": [of(foreign).1] }));
    compare("users", statements.compared(online).await, wrong);
    let trace = |foreign| us.call("timpush/normal_push_trace", json!({ "PushID": of(foreign).0.message }));
    compare("a trace", statements.compared(trace).await, wrong);
    let state = |foreign| mallory.call("state", json!({ "token": of(foreign).2, "state": "background" }));
    compare("a state", statements.compared(state).await, wrong);
    let ack = |foreign| {
        let (ids, _, device) = of(foreign);
        mallory.call(
            "ack",
            json!({ "token": device, "message": ids.message, "kind": "reached" }),
        )
    };
    compare("an acknowledgement", statements.compared(ack).await, wrong);
    let random = AtomicU32::new(1000);
    let message = |foreign: bool| {
        // One that was not sent before.
        let body = text_message(&of(foreign).1, random.fetch_add(1, Ordering::Relaxed));
        us.call("openim/sendmsg", body)
    };
    compare("a message", statements.compared(message).await, wrong);
}

fn compare(what: &str, cost: Cost, wrong: &mut Vec<String>) {
    let Cost { theirs, nothing } = cost;
    if theirs != nothing {
        wrong.push(format!(
            "{what}: {theirs} statements, and {nothing} for what nobody has"
        ));
    }
}

#[test]
fn asking_about_another_tenant_s_thing_costs_what_asking_about_nothing_costs() {
    let statements = Statements::default();
    // On one thread, so that all that is done for a question is counted with it.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _counting = tracing_subscriber::registry().with(statements.clone()).set_default();
    runtime.block_on(async {
        let world = Neighbours::start(5).await;
        let mut wrong = Vec::new();
        let application = |android: &str| format!("/applications/{android}");
        let (own, nothing) = (
            application(&world.us.ids().android),
            application(&world.nothing().android),
        );
        let page = |own_one: bool| world.us.browser.get(if own_one { &own } else { &nothing });
        let Cost { theirs: own, nothing } = statements.compared(page).await;
        assert!(own > 3, "nothing is counted");
        assert!(nothing < own, "what is there costs more, and this is seen");
        assert!(the_console(&world, &statements, &mut wrong).await > 0);
        the_pages(&world, &statements, &mut wrong).await;
        the_doors(&world, &statements, &mut wrong).await;
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    });
}
