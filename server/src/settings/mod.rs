//! The settings: the commented defaults below, overridden by a file, overridden by `HOMING_…` variables.
//!
//! `settings.default.toml` is the documentation of every key. A key that is unknown, and keys that contradict each
//! other, keep the server from starting: [`Settings::check`] says what to change.

mod alarms;
mod dispatch;
mod http;
mod limits;
mod mail;
mod oidc;
mod opentelemetry;
mod passwords;
mod places;
mod retention;

pub use alarms::Alarms;
pub use dispatch::{Dispatch, Outbound, Vendors};
pub use http::{Http, Metrics, Session};
pub use limits::Limits;
pub use mail::{Mail, MailSecurity};
pub use oidc::{Mapping, Oidc};
pub use opentelemetry::Opentelemetry;
pub use passwords::Passwords;
pub use places::{AccessPointSetting, Data, Node};
pub use retention::Retention;

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The defaults, with a comment for every key.
pub const DEFAULTS: &str = include_str!("../settings.default.toml");

/// Everything that can be set.
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Settings {
    pub http: Http,
    pub limits: Limits,
    pub metrics: Metrics,
    pub session: Session,
    pub passwords: Passwords,
    pub oidc: Oidc,
    pub data: Data,
    pub access_points: Vec<AccessPointSetting>,
    pub node: Node,
    pub outbound: Outbound,
    pub vendors: Vendors,
    pub dispatch: Dispatch,
    pub messages: Messages,
    pub retention: Retention,
    pub alarms: Alarms,
    pub mail: Mail,
    pub audit: Audit,
    pub log: Log,
    pub opentelemetry: Opentelemetry,
}

/// `[messages]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Messages {
    pub previews: bool,
}

/// `[audit]`
#[derive(Clone, Copy, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Audit {
    pub keep_days: u32,
}

/// `[log]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Why the server does not start with these settings.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// The file named with `--config` is not there.
    #[error("the settings file {} cannot be read", .0.display())]
    NoFile(PathBuf),
    /// A key is unknown or has a value of the wrong type; names the key and where it was set.
    #[error("{0}")]
    Unreadable(Box<figment::Error>),
    /// Keys that are readable, but make no sense.
    #[error("{key}: {what}")]
    Contradiction {
        /// The key, as `table.key`.
        key: String,
        /// What is wrong and what to do.
        what: String,
    },
}

impl SettingsError {
    fn contradiction(key: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Contradiction {
            key: key.into(),
            what: what.into(),
        }
    }
}

