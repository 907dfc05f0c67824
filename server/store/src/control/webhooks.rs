//! Outbound webhooks: where they lead, what they tell, and the secret that their calls are signed with.

use super::{
    Control,
    applications::by_access_id,
    entity::{application, product, webhook},
    ids,
    products::{made_by_form, note_form},
    versions,
};
use crate::{Fault, Result, vault::Place};
use domain::{
    AccessId, ApplicationId, Problem, Secret, Timestamp, WebhookId,
    account::Actor,
    audit::{Deed, Entry, Kind},
    field::FieldFault,
    problem::What,
    webhook::{Event, MAX_WEBHOOKS, Shape, WebhookDraft, WebhookView},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use std::collections::{BTreeSet, HashMap};

/// A webhook that tells something, as its sender needs it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LiveWebhook {
    /// What it is.
    pub view: WebhookView,
    /// Of which application.
    pub application: ApplicationId,
    /// Where that application's deliveries are.
    pub access_point: String,
    /// What signs its calls; none before one was made.
    pub secret: Option<Secret>,
}

fn place(row: &str) -> Place<'_> {
    Place {
        column: "webhooks.secret",
        row,
    }
}

/// Where the record of a row is sealed for.
pub(super) fn sealed_place(row: &webhook::Model) -> String {
    place(&row.id.to_string()).to_string()
}

