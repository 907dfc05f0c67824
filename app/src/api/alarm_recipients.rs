//! Who is told of alarms. Server only, as the pages that ask are (`pages::alarms`).

use super::{Outcome, done};
use crate::{
    backend::{self, refuse, refuse_at, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{
    Problem, RecipientId, Secret,
    alarm::recipient::{Language, Means, QuietHours, RecipientDraft, RecipientView, Recipients},
    field::FieldFault,
    problem::Faults,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

const PAGE: &str = "/alarms/recipients";

/// What the form for a new one starts with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct NewRecipientForm {
    pub recipients: Recipients,
    /// The one-time key of this form.
    pub form_key: String,
}

/// One of them, and the zone of its quiet hours.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct OneRecipient {
    pub recipient: RecipientView,
    pub zone: String,
}

/// The page of a recipient's secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
pub struct RecipientSecretPage {
    pub recipient: RecipientView,
    /// After the page was posted.
    pub secret: Option<Secret>,
}

/// All of them.
#[server(name = ListRecipients, prefix = "/ui", endpoint = "alarm-recipients/list", input = GetUrl)]
pub async fn list() -> Result<Recipients, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.recipients.list(&actor).await.map_err(refuse_read)
}

/// What the form for a new one starts with.
#[server(name = ReadRecipientForm, prefix = "/ui", endpoint = "alarm-recipients/new", input = GetUrl)]
pub async fn form() -> Result<NewRecipientForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    Ok(NewRecipientForm {
        recipients: backend.recipients.list(&actor).await.map_err(refuse_read)?,
        form_key: backend::form_key(),
    })
}

/// One of them.
#[server(name = GetRecipient, prefix = "/ui", endpoint = "alarm-recipients/get", input = GetUrl)]
pub async fn get(recipient: RecipientId) -> Result<OneRecipient, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let found = backend.recipients.get(&actor, recipient).await.map_err(refuse_read)?;
    let all = backend.recipients.list(&actor).await.map_err(refuse_read)?;
    Ok(OneRecipient {
        recipient: found,
        zone: all.zone,
    })
}

/// Makes one; one that is called goes on to where its secret is made.
#[server(name = CreateRecipient, prefix = "/ui", endpoint = "alarm-recipients/create")]
pub async fn create(
    #[server(default)] form_key: String,
    means: String,
    address: String,
    language: String,
    #[server(default)] quiet_from: String,
    #[server(default)] quiet_until: String,
    #[server(default)] enabled: String,
) -> Result<Outcome, UiError> {
    let form = Filled {
        means,
        address,
        language,
        quiet_from,
        quiet_until,
        enabled,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        let draft = form.draft()?;
        let means = draft.means;
        let made = backend.recipients.create(&actor, draft, &form_key).await?;
        Ok((made, means))
    };
    match work.await {
        Ok((id, Means::Webhook)) => Ok(done(secret_page(id), Done::WebhookCreated, "").await),
        Ok((_, Means::Mail)) => Ok(done(PAGE, Done::RecipientCreated, &form.address).await),
        Err(problem) => Err(refuse_at(
            "/alarms/recipients/new",
            "alarm-recipients/create",
            form.typed(),
            problem,
        )
        .await),
    }
}

/// Changes it.
#[server(name = ChangeRecipient, prefix = "/ui", endpoint = "alarm-recipients/change")]
pub async fn change(
    recipient: RecipientId,
    address: String,
    language: String,
    #[server(default)] quiet_from: String,
    #[server(default)] quiet_until: String,
    #[server(default)] enabled: String,
) -> Result<Outcome, UiError> {
    let form = Filled {
        // It stays as it was, whatever stands here.
        means: Means::Webhook.name().to_owned(),
        address,
        language,
        quiet_from,
        quiet_until,
        enabled,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        let draft = form.draft()?;
        backend.recipients.change(&actor, recipient, draft).await
    };
    match work.await {
        Ok(()) => Ok(done(PAGE, Done::RecipientChanged, &form.address).await),
        Err(problem) => {
            let page = format!("{PAGE}/{recipient}/edit");
            Err(refuse_at(&page, "alarm-recipients/change", form.typed(), problem).await)
        }
    }
}

/// The page of its secret. A post makes a new one, and the answer is the only time that it is shown.
#[server(name = IssuedRecipientSecret, prefix = "/ui", endpoint = "alarm-recipients/secret", input = GetUrl)]
pub async fn issued(recipient: RecipientId) -> Result<RecipientSecretPage, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let secret = if backend::is_posted() {
        let made = backend.recipients.issue(&actor, recipient).await;
        backend::forbid_storing();
        backend::shown_or_confirm(&secret_page(recipient), made).map_err(refuse_read)?
    } else {
        None
    };
    Ok(RecipientSecretPage {
        recipient: backend.recipients.get(&actor, recipient).await.map_err(refuse_read)?,
        secret,
    })
}

/// Tells it something made up.
#[server(name = TestRecipient, prefix = "/ui", endpoint = "alarm-recipients/test")]
pub async fn test(recipient: RecipientId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.recipients.test(&actor, recipient).await
    };
    match work.await {
        Ok(tested) => {
            let came = if tested.taken {
                Done::RecipientTested
            } else {
                Done::RecipientTestFailed
            };
            Ok(done(PAGE, came, &tested.said).await)
        }
        Err(problem) => Err(refuse("alarm-recipients/test", Typed::default(), problem).await),
    }
}

/// Deletes it.
#[server(name = DeleteRecipient, prefix = "/ui", endpoint = "alarm-recipients/delete")]
pub async fn delete(recipient: RecipientId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.recipients.delete(&actor, recipient).await
    };
    match work.await {
        Ok(()) => Ok(done(PAGE, Done::RecipientDeleted, "").await),
        Err(problem) => Err(refuse("alarm-recipients/delete", Typed::default(), problem).await),
    }
}

/// What was filled in.
struct Filled {
    means: String,
    address: String,
    language: String,
    quiet_from: String,
    quiet_until: String,
    enabled: String,
}

impl Filled {
    fn draft(&self) -> domain::Result<RecipientDraft> {
        let not_there = |field| Problem::field(field, FieldFault::NotAChoice);
        let mut faults = Faults::default();
        let quiet = QuietHours::read(&self.quiet_from, &self.quiet_until, &mut faults);
        faults.finish()?;
        Ok(RecipientDraft {
            means: Means::from_name(&self.means).ok_or_else(|| not_there("means"))?,
            address: self.address.clone(),
            language: Language::from_name(&self.language).ok_or_else(|| not_there("language"))?,
            quiet,
            enabled: !self.enabled.is_empty(),
        })
    }

    fn typed(&self) -> Typed {
        Typed::from_pairs([
            ("means", self.means.as_str()),
            ("address", &self.address),
            ("language", &self.language),
            ("quiet_from", &self.quiet_from),
            ("quiet_until", &self.quiet_until),
            ("enabled", &self.enabled),
        ])
    }
}

fn secret_page(recipient: RecipientId) -> String {
    format!("{PAGE}/{recipient}/secret-key")
}
