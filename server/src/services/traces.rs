//! Troubleshooting: what is known about a complaint, and what a message sent now would come to.

use super::{directory::Directory, history::hide_texts, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, PlanId, Problem, Result, SdkAppId, Timestamp,
    account::{Action, Actor},
    decision::{ApplicationRoute, MessageFacts, Route, decide, decide_without_device, explain},
    field::FieldFault,
    plan::MessageDetails,
    ports::Traces,
    problem::What,
    product::{ApplicationView, Platform},
    time::Clock,
    trace::{DeviceTrace, MAX_CLUE, Now, Trace, TracedDevice},
};
use std::{collections::BTreeSet, fmt, sync::Arc};
use store::{
    control::Control,
    plane::{KnownDevice, Scope},
};

/// Characters of a vendor token that are shown.
const TOKEN_END: usize = 8;
/// A message with a text, for everybody.
const ORDINARY: MessageFacts = MessageFacts {
    push_disabled: false,
    online_only: false,
    text_empty: false,
};

/// Troubleshooting over control plane and data planes.
pub struct TraceService {
    control: Control,
    directory: Arc<Directory>,
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for TraceService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TraceService")
    }
}

impl TraceService {
    /// Over this control plane's applications.
    pub fn new(control: Control, directory: Arc<Directory>, planes: Arc<Planes>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            planes,
            clock,
        }
    }

    /// The route of the IM application behind an application, and of it the part through that application only.
    fn route(&self, application: &ApplicationView) -> Option<Route> {
        let entry = self.directory.of_application(application.id)?;
        let own = |route: &&ApplicationRoute| route.application == application.id;
        Some(Route {
            applications: entry.route.applications.iter().filter(own).cloned().collect(),
            ..Route::clone(&entry.route)
        })
    }

    /// Where is looked: the users of an IM application, and an application's plans.
    async fn scope(&self, actor: &Actor, access_id: AccessId, sdk_app_id: SdkAppId) -> Result<Scope> {
        let plans = self.control.plans(actor, access_id).await.map_err(refuse)?;
        Ok(Scope {
            sdk_app_id,
            plans: plans.into_iter().map(|plan| plan.id).collect(),
        })
    }
}

#[async_trait]
impl Traces for TraceService {
    async fn find(&self, actor: &Actor, access_id: AccessId, clue: &str) -> Result<Trace> {
        let clue = clue.trim();
        if clue.len() > MAX_CLUE {
            let max = u32::try_from(MAX_CLUE).unwrap_or(u32::MAX);
            return Err(Problem::field("q", FieldFault::TooLong { max }));
        }
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        let route = self.route(&application);
        let mut trace = Trace {
            application,
            clue: clue.to_owned(),
            user_known: false,
            devices: vec![],
            elsewhere: vec![],
            messages: vec![],
            without_device: None,
        };
        let Some(route) = route.filter(|_| is_clue(clue)) else {
            return Ok(trace);
        };
        let scope = self.scope(actor, access_id, route.sdk_app_id).await?;
        let plane = self.planes.get(&trace.application.access_point.id)?;
        let known = plane.trace(&scope, clue).await.map_err(refuse)?;
        let now = self.clock.now();
        let platform = trace.application.platform;
        trace.user_known = known.user || known.devices.iter().any(|device| device.facts.user == clue);
        let (here, elsewhere): (Vec<_>, Vec<_>) = known
            .devices
            .into_iter()
            .partition(|device| device.facts.platform == platform);
        trace.devices = here.into_iter().map(|device| traced(device, &route, now)).collect();
        let elsewhere: BTreeSet<Platform> = elsewhere.iter().map(|device| device.facts.platform).collect();
        trace.elsewhere = elsewhere.into_iter().collect();
        trace.messages = known.messages;
        let has_device = !trace.devices.is_empty() || !trace.elsewhere.is_empty();
        if !has_device && (trace.user_known || trace.messages.is_empty()) {
            trace.without_device = Some(decide_without_device(ORDINARY, trace.user_known));
        }
        redact(actor, &trace.application, &mut trace.messages);
        Ok(trace)
    }

    async fn device(&self, actor: &Actor, access_id: AccessId, named: &str) -> Result<DeviceTrace> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        let unknown = || Problem::NotFound(What::Device);
        let route = self.route(&application).filter(|_| is_clue(named));
        let route = route.ok_or_else(unknown)?;
        let scope = self.scope(actor, access_id, route.sdk_app_id).await?;
        let plane = self.planes.get(&application.access_point.id)?;
        let found = plane
            .device(&scope, application.platform, named)
            .await
            .map_err(refuse)?;
        let mut story = found.ok_or_else(unknown)?;
        let now = self.clock.now();
        redact(actor, &application, &mut story.messages);
        Ok(DeviceTrace {
            asked: explain(ORDINARY, &route, &story.device.facts, now),
            device: traced(story.device, &route, now),
            first_seen: story.first_seen,
            history: story.history,
            messages: story.messages,
            application,
        })
    }
}

/// No name, token or key is empty or has control characters, and PostgreSQL takes no NUL.
fn is_clue(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_CLUE && !text.contains(char::is_control)
}

/// Takes the texts out for those who may not read them.
fn redact(actor: &Actor, application: &ApplicationView, messages: &mut [(PlanId, MessageDetails)]) {
    if !actor.may_on(Action::ViewMessageText, application.id) {
        for (_, details) in messages {
            hide_texts(&mut details.message);
        }
    }
}

fn end_of(token: &str) -> String {
    let length = token.chars().count();
    token.chars().skip(length.saturating_sub(TOKEN_END)).collect()
}

fn traced(device: KnownDevice, route: &Route, now: Timestamp) -> TracedDevice {
    let decision = decide(ORDINARY, route, &device.facts, now);
    let facts = device.facts;
    TracedDevice {
        token: device.token,
        vendor_token_end: end_of(&facts.vendor_token),
        fcm_token_end: facts.fcm_token.as_deref().map(end_of),
        user: facts.user,
        signed_in: device.signed_in,
        platform: facts.platform,
        channel: facts.channel,
        identifier: facts.identifier,
        environment: facts.environment,
        notifications_on: device.notifications_on,
        switched_off_at: device.switched_off_at,
        state: facts.state,
        reported_at: facts.reported_at,
        registered_at: facts.registered_at,
        dead_since: device.dead_since,
        now: Now::from(decision),
    }
}
