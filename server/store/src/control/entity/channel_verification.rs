//! What a vendor said when it was asked whether a credential works.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_verifications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: i64,
    /// 0 for the main package.
    #[sea_orm(primary_key, auto_increment = false)]
    pub package_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub environment: String,
    pub credential_version: i64,
    pub verified_at: i64,
    pub works: bool,
    pub vendor_code: String,
    pub vendor_text: String,
}

impl ActiveModelBehavior for ActiveModel {}
