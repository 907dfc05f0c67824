//! The secret of an account's one-time codes.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: i64,
    pub secret_sealed: String,
    /// Not yet while it is being set up.
    pub enabled_at: Option<i64>,
    /// The step of the last code that was taken; none is taken twice.
    pub last_step: i64,
}

impl ActiveModelBehavior for ActiveModel {}
