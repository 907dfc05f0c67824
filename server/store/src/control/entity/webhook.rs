//! An outbound webhook of an application.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub application_id: i64,
    pub url: String,
    pub shape: String,
    /// Names of events with spaces between them.
    pub events: String,
    pub enabled: bool,
    /// None before the first one is made.
    pub secret_sealed: Option<String>,
    /// The secret's last four characters.
    pub hint: Option<String>,
    pub created_by: String,
    pub created_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
