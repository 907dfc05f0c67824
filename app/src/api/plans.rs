//! Push Plan and the sending history under a plan.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AccessId, MessageId, PlanId,
    page::Page,
    plan::{Counts, HistoryQuery, MessageDetails, MessageView, PlanView},
    product::ApplicationView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{refuse, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::plan::PlanDraft,
};

/// An application and its plans.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PlanList {
    pub application: ApplicationView,
    pub plans: Vec<PlanView>,
}

/// An application and one of its plans.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct OnePlan {
    pub application: ApplicationView,
    pub plan: PlanView,
}

/// What Details shows beside the list of messages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PlanDetails {
    pub application: ApplicationView,
    pub plan: PlanView,
    pub counts: Counts,
    pub messages: Page<MessageView>,
}

/// The plans of an application, the fixed one first.
#[server(prefix = "/ui", endpoint = "plans/list", input = GetUrl)]
pub async fn list(access_id: AccessId) -> Result<PlanList, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend.applications.get(&actor, access_id).await.map_err(refuse_read)?;
    let plans = backend.plans.list(&actor, access_id).await.map_err(refuse_read)?;
    Ok(PlanList { application, plans })
}

/// One plan.
#[server(prefix = "/ui", endpoint = "plans/get", input = GetUrl)]
pub async fn get(access_id: AccessId, plan: PlanId) -> Result<OnePlan, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend.applications.get(&actor, access_id).await.map_err(refuse_read)?;
    let plan = backend.plans.get(&actor, access_id, plan).await.map_err(refuse_read)?;
    Ok(OnePlan { application, plan })
}

/// A plan with its counts and a page of its messages.
#[server(prefix = "/ui", endpoint = "plans/details", input = GetUrl)]
pub async fn details(access_id: AccessId, plan: PlanId, query: HistoryQuery) -> Result<PlanDetails, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend.applications.get(&actor, access_id).await.map_err(refuse_read)?;
    let counts = backend
        .history
        .counts(&actor, access_id, plan)
        .await
        .map_err(refuse_read)?;
    let messages = backend
        .history
        .messages(&actor, access_id, plan, query)
        .await
        .map_err(refuse_read)?;
    let plan = backend.plans.get(&actor, access_id, plan).await.map_err(refuse_read)?;
    Ok(PlanDetails {
        application,
        plan,
        counts,
        messages,
    })
}

/// One message with its devices and tries.
#[server(name = ReadMessage, prefix = "/ui", endpoint = "plans/message", input = GetUrl)]
pub async fn message(access_id: AccessId, plan: PlanId, message: MessageId) -> Result<MessageDetails, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend
        .history
        .message(&actor, access_id, plan, message)
        .await
        .map_err(refuse_read)
}

/// Creates a plan.
#[server(prefix = "/ui", endpoint = "plans/create")]
pub async fn create(access_id: AccessId, name: String, description: String) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("name", name.as_str()), ("description", &description)]);
    let draft = PlanDraft {
        name: name.clone(),
        description,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.plans.create(&actor, access_id, draft).await
    };
    match work.await {
        Ok(_) => Ok(done(plans_of(access_id), Done::PlanCreated, name.trim()).await),
        Err(problem) => Err(refuse("plans/create", typed, problem).await),
    }
}

/// Changes name and description.
#[server(prefix = "/ui", endpoint = "plans/change")]
pub async fn change(access_id: AccessId, plan: PlanId, name: String, description: String) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("name", name.as_str()), ("description", &description)]);
    let draft = PlanDraft {
        name: name.clone(),
        description,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.plans.change(&actor, access_id, plan, draft).await
    };
    match work.await {
        Ok(()) => Ok(done(plans_of(access_id), Done::PlanChanged, name.trim()).await),
        Err(problem) => Err(refuse("plans/change", typed, problem).await),
    }
}

/// Deletes a plan after its name was typed.
#[server(prefix = "/ui", endpoint = "plans/delete")]
pub async fn delete(access_id: AccessId, plan: PlanId, confirmation: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.plans.delete(&actor, access_id, plan, confirmation.trim()).await
    };
    match work.await {
        Ok(()) => Ok(done(plans_of(access_id), Done::PlanDeleted, confirmation.trim()).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("confirmation", confirmation.as_str())]);
            Err(refuse("plans/delete", typed, problem).await)
        }
    }
}

#[cfg(feature = "ssr")]
fn plans_of(access_id: AccessId) -> String {
    crate::paths::Section::Plans.of(access_id)
}
