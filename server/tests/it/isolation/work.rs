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
    atomic::{AtomicUsize, Ordering},
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
            let mut counted = Vec::new();
            // The first time counts for nothing: it may find something to note for the session.
            for from in [&theirs, &theirs, &nothing] {
                let ids = swapped(&own, from, 1 << number);
                let Some(call) = call_of(path, &ids) else { continue };
                counted.push(
                    statements
                        .of(ask(&world.app, &world.us.browser, path, &call, &ids))
                        .await,
                );
            }
            compare(&format!("{path} with the other's {name}"), &counted, wrong);
            most = most.max(counted.last().copied().unwrap_or_default());
        }
    }
    most
}

async fn the_pages(world: &Neighbours, statements: &Statements, wrong: &mut Vec<String>) {
    let (own, theirs, nothing) = (world.us.ids(), world.them.ids(), world.nothing());
    for (number, (name, _)) in SWAPS.iter().enumerate() {
        let [foreign, missing] = [&theirs, &nothing].map(|from| pages(&swapped(&own, from, 1 << number)));
        for (foreign, missing) in foreign
            .iter()
            .zip(&missing)
            .filter(|(foreign, missing)| foreign != missing)
        {
            let mut counted = Vec::new();
            for page in [foreign, foreign, missing] {
                counted.push(statements.of(world.us.browser.get(page)).await);
            }
            compare(&format!("{foreign} with the other's {name}"), &counted, wrong);
        }
    }
}

async fn the_doors(world: &Neighbours, statements: &Statements, wrong: &mut Vec<String>) {
    let us = ImClient::of(&world.app, world.us.im_application(), "administrator");
    let mallory = DeviceClient(ImClient::of(&world.app, world.us.im_application(), "mallory"));
    let (theirs, nothing) = (world.them.ids(), world.nothing());
    let mut counted: [Vec<usize>; 5] = Default::default();
    for (ids, user, device) in [
        (&theirs, world.them.user(), world.them.device()),
        (&theirs, world.them.user(), world.them.device()),
        (&nothing, world.nobody(), world.no_device()),
    ] {
        let stranger = ImClient {
            sdkappid: ids.im.clone(),
            ..us.clone()
        };
        let mut message = text_message(&user, 78);
        message["MsgTimeStamp"] = 2.into();
        let state = json!({ "token": device, "state": "background", "unread": 3 });
        let ack = json!({ "token": device, "message": ids.message, "kind": "reached" });
        let online = json!({ "To_Account": [user], "IsNeedDetail": 1 });
        counted[0].push(statements.of(stranger.call("openim/sendmsg", json!({}))).await);
        counted[1].push(statements.of(us.call("openim/query_online_status", online)).await);
        counted[2].push(statements.of(mallory.call("state", state)).await);
        counted[3].push(statements.of(mallory.call("ack", ack)).await);
        counted[4].push(statements.of(us.call("openim/sendmsg", message)).await);
    }
    // A message that was sent before is known again: the first two are not alike.
    counted[4].remove(1);
    for (door, counted) in ["a stranger", "users", "state", "ack", "a message"]
        .iter()
        .zip(&counted)
    {
        let last_two = &counted[counted.len() - 2..];
        if last_two[0] != last_two[1] {
            wrong.push(format!("{door}: {counted:?}"));
        }
    }
}

fn compare(what: &str, counted: &[usize], wrong: &mut Vec<String>) {
    if let [_, foreign, missing] = counted
        && foreign != missing
    {
        wrong.push(format!(
            "{what}: {foreign} statements, and {missing} for what nobody has"
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
        let own = statements
            .of(world
                .us
                .browser
                .get(&format!("/applications/{}", world.us.ids().android)))
            .await;
        assert!(own > 3, "nothing is counted");
        assert!(the_console(&world, &statements, &mut wrong).await > 0);
        the_pages(&world, &statements, &mut wrong).await;
        the_doors(&world, &statements, &mut wrong).await;
        assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    });
}
