//! Where the audit log of a tenant stands: its newest entry, and how far retention has cut it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_chains")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: i64,
    pub length: i64,
    pub head: String,
    pub head_seal: String,
    pub cut: i64,
    pub cut_head: String,
    pub cut_seal: String,
}

impl ActiveModelBehavior for ActiveModel {}
