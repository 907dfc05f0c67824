//! Third-party Authorization: an IM application may push through an application (tpns-and-im 1.7).

use crate::{AccessId, ApplicationId, AuthorisationId, ProductId, SdkAppId, Timestamp, product::Platform};
use serde::{Deserialize, Serialize};

/// What the Third-party Authorization page of a product shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct AuthorisationPage {
    /// Whether the IM mode is offered, or why not.
    pub im_mode: ImMode,
    /// Whether this account has closed the information dialog with OK.
    pub introduced: bool,
    /// Applications of this product, for the TPNS mode.
    pub applications: Vec<AuthorisationRow>,
}

/// Whether the switch offers IM Application Authorization.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum ImMode {
    /// It does.
    Offered,
    /// There is no IM application in this account: create one first.
    NoImApplication,
    /// This sub-account lacks the right; the root account of this name can grant it.
    RightMissing {
        /// The root account's name.
        ask: String,
    },
}

/// An application of the product and the IM application it is authorised to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the table")]
pub struct AuthorisationRow {
    pub application: ApplicationId,
    pub application_name: String,
    pub access_id: AccessId,
    pub platform: Platform,
    /// The authorisation in force.
    pub authorised: Option<ActiveAuthorisation>,
}

/// An authorisation in force.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the table")]
pub struct ActiveAuthorisation {
    pub id: AuthorisationId,
    pub sdk_app_id: SdkAppId,
    pub im_application_name: String,
    pub since: Timestamp,
    pub by: String,
}

/// What the three selects of Add Authorization offer. What cannot be chosen is listed with the reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "one list per select")]
pub struct AuthorisationChoices {
    pub im_applications: Vec<ImChoice>,
    pub products: Vec<ProductChoice>,
}

/// An IM application to choose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct ImChoice {
    pub sdk_app_id: SdkAppId,
    pub name: String,
    pub access_point: String,
    pub access_point_name: (String, String),
    pub enabled: bool,
    /// Platforms that have their application already, with its name.
    pub taken: Vec<(Platform, String)>,
}

/// A product to choose, with its applications.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct ProductChoice {
    pub id: ProductId,
    pub name: String,
    pub access_point: String,
    pub access_point_name: (String, String),
    pub applications: Vec<ApplicationChoice>,
}

/// An application to choose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct ApplicationChoice {
    pub id: ApplicationId,
    pub name: String,
    pub platform: Platform,
    /// The IM application it is authorised to already.
    pub authorised_to: Option<String>,
}

/// Why a choice cannot be made with what is chosen so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unavailable {
    /// The application is authorised to this IM application already.
    AuthorisedTo(String),
    /// It belongs to another service access point.
    OtherAccessPoint,
    /// The IM application has this application for the platform already.
    PlatformTaken(String),
    /// The IM application is disabled.
    Disabled,
}

/// Why an application cannot be chosen together with an IM application, if so. The form and the server both ask here.
pub fn unavailable(
    im: Option<&ImChoice>,
    product: &ProductChoice,
    application: &ApplicationChoice,
) -> Option<Unavailable> {
    if let Some(name) = &application.authorised_to {
        return Some(Unavailable::AuthorisedTo(name.clone()));
    }
    let im = im?;
    if !im.enabled {
        return Some(Unavailable::Disabled);
    }
    if im.access_point != product.access_point {
        return Some(Unavailable::OtherAccessPoint);
    }
    let taken = im.taken.iter().find(|(platform, _)| *platform == application.platform);
    taken.map(|(_, name)| Unavailable::PlatformTaken(name.clone()))
}
