//! Products, and the applications they lack.

use super::{At, Fault, MAX_NAME, Outcome, Product, Walk, description, one_time_key};
use domain::{
    Problem, ProductId,
    audit::Kind,
    field::{self, FieldFault, comparable},
    problem::{Conflict, Faults},
    product::{Category, NewApplication, NewProduct, Platform, ProductChange},
};

impl Walk<'_> {
    pub(super) async fn product(&mut self, wanted: &description::Product) -> Result<(), Fault> {
        let key = comparable(&wanted.name);
        let index = match self.products.iter().position(|known| known.key == key) {
            Some(known) => {
                self.product_there(known, wanted).await?;
                known
            }
            None => self.new_product(wanted).await?,
        };
        for application in &wanted.applications {
            let platform = application.platform;
            self.missing_application(index, wanted, application)
                .await
                .at(platform.name())?;
            self.application(index, &wanted.name, application)
                .await
                .at(platform.name())?;
        }
        Ok(())
    }

    async fn product_there(&mut self, index: usize, wanted: &description::Product) -> Result<(), Fault> {
        let known = &self.products[index];
        if known.access_point != wanted.access_point {
            let detail = format!(
                "it exists at {}, and a service access point cannot be changed: use another name, or delete it",
                known.access_point
            );
            return Err(Fault::new(Problem::Conflict(Conflict::AccessPointsDiffer), detail));
        }
        let Some(view) = known.view.clone() else {
            return Ok(());
        };
        let category = wanted.category.as_deref().filter(|name| *name != view.category.name());
        if let Some(category) = category {
            if Category::from_name(category).is_none() {
                return Err(Problem::field("category", FieldFault::NotAChoice).into());
            }
            if !self.dry() {
                let change = ProductChange {
                    name: view.name.clone(),
                    category: category.to_owned(),
                };
                self.ports.backend.products.change(self.actor, view.id, change).await?;
                self.reread(index, view.id).await?;
            }
        }
        self.note(
            Kind::Product,
            &wanted.name,
            Outcome::of(category.is_some()),
            Some(view.id),
        );
        Ok(())
    }

    async fn new_product(&mut self, wanted: &description::Product) -> Result<usize, Fault> {
        let platforms: Vec<Platform> = wanted.applications.iter().map(|one| one.platform).collect();
        let new = NewProduct {
            name: wanted.name.clone(),
            category: wanted
                .category
                .clone()
                .unwrap_or_else(|| Category::Other.name().to_owned()),
            access_point: wanted.access_point.clone(),
            platforms: platforms.iter().map(|platform| platform.name().to_owned()).collect(),
            form_key: one_time_key(),
        };
        let mut product = Product {
            key: comparable(&wanted.name),
            access_point: wanted.access_point.clone(),
            view: None,
            planned: Vec::new(),
        };
        if self.dry() {
            self.check_product(&new)?;
            product.planned = platforms;
        } else {
            let id = self.ports.backend.products.create(self.actor, new).await?;
            product = Product::there(self.ports.backend.products.get(self.actor, id).await?);
        }
        let id = product.view.as_ref().map(|view| view.id);
        self.note(Kind::Product, &wanted.name, Outcome::Created, id);
        for platform in wanted.applications.iter().map(|one| one.platform) {
            let number = product.application(platform).map(|view| view.access_id);
            self.note(
                Kind::Application,
                in_product(&wanted.name, platform),
                Outcome::Created,
                number,
            );
        }
        self.products.push(product);
        Ok(self.products.len() - 1)
    }

    /// What making a product would refuse, as far as the description alone tells.
    fn check_product(&self, new: &NewProduct) -> domain::Result<()> {
        let mut faults = Faults::default();
        faults.check("name", field::name(&new.name, MAX_NAME));
        let choice = |known| if known { Ok(()) } else { Err(FieldFault::NotAChoice) };
        faults.check("category", choice(Category::from_name(&new.category).is_some()));
        faults.check("access_point", choice(self.has_access_point(&new.access_point)));
        let any = if new.platforms.is_empty() {
            Err(FieldFault::NothingChosen)
        } else {
            Ok(())
        };
        faults.check("applications", any);
        faults.finish()
    }

    /// Adds the application of a platform to a product that has none.
    async fn missing_application(
        &mut self,
        index: usize,
        product: &description::Product,
        wanted: &description::Application,
    ) -> Result<(), Fault> {
        let (known, platform) = (&self.products[index], wanted.platform);
        if known.application(platform).is_some() || known.planned.contains(&platform) {
            return Ok(());
        }
        let name = wanted.name.clone();
        let name = name.unwrap_or_else(|| format!("{} {}", product.name, platform.name()));
        let id = known.view.as_ref().map(|view| view.id).filter(|_| !self.dry());
        if let Some(product) = id {
            let new = NewApplication {
                product,
                platform: platform.name().to_owned(),
                name,
            };
            self.ports.backend.products.add_application(self.actor, new).await?;
            self.reread(index, product).await?;
        } else {
            field::name(&name, MAX_NAME).map_err(|fault| Problem::field("name", fault))?;
            self.products[index].planned.push(platform);
        }
        let number = self.products[index].application(platform).map(|view| view.access_id);
        self.note(
            Kind::Application,
            in_product(&product.name, platform),
            Outcome::Created,
            number,
        );
        Ok(())
    }

    async fn reread(&mut self, index: usize, id: ProductId) -> Result<(), Fault> {
        let view = self.ports.backend.products.get(self.actor, id).await?;
        self.products[index] = Product::there(view);
        Ok(())
    }
}

/// How a report names an application.
pub(super) fn in_product(product: &str, platform: Platform) -> String {
    format!("{product} > {}", platform.name())
}
