//! An entry of the audit log.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub recorded_at: i64,
    pub account_id: Option<i64>,
    pub account_name: String,
    pub address: String,
    pub door: String,
    pub deed: String,
    pub object_kind: Option<String>,
    pub object_number: Option<String>,
    pub object_name: Option<String>,
    pub access_id: Option<i64>,
    pub application_name: Option<String>,
    pub before_fields: String,
    pub after_fields: String,
    pub outcome: String,
    pub reason: Option<String>,
    pub times: i64,
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
