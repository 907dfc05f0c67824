//! Who is told of alarms: the e-mail addresses and https addresses of a root account.

use super::{
    Control,
    entity::{alarm_notice, alarm_recipient},
    ids,
    products::{made_by_form, note_form},
};
use crate::{Fault, Result, vault::Place};
use domain::{
    Problem, RecipientId, Secret, Timestamp,
    account::Actor,
    alarm::recipient::{Language, MAX_RECIPIENTS, Means, QuietHours, RecipientDraft, RecipientView},
    audit::{Deed, Entry, Kind},
    field::FieldFault,
    problem::What,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;

fn place(row: &str) -> Place<'_> {
    Place {
        column: "alarm_recipients.secret",
        row,
    }
}

/// Where the record of a row is sealed for.
pub(super) fn sealed_place(row: &alarm_recipient::Model) -> String {
    place(&row.id.to_string()).to_string()
}

impl Control {
    /// The recipients of the actor's root account, oldest first.
    pub async fn recipients(&self, actor: &Actor) -> Result<Vec<RecipientView>> {
        let db = &self.connections.read;
        let found = alarm_recipient::Entity::find()
            .filter(alarm_recipient::Column::AccountId.eq(actor.tenant.0))
            .order_by_asc(alarm_recipient::Column::Id)
            .all(db)
            .await?;
        let waiting = waiting(db, found.iter().map(|row| row.id)).await?;
        let view = |row: alarm_recipient::Model| {
            let waits = waiting.get(&row.id).copied().unwrap_or(0);
            view(row, waits)
        };
        found.into_iter().map(view).collect()
    }

    /// One of them.
    pub async fn recipient(&self, actor: &Actor, id: RecipientId) -> Result<RecipientView> {
        let db = &self.connections.read;
        let row = one(db, actor, id).await?;
        let waiting = waiting(db, [row.id]).await?;
        view(row, waiting.into_values().next().unwrap_or(0))
    }

    /// Makes one, without a secret yet. A form that was used already answers what it made.
    pub async fn create_recipient(
        &self,
        actor: &Actor,
        draft: &RecipientDraft,
        form_key: &str,
        now: Timestamp,
    ) -> Result<RecipientId> {
        let transaction = self.connections.begin().await?;
        if let Some(made) = made_by_form(&transaction, actor, form_key).await? {
            return Ok(RecipientId(made));
        }
        let theirs = alarm_recipient::Entity::find().filter(alarm_recipient::Column::AccountId.eq(actor.tenant.0));
        if theirs.count(&transaction).await? >= u64::from(MAX_RECIPIENTS) {
            let full = FieldFault::TooMany { max: MAX_RECIPIENTS };
            return Err(Fault::Refused(Problem::field("address", full)));
        }
        let row = alarm_recipient::ActiveModel {
            id: ids::drawn(now),
            account_id: Set(actor.tenant.0),
            means: Set(draft.means.name().to_owned()),
            address: Set(draft.address.clone()),
            language: Set(draft.language.name().to_owned()),
            quiet_from: Set(draft.quiet.map(|quiet| quiet.from.into())),
            quiet_until: Set(draft.quiet.map(|quiet| quiet.until.into())),
            enabled: Set(draft.enabled),
            secret_sealed: Set(None),
            hint: Set(None),
            turn_until: Set(0),
            failures: Set(0),
            fault: Set(String::new()),
            due_at: Set(0),
            told_at: Set(None),
            created_by: Set(actor.name.clone()),
            created_at: Set(now.0),
        };
        let row = row.insert(&transaction).await?;
        note_form(&transaction, actor, form_key, row.id, now).await?;
        let entry = self
            .of_recipient(actor, Deed::CreateRecipient, &row)
            .has("means", &row.means)
            .has("address", &row.address)
            .has("language", &row.language)
            .has("quiet_hours", quiet_text(draft.quiet))
            .has("enabled", row.enabled.to_string());
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(RecipientId(row.id))
    }

