//! Applications.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub product_id: i64,
    pub platform: String,
    pub name: String,
    pub name_key: String,
    pub access_id: i64,
    pub access_key: String,
    pub secret_key_sealed: String,
    pub secret_key_hint: String,
    pub identifier: Option<String>,
    pub status: String,
    pub service_details: String,
    pub created_at: i64,
    #[sea_orm(belongs_to, from = "product_id", to = "id")]
    pub product: BelongsTo<super::product::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
