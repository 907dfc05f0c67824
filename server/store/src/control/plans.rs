//! Push plans: names and descriptions. What was sent under them is in the data planes.

use super::{
    Control,
    applications::{by_access_id, confirmed},
    entity::plan,
    ids, rows, versions,
};
use crate::{Fault, Result};
use domain::{
    AccessId, PlanId, Timestamp,
    account::Actor,
    audit::{Deed, Kind},
    field::comparable,
    plan::{PlanSource, PlanView},
    problem::{Conflict, What},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

impl Control {
    /// The plans of an application, the fixed one first, then by name; their counts are still 0.
    pub async fn plans(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<PlanView>> {
        let db = &self.connections.read;
        let (application, _) = by_access_id(db, actor, access_id).await?;
        let found = plan::Entity::find()
            .filter(plan::COLUMN.application_id.eq(application.id))
            .order_by_asc(plan::Column::NameKey)
            .all(db)
            .await?;
        found.into_iter().map(view).collect()
    }

    /// One plan of an application; its counts are still 0.
    pub async fn plan(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<PlanView> {
        view(one(&self.connections.read, actor, access_id, plan).await?.0)
    }

    /// Creates a plan. A taken name is [`Fault::Taken`].
    pub async fn create_plan(
        &self,
        actor: &Actor,
        access_id: AccessId,
        name: &str,
        description: &str,
        now: Timestamp,
    ) -> Result<PlanId> {
        let transaction = self.connections.begin().await?;
        let (application, _) = by_access_id(&transaction, actor, access_id).await?;
        let row = new_row(application.id, PlanSource::Console, name, description, now);
        let made = row.insert(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .entry(actor, Deed::CreatePlan)
            .to(Kind::Plan, made.id, name)
            .within(access_id, &application.name)
            .has("name", name)
            .has("description", description);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(PlanId(made.id))
    }

    /// Changes name and description. A taken name is [`Fault::Taken`].
    pub async fn change_plan(
        &self,
        actor: &Actor,
        access_id: AccessId,
        plan: PlanId,
        name: &str,
        description: &str,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, application) = own(&transaction, actor, access_id, plan).await?;
        let change = plan::ActiveModel {
            id: Unchanged(row.id),
            name: Set(name.to_owned()),
            name_key: Set(comparable(name)),
            description: Set(description.to_owned()),
            ..Default::default()
        };
        change.update(&transaction).await?;
        let entry = self
            .entry(actor, Deed::ChangePlan)
            .to(Kind::Plan, row.id, &row.name)
            .within(access_id, &application)
            .changed("name", &row.name, name)
            .changed("description", &row.description, description);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes a plan, if the confirmation is its name.
    pub async fn delete_plan(
        &self,
        actor: &Actor,
        access_id: AccessId,
        plan: PlanId,
        confirmation: &str,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, application) = own(&transaction, actor, access_id, plan).await?;
        confirmed(&row.name, confirmation)?;
        plan::Entity::delete_by_id(row.id).exec(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .entry(actor, Deed::DeletePlan)
            .to(Kind::Plan, row.id, &row.name)
            .within(access_id, &application)
            .had("name", &row.name)
            .had("description", &row.description);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }
}

/// Makes the plan "IM message" of an application, or activates the one that an earlier authorisation made.
pub(super) async fn activate_im_plan(db: &impl ConnectionTrait, application: i64, now: Timestamp) -> Result<()> {
    let activated = set_im_plan_active(db, application, true).await?;
    if !activated {
        new_row(application, PlanSource::Im, "", "", now).insert(db).await?;
    }
    Ok(())
}

/// Switches the plan "IM message" of an application. `false` when there is none.
pub(super) async fn set_im_plan_active(db: &impl ConnectionTrait, application: i64, active: bool) -> Result<bool> {
    let changed = plan::Entity::update_many()
        .col_expr(plan::Column::Active, sea_orm::sea_query::Expr::value(active))
        .filter(plan::COLUMN.application_id.eq(application))
        .filter(plan::COLUMN.source.eq(PlanSource::Im.name()))
        .exec(db)
        .await?;
    Ok(changed.rows_affected > 0)
}

fn new_row(application: i64, source: PlanSource, name: &str, description: &str, now: Timestamp) -> plan::ActiveModel {
    plan::ActiveModel {
        id: ids::drawn(now),
        application_id: Set(application),
        source: Set(source.name().to_owned()),
        name: Set(name.to_owned()),
        name_key: Set(comparable(name)),
        description: Set(description.to_owned()),
        active: Set(true),
        created_at: Set(now.0),
    }
}

/// A plan, and the name of its application.
async fn one(
    db: &impl ConnectionTrait,
    actor: &Actor,
    access_id: AccessId,
    plan: PlanId,
) -> Result<(plan::Model, String)> {
    let (application, _) = by_access_id(db, actor, access_id).await?;
    let found = plan::Entity::find_by_id(plan.0)
        .filter(plan::COLUMN.application_id.eq(application.id))
        .one(db)
        .await?;
    let found = found.ok_or(Fault::missing(What::Plan))?;
    Ok((found, application.name))
}

/// A plan that people made; the one of an authorisation is refused.
async fn own(
    db: &impl ConnectionTrait,
    actor: &Actor,
    access_id: AccessId,
    plan: PlanId,
) -> Result<(plan::Model, String)> {
    let (row, application) = one(db, actor, access_id, plan).await?;
    if row.source == PlanSource::Im.name() {
        return Err(Fault::conflict(Conflict::PlanIsFixed));
    }
    Ok((row, application))
}

fn view(row: plan::Model) -> Result<PlanView> {
    Ok(PlanView {
        id: PlanId(row.id),
        source: rows::plan_source(&row.source)?,
        name: row.name,
        description: row.description,
        active: row.active,
        messages: 0,
        messages_last_day: 0,
        created_at: Timestamp(row.created_at),
    })
}
