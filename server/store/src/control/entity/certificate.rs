//! APNs certificates and keys; in force while not replaced.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificates")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub application_id: i64,
    pub kind: String,
    pub subject: String,
    pub bundle: String,
    pub issuer: String,
    /// In force for this environment.
    pub production: bool,
    /// In force for this environment.
    pub sandbox: bool,
    pub not_before: Option<i64>,
    pub not_after: Option<i64>,
    pub fingerprint: String,
    pub sealed: String,
    pub uploaded_at: i64,
    pub uploaded_by: String,
    pub replaced_at: Option<i64>,
    /// How often its paused lane was started again without another certificate.
    pub resumed: i64,
    #[sea_orm(belongs_to, from = "application_id", to = "id")]
    pub application: BelongsTo<super::application::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
