//! API keys of IM back ends.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub name: String,
    pub name_key: String,
    pub scopes: String,
    pub sdk_app_id: Option<i64>,
    pub created_by: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub last_used_at: Option<i64>,
    pub secret_digest: Option<String>,
    pub hint: Option<String>,
    pub old_digest: Option<String>,
    pub overlap_until: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
