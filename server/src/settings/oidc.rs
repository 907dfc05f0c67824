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

#[cfg(test)]
mod tests {
    use super::Mapping;
    use crate::settings::Settings;
    use domain::{
        Secret,
        account::{Action, Preset},
    };

    fn on() -> Settings {
        let mut settings = Settings::defaults().expect("the defaults");
        settings.http.public_url = "https://push.example.com".into();
        settings.oidc.issuer = "https://login.example.com/staff".into();
        settings.oidc.client_id = "homing".into();
        settings.oidc.groups.push(Mapping {
            group: "ops".into(),
            account: "acme".into(),
            preset: Preset::Operator,
            rights: vec![Action::ViewAudit],
        });
        settings
    }

    #[test]
    fn a_provider_is_called_by_its_label_or_else_by_its_host() {
        let mut settings = on();
        assert!(settings.check().is_ok() && settings.oidc.is_on());
        assert_eq!(settings.oidc.label(), "login.example.com");
        settings.oidc.label = "Example SSO".into();
        assert_eq!(settings.oidc.label(), "Example SSO");
        assert!(!Settings::defaults().expect("the defaults").oidc.is_on());
    }

    #[test]
    fn what_cannot_work_is_refused_with_the_key() {
        type Change = fn(&mut Settings);
        let wrong: [(&str, Change); 9] = [
            ("oidc.issuer", |s| s.http.public_url.clear()),
            ("oidc.issuer", |s| s.oidc.issuer = "http://login.example.com".into()),
            ("oidc.issuer", |s| s.oidc.issuer = "https://169.254.169.254".into()),
            ("oidc.client_id", |s| s.oidc.client_id.clear()),
            ("oidc.client_secret_file", |s| {
                s.oidc.client_secret_file = "/nowhere".into();
            }),
            ("oidc.groups_claim", |s| s.oidc.groups_claim.clear()),
            ("oidc.groups", |s| s.oidc.groups.clear()),
            ("oidc.groups", |s| s.oidc.groups[0].account = "anna@acme".into()),
            ("oidc.groups", |s| s.oidc.groups[0].rights = vec![Action::Configure]),
        ];
        for (key, change) in wrong {
            let mut settings = on();
            change(&mut settings);
            let fault = settings.check().expect_err(key).to_string();
            assert!(fault.starts_with(&format!("{key}: ")), "{fault}");
        }
    }

    #[test]
    fn the_secret_of_the_client_comes_from_its_file_and_is_not_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, "the secret of the client\n").expect("written");
        let mut settings = on();
        settings.oidc.client_secret_file = file.display().to_string();
        let secret = settings.oidc.secret().expect("read");
        assert_eq!(secret.reveal(), "the secret of the client");
        settings.oidc.client_secret = Secret::new("another");
        assert!(settings.check().is_err(), "one of the two");
        assert!(!format!("{settings:?}").contains("another"));
    }
}