    /// Changes one; what waits after a failure is tried at once.
    pub async fn change_recipient(&self, actor: &Actor, id: RecipientId, draft: &RecipientDraft) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, id).await?;
        let change = alarm_recipient::ActiveModel {
            id: Unchanged(row.id),
            address: Set(draft.address.clone()),
            language: Set(draft.language.name().to_owned()),
            quiet_from: Set(draft.quiet.map(|quiet| quiet.from.into())),
            quiet_until: Set(draft.quiet.map(|quiet| quiet.until.into())),
            enabled: Set(draft.enabled),
            failures: Set(0),
            fault: Set(String::new()),
            due_at: Set(0),
            ..Default::default()
        };
        change.update(&transaction).await?;
        let entry = self
            .of_recipient(actor, Deed::ChangeRecipient, &row)
            .changed("address", &row.address, &draft.address)
            .changed("language", &row.language, draft.language.name())
            .changed("quiet_hours", quiet_text(quiet(&row)?), quiet_text(draft.quiet))
            .changed("enabled", row.enabled.to_string(), draft.enabled.to_string());
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives one a new secret in place of the one before.
    pub async fn issue_recipient_secret(&self, actor: &Actor, id: RecipientId, secret: &Secret) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, id).await?;
        let text = secret.reveal();
        let change = alarm_recipient::ActiveModel {
            id: Unchanged(row.id),
            secret_sealed: Set(Some(self.vault.seal(place(&row.id.to_string()), secret)?)),
            hint: Set(Some(text[text.len().saturating_sub(4)..].to_owned())),
            ..Default::default()
        };
        change.update(&transaction).await?;
        let entry = self
            .of_recipient(actor, Deed::IssueRecipientSecret, &row)
            .has("secret", self.fingerprint(secret));
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// What signs its calls.
    pub async fn recipient_secret(&self, id: RecipientId) -> Result<Option<Secret>> {
        let found = alarm_recipient::Entity::find_by_id(id.0)
            .one(&self.connections.read)
            .await?;
        let sealed = found.and_then(|row| row.secret_sealed);
        let opened = sealed.map(|record| self.vault.open(place(&id.to_string()), &record));
        Ok(opened.transpose()?)
    }

    /// Records that somebody tested one.
    pub async fn note_recipient_test(&self, actor: &Actor, id: RecipientId, said: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, id).await?;
        let entry = self.of_recipient(actor, Deed::TestRecipient, &row).has("answer", said);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes one with what waits for it.
    pub async fn delete_recipient(&self, actor: &Actor, id: RecipientId) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, id).await?;
        alarm_recipient::Entity::delete_by_id(row.id).exec(&transaction).await?;
        let entry = self
            .of_recipient(actor, Deed::DeleteRecipient, &row)
            .had("means", &row.means)
            .had("address", &row.address);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    fn of_recipient(&self, actor: &Actor, deed: Deed, row: &alarm_recipient::Model) -> Entry {
        self.entry(actor, deed).to(Kind::AlarmRecipient, row.id, &row.address)
    }
}

async fn one(db: &impl ConnectionTrait, actor: &Actor, id: RecipientId) -> Result<alarm_recipient::Model> {
    let found = alarm_recipient::Entity::find_by_id(id.0)
        .filter(alarm_recipient::Column::AccountId.eq(actor.tenant.0))
        .one(db)
        .await?;
    found.ok_or(Fault::missing(What::AlarmRecipient))
}

/// How much waits for each.
async fn waiting(db: &impl ConnectionTrait, of: impl IntoIterator<Item = i64>) -> Result<HashMap<i64, u64>> {
    let counted: Vec<(i64, i64)> = alarm_notice::Entity::find()
        .select_only()
        .column(alarm_notice::Column::RecipientId)
        .column_as(alarm_notice::Column::Id.count(), "n")
        .filter(alarm_notice::Column::RecipientId.is_in(of))
        .filter(alarm_notice::Column::ToldAt.is_null())
        .group_by(alarm_notice::Column::RecipientId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counted
        .into_iter()
        .map(|(id, n)| (id, u64::try_from(n).unwrap_or(0)))
        .collect())
}

pub(super) fn view(row: alarm_recipient::Model, waiting: u64) -> Result<RecipientView> {
    Ok(RecipientView {
        id: RecipientId(row.id),
        means: Means::from_name(&row.means).ok_or(Fault::damaged("alarm_recipients.means"))?,
        language: Language::from_name(&row.language).ok_or(Fault::damaged("alarm_recipients.language"))?,
        quiet: quiet(&row)?,
        address: row.address,
        enabled: row.enabled,
        hint: row.hint,
        waiting,
        told_at: row.told_at.map(Timestamp),
        next_try: (row.failures > 0 && waiting > 0).then_some(Timestamp(row.due_at)),
        fault: row.fault,
        created_by: row.created_by,
        created_at: Timestamp(row.created_at),
    })
}

fn quiet(row: &alarm_recipient::Model) -> Result<Option<QuietHours>> {
    let minute = |value: i32| u16::try_from(value).map_err(|_| Fault::damaged("alarm_recipients.quiet_from"));
    let Some((from, until)) = row.quiet_from.zip(row.quiet_until) else {
        return Ok(None);
    };
    Ok(Some(QuietHours {
        from: minute(from)?,
        until: minute(until)?,
    }))
}

fn quiet_text(quiet: Option<QuietHours>) -> String {
    quiet.map_or_else(String::new, |quiet| {
        format!("{}-{}", QuietHours::time(quiet.from), QuietHours::time(quiet.until))
    })
}
