//! What waits to be told of an alarm, and what was told.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alarm_notices")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub alarm_id: i64,
    pub recipient_id: i64,
    pub news: String,
    pub made_at: i64,
    pub told_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
