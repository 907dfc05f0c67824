//! `[oidc]`: signing in by an OpenID Connect provider, and what the groups it tells of may do here.

use super::{
    SettingsError,
    dispatch::{check_address, check_url},
};
use dispatcher::client::Destinations;
use domain::{
    Secret,
    account::{Action, Preset},
    field,
};
use serde::Deserialize;
use std::path::Path;

/// `[oidc]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Oidc {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    pub client_secret_file: String,
    pub label: String,
    pub scopes: Vec<String>,
    pub groups_claim: String,
    pub name_claim: String,
    pub required_amr: Vec<String>,
    pub groups: Vec<Mapping>,
}

/// `[[oidc.groups]]`: where a group leads.
#[derive(Clone, PartialEq, Eq, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Mapping {
    pub group: String,
    pub account: String,
    pub preset: Preset,
    #[serde(default)]
    pub rights: Vec<Action>,
}

impl Oidc {
    /// Whether anybody signs in this way.
    pub fn is_on(&self) -> bool {
        !self.issuer.is_empty()
    }

    /// What people call the provider: the label, else its host.
    pub fn label(&self) -> String {
        if !self.label.is_empty() {
            return self.label.clone();
        }
        let uri = self.issuer.parse::<http::Uri>().unwrap_or_default();
        uri.host().unwrap_or_default().to_owned()
    }

    /// The client's secret: the one given, else what its file holds. Empty for a public client.
    pub fn secret(&self) -> Result<Secret, SettingsError> {
        if self.client_secret_file.is_empty() {
            return Ok(self.client_secret.clone());
        }
        match std::fs::read_to_string(&self.client_secret_file) {
            Ok(text) => Ok(Secret::new(text.trim())),
            Err(_) => Err(wrong(
                "client_secret_file",
                format!("{} cannot be read", self.client_secret_file),
            )),
        }
    }

    pub(super) fn check(&self, public_url: &str, callable: &Destinations) -> Result<(), SettingsError> {
        if !self.is_on() {
            return Ok(());
        }
        check_url("oidc.issuer", &self.issuer)?;
        check_address("oidc.issuer", &self.issuer, callable)?;
        if public_url.is_empty() {
            let what = "needs http.public_url, to which the provider sends people back";
            return Err(wrong("issuer", what));
        }
        if self.client_id.is_empty() {
            return Err(wrong("client_id", "must be what the provider calls this server"));
        }
        if !self.client_secret.is_empty() && !self.client_secret_file.is_empty() {
            return Err(wrong("client_secret_file", "and oidc.client_secret exclude each other"));
        }
        if !self.client_secret_file.is_empty() && !Path::new(&self.client_secret_file).is_file() {
            let what = format!("there is no file {}", self.client_secret_file);
            return Err(wrong("client_secret_file", what));
        }
        if self.groups_claim.is_empty() || self.name_claim.is_empty() {
            let what = "and oidc.name_claim must name claims of the provider's";
            return Err(wrong("groups_claim", what));
        }
        if self.groups.is_empty() {
            let what = "must say where at least one group leads, or nobody could sign in";
            return Err(wrong("groups", what));
        }
        self.groups.iter().try_for_each(Mapping::check)
    }
}

impl Mapping {
    fn check(&self) -> Result<(), SettingsError> {
        if self.group.trim().is_empty() {
            return Err(wrong("groups", "an entry names no group"));
        }
        if field::user_name(&self.account).is_err() {
            let what = format!("{:?} is not the name of a root account", self.account);
            return Err(wrong("groups", what));
        }
        match self.rights.iter().find(|right| !Action::ON_TENANT.contains(right)) {
            Some(right) => {
                let what = format!("{} is a right on an application, which the preset gives", right.name());
                Err(wrong("groups", what))
            }
            None => Ok(()),
        }
    }
}

fn wrong(key: &str, what: impl Into<String>) -> SettingsError {
    SettingsError::contradiction(format!("oidc.{key}"), what)
}