impl Control {
    /// The webhooks of an application, oldest first.
    pub async fn webhooks(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<WebhookView>> {
        let db = &self.connections.read;
        let (application, _) = by_access_id(db, actor, access_id).await?;
        let found = webhook::Entity::find()
            .filter(webhook::COLUMN.application_id.eq(application.id))
            .order_by_asc(webhook::Column::Id)
            .all(db)
            .await?;
        found.into_iter().map(|row| view(access_id, row)).collect()
    }

    /// One of them.
    pub async fn webhook(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookView> {
        let (row, _) = one(&self.connections.read, actor, access_id, id).await?;
        view(access_id, row)
    }

    /// Makes one, without a secret yet. A form that was used already answers what it made.
    pub async fn create_webhook(
        &self,
        actor: &Actor,
        access_id: AccessId,
        draft: &WebhookDraft,
        form_key: &str,
        now: Timestamp,
    ) -> Result<WebhookId> {
        let transaction = self.connections.begin().await?;
        if let Some(made) = made_by_form(&transaction, actor, form_key).await? {
            return Ok(WebhookId(made));
        }
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        // Raised first: it makes two who create at once wait for each other.
        versions::bump(&transaction).await?;
        let theirs = webhook::Entity::find().filter(webhook::COLUMN.application_id.eq(application.id));
        if theirs.count(&transaction).await? >= u64::from(MAX_WEBHOOKS) {
            let full = FieldFault::TooMany { max: MAX_WEBHOOKS };
            return Err(Fault::Refused(Problem::field("url", full)));
        }
        let row = webhook::ActiveModel {
            id: ids::drawn(now),
            application_id: Set(application.id),
            url: Set(draft.url.clone()),
            shape: Set(draft.shape.name().to_owned()),
            events: Set(written(&draft.events)),
            enabled: Set(draft.enabled),
            secret_sealed: Set(None),
            hint: Set(None),
            created_by: Set(actor.name.clone()),
            created_at: Set(now.0),
        };
        let row = row.insert(&transaction).await?;
        note_form(&transaction, actor, form_key, row.id, now).await?;
        let entry = self
            .of_webhook(actor, Deed::CreateWebhook, &row, &application)
            .has("url", &row.url)
            .has("shape", &row.shape)
            .has("events", &row.events)
            .has("enabled", row.enabled.to_string());
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(WebhookId(row.id))
    }

    /// Changes one.
    pub async fn change_webhook(
        &self,
        actor: &Actor,
        access_id: AccessId,
        id: WebhookId,
        draft: &WebhookDraft,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, application) = one(&transaction, actor, access_id, id).await?;
        let events = written(&draft.events);
        let change = webhook::ActiveModel {
            id: Unchanged(row.id),
            url: Set(draft.url.clone()),
            shape: Set(draft.shape.name().to_owned()),
            events: Set(events.clone()),
            enabled: Set(draft.enabled),
            ..Default::default()
        };
        change.update(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .of_webhook(actor, Deed::ChangeWebhook, &row, &application)
            .changed("url", &row.url, &draft.url)
            .changed("shape", &row.shape, draft.shape.name())
            .changed("events", &row.events, events)
            .changed("enabled", row.enabled.to_string(), draft.enabled.to_string());
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives one a new secret in place of the one before.
    pub async fn issue_webhook_secret(
        &self,
        actor: &Actor,
        access_id: AccessId,
        id: WebhookId,
        secret: &Secret,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, application) = one(&transaction, actor, access_id, id).await?;
        let text = secret.reveal();
        let change = webhook::ActiveModel {
            id: Unchanged(row.id),
            secret_sealed: Set(Some(self.vault.seal(place(&row.id.to_string()), secret)?)),
            hint: Set(Some(text[text.len().saturating_sub(4)..].to_owned())),
            ..Default::default()
        };
        change.update(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .of_webhook(actor, Deed::IssueWebhookSecret, &row, &application)
            .has("secret", self.fingerprint(secret));
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes one. What waits for it in the data plane is swept by who sends.
    pub async fn delete_webhook(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, application) = one(&transaction, actor, access_id, id).await?;
        webhook::Entity::delete_by_id(row.id).exec(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .of_webhook(actor, Deed::DeleteWebhook, &row, &application)
            .had("url", &row.url)
            .had("shape", &row.shape)
            .had("events", &row.events);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Records that somebody tested a webhook or had dead letters told again.
    pub async fn note_webhook(
        &self,
        actor: &Actor,
        view: &WebhookView,
        deed: Deed,
        came: (&str, String),
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, application) = one(&transaction, actor, view.access_id, view.id).await?;
        let entry = self.of_webhook(actor, deed, &row, &application).has(came.0, came.1);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// All webhooks of all tenants, those that tell nothing included.
    pub async fn all_webhooks(&self) -> Result<Vec<LiveWebhook>> {
        let db = &self.connections.read;
        let found = webhook::Entity::find()
            .order_by_asc(webhook::Column::Id)
            .all(db)
            .await?;
        let applications: BTreeSet<i64> = found.iter().map(|row| row.application_id).collect();
        let owners = application::Entity::find()
            .find_also_related(product::Entity)
            .filter(application::Column::Id.is_in(applications))
            .all(db)
            .await?;
        let owners: HashMap<i64, _> = owners.into_iter().map(|(row, of)| (row.id, (row, of))).collect();
        let mut all = Vec::new();
        for row in found {
            let Some((application, Some(product))) = owners.get(&row.application_id) else {
                continue;
            };
            let sealed = row.secret_sealed.as_deref();
            let opened = sealed.map(|record| self.vault.open(place(&row.id.to_string()), record));
            all.push(LiveWebhook {
                application: ApplicationId(application.id),
                access_point: product.access_point.clone(),
                secret: opened.transpose()?,
                view: view(AccessId(application.access_id), row)?,
            });
        }
        Ok(all)
    }

    fn of_webhook(&self, actor: &Actor, deed: Deed, row: &webhook::Model, application: &application::Model) -> Entry {
        let entry = self.entry(actor, deed).to(Kind::Webhook, row.id, &row.url);
        entry.within(AccessId(application.access_id), &application.name)
    }
}

async fn one(
    db: &impl ConnectionTrait,
    actor: &Actor,
    access_id: AccessId,
    id: WebhookId,
) -> Result<(webhook::Model, application::Model)> {
    let (application, _) = by_access_id(db, actor, access_id).await?;
    let found = webhook::Entity::find_by_id(id.0)
        .filter(webhook::COLUMN.application_id.eq(application.id))
        .one(db)
        .await?;
    Ok((found.ok_or(Fault::missing(What::Webhook))?, application))
}

fn view(access_id: AccessId, row: webhook::Model) -> Result<WebhookView> {
    Ok(WebhookView {
        id: WebhookId(row.id),
        access_id,
        shape: Shape::from_name(&row.shape).ok_or(Fault::damaged("webhooks.shape"))?,
        events: read(&row.events)?,
        url: row.url,
        enabled: row.enabled,
        hint: row.hint,
        created_by: row.created_by,
        created_at: Timestamp(row.created_at),
    })
}

fn written(events: &BTreeSet<Event>) -> String {
    let names: Vec<&str> = events.iter().map(|event| event.name()).collect();
    names.join(" ")
}

fn read(events: &str) -> Result<BTreeSet<Event>> {
    let event = |name| Event::from_name(name).ok_or_else(|| Fault::damaged("webhooks.events"));
    events.split(' ').map(event).collect()
}
