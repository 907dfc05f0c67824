//! Bringing what a description says into being: one walk for `homing apply` and for the provisioning door.
//!
//! It goes through the services as whoever acts, so the rules of the console hold, and each thing is a transaction of its
//! own with its entry in the audit log. What was done stays when a later thing fails; applied again, the walk goes on from
//! there. A dry run looks and changes nothing: the door makes one before each run, so that what can be known beforehand
//! is refused before anything is done.

mod applications;
mod cards;
pub mod description;
mod im;
pub(crate) mod inputs;
mod products;
pub mod state;
mod steps;

pub use inputs::Files;
pub use steps::{Fault, Outcome, Report, Step};

use crate::services::basic_configs::BasicConfigService;
use app::backend::Backend;
use description::Document;
use domain::{
    SdkAppId,
    account::Actor,
    audit::Kind,
    field::comparable,
    im::ImApplicationView,
    page::{Page, PageRequest},
    product::{AccessPoint, ApplicationView, Platform, ProductQuery, ProductView},
};
use std::{collections::HashSet, fmt, sync::Arc};
use steps::At;

/// The most characters of a product's, an application's and an IM application's name.
const MAX_NAME: u32 = 60;

/// What provisioning works with.
#[derive(Clone)]
#[expect(missing_docs, reason = "the names and types say it")]
pub struct Ports {
    pub backend: Arc<Backend>,
    /// For looking into certificates before they are uploaded.
    pub basic_configs: Arc<BasicConfigService>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}

/// How a description is applied.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    /// Which files it may name.
    pub files: Files<'a>,
    /// Whether only to say what would be done.
    pub dry_run: bool,
}

impl Ports {
    /// Applies a description as an actor.
    pub async fn apply(&self, actor: &Actor, document: &Document, manner: Manner<'_>) -> Result<Report, Fault> {
        let mut walk = Walk {
            ports: self,
            actor,
            manner,
            access_points: self.backend.products.access_points().await?,
            products: self.products(actor).await?.into_iter().map(Product::there).collect(),
            im_applications: self.im_applications(actor).await?.into_iter().map(Im::there).collect(),
            claimed: HashSet::new(),
            steps: Vec::new(),
        };
        for product in &document.products {
            let at = format!("product {:?}", product.name);
            walk.product(product).await.at(at)?;
        }
        for application in &document.im_applications {
            let at = format!("IM application {:?}", application.name);
            walk.im_application(application).await.at(at)?;
        }
        for authorisation in &document.authorisations {
            walk.authorisation(authorisation).await.at(name_of(authorisation))?;
        }
        Ok(Report::of(walk.steps, manner.dry_run))
    }

    /// All products that the actor may see.
    pub async fn products(&self, actor: &Actor) -> domain::Result<Vec<ProductView>> {
        let mut query = ProductQuery {
            page: PageRequest {
                number: 1,
                size: PageRequest::MAX_SIZE,
            },
            ..ProductQuery::default()
        };
        let mut all = Vec::new();
        loop {
            let Page { rows, total, page } = self.backend.products.list(actor, query.clone()).await?;
            let is_last = page.offset() + rows.len() as u64 >= total || rows.is_empty();
            all.extend(rows);
            if is_last {
                return Ok(all);
            }
            query.page.number += 1;
        }
    }

    async fn im_applications(&self, actor: &Actor) -> domain::Result<Vec<ImApplicationView>> {
        self.backend.im_applications.list(actor).await
    }
}

fn name_of(authorisation: &description::Authorisation) -> String {
    format!(
        "authorisation of {:?} ({}) for {:?}",
        authorisation.product,
        authorisation.platform.name(),
        authorisation.im_application
    )
}

/// A product that is there, or in a dry run would be.
#[derive(Debug)]
struct Product {
    key: String,
    access_point: String,
    /// None while it only would be.
    view: Option<ProductView>,
    /// Applications that only would be.
    planned: Vec<Platform>,
}

impl Product {
    fn there(view: ProductView) -> Self {
        Self {
            key: comparable(&view.name),
            access_point: view.access_point.id.clone(),
            view: Some(view),
            planned: Vec::new(),
        }
    }

    fn application(&self, platform: Platform) -> Option<&ApplicationView> {
        let mut applications = self.view.iter().flat_map(|view| &view.applications);
        applications.find(|application| application.platform == platform)
    }
}

/// An IM application that is there, or in a dry run would be.
#[derive(Debug)]
struct Im {
    key: String,
    access_point: String,
    enabled: bool,
    view: Option<ImApplicationView>,
}

impl Im {
    fn there(view: ImApplicationView) -> Self {
        Self {
            key: comparable(&view.name),
            access_point: view.access_point.id.clone(),
            enabled: view.enabled,
            view: Some(view),
        }
    }

    fn number(&self) -> Option<SdkAppId> {
        self.view.as_ref().map(|view| view.sdk_app_id)
    }
}

struct Walk<'a> {
    ports: &'a Ports,
    actor: &'a Actor,
    manner: Manner<'a>,
    access_points: Vec<AccessPoint>,
    products: Vec<Product>,
    im_applications: Vec<Im>,
    /// Places that authorisations of this description take: an application, or a platform of an IM application.
    claimed: HashSet<(String, Platform)>,
    steps: Vec<Step>,
}

impl Walk<'_> {
    fn dry(&self) -> bool {
        self.manner.dry_run
    }

    fn note(&mut self, kind: Kind, name: impl Into<String>, outcome: Outcome, number: Option<impl fmt::Display>) {
        self.steps.push(Step::new(kind, name, outcome).numbered(number));
    }

    fn has_access_point(&self, id: &str) -> bool {
        self.access_points.iter().any(|point| point.id == id)
    }
}

/// A key that no form has used.
fn one_time_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}