impl Settings {
    /// Reads defaults, file and environment, and checks them against each other.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let mut sources = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(SettingsError::NoFile(file.to_path_buf()));
            }
            sources = sources.merge(Toml::file_exact(file));
        }
        // The ignored names are the command line's own.
        let environment = Env::prefixed("HOMING_").ignore(&["config", "password"]).split("__");
        Self::read(sources.merge(environment))
    }

    /// The defaults alone, which a test then changes.
    pub fn defaults() -> Result<Self, SettingsError> {
        Self::read(Figment::from(Toml::string(DEFAULTS)))
    }

    fn read(sources: Figment) -> Result<Self, SettingsError> {
        let settings: Self = sources
            .extract()
            .map_err(|error| SettingsError::Unreadable(Box::new(error)))?;
        settings.check()?;
        Ok(settings)
    }

    /// The origin at which vendors reach this server; empty when it is not known.
    pub fn receipts_at(&self) -> &str {
        let own = self.vendors.receipts_url.as_str();
        if own.is_empty() { &self.http.public_url } else { own }
    }

    /// Refuses what cannot work together.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.http.check()?;
        self.limits.check()?;
        self.session.check()?;
        self.passwords.check()?;
        if self.metrics.listen == Some(self.http.listen) && self.http.listen.port() != 0 {
            let what = "is the same as http.listen: metrics have a listener of their own";
            return Err(SettingsError::contradiction("metrics.listen", what));
        }
        places::check(&self.access_points, &self.node)?;
        self.outbound.check()?;
        self.vendors.check(&self.outbound.allow)?;
        self.oidc.check(&self.http.public_url, &self.outbound.allow)?;
        if self.audit.keep_days > 36_500 {
            let what = "must be 0 (for ever) to 36500";
            return Err(SettingsError::contradiction("audit.keep_days", what));
        }
        self.retention.check()?;
        self.alarms.check()?;
        self.mail.check()?;
        self.opentelemetry.check()?;
        self.dispatch.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<Settings, SettingsError> {
        Settings::read(Figment::from(Toml::string(DEFAULTS)).merge(Toml::string(text)))
    }

    fn refusal(text: &str) -> String {
        with(text).expect_err("should be refused").to_string()
    }

    #[test]
    fn the_defaults_are_complete_and_agree_with_each_other() {
        let settings = Settings::defaults().expect("the defaults");
        assert_eq!(settings.http.listen.to_string(), "127.0.0.1:8090");
        let ids: Vec<_> = settings.access_points.iter().map(|a| a.id.as_str()).collect();
        assert_eq!(ids, ["ap-guangzhou", "ap-shanghai", "ap-hongkong", "ap-singapore"]);
        assert!(settings.access_points.iter().all(|point| settings.serves(&point.id)));
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        assert!(refusal("[http]\nlisten_on = 'x'").contains("listen_on"));
    }

    #[test]
    fn contradictions_name_the_key_and_the_way_out() {
        for (text, key) in [
            ("[metrics]\nlisten = '127.0.0.1:8090'", "metrics.listen"),
            (
                "[session]\nidle_minutes = 120\nabsolute_hours = 1",
                "session.idle_minutes",
            ),
            ("[session]\nconfirm_minutes = 0", "session.confirm_minutes"),
            ("[passwords]\nmemory_kib = 8192", "passwords.memory_kib"),
            ("[passwords]\npasses = 1", "passwords.memory_kib"),
            ("[passwords]\nmemory_kib = 9999999", "passwords.memory_kib"),
            ("[passwords]\npasses = 99", "passwords.passes"),
            ("[passwords]\nlanes = 0", "passwords.lanes"),
            ("[http]\npublic_url = 'push.example.com'", "http.public_url"),
            ("[http]\ntls_key = '/etc/key.pem'", "http.tls_certificate"),
            (
                "[http]\npublic_url = 'http://a.example'\ntls_key = 'k'\ntls_certificate = 'c'",
                "http.public_url",
            ),
            (
                "[http]\nclient_address_header = 'x-forwarded-for'\ntrusted_proxies = []",
                "http.client_address_header",
            ),
            ("[http]\nhead_timeout_secs = 0", "http.head_timeout_secs"),
            (
                "[http]\nmax_connections = 9\nmax_connections_per_address = 10",
                "http.max_connections_per_address",
            ),
            ("[limits]\nwrong_tickets_per_min = 0", "limits.wrong_tickets_per_min"),
            (
                "[http]\npublic_url = 'https://push.example.com/console'",
                "http.public_url",
            ),
            ("[node]\nserve = ['ap-mars']", "node.serve"),
            ("[vendors]\nfcm = 'http://fcm.example.com'", "vendors.fcm"),
            ("[vendors]\nfcm = 'http://127.0.0.1:9'", "vendors.fcm"),
            ("[vendors]\noppo = 'https://10.0.0.7'", "vendors.oppo"),
            ("[vendors]\nvivo = 'vivo.example.com'", "vendors.vivo"),
            ("[vendors]\nhonor_send_path = '/send'", "vendors.honor_send_path"),
            ("[vendors]\nextra_root_ca = '/nowhere/ca.pem'", "vendors.extra_root_ca"),
            ("[dispatch]\nschedule_secs = []", "dispatch.schedule_secs"),
            ("[dispatch]\nmax_attempts = 0", "dispatch.max_attempts"),
            ("[dispatch]\njitter_percent = 101", "dispatch.jitter_percent"),
            ("[dispatch]\nlease_secs = 89", "dispatch.lease_secs"),
            ("access_points = []", "access_points"),
            ("[audit]\nkeep_days = 36501", "audit.keep_days"),
            ("[opentelemetry]\nendpoint = 'collector:4318'", "opentelemetry.endpoint"),
            ("[opentelemetry]\nsample_percent = 101", "opentelemetry.sample_percent"),
            ("[retention]\npreview_days = 36501", "retention.preview_days"),
            ("[retention]\nattempt_days = 7", "retention.attempt_days"),
            ("[retention]\ndelivery_days = 7", "retention.delivery_days"),
            ("[retention]\ncounter_days = 7", "retention.counter_days"),
            ("[retention]\nstatistics_days = 91", "retention.statistics_days"),
        ] {
            let refusal = refusal(text);
            assert!(refusal.starts_with(key), "{text}: {refusal}");
        }
    }

    #[test]
    fn an_address_that_is_not_public_can_be_a_vendor_s_when_it_is_listed() {
        assert!(refusal("[outbound]\nallow = ['10.0.0.0/40']").contains("10.0.0.0/40"));
        let refused = refusal("[vendors]\nfcm = 'https://[::ffff:10.0.0.7]:443'");
        assert!(
            refused.contains("10.0.0.7") && refused.contains("outbound.allow"),
            "{refused}"
        );
        let settings = with(
            "outbound.allow = ['10.0.0.0/8', '127.0.0.1']\n\
            [vendors]\nfcm = 'https://10.0.0.7'\nvivo = 'http://localhost:9'",
        );
        assert!(settings.is_ok(), "{settings:?}");
    }

    #[test]
    fn two_access_points_cannot_share_an_id_or_a_database() {
        let point = |id: &str, database: &str| {
            format!(
                "[[access_points]]\nid = '{id}'\nname_en = 'A'\nname_zh = 'A'\nmainland = true\n\
                 database = '{database}'\nhost = ''\n"
            )
        };
        assert!(refusal(&(point("ap-a", "") + &point("ap-a", ""))).contains("ap-a"));
        let shared = "postgres://homing@db/one";
        assert!(refusal(&(point("ap-a", shared) + &point("ap-b", shared))).contains("ap-b"));
        assert!(refusal(&point("../a", "")).contains("access_points"));
    }

    #[test]
    fn passwords_in_database_addresses_do_not_show_in_debug_output() {
        let settings = with("[data]\ncontrol = 'postgres://homing:hunter2@db/control'").expect("settings");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
