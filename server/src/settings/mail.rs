//! `[mail]`: the server that takes e-mails.

use super::SettingsError;
use lettre::message::Mailbox;
use serde::Deserialize;

/// `[mail]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub user: String,
    pub password: domain::Secret,
    pub from: String,
}

/// How a connection to the mail server is kept from others' eyes.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte on.
    Tls,
    /// TLS once both have said hello, or no e-mail.
    Starttls,
    /// None.
    None,
}

impl Mail {
    /// Who e-mails come from; nothing where none are sent.
    pub fn sender(&self) -> Option<Mailbox> {
        (!self.host.is_empty()).then(|| self.from.parse().ok()).flatten()
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.host.is_empty() {
            return Ok(());
        }
        let refuse = |key, what: &str| Err(SettingsError::contradiction(key, what));
        if self.sender().is_none() {
            return refuse(
                "mail.from",
                "must be an e-mail address, such as \"Homing <homing@example.com>\"",
            );
        }
        if self.user.is_empty() != self.password.reveal().is_empty() {
            return refuse("mail.user", "and mail.password must both be set, or neither");
        }
        if self.security == MailSecurity::None && !self.user.is_empty() && !is_loopback(&self.host) {
            return refuse(
                "mail.security",
                "must be \"tls\" or \"starttls\" where a password is sent",
            );
        }
        Ok(())
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}
