//! Passkeys of accounts: public keys, so nothing here is secret.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub name: String,
    /// As the authenticator calls it, in base64url; unique.
    pub credential_id: String,
    /// The public key and what goes with it, as the service writes it.
    pub credential: String,
    /// How often it was used, as the authenticator counts; 0 where it does not.
    pub counter: i64,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
