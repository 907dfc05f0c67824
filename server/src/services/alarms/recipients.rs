//! Who is told of alarms: made, changed and tested here, told by [`AlarmTeller`].

use super::teller::AlarmTeller;
use crate::services::{
    refusal::refuse,
    webhooks::{fresh_secret, may_be_called},
};
use async_trait::async_trait;
use dispatcher::client::Destinations;
use domain::{
    Problem, RecipientId, Result, Secret,
    account::{Action, Actor},
    alarm::recipient::{Means, RecipientDraft, RecipientView, Recipients, Tested},
    ports::AlarmRecipients,
    problem::{Conflict, Faults},
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// Recipients over the control plane.
pub struct RecipientService {
    control: Control,
    destinations: Destinations,
    teller: Arc<AlarmTeller>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for RecipientService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecipientService")
    }
}

impl RecipientService {
    /// Recipients of this control plane, called at public addresses and those that are listed.
    pub fn new(control: Control, destinations: Destinations, teller: Arc<AlarmTeller>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            destinations,
            teller,
            clock,
        }
    }

    /// The draft with its address as it is stored.
    fn checked(&self, mut draft: RecipientDraft) -> Result<RecipientDraft> {
        if draft.means == Means::Mail && self.teller.mail_from().is_none() {
            return Err(Problem::Conflict(Conflict::NoMailServer));
        }
        let mut faults = Faults::default();
        if let Some(address) = draft.check(&mut faults) {
            if draft.means == Means::Webhook {
                faults.check("address", may_be_called(&self.destinations, &address));
            }
            draft.address = address;
        }
        faults.finish()?;
        Ok(draft)
    }
}

#[async_trait]
impl AlarmRecipients for RecipientService {
    async fn list(&self, actor: &Actor) -> Result<Recipients> {
        actor.require(Action::ManageProducts)?;
        let zone = self.control.time_zone(actor.tenant).await.map_err(refuse)?;
        Ok(Recipients {
            all: self.control.recipients(actor).await.map_err(refuse)?,
            zone: crate::services::statistics::Zone::chosen(zone.as_deref()).name,
            mail_from: self.teller.mail_from(),
        })
    }

    async fn get(&self, actor: &Actor, id: RecipientId) -> Result<RecipientView> {
        actor.require(Action::ManageProducts)?;
        self.control.recipient(actor, id).await.map_err(refuse)
    }

    async fn create(&self, actor: &Actor, draft: RecipientDraft, form_key: &str) -> Result<RecipientId> {
        actor.require(Action::ManageProducts)?;
        actor.require_confirmed()?;
        let draft = self.checked(draft)?;
        let made = self.control.create_recipient(actor, &draft, form_key, self.clock.now());
        made.await.map_err(refuse)
    }

    async fn change(&self, actor: &Actor, id: RecipientId, draft: RecipientDraft) -> Result<()> {
        let known = self.get(actor, id).await?;
        actor.require_confirmed()?;
        let draft = self.checked(RecipientDraft {
            means: known.means,
            ..draft
        })?;
        self.control.change_recipient(actor, id, &draft).await.map_err(refuse)
    }

    async fn issue(&self, actor: &Actor, id: RecipientId) -> Result<Secret> {
        let known = self.get(actor, id).await?;
        actor.require_confirmed()?;
        if known.means != Means::Webhook {
            return Err(Problem::NotFound(domain::problem::What::AlarmRecipient));
        }
        let secret = fresh_secret();
        let issued = self.control.issue_recipient_secret(actor, id, &secret);
        issued.await.map_err(refuse)?;
        Ok(secret)
    }

    async fn test(&self, actor: &Actor, id: RecipientId) -> Result<Tested> {
        let known = self.get(actor, id).await?;
        if known.means == Means::Webhook && known.hint.is_none() {
            return Err(Problem::Conflict(Conflict::WebhookWithoutSecret));
        }
        let tested = match self.teller.test(&known).await {
            Ok(said) => Tested { taken: true, said },
            Err(refused) => Tested {
                taken: false,
                said: refused.why,
            },
        };
        let noted = self.control.note_recipient_test(actor, id, &tested.said);
        noted.await.map_err(refuse)?;
        Ok(tested)
    }

    async fn delete(&self, actor: &Actor, id: RecipientId) -> Result<()> {
        self.get(actor, id).await?;
        actor.require_confirmed()?;
        self.control.delete_recipient(actor, id).await.map_err(refuse)
    }
}
