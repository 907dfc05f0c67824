//! Alarms, going on and ended.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alarms")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// None where the server is concerned.
    pub application_id: Option<i64>,
    /// The root account that is told, where the server is concerned.
    pub account_id: Option<i64>,
    pub cause: String,
    /// Place and cause while it goes on; none once it has ended.
    pub going_on: Option<String>,
    pub moment: Option<i64>,
    pub vendor_code: String,
    pub text: String,
    pub raised_at: i64,
    /// When it was last found, to a minute.
    pub seen_at: i64,
    pub ended_at: Option<i64>,
    pub acknowledged_at: Option<i64>,
    pub acknowledged_by: Option<String>,
    /// 0: nobody was told yet; 1: that it was raised; 2: nothing is left to tell.
    pub told: i16,
}

impl ActiveModelBehavior for ActiveModel {}
