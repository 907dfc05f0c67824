//! IM applications.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "im_applications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sdk_app_id: i64,
    pub account_id: i64,
    pub name: String,
    pub name_key: String,
    pub access_point: String,
    pub enabled: bool,
    pub key_sealed: String,
    pub key_hint: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
