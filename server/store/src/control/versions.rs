//! The counter by which the server sees that routes or credentials changed, also by another process.

use super::{Control, entity::version};
use crate::{Fault, Result};
use sea_orm::{ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

const ROUTES: &str = "routes";

impl Control {
    /// The version of everything that [`Control::routes`] and [`Control::channel_credential`] read.
    pub async fn routes_version(&self) -> Result<i64> {
        current(&self.connections.read).await
    }
}

/// Raises the version inside a transaction and returns it. It also serves as the version of a credential.
pub(super) async fn bump(db: &impl ConnectionTrait) -> Result<i64> {
    let column = Expr::col(version::Column::Value);
    version::Entity::update_many()
        .col_expr(version::Column::Value, column.add(1))
        .filter(version::COLUMN.name.eq(ROUTES))
        .exec(db)
        .await?;
    current(db).await
}

async fn current(db: &impl ConnectionTrait) -> Result<i64> {
    let row = version::Entity::find_by_id(ROUTES).one(db).await?;
    Ok(row.ok_or(Fault::damaged("versions.routes"))?.value)
}
