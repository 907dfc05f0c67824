//! Alarms, going on and ended.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alarms")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub application_id: i64,
    pub cause: String,
    /// Application and cause while it goes on; none once it has ended.
    pub going_on: Option<String>,
    pub until: Option<i64>,
    pub vendor_code: String,
    pub text: String,
    pub raised_at: i64,
    pub ended_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub acknowledged_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
