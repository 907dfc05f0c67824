//! Where a vendor reports to for an application.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt_doors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: i64,
    /// 0 for the main package.
    #[sea_orm(primary_key, auto_increment = false)]
    pub package_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    pub secret_sealed: String,
    pub secret_hash: String,
    pub last_receipt_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
