//! What a vendor said when it refused a credential.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel_troubles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: i64,
    /// 0 for the main package.
    #[sea_orm(primary_key, auto_increment = false)]
    pub package_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    pub credential_version: i64,
    pub since: i64,
    pub vendor_code: String,
    pub vendor_text: String,
}

impl ActiveModelBehavior for ActiveModel {}
