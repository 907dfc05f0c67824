//! Vendor channels of an application, or kept with an IM application.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vendor_channels")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub application_id: Option<i64>,
    pub sdk_app_id: Option<i64>,
    /// 0 for the main package.
    pub package_id: i64,
    pub channel: String,
    pub enabled: bool,
    pub field_values: String,
    pub secrets_sealed: String,
    pub secret_notes: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
