//! Who an identity provider knows an account as.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: i64,
    pub issuer: String,
    pub subject: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
