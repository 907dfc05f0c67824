//! Somebody who is told of the alarms of a root account.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alarm_recipients")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub means: String,
    pub address: String,
    pub language: String,
    /// Minutes of the day, in the root account's time zone.
    pub quiet_from: Option<i32>,
    pub quiet_until: Option<i32>,
    pub enabled: bool,
    /// Of one that is called; none before the first one is made.
    pub secret_sealed: Option<String>,
    /// The secret's last four characters.
    pub hint: Option<String>,
    /// The node that is telling has its turn until then.
    pub turn_until: i64,
    pub failures: i32,
    pub fault: String,
    pub due_at: i64,
    pub told_at: Option<i64>,
    pub created_by: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
