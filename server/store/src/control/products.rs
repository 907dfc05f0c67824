//! Products: the list with search, order and pages, and changes.

use super::{
    Control, NewApplicationRow,
    applications::{self, confirmed},
    entity::{application, form_key, product},
    ids, rows,
};
use crate::{Fault, Result};
use domain::{
    ApplicationId, ProductId, Timestamp,
    account::Actor,
    audit::{Deed, Kind},
    field::comparable,
    page::Page,
    problem::{Conflict, What},
    product::{Category, Platform, ProductQuery, ProductSort, ProductView},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, Query},
};

/// A product to be stored.
#[derive(Clone, Debug)]
pub struct NewProductRow {
    /// Checked and trimmed.
    pub name: String,
    /// What it is about.
    pub category: Category,
    /// One of the configured access points.
    pub access_point: String,
    /// One per platform.
    pub applications: Vec<NewApplicationRow>,
    /// The form's one-time key; empty when there is no form.
    pub form_key: String,
    /// When it is made.
    pub now: Timestamp,
}

impl Control {
    /// A page of the products that the actor may see.
    pub async fn products(&self, actor: &Actor, query: &ProductQuery) -> Result<Page<ProductView>> {
        let db = &self.connections.read;
        let select = product::Entity::find()
            .filter(visible(actor))
            .filter(found_by(actor, &query.search));
        let total = select.clone().count(db).await?;
        let page = query.page.clamped(total);
        let rows = ordered(select, query.sort)
            .offset(page.offset())
            .limit(u64::from(page.size))
            .all(db)
            .await?;
        Ok(Page {
            rows: self.product_views(actor, rows).await?,
            total,
            page,
        })
    }

    /// One product, if the actor may see it.
    pub async fn product(&self, actor: &Actor, product: ProductId) -> Result<ProductView> {
        let row = one(&self.connections.read, actor, product).await?;
        let mut views = self.product_views(actor, vec![row]).await?;
        views.pop().ok_or(Fault::missing(What::Product))
    }

    async fn product_views(&self, actor: &Actor, products: Vec<product::Model>) -> Result<Vec<ProductView>> {
        let applications = application::Entity::find()
            .find_also_related(product::Entity)
            .filter(applications::visible(actor))
            .filter(application::Column::ProductId.is_in(products.iter().map(|row| row.id)))
            .all(&self.connections.read)
            .await?;
        let pairs = applications.into_iter().filter_map(|(a, p)| Some((a, p?))).collect();
        let mut views = self.application_views(actor, pairs).await?;
        views.sort_by_key(|view| view.platform);
        let mut made = Vec::with_capacity(products.len());
        for row in products {
            let (its, rest) = views.into_iter().partition(|view| view.product.0 == row.id);
            views = rest;
            made.push(ProductView {
                id: ProductId(row.id),
                name: row.name,
                category: rows::category(&row.category)?,
                access_point: self.access_point(&row.access_point),
                created_at: Timestamp(row.created_at),
                applications: its,
            });
        }
        Ok(made)
    }

    /// Creates a product with its applications, in one transaction. A form that was used already answers the product
    /// it made. [`Fault::Taken`]: the name, or one of the numbers drawn.
    pub async fn create_product(&self, actor: &Actor, new: &NewProductRow) -> Result<ProductId> {
        let transaction = self.connections.begin().await?;
        if let Some(made) = made_by_form(&transaction, actor, &new.form_key).await? {
            return Ok(ProductId(made));
        }
        let row = product::ActiveModel {
            id: ids::drawn(new.now),
            account_id: Set(actor.tenant.0),
            name: Set(new.name.clone()),
            name_key: Set(comparable(&new.name)),
            category: Set(new.category.name().to_owned()),
            access_point: Set(new.access_point.clone()),
            created_at: Set(new.now.0),
        };
        let made = row.insert(&transaction).await?;
        let mut entries = vec![
            self.entry(actor, Deed::CreateProduct)
                .to(Kind::Product, made.id, &made.name)
                .has("name", &made.name)
                .has("category", &made.category)
                .has("access_point", &made.access_point),
        ];
        for application in &new.applications {
            let row = self.application_row(made.id, application, new.now)?;
            let row = row.insert(&transaction).await?;
            entries.push(self.added(actor, &row, application));
        }
        note_form(&transaction, actor, &new.form_key, made.id, new.now).await?;
        for entry in entries {
            self.append(&transaction, &entry).await?;
        }
        transaction.commit().await?;
        Ok(ProductId(made.id))
    }

    /// Whether the tenant has a product of this name.
    pub async fn product_name_taken(&self, actor: &Actor, name: &str) -> Result<bool> {
        let same = product::Entity::find()
            .filter(product::COLUMN.account_id.eq(actor.tenant.0))
            .filter(product::COLUMN.name_key.eq(comparable(name)));
        Ok(same.count(&self.connections.read).await? > 0)
    }

