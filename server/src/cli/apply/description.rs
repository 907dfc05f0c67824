//! The file that `homing apply` reads: what shall exist. Documented with an example in docs/operations.md.
//!
//! Things are named, not numbered, so that the same file can be applied again and again and to another server. Secrets
//! stand in files of their own where possible (`*_file`, relative to the description). What the provisioning door takes,
//! too, is in [`crate::provisioning::description`].

use crate::provisioning::description::{Authorisation, ImApplication, Product};
use domain::{
    Secret,
    account::{Action, Preset},
    certificate::Environment,
    channel::Channel,
    device::DeviceState,
    product::Platform,
};
use serde::Deserialize;

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
