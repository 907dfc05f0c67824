//! The file that `homing apply` reads: what shall exist. Documented with an example in docs/operations.md.
//!
//! Things are named, not numbered, so that the same file can be applied again and again and to another server. Secrets
//! stand in files of their own where possible (`*_file`, relative to the description).

use domain::{
    Secret,
    account::{Action, Preset},
    certificate::{CertificateKind, Environment},
    channel::Channel,
    device::DeviceState,
    product::Platform,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Description {
    pub root: Root,
    #[serde(default)]
    pub products: Vec<Product>,
    #[serde(default)]
    pub im_applications: Vec<ImApplication>,
    #[serde(default)]
    pub authorisations: Vec<Authorisation>,
    #[serde(default)]
    pub sub_accounts: Vec<SubAccount>,
    #[serde(default)]
    pub users: Vec<User>,
    #[serde(default)]
    pub devices: Vec<Device>,
}

/// The root account that owns everything in the file. Made when it does not exist, with this password.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Root {
    pub name: String,
    #[serde(default)]
    pub password: Secret,
    #[serde(default)]
    pub password_file: String,
}

/// A sub-account; its rights are brought to what the file says.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct SubAccount {
    pub name: String,
    #[serde(default)]
    pub password: Secret,
    #[serde(default)]
    pub password_file: String,
    /// Rights on the whole account.
    #[serde(default)]
    pub rights: Vec<Action>,
    #[serde(default)]
    pub applications: Vec<Access>,
}

/// What a sub-account gets.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Access {
    pub product: String,
    pub platform: Platform,
    /// Rights that belong together…
    #[serde(default)]
    pub preset: Option<Preset>,
    /// … and rights one by one.
    #[serde(default)]
    pub rights: Vec<Action>,
}

/// A product with its applications.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Product {
    pub name: String,
    #[serde(default = "other")]
    pub category: String,
    pub access_point: String,
    #[serde(default)]
    pub applications: Vec<Application>,
}

fn other() -> String {
    domain::product::Category::Other.name().to_owned()
}

/// The application of a platform.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Application {
    pub platform: Platform,
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
}

/// One more package name, with vendor keys of its own.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Package {
    pub name: String,
    #[serde(default)]
    pub channels: BTreeMap<Channel, VendorChannel>,
}

/// A vendor channel's card: the fields of tpns-and-im 1.5 by name; `<field>_file` reads one from a file.
#[derive(Deserialize, Debug)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct VendorChannel {
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(flatten)]
    pub fields: BTreeMap<String, Secret>,
}

const fn yes() -> bool {
    true
}

/// A push certificate or key. One with the same fingerprint is not uploaded again.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Certificate {
    pub kind: CertificateKind,
    #[serde(default)]
    pub file: String,
    /// The text of a .p8 itself, instead of `file`.
    #[serde(default)]
    pub pem: Secret,
    #[serde(default)]
    pub password: Secret,
    #[serde(default)]
    pub key_id: String,
    #[serde(default)]
    pub team_id: String,
    pub environments: Vec<Environment>,
}

/// An IM application.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
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
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Authorisation {
    pub im_application: String,
    pub product: String,
    pub platform: Platform,
}

/// A user of an IM application.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct User {
    pub im_application: String,
    pub user: String,
    #[serde(default)]
    pub nickname: String,
}

/// A device of a user. Registering the same vendor token again keeps its token of 36 characters.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names are those of the file")]
pub struct Device {
    pub im_application: String,
    pub user: String,
    pub platform: Platform,
    pub channel: Channel,
    pub vendor_token: String,
    pub identifier: String,
    #[serde(default = "production")]
    pub environment: Environment,
    #[serde(default)]
    pub harmony_os: bool,
    #[serde(default)]
    pub fcm_token: Option<String>,
    #[serde(default = "background")]
    pub state: DeviceState,
    #[serde(default)]
    pub unread: u32,
}

const fn production() -> Environment {
    Environment::Production
}

const fn background() -> DeviceState {
    DeviceState::Background
}
