//! API keys of IM back ends. Only digests of secrets are stored.

use super::{
    Control,
    entity::{api_key, im_application},
    ids, im_applications,
    products::{made_by_form, note_form},
    versions,
};
use crate::{Fault, Result, hex};
use domain::{
    AccountId, ApiKeyId, Problem, SdkAppId, Timestamp,
    account::Actor,
    api_key::{ApiKeyView, MAX_API_KEYS, Presented, Scope, Standing},
    audit::{Deed, Entry, Kind},
    field::{FieldFault, comparable},
    problem::What,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};

/// A key to be stored, checked.
#[derive(Clone, Debug)]
pub struct NewApiKeyRow {
    /// Trimmed.
    pub name: String,
    /// At least one.
    pub scopes: BTreeSet<Scope>,
    /// Must be the tenant's.
    pub im_application: Option<SdkAppId>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The form's one-time key; empty when there is no form.
    pub form_key: String,
    /// When it is made.
    pub now: Timestamp,
}

/// A new secret of a key.
#[derive(Clone, Debug)]
pub struct NewApiSecret {
    /// The secret, of which the digest and the last four characters are stored.
    pub presented: Presented,
    /// Until when the one before stays good.
    pub overlap_until: Timestamp,
    /// When it is made.
    pub now: Timestamp,
}

/// A key as the doors check it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiKeyRecord {
    /// Its number.
    pub id: ApiKeyId,
    /// Whose it is.
    pub tenant: AccountId,
    /// Its name, by which it acts.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// The only IM application it is good for.
    pub im_application: Option<SdkAppId>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The digests of its secrets, each with the moment until which it is good.
    pub secrets: Vec<(String, Timestamp)>,
}

/// The digest of a secret, as stored. A plain one will do: the secret is 256 random bits, which nobody can try out.
pub fn api_secret_digest(presented: &Presented) -> String {
    hex::lower(&Sha256::digest(presented.random.reveal()))
}

impl Control {
    /// The tenant's keys, newest first.
    pub async fn api_keys(&self, actor: &Actor, now: Timestamp) -> Result<Vec<ApiKeyView>> {
        let found = api_key::Entity::find()
            .filter(api_key::COLUMN.account_id.eq(actor.tenant.0))
            .order_by_desc(api_key::Column::Id)
            .all(&self.connections.read)
            .await?;
        self.key_views(found, now).await
    }

    /// One of them.
    pub async fn api_key(&self, actor: &Actor, id: ApiKeyId, now: Timestamp) -> Result<ApiKeyView> {
        let row = one(&self.connections.read, actor, id).await?;
        let mut views = self.key_views(vec![row], now).await?;
        views.pop().ok_or(Fault::missing(What::ApiKey))
    }

    /// Makes one, without a secret yet. A form that was used already answers what it made. [`Fault::Taken`]: the name.
    pub async fn create_api_key(&self, actor: &Actor, new: &NewApiKeyRow) -> Result<ApiKeyId> {
        let transaction = self.connections.begin().await?;
        if let Some(made) = made_by_form(&transaction, actor, &new.form_key).await? {
            return Ok(ApiKeyId(made));
        }
        // Raised first: it makes two who create at once wait for each other.
        versions::bump(&transaction).await?;
        let theirs = api_key::Entity::find().filter(api_key::COLUMN.account_id.eq(actor.tenant.0));
        if theirs.count(&transaction).await? >= u64::from(MAX_API_KEYS) {
            let full = FieldFault::TooMany { max: MAX_API_KEYS };
            return Err(Fault::Refused(Problem::field("name", full)));
        }
        let im_application = match new.im_application {
            Some(sdk_app_id) => Some(im_applications::one(&transaction, actor, sdk_app_id).await?),
            None => None,
        };
        let row = api_key::ActiveModel {
            id: ids::drawn(new.now),
            account_id: Set(actor.tenant.0),
            name: Set(new.name.clone()),
            name_key: Set(comparable(&new.name)),
            scopes: Set(written(&new.scopes)),
            sdk_app_id: Set(new.im_application.map(|id| id.0)),
            created_by: Set(actor.name.clone()),
            created_at: Set(new.now.0),
            expires_at: Set(new.expires_at.0),
            last_used_at: Set(None),
            secret_digest: Set(None),
            hint: Set(None),
            old_digest: Set(None),
            overlap_until: Set(None),
        };
        let row = row.insert(&transaction).await?;
        note_form(&transaction, actor, &new.form_key, row.id, new.now).await?;
        let of_im = im_application.map_or_else(String::new, |row| row.name);
        let entry = self
            .of_key(actor, Deed::CreateApiKey, &row)
            .has("name", &new.name)
            .has("scopes", &row.scopes)
            .has("im_application", of_im)
            .has("days", (new.expires_at.ms_since(new.now) / 86_400_000).to_string());
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(ApiKeyId(row.id))
    }

