//! Sessions of the console, under the hash of their ids.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub data: String,
    pub account_id: Option<i64>,
    pub expires_at: i64,
    pub begun_at: i64,
    pub seen_at: i64,
    pub address: String,
    pub browser: String,
}

impl ActiveModelBehavior for ActiveModel {}