    /// Changes name and category.
    pub async fn change_product(
        &self,
        actor: &Actor,
        product: ProductId,
        name: &str,
        category: Category,
    ) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, product).await?;
        let change = product::ActiveModel {
            id: Unchanged(row.id),
            name: Set(name.to_owned()),
            name_key: Set(comparable(name)),
            category: Set(category.name().to_owned()),
            ..Default::default()
        };
        change.update(&transaction).await?;
        let entry = self
            .entry(actor, Deed::ChangeProduct)
            .to(Kind::Product, row.id, &row.name)
            .changed("name", &row.name, name)
            .changed("category", &row.category, category.name());
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes a product with its applications, unless one of them is authorised or the confirmation is not its name.
    pub async fn delete_product(&self, actor: &Actor, product: ProductId, confirmation: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, product).await?;
        confirmed(&row.name, confirmation)?;
        let applications = application::Entity::find().filter(application::COLUMN.product_id.eq(row.id));
        let applications = applications.all(&transaction).await?;
        applications::delete(&transaction, &applications).await?;
        product::Entity::delete_by_id(row.id).exec(&transaction).await?;
        for application in &applications {
            self.append(&transaction, &self.deleted(actor, application)).await?;
        }
        let entry = self
            .entry(actor, Deed::DeleteProduct)
            .to(Kind::Product, row.id, &row.name)
            .had("name", &row.name)
            .had("category", &row.category)
            .had("access_point", &row.access_point);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Adds the application of a platform. [`Fault::Taken`]: one of the numbers drawn.
    pub async fn add_application(
        &self,
        actor: &Actor,
        product: ProductId,
        new: &NewApplicationRow,
        now: Timestamp,
    ) -> Result<ApplicationId> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, product).await?;
        if self.has_platform(&transaction, row.id, new.platform).await? {
            return Err(Fault::conflict(Conflict::PlatformExists(new.platform)));
        }
        let made = self.application_row(row.id, new, now)?.insert(&transaction).await?;
        self.append(&transaction, &self.added(actor, &made, new)).await?;
        transaction.commit().await?;
        Ok(ApplicationId(made.id))
    }

    async fn has_platform(&self, db: &impl ConnectionTrait, product: i64, platform: Platform) -> Result<bool> {
        let same = application::Entity::find()
            .filter(application::COLUMN.product_id.eq(product))
            .filter(application::COLUMN.platform.eq(platform.name()));
        Ok(same.count(db).await? > 0)
    }

    /// Forgets forms that were used before a moment. Returns how many.
    pub async fn sweep_form_keys(&self, before: Timestamp) -> Result<u64> {
        let old = form_key::Entity::delete_many().filter(form_key::COLUMN.created_at.lt(before.0));
        Ok(old.exec(&self.connections.write).await?.rows_affected)
    }
}

/// The tenant's products; a sub-account sees those with an application it may view.
pub(super) fn visible(actor: &Actor) -> Condition {
    let tenant = Condition::all().add(product::Column::AccountId.eq(actor.tenant.0));
    match actor.visible_applications() {
        None => tenant,
        Some(granted) => {
            let granted = application::Column::Id.is_in(granted.into_iter().map(|id| id.0));
            tenant.add(product::Column::Id.in_subquery(products_where(granted)))
        }
    }
}

fn products_where(condition: impl sea_orm::sea_query::IntoCondition) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(application::Column::ProductId)
        .from(application::Entity)
        .cond_where(condition)
        .to_owned()
}

/// Part of a product's or of one of its visible applications' names, or of an Access ID.
fn found_by(actor: &Actor, search: &str) -> Condition {
    let wanted = comparable(search);
    if wanted.is_empty() {
        return Condition::all();
    }
    let pattern = rows::containing(&wanted);
    let number = Expr::col((application::Entity, application::Column::AccessId)).cast_as("TEXT");
    let named = Condition::any()
        .add(application::Column::NameKey.like(pattern.clone()))
        .add(number.like(pattern.clone()));
    let mut within = Condition::all().add(named);
    if let Some(granted) = actor.visible_applications() {
        within = within.add(application::Column::Id.is_in(granted.into_iter().map(|id| id.0)));
    }
    Condition::any()
        .add(product::Column::NameKey.like(pattern))
        .add(product::Column::Id.in_subquery(products_where(within)))
}

fn ordered(select: Select<product::Entity>, sort: ProductSort) -> Select<product::Entity> {
    // Numbers grow with time, so they order by age and settle ties.
    let (column, order) = match sort {
        ProductSort::Newest => (product::Column::Id, Order::Desc),
        ProductSort::Oldest => (product::Column::Id, Order::Asc),
        ProductSort::Name => (product::Column::NameKey, Order::Asc),
        ProductSort::NameDescending => (product::Column::NameKey, Order::Desc),
    };
    select.order_by(column, order).order_by_asc(product::Column::Id)
}

pub(super) async fn one(db: &impl ConnectionTrait, actor: &Actor, product: ProductId) -> Result<product::Model> {
    let found = product::Entity::find_by_id(product.0)
        .filter(visible(actor))
        .one(db)
        .await?;
    found.ok_or(Fault::missing(What::Product))
}

/// What a form made when it was used before.
pub(super) async fn made_by_form(db: &impl ConnectionTrait, actor: &Actor, form: &str) -> Result<Option<i64>> {
    if form.is_empty() {
        return Ok(None);
    }
    let used = form_key::Entity::find_by_id((actor.account.0, form.to_owned()))
        .one(db)
        .await?;
    Ok(used.map(|row| row.made_id))
}

/// Notes what a form made; the primary key lets one of two submits win.
pub(super) async fn note_form(
    db: &impl ConnectionTrait,
    actor: &Actor,
    form: &str,
    made: i64,
    now: Timestamp,
) -> Result<()> {
    if form.is_empty() {
        return Ok(());
    }
    let row = form_key::ActiveModel {
        account_id: Set(actor.account.0),
        form_key: Set(form.to_owned()),
        made_id: Set(made),
        created_at: Set(now.0),
    };
    form_key::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}
