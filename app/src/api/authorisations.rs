//! Third-party Authorization.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AuthorisationId, ProductId,
    authorisation::{ActiveAuthorisation, AuthorisationChoices, AuthorisationPage, AuthorisationRow},
    product::ProductView,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::{done, moved},
    crate::{
        backend::{refuse, refuse_at, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::{
        ApplicationId, Problem, SdkAppId,
        account::{About, Action, Actor},
        field::FieldFault,
        problem::{Faults, What},
    },
};

/// A product and what its authorisation page shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ProductAuthorisation {
    /// The product.
    pub product: ProductView,
    /// Its page.
    pub page: AuthorisationPage,
}

/// A product and what Add Authorization offers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct AddForm {
    /// The product from which the form was opened.
    pub product: ProductView,
    /// What the selects offer.
    pub choices: AuthorisationChoices,
}

/// An authorisation that is to be taken back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct InForce {
    /// The product of the application.
    pub product: ProductView,
    /// The application.
    pub row: AuthorisationRow,
    /// The authorisation itself.
    pub authorisation: ActiveAuthorisation,
}

/// The page of a product.
#[server(prefix = "/ui", endpoint = "authorisations/page", input = GetUrl)]
pub async fn page(product: ProductId) -> Result<ProductAuthorisation, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    Ok(ProductAuthorisation {
        product: backend.products.get(&actor, product).await.map_err(refuse_read)?,
        page: backend
            .authorisations
            .page(&actor, product)
            .await
            .map_err(refuse_read)?,
    })
}

/// What Add Authorization offers.
#[server(prefix = "/ui", endpoint = "authorisations/choices", input = GetUrl)]
pub async fn choices(product: ProductId) -> Result<AddForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    may_authorise(&actor, product).map_err(refuse_read)?;
    Ok(AddForm {
        choices: backend.authorisations.choices(&actor).await.map_err(refuse_read)?,
        product: backend.products.get(&actor, product).await.map_err(refuse_read)?,
    })
}

/// One authorisation in force.
#[server(prefix = "/ui", endpoint = "authorisations/get", input = GetUrl)]
pub async fn get(product: ProductId, authorisation: AuthorisationId) -> Result<InForce, UiError> {
    in_force(product, authorisation).await.map_err(refuse_read)
}

/// Notes that the reader has read the introduction.
#[server(prefix = "/ui", endpoint = "authorisations/acknowledge")]
pub async fn acknowledge(product: ProductId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.authorisations.acknowledge_introduction(&actor).await
    };
    match work.await {
        Ok(()) => Ok(moved(im_mode(product))),
        Err(problem) => Err(refuse("authorisations/acknowledge", Typed::default(), problem).await),
    }
}

/// Authorises an IM application to an application. Without script the lists do not depend on each other, so that the
/// application's product is compared here.
#[server(prefix = "/ui", endpoint = "authorisations/add")]
pub async fn add(
    #[server(default)] im_application: String,
    #[server(default)] product: String,
    #[server(default)] application: String,
) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([
        ("im_application", im_application.as_str()),
        ("product", &product),
        ("application", &application),
    ]);
    match authorise(&im_application, &product, &application).await {
        Ok((product, name)) => Ok(done(im_mode(product), Done::Authorised, &name).await),
        Err(problem) => {
            let product = product.parse().unwrap_or(ProductId(0));
            let page = format!("/products/{product}/authorisation/add");
            Err(refuse_at(&page, "authorisations/add", typed, problem).await)
        }
    }
}

/// Takes an authorisation back.
#[server(prefix = "/ui", endpoint = "authorisations/revoke")]
pub async fn revoke(product: ProductId, authorisation: AuthorisationId) -> Result<Outcome, UiError> {
    let work = async {
        let shown = in_force(product, authorisation).await?;
        let (backend, actor) = signed_in()?;
        backend.authorisations.revoke(&actor, authorisation).await?;
        Ok(shown.row.application_name)
    };
    match work.await {
        Ok(name) => Ok(done(im_mode(product), Done::Unauthorised, &name).await),
        Err(problem) => Err(refuse("authorisations/revoke", Typed::default(), problem).await),
    }
}

#[cfg(feature = "ssr")]
fn im_mode(product: ProductId) -> String {
    format!("/products/{product}/authorisation?mode=im")
}

/// Asked here as well, where the product is known that the audit log names.
#[cfg(feature = "ssr")]
fn may_authorise(actor: &Actor, product: ProductId) -> domain::Result<()> {
    actor.require_about(Action::ManageAuthorisation, About::Product(product))
}

#[cfg(feature = "ssr")]
async fn in_force(product: ProductId, authorisation: AuthorisationId) -> domain::Result<InForce> {
    let (backend, actor) = signed_in()?;
    may_authorise(&actor, product)?;
    let page = backend.authorisations.page(&actor, product).await?;
    let mut rows = page.applications.into_iter();
    let found = rows.find_map(|row| {
        let active = row.authorised.clone().filter(|active| active.id == authorisation)?;
        Some((row, active))
    });
    let (row, authorisation) = found.ok_or(Problem::NotFound(What::Authorisation))?;
    Ok(InForce {
        product: backend.products.get(&actor, product).await?,
        row,
        authorisation,
    })
}

/// Authorises, and tells the product and the name of the application.
#[cfg(feature = "ssr")]
async fn authorise(im: &str, product: &str, application: &str) -> domain::Result<(ProductId, String)> {
    let (backend, actor) = signed_in()?;
    if let Ok(product) = chosen(product) {
        may_authorise(&actor, ProductId(product))?;
    }
    let choices = backend.authorisations.choices(&actor).await?;
    let mut faults = Faults::default();
    let im = faults.check("im_application", chosen(im).map(SdkAppId));
    let product = faults.check("product", chosen(product).map(ProductId));
    let application = faults.check("application", chosen(application).map(ApplicationId));
    faults.finish()?;
    let (Some(im), Some(product), Some(application)) = (im, product, application) else {
        return Err(Problem::field("application", FieldFault::NotAChoice));
    };
    let of_product = choices.products.iter().find(|choice| choice.id == product);
    let of_product = of_product.ok_or_else(|| Problem::field("product", FieldFault::NotAChoice))?;
    let named = of_product.applications.iter().find(|choice| choice.id == application);
    let named = named.ok_or_else(|| Problem::field("application", FieldFault::NotAChoice))?;
    backend.authorisations.add(&actor, im, application).await?;
    Ok((product, named.name.clone()))
}

#[cfg(feature = "ssr")]
fn chosen(text: &str) -> Result<i64, FieldFault> {
    if text.is_empty() {
        return Err(FieldFault::NothingChosen);
    }
    text.parse().map_err(|_| FieldFault::NotAChoice)
}
