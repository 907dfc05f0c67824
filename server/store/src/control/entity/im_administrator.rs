//! Administrators of an IM application.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "im_administrators")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub sdk_app_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
}

impl ActiveModelBehavior for ActiveModel {}
