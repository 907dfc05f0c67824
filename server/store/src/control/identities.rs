//! Accounts that an identity provider vouches for: whose they are, and the rights that follow from their groups.
//!
//! Such an account has no password: whoever set one would come in past the provider.

use super::{
    Control, NewAccount,
    entity::{account, application, identity, product},
    sub_accounts::{compared, end_sessions, give, grants_of},
};
use crate::{Fault, Result};
use domain::{
    AccountId, ApplicationId, Secret,
    account::{Actor, Grants, Origin},
    audit::{Deed, Entry, Kind},
    field::comparable,
    problem::Conflict,
    sign_in::sign_in_name,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};
use std::collections::BTreeSet;

/// A person, as a provider knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The provider.
    pub issuer: String,
    /// Its name for the person, which it gives to nobody else.
    pub subject: String,
}

/// The longest name of an account, in characters.
const LONGEST_NAME: usize = 60;

impl Control {
    /// The account of a person.
    pub async fn account_of(&self, person: &Person) -> Result<Option<AccountId>> {
        let found = identity::Entity::find()
            .filter(identity::COLUMN.issuer.eq(person.issuer.as_str()))
            .filter(identity::COLUMN.subject.eq(person.subject.as_str()))
            .one(&self.connections.read)
            .await?;
        Ok(found.map(|row| AccountId(row.account_id)))
    }

    /// Whether a provider vouches for an account.
    pub async fn is_vouched_for(&self, account: AccountId) -> Result<bool> {
        is_vouched_for(&self.connections.read, account).await
    }

    /// Makes a sub-account of `root` for a person, without rights, under a name like the one wanted.
    pub async fn adopt(&self, person: &Person, root: &Actor, wanted: &str, origin: &Origin) -> Result<AccountId> {
        let transaction = self.connections.begin().await?;
        let new = NewAccount {
            name: free_name(&transaction, root.tenant, wanted).await?,
            password_hash: Secret::default(),
            now: self.clock.now(),
        };
        let made = new.row(Some(root.tenant.0)).insert(&transaction).await?;
        let row = identity::ActiveModel {
            account_id: Set(made.id),
            issuer: Set(person.issuer.clone()),
            subject: Set(person.subject.clone()),
            created_at: Set(new.now.0),
        };
        identity::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
        let mut entry = Entry::anonymous(origin, Deed::CreateSubAccount, new.now)
            .to(Kind::Account, made.id, &sign_in_name(&new.name, Some(&root.name)))
            .has("name", &new.name)
            .has("issuer", &person.issuer)
            .has("subject", &person.subject);
        entry.tenant = Some(root.tenant);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(AccountId(made.id))
    }

    /// The applications of a tenant.
    pub async fn all_applications(&self, tenant: AccountId) -> Result<Vec<ApplicationId>> {
        let ids: Vec<i64> = application::Entity::find()
            .select_only()
            .column(application::Column::Id)
            .join(sea_orm::JoinType::InnerJoin, application::Relation::Product.def())
            .filter(product::COLUMN.account_id.eq(tenant.0))
            .order_by_asc(application::Column::Id)
            .into_tuple()
            .all(&self.connections.read)
            .await?;
        Ok(ids.into_iter().map(ApplicationId).collect())
    }

    /// Gives an account the rights that its provider's groups come to. What is the same already is not recorded.
    pub async fn set_rights(&self, actor: &Actor, grants: &Grants) -> Result<()> {
        let transaction = self.connections.begin().await?;
        if let Some(entry) = self.regrant(&transaction, actor, grants).await? {
            self.append(&transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Takes all rights from an account whose groups lead nowhere any more, and ends its sessions.
    pub async fn withdraw(&self, actor: &Actor) -> Result<()> {
        let transaction = self.connections.begin().await?;
        end_sessions(&transaction, actor.account).await?;
        if let Some(entry) = self.regrant(&transaction, actor, &Grants::default()).await? {
            self.append(&transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// The entry for a change of rights, when there is one.
    async fn regrant(&self, db: &DatabaseTransaction, actor: &Actor, grants: &Grants) -> Result<Option<Entry>> {
        let mut granted = grants_of(db, &[actor.account.0]).await?;
        let granted = granted.remove(&actor.account.0).unwrap_or_default();
        if granted == *grants {
            return Ok(None);
        }
        give(db, actor.tenant, actor.account.0, grants).await?;
        let entry = self
            .entry(actor, Deed::ChangeSubAccount)
            .to(Kind::Account, actor.account, &actor.name);
        compared(db, entry, &granted, grants).await.map(Some)
    }
}

/// Refuses what would give a way in past the provider to an account that it vouches for.
pub(super) async fn must_have_password(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    if is_vouched_for(db, account).await? {
        return Err(Fault::conflict(Conflict::ByProvider));
    }
    Ok(())
}

/// Those of the accounts that a provider vouches for.
pub(super) async fn vouched_for(db: &impl ConnectionTrait, accounts: &[i64]) -> Result<BTreeSet<i64>> {
    let found = identity::Entity::find()
        .filter(identity::COLUMN.account_id.is_in(accounts.iter().copied()))
        .all(db)
        .await?;
    Ok(found.into_iter().map(|row| row.account_id).collect())
}

async fn is_vouched_for(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    Ok(identity::Entity::find_by_id(account.0).count(db).await? > 0)
}

/// The name wanted, or the first of those with a number behind it that is free in the tenant.
async fn free_name(db: &impl ConnectionTrait, tenant: AccountId, wanted: &str) -> Result<String> {
    for number in 1_u32.. {
        let behind = if number == 1 {
            String::new()
        } else {
            format!(".{number}")
        };
        let kept: String = wanted.chars().take(LONGEST_NAME - behind.len()).collect();
        let name = format!("{kept}{behind}");
        let taken = account::Entity::find()
            .filter(account::COLUMN.root_id.eq(tenant.0))
            .filter(account::COLUMN.name_key.eq(comparable(&name)))
            .count(db)
            .await?;
        if taken == 0 {
            return Ok(name);
        }
    }
    // Not reached: there are more numbers than accounts.
    Err(Fault::conflict(Conflict::ChangedMeanwhile))
}
