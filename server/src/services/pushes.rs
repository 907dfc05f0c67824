//! Pushes that people send from the console: by the way of the IM application's own messages, for one application.

use super::{directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, MessageId, PlanId, Problem, Result, SdkAppId,
    account::{Action, Actor},
    audit::{Deed, Kind},
    decision::{ApplicationRoute, Route},
    field::FieldFault,
    im,
    message::{Element, MAX_LIFE_SECS, OfflinePushInfo, Submission},
    plan::PlanView,
    ports::Pushes,
    problem::{Conflict, What},
    product::ApplicationView,
    push::{NewPush, TOKEN_LENGTH},
    statistics::MessageKind,
    time::Clock,
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};
use store::{
    control::Control,
    plane::{Only, Plane},
};

/// Pushes over control plane and data planes.
pub struct PushService {
    control: Control,
    directory: Arc<Directory>,
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for PushService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushService")
    }
}

impl PushService {
    /// Pushes through this control plane's applications.
    pub fn new(control: Control, directory: Arc<Directory>, planes: Arc<Planes>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            planes,
            clock,
        }
    }

    /// The IM application behind an application, and the part of its route that leads through that one, booked under a
    /// plan.
    fn route(&self, application: &ApplicationView, plan: PlanId) -> Result<(String, Route)> {
        let unauthorised = Problem::NotFound(What::Authorisation);
        let entry = self
            .directory
            .of_application(application.id)
            .ok_or(unauthorised.clone())?;
        if !entry.enabled {
            return Err(Problem::Conflict(Conflict::ImApplicationDisabled));
        }
        let whole = entry.route.application(application.platform).ok_or(unauthorised)?;
        let route = Route {
            applications: vec![ApplicationRoute { plan, ..whole.clone() }],
            ..Route::clone(&entry.route)
        };
        let sender = entry.administrators.first().cloned();
        Ok((sender.unwrap_or_else(|| im::DEFAULT_ADMINISTRATOR.into()), route))
    }
}

#[async_trait]
impl Pushes for PushService {
    async fn prepare(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<(ApplicationView, PlanView)> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        actor.require_on(Action::Push, application.id)?;
        let plan = self.control.plan(actor, access_id, plan).await.map_err(refuse)?;
        Ok((application, plan))
    }

    async fn send(&self, actor: &Actor, push: NewPush) -> Result<(MessageId, u32)> {
        let (application, plan) = self.prepare(actor, push.access_id, push.plan).await?;
        let typed = push.check()?;
        let (from, route) = self.route(&application, plan.id)?;
        let plane = self.planes.get(&application.access_point.id)?;
        let receivers = Receivers::find(plane, route.sdk_app_id, typed).await?;
        let only = Only {
            platform: Some(application.platform),
            device_tokens: receivers.tokens,
            ..Only::default()
        };
        let count = u32::try_from(receivers.users.len()).unwrap_or(u32::MAX);
        let entry = self
            .control
            .entry(actor, Deed::Push)
            .to(Kind::Plan, plan.id, &plan.name)
            .within(application.access_id, &application.name)
            .has("receivers", count.to_string());
        let now = self.clock.now();
        let first = self
            .control
            .note_push(actor, &push.form_key, &entry, now)
            .await
            .map_err(refuse)?;
        let (seq, random) = numbers(&push.form_key, actor);
        let submission = Submission {
            sdk_app_id: route.sdk_app_id,
            kind: MessageKind::Push,
            from,
            to: receivers.users,
            seq: Some(seq),
            random,
            time: Some(first.secs()),
            life_secs: MAX_LIFE_SECS,
            elements: vec![Element::Text(push.text.trim().to_owned())],
            offline_push: Some(OfflinePushInfo {
                title: push.title.trim().to_owned(),
                desc: push.text.trim().to_owned(),
                ext: push.ext.trim().to_owned(),
                ..OfflinePushInfo::default()
            }),
        };
        let accepted = plane
            .accept_for(submission, Arc::new(route), only)
            .await
            .map_err(refuse)?;
        Ok((accepted.message, count))
    }
}

/// Users, and for those that are named by a device's token which devices are meant.
struct Receivers {
    users: Vec<String>,
    tokens: BTreeMap<String, BTreeSet<String>>,
}

impl Receivers {
    async fn find(plane: &Plane, sdk_app_id: SdkAppId, typed: BTreeSet<String>) -> Result<Self> {
        let (by_token, by_name): (Vec<String>, Vec<String>) =
            typed.into_iter().partition(|one| one.len() == TOKEN_LENGTH);
        let mut tokens: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for token in by_token {
            let user = plane.user_of_device(sdk_app_id, &token).await.map_err(refuse)?;
            let user = user.ok_or_else(|| Problem::field("to", FieldFault::NoSuchDevice))?;
            tokens.entry(user).or_default().insert(token);
        }
        // Who is named as well is meant with all devices.
        for user in &by_name {
            tokens.remove(user);
        }
        let users: BTreeSet<String> = by_name.into_iter().chain(tokens.keys().cloned()).collect();
        Ok(Self {
            users: users.into_iter().collect(),
            tokens,
        })
    }
}

/// `MsgSeq` and `MsgRandom`, the same for a form that is posted again, by which the plane knows the message again.
fn numbers(form: &str, actor: &Actor) -> (u32, u32) {
    if form.is_empty() {
        return (rand::random::<u32>() >> 1, rand::random());
    }
    let digest = Sha256::new()
        .chain_update(actor.account.0.to_be_bytes())
        .chain_update(form)
        .finalize();
    let number = |at: usize| {
        digest
            .iter()
            .skip(at)
            .take(4)
            .fold(0, |number, byte| number << 8 | u32::from(*byte))
    };
    (number(0) >> 1, number(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        AccountId,
        account::{Origin, Role},
    };

    #[test]
    fn a_form_has_its_numbers_and_no_form_has_others_each_time() {
        let actor = Actor {
            account: AccountId(7),
            name: "root".into(),
            tenant: AccountId(7),
            tenant_name: "root".into(),
            role: Role::Root,
            origin: Origin::default(),
        };
        assert_eq!(numbers("a form", &actor), numbers("a form", &actor));
        assert_ne!(numbers("a form", &actor), numbers("another", &actor));
        assert_ne!(numbers("", &actor), numbers("", &actor));
    }
}
