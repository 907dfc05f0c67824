//! Noting that a push is sent from the console: once for a form, however often it is posted.

use super::{Control, entity::form_key, products::note_form};
use crate::Result;
use domain::{Timestamp, account::Actor, audit::Entry};
use sea_orm::{ConnectionTrait, EntityTrait};

impl Control {
    /// Records a push before it is handed over. Answers when its form was first posted: now, unless this is a repeat,
    /// which leaves no second entry.
    pub async fn note_push(&self, actor: &Actor, form: &str, entry: &Entry, now: Timestamp) -> Result<Timestamp> {
        let transaction = self.connections.begin().await?;
        if let Some(first) = first_posted(&transaction, actor, form).await? {
            return Ok(first);
        }
        match note_form(&transaction, actor, form, 0, now).await {
            // Another node took the same form just now.
            Err(fault) if fault.is_taken() => {
                drop(transaction);
                let first = first_posted(&self.connections.write, actor, form).await?;
                return first.ok_or(fault);
            }
            noted => noted?,
        }
        self.append(&transaction, entry).await?;
        transaction.commit().await?;
        Ok(now)
    }
}

async fn first_posted(db: &impl ConnectionTrait, actor: &Actor, form: &str) -> Result<Option<Timestamp>> {
    let posted = form_key::Entity::find_by_id((actor.account.0, form.to_owned()));
    Ok(posted.one(db).await?.map(|row| Timestamp(row.created_at)))
}
