//! What shall exist in an account, as `homing apply` and the provisioning door read it. Documented in docs/operations.md.
//!
//! Things are named, not numbered, so that the same description can be applied again and again and to another server.
//! What is left out stays as it is; nothing is deleted. A secret is given itself, or as the fingerprint of one that is
//! stored already, as the export writes it.

use domain::{
    Secret,
    certificate::{CertificateKind, Environment},
    channel::Channel,
    product::Platform,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The most things in a description that came over the network: each costs a few transactions.
pub const MAX_THINGS: usize = 1000;

/// Everything of one account.
#[derive(Deserialize, Clone, Default, Debug)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Document {
    pub products: Vec<Product>,
    pub im_applications: Vec<ImApplication>,
    pub authorisations: Vec<Authorisation>,
}

impl Document {
    /// How many things it names.
    pub fn things(&self) -> usize {
        let of_application = |application: &Application| {
            let cards = application.packages.iter().map(|package| package.channels.len() + 1);
            1 + cards.sum::<usize>()
                + application.channels.len()
                + application.certificates.len()
                + application.plans.len()
        };
        let products = self
            .products
            .iter()
            .map(|product| 1 + product.applications.iter().map(of_application).sum::<usize>());
        let im = self.im_applications.iter().map(|one| 1 + one.channels.len());
        products.sum::<usize>() + im.sum::<usize>() + self.authorisations.len()
    }
}

/// A product with its applications.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Product {
    pub name: String,
    /// `other` for a new one without.
    #[serde(default)]
    pub category: Option<String>,
    pub access_point: String,
    #[serde(default)]
    pub applications: Vec<Application>,
}

/// The application of a platform.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Application {
    pub platform: Platform,
    #[serde(default)]
    pub name: Option<String>,
    /// Package name or Bundle ID.
    #[serde(default)]
    pub identifier: String,
    #[serde(default)]
    pub channels: BTreeMap<Channel, VendorChannel>,
    /// Package names of an Android application beside `identifier`.
    #[serde(default)]
    pub packages: Vec<Package>,
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// Push plans of one's own.
    #[serde(default)]
    pub plans: Vec<Plan>,
}

/// One more package name, with vendor keys of its own.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Package {
    pub name: String,
    #[serde(default)]
    pub channels: BTreeMap<Channel, VendorChannel>,
}

/// A vendor channel's card: the fields of tpns-and-im 1.5 by name; `<field>_file` reads one from a file.
#[derive(Deserialize, Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct VendorChannel {
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(flatten)]
    pub fields: BTreeMap<String, Given>,
}

/// The value of a card's field.
#[derive(Deserialize, Clone, Debug)]
#[serde(untagged)]
pub enum Given {
    /// Itself.
    Value(Secret),
    /// A secret that is stored already.
    Stored(Stored),
}

/// By which a stored secret is known.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// The first 8 hexadecimal digits of its SHA-256, as the console shows them.
    pub fingerprint: String,
}

/// A push certificate or key. One with the same fingerprint is not uploaded again.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Certificate {
    pub kind: CertificateKind,
    #[serde(default)]
    pub file: String,
    /// The file itself as base64, instead of `file`.
    #[serde(default)]
    pub file_base64: Secret,
    /// The text of a .p8 itself, instead of `file`.
    #[serde(default)]
    pub pem: Secret,
    /// That of a certificate which is in force already, instead of a file.
    #[serde(default)]
    pub fingerprint: String,
    #[serde(default)]
    pub password: Secret,
    #[serde(default)]
    pub key_id: String,
    #[serde(default)]
    pub team_id: String,
    pub environments: Vec<Environment>,
}

/// A push plan of one's own.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Plan {
    pub name: String,
    #[serde(default)]
    pub description: Option<String>,
}

/// An IM application.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct ImApplication {
    pub name: String,
    pub access_point: String,
    #[serde(default)]
    pub administrators: Vec<String>,
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Vendor settings kept with the IM application; authorising copies them to the application.
    #[serde(default)]
    pub channels: BTreeMap<Channel, VendorChannel>,
}

/// An IM application may push through an application.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Authorisation {
    pub im_application: String,
    pub product: String,
    pub platform: Platform,
}

const fn yes() -> bool {
    true
}
