//! People who sign in.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The root account it belongs to; none for a root account.
    pub root_id: Option<i64>,
    pub name: String,
    pub name_key: String,
    pub password_hash: String,
    pub created_at: i64,
    pub last_sign_in_at: Option<i64>,
    pub activated_at: Option<i64>,
    pub introduced_at: Option<i64>,
    /// Since when sub-accounts of this root account must have a second step.
    pub second_step_demanded_at: Option<i64>,
    /// The zone in which a root account's days are counted.
    pub time_zone: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
