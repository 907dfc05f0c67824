//! One-time links with which somebody sets the password of an account: invitations and resets.
//!
//! A link stands here as the hash of its token. An account has one at most: a new one takes the place of the old.

use super::{
    Control,
    accounts::full_name,
    entity::{account, invitation},
    identities::must_have_password,
    sub_accounts::end_sessions,
};
use crate::{Fault, Result, hex};
use domain::{
    AccountId, Secret, Timestamp,
    account::{Actor, Origin},
    audit::{Deed, Entry, Kind, Shown},
    problem::What,
};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use sha2::{Digest, Sha256};

impl Control {
    /// Keeps a link for an account until it is used, replaced or too old.
    pub async fn make_link(
        &self,
        actor: &Actor,
        (account, name): (AccountId, &str),
        token: &Secret,
        expires_at: Timestamp,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        must_have_password(&transaction, account).await?;
        let row = invitation::ActiveModel {
            account_id: Set(account.0),
            token_hash: Set(hashed(token)),
            expires_at: Set(expires_at.0),
        };
        let replace = OnConflict::column(invitation::Column::AccountId)
            .update_columns([invitation::Column::TokenHash, invitation::Column::ExpiresAt])
            .to_owned();
        invitation::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&transaction)
            .await?;
        let entry = self.entry(actor, Deed::MakeLink).to(Kind::Account, account, name);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// The name of the account that a link is for, while it is good.
    pub async fn link(&self, token: &Secret) -> Result<Option<String>> {
        let db = &self.connections.read;
        let found = invitation::Entity::find()
            .filter(invitation::COLUMN.token_hash.eq(hashed(token)))
            .filter(invitation::COLUMN.expires_at.gt(self.clock.now().0))
            .one(db)
            .await?;
        let Some(link) = found else { return Ok(None) };
        match account::Entity::find_by_id(link.account_id).one(db).await? {
            Some(row) => full_name(db, &row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Uses a link up: sets the password, and ends the account's sessions.
    pub async fn use_link(&self, token: &Secret, password_hash: &Secret, origin: &Origin) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let good = invitation::Entity::find()
            .filter(invitation::COLUMN.token_hash.eq(hashed(token)))
            .filter(invitation::COLUMN.expires_at.gt(self.clock.now().0))
            .one(&transaction)
            .await?;
        let link = good.ok_or(Fault::missing(What::Link))?;
        let used = invitation::Entity::delete_by_id(link.account_id)
            .filter(invitation::COLUMN.token_hash.eq(link.token_hash))
            .exec(&transaction)
            .await?;
        if used.rows_affected == 0 {
            return Err(Fault::missing(What::Link));
        }
        let account = AccountId(link.account_id);
        self.set_password(&transaction, account, password_hash, origin, Deed::UseLink)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Sets the password of an account, from the command line. Ends its sessions and its link.
    pub async fn reset_password(&self, account: AccountId, password_hash: &Secret, origin: &Origin) -> Result<()> {
        let transaction = self.connections.begin().await?;
        invitation::Entity::delete_by_id(account.0).exec(&transaction).await?;
        self.set_password(&transaction, account, password_hash, origin, Deed::ResetPassword)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn set_password(
        &self,
        transaction: &sea_orm::DatabaseTransaction,
        account: AccountId,
        password_hash: &Secret,
        origin: &Origin,
        deed: Deed,
    ) -> Result<()> {
        must_have_password(transaction, account).await?;
        let found = account::Entity::find_by_id(account.0).one(transaction).await?;
        let row = found.ok_or(Fault::missing(What::Account))?;
        account::Entity::update_many()
            .col_expr(account::Column::PasswordHash, Expr::value(password_hash.reveal()))
            .filter(account::COLUMN.id.eq(account.0))
            .exec(transaction)
            .await?;
        end_sessions(transaction, account).await?;
        let name = full_name(transaction, &row).await?;
        let mut entry = Entry::anonymous(origin, deed, self.clock.now())
            .to(Kind::Account, account, &name)
            .has("password", Shown::Withheld);
        entry.tenant = Some(AccountId(row.root_id.unwrap_or(row.id)));
        entry.account = Some(account);
        entry.account_name = name;
        self.append(transaction, &entry).await
    }

    /// Deletes links that are too old. Returns how many.
    pub async fn sweep_links(&self) -> Result<u64> {
        let done = invitation::Entity::delete_many()
            .filter(invitation::COLUMN.expires_at.lte(self.clock.now().0))
            .exec(&self.connections.write)
            .await?;
        Ok(done.rows_affected)
    }
}

/// Ends the link of an account whose password was set otherwise.
pub(super) async fn end_link(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    invitation::Entity::delete_by_id(account.0).exec(db).await?;
    Ok(())
}

/// A token has 256 random bits, so a plain hash hides it.
fn hashed(token: &Secret) -> String {
    hex::lower(&Sha256::digest(token.reveal()))
}
