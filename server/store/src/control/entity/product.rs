//! Products.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub account_id: i64,
    pub name: String,
    pub name_key: String,
    pub category: String,
    pub access_point: String,
    pub created_at: i64,
    #[sea_orm(has_many)]
    pub applications: HasMany<super::application::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
