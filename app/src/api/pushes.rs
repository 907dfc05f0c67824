//! Send a push. Server only, as the page that asks is (`pages::plans::send`).

use super::{Outcome, done};
use crate::{
    backend::{self, refuse_at, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
    paths::Section,
};
use domain::{AccessId, PlanId, plan::PlanView, product::ApplicationView, push::NewPush};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What the form starts with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PushForm {
    /// The application that sends.
    pub application: ApplicationView,
    /// The plan that it is booked under.
    pub plan: PlanView,
    /// The one-time key of this form.
    pub form_key: String,
}

/// The form.
#[server(name = ReadPushForm, prefix = "/ui", endpoint = "pushes/new", input = GetUrl)]
pub async fn form(access_id: AccessId, plan: PlanId) -> Result<PushForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let prepared = backend.pushes.prepare(&actor, access_id, plan).await;
    let (application, plan) = prepared.map_err(refuse_read)?;
    Ok(PushForm {
        application,
        plan,
        form_key: backend::form_key(),
    })
}

/// Sends it, and goes on to where its trace is.
#[server(name = SendPush, prefix = "/ui", endpoint = "pushes/send")]
pub async fn send(
    access_id: AccessId,
    plan: PlanId,
    #[server(default)] form_key: String,
    to: String,
    #[server(default)] title: String,
    text: String,
    #[server(default)] ext: String,
) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("to", to.as_str()), ("title", &title), ("text", &text), ("ext", &ext)]);
    let its_plan = format!("{}/{plan}", Section::Plans.of(access_id));
    let push = NewPush {
        access_id,
        plan,
        to,
        title,
        text,
        ext,
        form_key,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.pushes.send(&actor, push).await
    };
    match work.await {
        Ok((message, receivers)) => {
            let trace = format!("{its_plan}/messages/{message}");
            Ok(done(trace, Done::PushSent, &receivers.to_string()).await)
        }
        Err(problem) => Err(refuse_at(&format!("{its_plan}/send"), "pushes/send", typed, problem).await),
    }
}
