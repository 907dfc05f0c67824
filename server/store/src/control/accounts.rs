//! Root accounts, sign-in, and who an account is.

use super::{
    Control,
    entity::{account, setting},
};
use crate::{Fault, Result};
use domain::{
    AccountId, Secret, Timestamp,
    account::{Actor, Origin, Role},
    field::comparable,
    problem::Conflict,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

/// An account to be stored; the password is hashed already.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Checked and trimmed.
    pub name: String,
    /// The PHC string.
    pub password_hash: Secret,
    /// When it is made.
    pub now: Timestamp,
}

impl NewAccount {
    pub(super) fn row(&self, root: Option<i64>) -> account::ActiveModel {
        account::ActiveModel {
            root_id: Set(root),
            name: Set(self.name.clone()),
            name_key: Set(comparable(&self.name)),
            password_hash: Set(self.password_hash.reveal().to_owned()),
            created_at: Set(self.now.0),
            last_sign_in_at: Set(None),
            activated_at: Set(None),
            introduced_at: Set(None),
            ..Default::default()
        }
    }
}

impl Control {
    /// Whether any account exists.
    pub async fn has_accounts(&self) -> Result<bool> {
        Ok(account::Entity::find().count(&self.connections.read).await? > 0)
    }

    /// Creates the first root account of a server, once: the second of two set-ups is refused.
    pub async fn set_up(&self, new: &NewAccount) -> Result<AccountId> {
        let transaction = self.connections.begin().await?;
        if account::Entity::find().count(&transaction).await? > 0 {
            return Err(Fault::conflict(Conflict::AlreadySetUp));
        }
        let done = setting::ActiveModel {
            name: Set("set_up_at".into()),
            value: Set(new.now.0.to_string()),
        };
        let noted = setting::Entity::insert(done).exec_without_returning(&transaction).await;
        match noted.map_err(Fault::from) {
            Err(Fault::Taken(_)) => return Err(Fault::conflict(Conflict::AlreadySetUp)),
            other => drop(other?),
        }
        let made = new.row(None).insert(&transaction).await?;
        transaction.commit().await?;
        Ok(AccountId(made.id))
    }

    /// Creates a root account from the command line. A taken name is [`Fault::Taken`].
    pub async fn create_root(&self, new: &NewAccount) -> Result<AccountId> {
        Ok(AccountId(new.row(None).insert(&self.connections.write).await?.id))
    }

    /// The account of a name and its password's hash.
    pub async fn sign_in_record(&self, name: &str) -> Result<Option<(AccountId, Secret)>> {
        let found = account::Entity::find()
            .filter(account::COLUMN.name_key.eq(comparable(name)))
            .one(&self.connections.read)
            .await?;
        Ok(found.map(|row| (AccountId(row.id), Secret::new(row.password_hash))))
    }

    /// The hash of an account's password.
    pub async fn password_hash(&self, account: AccountId) -> Result<Option<Secret>> {
        let found = account::Entity::find_by_id(account.0)
            .one(&self.connections.read)
            .await?;
        Ok(found.map(|row| Secret::new(row.password_hash)))
    }

    /// Notes a sign-in.
    pub async fn note_sign_in(&self, account: AccountId, now: Timestamp) -> Result<()> {
        account::Entity::update_many()
            .col_expr(account::Column::LastSignInAt, Expr::value(now.0))
            .filter(account::COLUMN.id.eq(account.0))
            .exec(&self.connections.write)
            .await?;
        Ok(())
    }

    /// Who an account is now, with its present grants.
    pub async fn actor(&self, account: AccountId) -> Result<Option<Actor>> {
        let db = &self.connections.read;
        let Some(row) = account::Entity::find_by_id(account.0).one(db).await? else {
            return Ok(None);
        };
        let Some(root_id) = row.root_id else {
            return Ok(Some(Actor {
                account,
                name: row.name.clone(),
                tenant: account,
                tenant_name: row.name,
                role: Role::Root,
                origin: Origin::default(),
            }));
        };
        let Some(root) = account::Entity::find_by_id(root_id).one(db).await? else {
            return Ok(None);
        };
        Ok(Some(Actor {
            account,
            name: row.name,
            tenant: AccountId(root.id),
            tenant_name: root.name,
            role: self.role_of(account).await?,
            origin: Origin::default(),
        }))
    }

    async fn role_of(&self, account: AccountId) -> Result<Role> {
        let mut grants = self.grants_of(&[account.0]).await?;
        Ok(Role::Sub(grants.remove(&account.0).unwrap_or_default()))
    }

    /// Whether the tenant has activated the service.
    pub async fn is_activated(&self, tenant: AccountId) -> Result<bool> {
        let found = account::Entity::find_by_id(tenant.0)
            .one(&self.connections.read)
            .await?;
        Ok(found.is_some_and(|row| row.activated_at.is_some()))
    }

    /// Activates the service for the tenant; the first time counts.
    pub async fn activate(&self, tenant: AccountId, now: Timestamp) -> Result<()> {
        self.note_once(tenant, account::Column::ActivatedAt, now).await
    }

    /// Whether an account closed the information dialog of Third-party Authorization.
    pub async fn is_introduced(&self, account: AccountId) -> Result<bool> {
        let found = account::Entity::find_by_id(account.0)
            .one(&self.connections.read)
            .await?;
        Ok(found.is_some_and(|row| row.introduced_at.is_some()))
    }

    /// Notes that an account closed the information dialog.
    pub async fn introduce(&self, account: AccountId, now: Timestamp) -> Result<()> {
        self.note_once(account, account::Column::IntroducedAt, now).await
    }

    async fn note_once(&self, account: AccountId, column: account::Column, now: Timestamp) -> Result<()> {
        account::Entity::update_many()
            .col_expr(column, Expr::value(now.0))
            .filter(account::COLUMN.id.eq(account.0))
            .filter(sea_orm::ColumnTrait::is_null(&column))
            .exec(&self.connections.write)
            .await?;
        Ok(())
    }
}
