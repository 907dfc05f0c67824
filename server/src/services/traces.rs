//! Troubleshooting: what is known about a complaint, and what a message sent now would come to.

use super::{directory::Directory, history::hide_texts, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, Problem, Result, Timestamp,
    account::{Action, Actor},
    decision::{ApplicationRoute, MessageFacts, Route, decide, decide_without_device},
    field::FieldFault,
    ports::Traces,
    product::{ApplicationView, Platform},
    time::Clock,
    trace::{MAX_CLUE, Now, Trace, TracedDevice},
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
        // No name, token or key has control characters, and PostgreSQL takes no NUL.
        let is_clue = !clue.is_empty() && !clue.contains(char::is_control);
        let Some(route) = route.filter(|_| is_clue) else {
            return Ok(trace);
        };
        let plans = self.control.plans(actor, access_id).await.map_err(refuse)?;
        let scope = Scope {
            sdk_app_id: route.sdk_app_id,
            plans: plans.into_iter().map(|plan| plan.id).collect(),
        };
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
        if !actor.may_on(Action::ViewMessageText, trace.application.id) {
            trace.messages.iter_mut().for_each(|(_, message)| hide_texts(message));
        }
        Ok(trace)
    }
}

fn traced(device: KnownDevice, route: &Route, now: Timestamp) -> TracedDevice {
    let decision = decide(ORDINARY, route, &device.facts, now);
    let facts = device.facts;
    let length = facts.vendor_token.chars().count();
    TracedDevice {
        token: device.token,
        vendor_token_end: facts
            .vendor_token
            .chars()
            .skip(length.saturating_sub(TOKEN_END))
            .collect(),
        user: facts.user,
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
