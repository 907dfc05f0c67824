//! Root accounts, sign-in, and who an account is.

use super::{
    Control,
    entity::{account, setting},
    ids,
    links::end_link,
    sub_accounts::{end_sessions, grants_of},
};
use crate::{Fault, Result};
use domain::{
    AccountId, Secret, Timestamp,
    account::{Actor, Origin, Role},
    audit::{Deed, Entry, Kind, Shown},
    field::comparable,
    problem::Conflict,
    sign_in::{SignInName, sign_in_name},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait, sea_query::Expr,
};

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
            id: ids::drawn(self.now),
            root_id: Set(root),
            name: Set(self.name.clone()),
            name_key: Set(comparable(&self.name)),
            password_hash: Set(self.password_hash.reveal().to_owned()),
            created_at: Set(self.now.0),
            last_sign_in_at: Set(None),
            activated_at: Set(None),
            introduced_at: Set(None),
            second_step_demanded_at: Set(None),
            time_zone: Set(None),
        }
    }
}

impl Control {
    /// Whether any account exists.
    pub async fn has_accounts(&self) -> Result<bool> {
        Ok(account::Entity::find().count(&self.connections.read).await? > 0)
    }

    /// Creates the first root account of a server, once: the second of two set-ups is refused.
    pub async fn set_up(&self, new: &NewAccount, origin: &Origin) -> Result<AccountId> {
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
        let entry = self.began(Deed::SetUp, origin, &made);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(AccountId(made.id))
    }

    /// Creates a root account from the command line. A taken name is [`Fault::Taken`].
    pub async fn create_root(&self, new: &NewAccount, origin: &Origin) -> Result<AccountId> {
        let transaction = self.connections.begin().await?;
        let made = new.row(None).insert(&transaction).await?;
        let entry = self.began(Deed::CreateRoot, origin, &made);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(AccountId(made.id))
    }

    /// The first entry of a tenant's log.
    fn began(&self, deed: Deed, origin: &Origin, made: &account::Model) -> Entry {
        let mut entry = Entry::anonymous(origin, deed, self.clock.now())
            .to(Kind::Account, made.id, &made.name)
            .has("name", &made.name)
            .has("password", Shown::Withheld);
        entry.tenant = Some(AccountId(made.id));
        entry
    }

    /// The account of a name and its password's hash.
    pub async fn sign_in_record(&self, name: &SignInName) -> Result<Option<(AccountId, Secret)>> {
        let found = named(name).one(&self.connections.read).await?;
        Ok(found.map(|row| (AccountId(row.id), Secret::new(row.password_hash))))
    }

    /// Whom a name claims to be: account, tenant and name, for an entry about a sign-in that failed.
    pub async fn claimed(&self, name: &SignInName) -> Result<Option<(AccountId, AccountId, String)>> {
        let db = &self.connections.read;
        let Some(row) = named(name).one(db).await? else {
            return Ok(None);
        };
        let tenant = AccountId(row.root_id.unwrap_or(row.id));
        Ok(Some((AccountId(row.id), tenant, full_name(db, &row).await?)))
    }

    /// The hash of an account's password.
    pub async fn password_hash(&self, account: AccountId) -> Result<Option<Secret>> {
        let found = account::Entity::find_by_id(account.0)
            .one(&self.connections.read)
            .await?;
        Ok(found.map(|row| Secret::new(row.password_hash)))
    }

    /// Changes an account's password and ends all its sessions.
    pub async fn change_password(&self, actor: &Actor, hash: &Secret) -> Result<()> {
        let account = actor.account;
        let transaction = self.connections.begin().await?;
        account::Entity::update_many()
            .col_expr(account::Column::PasswordHash, Expr::value(hash.reveal()))
            .filter(account::COLUMN.id.eq(account.0))
            .exec(&transaction)
            .await?;
        end_sessions(&transaction, account).await?;
        end_link(&transaction, account).await?;
        let entry = self
            .entry(actor, Deed::ChangePassword)
            .to(Kind::Account, account, &actor.name)
            .has("password", Shown::Withheld);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Replaces the hash of the same password, unless the password was changed meanwhile.
    pub async fn renew_hash(&self, account: AccountId, old: &Secret, new: &Secret) -> Result<()> {
        account::Entity::update_many()
            .col_expr(account::Column::PasswordHash, Expr::value(new.reveal()))
            .filter(account::COLUMN.id.eq(account.0))
            .filter(account::COLUMN.password_hash.eq(old.reveal()))
            .exec(&self.connections.write)
            .await?;
        Ok(())
    }

    /// Notes a sign-in.
    pub async fn note_sign_in(&self, actor: &Actor, now: Timestamp) -> Result<()> {
        let transaction = self.connections.begin().await?;
        account::Entity::update_many()
            .col_expr(account::Column::LastSignInAt, Expr::value(now.0))
            .filter(account::COLUMN.id.eq(actor.account.0))
            .exec(&transaction)
            .await?;
        self.append(&transaction, &self.entry(actor, Deed::SignIn)).await?;
        Ok(transaction.commit().await?)
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
            name: sign_in_name(&row.name, Some(&root.name)),
            tenant: AccountId(root.id),
            tenant_name: root.name,
            role: self.role_of(account).await?,
            origin: Origin::default(),
        }))
    }

    async fn role_of(&self, account: AccountId) -> Result<Role> {
        let mut grants = grants_of(&self.connections.read, &[account.0]).await?;
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
    pub async fn activate(&self, actor: &Actor, now: Timestamp) -> Result<()> {
        let transaction = self.connections.begin().await?;
        if note_once(&transaction, actor.tenant, account::Column::ActivatedAt, now).await? {
            let entry = self
                .entry(actor, Deed::Activate)
                .to(Kind::Account, actor.tenant, &actor.tenant_name);
            self.append(&transaction, &entry).await?;
        }
        Ok(transaction.commit().await?)
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
        note_once(&self.connections.write, account, account::Column::IntroducedAt, now)
            .await
            .map(drop)
    }
}

/// The account of a sign-in name, asked for in one go whoever of the two there is.
fn named(name: &SignInName) -> sea_orm::Select<account::Entity> {
    let found = account::Entity::find().filter(account::COLUMN.name_key.eq(name.name()));
    let Some(root) = name.root() else {
        return found.filter(account::Column::RootId.is_null());
    };
    let root = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::RootId.is_null())
        .filter(account::COLUMN.name_key.eq(root));
    found.filter(account::Column::RootId.in_subquery(root.into_query()))
}

/// The name by which an account signs in.
pub(super) async fn full_name(db: &impl ConnectionTrait, row: &account::Model) -> Result<String> {
    let root = match row.root_id {
        Some(root) => account::Entity::find_by_id(root).one(db).await?,
        None => None,
    };
    Ok(sign_in_name(&row.name, root.as_ref().map(|root| root.name.as_str())))
}

/// Whether this was the first time.
async fn note_once(
    db: &impl ConnectionTrait,
    account: AccountId,
    column: account::Column,
    now: Timestamp,
) -> Result<bool> {
    let noted = account::Entity::update_many()
        .col_expr(column, Expr::value(now.0))
        .filter(account::COLUMN.id.eq(account.0))
        .filter(column.is_null())
        .exec(db)
        .await?;
    Ok(noted.rows_affected > 0)
}
