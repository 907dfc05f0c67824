//! Product Management and Create Product.

use super::{
    numbers::{self, DRAWS},
    refusal::refuse,
};
use async_trait::async_trait;
use domain::{
    ApplicationId, Problem, ProductId, Result,
    account::{About, Action, Actor},
    field::{self, FieldFault},
    page::Page,
    ports::Products,
    problem::{Conflict, Faults},
    product::{AccessPoint, Category, NewApplication, NewProduct, Platform, ProductChange, ProductQuery, ProductView},
    time::Clock,
};
use std::{collections::BTreeSet, fmt, sync::Arc};
use store::control::{Control, NewApplicationRow, NewProductRow};

/// The most characters of a product's or an application's name.
pub(super) const MAX_NAME: u32 = 60;

/// Products over the control plane.
pub struct ProductService {
    control: Control,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for ProductService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProductService")
    }
}

impl ProductService {
    /// Products over this control plane.
    pub fn new(control: Control, clock: Arc<dyn Clock>) -> Self {
        Self { control, clock }
    }

    fn checked(&self, new: &NewProduct) -> Result<(NewProductRow, BTreeSet<Platform>)> {
        let mut faults = Faults::default();
        let name = faults.check("name", field::name(&new.name, MAX_NAME));
        let category = faults.check("category", category(&new.category));
        let known = self
            .control
            .access_points()
            .iter()
            .any(|point| point.id == new.access_point);
        faults.check("access_point", if known { Ok(()) } else { Err(FieldFault::NotAChoice) });
        let platforms = faults.check("platforms", platforms(&new.platforms));
        faults.finish()?;
        let row = NewProductRow {
            name: name.unwrap_or_default(),
            category: category.unwrap_or(Category::Other),
            access_point: new.access_point.clone(),
            applications: vec![],
            form_key: new.form_key.clone(),
            now: self.clock.now(),
        };
        Ok((row, platforms.unwrap_or_default()))
    }
}

#[async_trait]
impl Products for ProductService {
    async fn access_points(&self) -> Result<Vec<AccessPoint>> {
        Ok(self.control.access_points().to_vec())
    }

    async fn list(&self, actor: &Actor, query: ProductQuery) -> Result<Page<ProductView>> {
        let mut page = self.control.products(actor, &query).await.map_err(refuse)?;
        let applications = || page.rows.iter().flat_map(|product| &product.applications);
        let ids: Vec<_> = applications().map(|application| application.id).collect();
        let days = self.control.days_left(&ids, self.clock.now()).await.map_err(refuse)?;
        for application in page.rows.iter_mut().flat_map(|product| &mut product.applications) {
            application.days_left = days.get(&application.id).copied();
        }
        Ok(page)
    }

    async fn get(&self, actor: &Actor, product: ProductId) -> Result<ProductView> {
        self.control.product(actor, product).await.map_err(refuse)
    }

    async fn create(&self, actor: &Actor, new: NewProduct) -> Result<ProductId> {
        actor.require(Action::ManageProducts)?;
        if !self.control.is_activated(actor.tenant).await.map_err(refuse)? {
            return Err(Problem::Conflict(Conflict::NotActivated));
        }
        let (mut row, platforms) = self.checked(&new)?;
        for draw in 0..DRAWS {
            row.applications = platforms
                .iter()
                .map(|p| fresh(*p, default_name(&row.name, *p)))
                .collect();
            match self.control.create_product(actor, &row).await {
                // The first time it may be the same form, just committed by another request: ask again.
                Err(fault) if fault.is_taken() => {
                    if draw > 0 {
                        self.require_free(actor, &row.name).await?;
                    }
                }
                other => return other.map_err(refuse),
            }
        }
        Err(Problem::Unavailable)
    }

    async fn change(&self, actor: &Actor, product: ProductId, change: ProductChange) -> Result<()> {
        self.get(actor, product).await?;
        actor.require_about(Action::ManageProducts, About::Product(product))?;
        let mut faults = Faults::default();
        let name = faults.check("name", field::name(&change.name, MAX_NAME));
        let category = faults.check("category", category(&change.category));
        faults.finish()?;
        let (name, category) = (name.unwrap_or_default(), category.unwrap_or(Category::Other));
        match self.control.change_product(actor, product, &name, category).await {
            Err(fault) if fault.is_taken() => Err(Problem::field("name", FieldFault::Taken)),
            other => other.map_err(refuse),
        }
    }

    async fn delete(&self, actor: &Actor, product: ProductId, confirmation: &str) -> Result<()> {
        self.get(actor, product).await?;
        actor.require_about(Action::ManageProducts, About::Product(product))?;
        actor.require_confirmed()?;
        self.control
            .delete_product(actor, product, confirmation)
            .await
            .map_err(refuse)
    }

    async fn add_application(&self, actor: &Actor, new: NewApplication) -> Result<ApplicationId> {
        self.get(actor, new.product).await?;
        actor.require_about(Action::ManageProducts, About::Product(new.product))?;
        let mut faults = Faults::default();
        let platform = faults.check("platform", platform(&new.platform));
        let name = faults.check("name", field::name(&new.name, MAX_NAME));
        faults.finish()?;
        let (platform, name) = (platform.unwrap_or(Platform::Android), name.unwrap_or_default());
        for _ in 0..DRAWS {
            let row = fresh(platform, name.clone());
            match self
                .control
                .add_application(actor, new.product, &row, self.clock.now())
                .await
            {
                Err(fault) if fault.is_taken() => {}
                other => return other.map_err(refuse),
            }
        }
        Err(Problem::Unavailable)
    }
}

impl ProductService {
    async fn require_free(&self, actor: &Actor, name: &str) -> Result<()> {
        if self.control.product_name_taken(actor, name).await.map_err(refuse)? {
            return Err(Problem::field("name", FieldFault::Taken));
        }
        Ok(())
    }
}

fn category(name: &str) -> Result<Category, FieldFault> {
    match name {
        "" => Err(FieldFault::Required),
        name => Category::from_name(name).ok_or(FieldFault::NotAChoice),
    }
}

fn platform(name: &str) -> Result<Platform, FieldFault> {
    match name {
        "" => Err(FieldFault::Required),
        name => Platform::from_name(name).ok_or(FieldFault::NotAChoice),
    }
}

fn platforms(names: &[String]) -> Result<BTreeSet<Platform>, FieldFault> {
    if names.is_empty() {
        return Err(FieldFault::NothingChosen);
    }
    names.iter().map(|name| platform(name)).collect()
}

/// An application with freshly drawn numbers and keys.
fn fresh(platform: Platform, name: String) -> NewApplicationRow {
    let mut random = rand::rng();
    NewApplicationRow {
        platform,
        name,
        access_id: numbers::access_id(platform, &mut random),
        access_key: numbers::access_key(&mut random),
        secret_key: numbers::secret_key(&mut random),
    }
}

/// The name of an application that was made with its product; a long product name is cut to leave room.
fn default_name(product: &str, platform: Platform) -> String {
    let platform = match platform {
        Platform::Android => "Android",
        Platform::Ios => "iOS",
        Platform::Macos => "macOS",
    };
    let room = MAX_NAME as usize - platform.len() - 1;
    let product: String = product.chars().take(room).collect();
    format!("{} {platform}", product.trim_end())
}