    /// Gives a key a new secret; the one before stays good for a while, one that came before that no longer.
    pub async fn issue_api_secret(&self, actor: &Actor, id: ApiKeyId, new: &NewApiSecret) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, id).await?;
        let overlaps = row.secret_digest.is_some() && new.overlap_until > new.now;
        let change = api_key::ActiveModel {
            id: Unchanged(row.id),
            secret_digest: Set(Some(api_secret_digest(&new.presented))),
            hint: Set(Some(new.presented.hint())),
            old_digest: Set(row.secret_digest.clone().filter(|_| overlaps)),
            overlap_until: Set(overlaps.then_some(new.overlap_until.0)),
            ..Default::default()
        };
        change.update(&transaction).await?;
        versions::bump(&transaction).await?;
        let mut entry = self.of_key(actor, Deed::IssueApiSecret, &row);
        if let Some(hint) = row.hint {
            entry = entry.had("ends_in", hint);
        }
        entry = entry.has("ends_in", new.presented.hint());
        if overlaps {
            let hours = new.overlap_until.ms_since(new.now) / 3_600_000;
            entry = entry.has("overlap_hours", hours.to_string());
        }
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes a key back for good.
    pub async fn revoke_api_key(&self, actor: &Actor, id: ApiKeyId) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, id).await?;
        api_key::Entity::delete_by_id(row.id).exec(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .of_key(actor, Deed::RevokeApiKey, &row)
            .had("name", &row.name)
            .had("scopes", &row.scopes);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Notes when keys were last used. Not a change that other processes must see.
    pub async fn note_api_key_uses(&self, uses: &[(ApiKeyId, Timestamp)]) -> Result<()> {
        if uses.is_empty() {
            return Ok(());
        }
        let transaction = self.connections.begin().await?;
        for (id, at) in uses {
            // Several processes note the uses that they saw.
            let earlier = Condition::any()
                .add(api_key::Column::LastUsedAt.is_null())
                .add(api_key::Column::LastUsedAt.lt(at.0));
            api_key::Entity::update_many()
                .col_expr(api_key::Column::LastUsedAt, Expr::value(at.0))
                .filter(api_key::COLUMN.id.eq(id.0))
                .filter(earlier)
                .exec(&transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Every key of every tenant that has a secret.
    pub async fn api_key_records(&self) -> Result<Vec<ApiKeyRecord>> {
        let found = api_key::Entity::find()
            .filter(api_key::Column::SecretDigest.is_not_null())
            .all(&self.connections.read)
            .await?;
        found.into_iter().map(record).collect()
    }

    async fn key_views(&self, found: Vec<api_key::Model>, now: Timestamp) -> Result<Vec<ApiKeyView>> {
        let named: BTreeSet<i64> = found.iter().filter_map(|row| row.sdk_app_id).collect();
        let names = im_application::Entity::find()
            .filter(im_application::Column::SdkAppId.is_in(named))
            .all(&self.connections.read)
            .await?;
        let names: HashMap<i64, String> = names.into_iter().map(|row| (row.sdk_app_id, row.name)).collect();
        let view = |row: api_key::Model| {
            Ok(ApiKeyView {
                id: ApiKeyId(row.id),
                standing: standing(&row, now),
                scopes: read(&row.scopes)?,
                im_application: row
                    .sdk_app_id
                    .map(|id| (SdkAppId(id), names.get(&id).cloned().unwrap_or_default())),
                name: row.name,
                created_by: row.created_by,
                created_at: Timestamp(row.created_at),
                expires_at: Timestamp(row.expires_at),
                last_used_at: row.last_used_at.map(Timestamp),
                hint: row.hint,
                overlap_until: row.overlap_until.map(Timestamp).filter(|until| *until > now),
            })
        };
        found.into_iter().map(view).collect()
    }

    fn of_key(&self, actor: &Actor, deed: Deed, row: &api_key::Model) -> Entry {
        self.entry(actor, deed).to(Kind::ApiKey, row.id, &row.name)
    }
}

async fn one(db: &impl ConnectionTrait, actor: &Actor, id: ApiKeyId) -> Result<api_key::Model> {
    let found = api_key::Entity::find_by_id(id.0)
        .filter(api_key::COLUMN.account_id.eq(actor.tenant.0))
        .one(db)
        .await?;
    found.ok_or(Fault::missing(What::ApiKey))
}

fn record(row: api_key::Model) -> Result<ApiKeyRecord> {
    let expires_at = Timestamp(row.expires_at);
    let present = row.secret_digest.map(|digest| (digest, expires_at));
    let overlap_until = row.overlap_until.map(Timestamp);
    let before = row.old_digest.zip(overlap_until.map(|until| until.min(expires_at)));
    Ok(ApiKeyRecord {
        id: ApiKeyId(row.id),
        tenant: AccountId(row.account_id),
        name: row.name,
        scopes: read(&row.scopes)?,
        im_application: row.sdk_app_id.map(SdkAppId),
        expires_at,
        secrets: present.into_iter().chain(before).collect(),
    })
}

fn standing(row: &api_key::Model, now: Timestamp) -> Standing {
    if row.expires_at <= now.0 {
        Standing::Expired
    } else if row.hint.is_none() {
        Standing::NoSecret
    } else {
        Standing::Valid
    }
}

fn written(scopes: &BTreeSet<Scope>) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    names.join(" ")
}

fn read(scopes: &str) -> Result<BTreeSet<Scope>> {
    let scopes = scopes
        .split(' ')
        .map(|name| Scope::from_name(name).ok_or_else(|| Fault::damaged("api_keys.scopes")));
    scopes.collect()
}
