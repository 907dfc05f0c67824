//! Sub-accounts and their grants.

use super::{
    Control, NewAccount,
    entity::{account, application, application_grant, grant, product, session},
    identities::{must_have_password, vouched_for},
    links::end_link,
    rows,
};
use crate::{Fault, Result};
use domain::{
    AccountId, ApplicationId, Secret, Timestamp,
    account::{Action, Actor, Grants, SubAccountView},
    audit::{Deed, Entry, Kind, Shown},
    field::comparable,
    problem::What,
    sign_in::sign_in_name,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use std::collections::{BTreeMap, BTreeSet};

impl Control {
    /// The sub-accounts of a tenant, by name.
    pub async fn sub_accounts(&self, tenant: AccountId) -> Result<Vec<SubAccountView>> {
        let found = account::Entity::find()
            .filter(account::COLUMN.root_id.eq(tenant.0))
            .order_by_asc(account::Column::NameKey)
            .all(&self.connections.read)
            .await?;
        self.with_grants(tenant, found).await
    }

    /// One of them.
    pub async fn sub_account(&self, tenant: AccountId, account: AccountId) -> Result<SubAccountView> {
        let found = account::Entity::find_by_id(account.0)
            .filter(account::COLUMN.root_id.eq(tenant.0))
            .all(&self.connections.read)
            .await?;
        let mut views = self.with_grants(tenant, found).await?;
        views.pop().ok_or(Fault::missing(What::Account))
    }

    async fn with_grants(&self, tenant: AccountId, accounts: Vec<account::Model>) -> Result<Vec<SubAccountView>> {
        let root = account::Entity::find_by_id(tenant.0)
            .one(&self.connections.read)
            .await?;
        let root = root.ok_or(Fault::missing(What::Account))?.name;
        let ids: Vec<i64> = accounts.iter().map(|row| row.id).collect();
        let mut grants = grants_of(&self.connections.read, &ids).await?;
        let vouched_for = vouched_for(&self.connections.read, &ids).await?;
        let view = |row: account::Model| SubAccountView {
            grants: grants.remove(&row.id).unwrap_or_default(),
            by_provider: vouched_for.contains(&row.id),
            id: AccountId(row.id),
            sign_in_name: sign_in_name(&row.name, Some(&root)),
            name: row.name,
            created_at: Timestamp(row.created_at),
            last_sign_in_at: row.last_sign_in_at.map(Timestamp),
        };
        Ok(accounts.into_iter().map(view).collect())
    }

    /// Creates one. A taken name is [`Fault::Taken`].
    pub async fn create_sub_account(&self, actor: &Actor, new: &NewAccount, grants: &Grants) -> Result<AccountId> {
        let tenant = actor.tenant;
        let transaction = self.connections.begin().await?;
        let made = new.row(Some(tenant.0)).insert(&transaction).await?;
        give(&transaction, tenant, made.id, grants).await?;
        let entry = self
            .entry(actor, Deed::CreateSubAccount)
            .to(
                Kind::Account,
                made.id,
                &sign_in_name(&new.name, Some(&actor.tenant_name)),
            )
            .has("name", &new.name)
            .has("password", Shown::Withheld);
        let entry = compared(&transaction, entry, &Grants::default(), grants).await?;
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(AccountId(made.id))
    }

    /// Changes one. A new password ends its sessions.
    pub async fn change_sub_account(
        &self,
        actor: &Actor,
        account: AccountId,
        name: &str,
        password_hash: Option<&Secret>,
        grants: &Grants,
    ) -> Result<()> {
        let tenant = actor.tenant;
        let transaction = self.connections.begin().await?;
        let present = of_tenant(&transaction, tenant, account).await?;
        let mut granted = grants_of(&transaction, &[account.0]).await?;
        let granted = granted.remove(&account.0).unwrap_or_default();
        let mut entry = self
            .entry(actor, Deed::ChangeSubAccount)
            .to(
                Kind::Account,
                account,
                &sign_in_name(&present.name, Some(&actor.tenant_name)),
            )
            .changed("name", &present.name, name);
        let mut row = account::ActiveModel {
            id: Unchanged(account.0),
            name: Set(name.to_owned()),
            name_key: Set(comparable(name)),
            ..Default::default()
        };
        if let Some(hash) = password_hash {
            must_have_password(&transaction, account).await?;
            row.password_hash = Set(hash.reveal().to_owned());
            end_sessions(&transaction, account).await?;
            end_link(&transaction, account).await?;
            entry = entry.has("password", Shown::Withheld);
        }
        row.update(&transaction).await?;
        give(&transaction, tenant, account.0, grants).await?;
        let entry = compared(&transaction, entry, &granted, grants).await?;
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes one with its grants and sessions.
    pub async fn delete_sub_account(&self, actor: &Actor, account: AccountId) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let present = of_tenant(&transaction, actor.tenant, account).await?;
        let mut granted = grants_of(&transaction, &[account.0]).await?;
        let granted = granted.remove(&account.0).unwrap_or_default();
        let entry = self
            .entry(actor, Deed::DeleteSubAccount)
            .to(
                Kind::Account,
                account,
                &sign_in_name(&present.name, Some(&actor.tenant_name)),
            )
            .had("name", &present.name);
        let entry = compared(&transaction, entry, &granted, &Grants::default()).await?;
        end_sessions(&transaction, account).await?;
        account::Entity::delete_by_id(account.0).exec(&transaction).await?;
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }
}

async fn of_tenant(db: &impl ConnectionTrait, tenant: AccountId, account: AccountId) -> Result<account::Model> {
    let found = account::Entity::find_by_id(account.0)
        .filter(account::COLUMN.root_id.eq(tenant.0))
        .one(db)
        .await?;
    found.ok_or(Fault::missing(What::Account))
}

/// What sub-accounts may do, by account; who may do nothing is left out.
pub(super) async fn grants_of(db: &impl ConnectionTrait, accounts: &[i64]) -> Result<BTreeMap<i64, Grants>> {
    let mut grants: BTreeMap<i64, Grants> = BTreeMap::new();
    let granted =
        application_grant::Entity::find().filter(application_grant::COLUMN.account_id.is_in(accounts.iter().copied()));
    for row in granted.all(db).await? {
        let action = rows::action(&row.action)?;
        let its = grants.entry(row.account_id).or_default();
        its.on_application(ApplicationId(row.application_id), action);
    }
    let granted = grant::Entity::find().filter(grant::COLUMN.account_id.is_in(accounts.iter().copied()));
    for row in granted.all(db).await? {
        let action = rows::action(&row.action)?;
        grants.entry(row.account_id).or_default().on_tenant(action);
    }
    Ok(grants)
}

/// Adds what differs between two sets of rights: those on the account, and those on each application by its Access ID.
pub(super) async fn compared(
    db: &impl ConnectionTrait,
    entry: Entry,
    before: &Grants,
    after: &Grants,
) -> Result<Entry> {
    let ids: BTreeSet<ApplicationId> = before
        .applications()
        .keys()
        .chain(after.applications().keys())
        .copied()
        .collect();
    let found = application::Entity::find()
        .filter(application::COLUMN.id.is_in(ids.iter().map(|id| id.0)))
        .all(db)
        .await?;
    let mut entry = entry.changed("rights", listed(Some(before.tenant())), listed(Some(after.tenant())));
    for row in found {
        let id = ApplicationId(row.id);
        let rights = |grants: &Grants| listed(grants.applications().get(&id));
        entry = entry.changed(&format!("rights_on_{}", row.access_id), rights(before), rights(after));
    }
    Ok(entry)
}

fn listed(actions: Option<&BTreeSet<Action>>) -> String {
    let names: Vec<&str> = actions.into_iter().flatten().map(|action| action.name()).collect();
    names.join(", ")
}

pub(super) async fn end_sessions(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    let theirs = session::Entity::delete_many().filter(session::COLUMN.account_id.eq(account.0));
    theirs.exec(db).await?;
    Ok(())
}

/// Replaces the grants. An application of another tenant is refused as if it did not exist.
pub(super) async fn give(db: &impl ConnectionTrait, tenant: AccountId, account: i64, grants: &Grants) -> Result<()> {
    let given = grants.applications();
    let owned = application::Entity::find()
        .join(sea_orm::JoinType::InnerJoin, application::Relation::Product.def())
        .filter(product::COLUMN.account_id.eq(tenant.0))
        .filter(application::COLUMN.id.is_in(given.keys().map(|id| id.0)))
        .count(db)
        .await?;
    if owned != given.len() as u64 {
        return Err(Fault::missing(What::Application));
    }
    application_grant::Entity::delete_many()
        .filter(application_grant::COLUMN.account_id.eq(account))
        .exec(db)
        .await?;
    grant::Entity::delete_many()
        .filter(grant::COLUMN.account_id.eq(account))
        .exec(db)
        .await?;
    let on_applications = given.iter().flat_map(|(application, actions)| {
        actions.iter().map(|action| application_grant::ActiveModel {
            account_id: Set(account),
            application_id: Set(application.0),
            action: Set(action.name().to_owned()),
        })
    });
    application_grant::Entity::insert_many(on_applications)
        .exec_without_returning(db)
        .await?;
    let on_tenant = grants.tenant().iter().map(|action| grant::ActiveModel {
        account_id: Set(account),
        action: Set(action.name().to_owned()),
    });
    grant::Entity::insert_many(on_tenant).exec_without_returning(db).await?;
    Ok(())
}
