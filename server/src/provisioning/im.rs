//! IM applications, and which applications they may push through.

use super::{Fault, Im, MAX_NAME, Outcome, Walk, description, name_of, one_time_key};
use crate::services::im_applications::administrators;
use domain::{
    Problem,
    audit::Kind,
    field::{self, FieldFault, comparable},
    im::{ImApplicationView, NewImApplication},
    problem::{Conflict, Faults},
    product::ApplicationView,
};

impl Walk<'_> {
    pub(super) async fn im_application(&mut self, wanted: &description::ImApplication) -> Result<(), Fault> {
        let key = comparable(&wanted.name);
        let known = self.im_applications.iter().position(|known| known.key == key);
        let is_new = known.is_none();
        let index = match known {
            Some(known) => known,
            None => self.new_im_application(wanted).await?,
        };
        let im = &self.im_applications[index];
        if im.access_point != wanted.access_point {
            let detail = format!(
                "it exists at {}, and a service access point cannot be changed",
                im.access_point
            );
            return Err(Fault::new(Problem::Conflict(Conflict::AccessPointsDiffer), detail));
        }
        let names = match wanted.administrators.as_slice() {
            [] => None,
            names => Some(administrators(names).map_err(|fault| Problem::field("administrators", fault))?),
        };
        let names = names.filter(|names| im.view.as_ref().is_none_or(|view| !same(view, names)));
        let enabled = im.enabled != wanted.enabled;
        let changed = names.is_some() || enabled;
        let number = im.number();
        if let (Some(number), false) = (number, self.dry()) {
            let ports = &self.ports.backend.im_applications;
            if enabled {
                ports.set_enabled(self.actor, number, wanted.enabled).await?;
            }
            if let Some(names) = names {
                ports.set_administrators(self.actor, number, names).await?;
            }
            let view = ports.get(self.actor, number).await?;
            self.im_applications[index] = Im::there(view);
        } else {
            self.im_applications[index].enabled = wanted.enabled;
        }
        let outcome = if is_new { Outcome::Created } else { Outcome::of(changed) };
        self.note(Kind::ImApplication, &wanted.name, outcome, number);
        self.im_cards(&wanted.name, number, &wanted.channels).await
    }

    async fn new_im_application(&mut self, wanted: &description::ImApplication) -> Result<usize, Fault> {
        if self.dry() {
            let mut faults = Faults::default();
            faults.check("name", field::name(&wanted.name, MAX_NAME));
            let known = self.has_access_point(&wanted.access_point);
            faults.check("access_point", if known { Ok(()) } else { Err(FieldFault::NotAChoice) });
            faults.finish()?;
            self.im_applications.push(Im {
                key: comparable(&wanted.name),
                access_point: wanted.access_point.clone(),
                enabled: true,
                view: None,
            });
        } else {
            let new = NewImApplication {
                name: wanted.name.clone(),
                access_point: wanted.access_point.clone(),
                form_key: one_time_key(),
            };
            let ports = &self.ports.backend.im_applications;
            let made = ports.create(self.actor, new).await?;
            let view = ports.get(self.actor, made).await?;
            self.im_applications.push(Im::there(view));
        }
        Ok(self.im_applications.len() - 1)
    }

    pub(super) async fn authorisation(&mut self, wanted: &description::Authorisation) -> Result<(), Fault> {
        let missing = |field: &str, what: &str| {
            let detail = format!("there is no {what} of this name");
            Fault::new(Problem::field(field, FieldFault::NotAChoice), detail)
        };
        let (im, product) = (comparable(&wanted.im_application), comparable(&wanted.product));
        let im = self.im_applications.iter().find(|known| known.key == im);
        let im = im.ok_or_else(|| missing("im_application", "IM application"))?;
        let product = self.products.iter().find(|known| known.key == product);
        let product = product.ok_or_else(|| missing("product", "product"))?;
        let application = product.application(wanted.platform);
        if application.is_none() && !product.planned.contains(&wanted.platform) {
            let detail = format!("the product has no {} application", wanted.platform.name());
            return Err(Fault::new(Problem::field("platform", FieldFault::NotAChoice), detail));
        }
        let is_there = standing(im.view.as_ref(), application, wanted)?;
        let places = [&im.key, &product.key].map(|key| (key.clone(), wanted.platform));
        let (number, application) = (im.number(), application.map(|view| view.id));
        if !is_there {
            if im.access_point != product.access_point {
                return Err(Problem::Conflict(Conflict::AccessPointsDiffer).into());
            }
            if !im.enabled {
                return Err(Problem::Conflict(Conflict::ImApplicationDisabled).into());
            }
            let [of_im, of_product] = places;
            let free = self.claimed.insert((format!("im {}", of_im.0), of_im.1))
                && self.claimed.insert((format!("product {}", of_product.0), of_product.1));
            if !free {
                let detail = "another authorisation of this description is for the same";
                return Err(Fault::new(Problem::field("authorisations", FieldFault::Taken), detail));
            }
        }
        let mut made = None;
        if let (false, false, Some(im), Some(application)) = (is_there, self.dry(), number, application) {
            made = Some(
                self.ports
                    .backend
                    .authorisations
                    .add(self.actor, im, application)
                    .await?,
            );
        }
        let outcome = if is_there { Outcome::Unchanged } else { Outcome::Created };
        self.note(Kind::Authorisation, name_of(wanted), outcome, made);
        Ok(())
    }
}

fn same(view: &ImApplicationView, names: &[String]) -> bool {
    let mut stored = view.administrators.clone();
    stored.sort_unstable();
    stored == names
}

/// Whether the authorisation stands already; another one in its place is refused.
fn standing(
    im: Option<&ImApplicationView>,
    application: Option<&ApplicationView>,
    wanted: &description::Authorisation,
) -> Result<bool, Fault> {
    let of_platform = im.and_then(|im| im.authorised_to.iter().find(|to| to.platform == wanted.platform));
    if let (Some(to), Some(application)) = (of_platform, application)
        && to.access_id == application.access_id
    {
        return Ok(true);
    }
    if let Some((application, other)) = application.and_then(|one| Some((one, one.im_application.clone()?))) {
        return Err(Problem::Conflict(Conflict::ApplicationAuthorised {
            application: application.name.clone(),
            im_application: other,
            product: application.product,
        })
        .into());
    }
    match of_platform {
        Some(to) => Err(Problem::Conflict(Conflict::ImPlatformTaken {
            platform: to.platform,
            application: to.application_name.clone(),
        })
        .into()),
        None => Ok(false),
    }
}
