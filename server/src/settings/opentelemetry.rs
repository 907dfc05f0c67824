//! `[opentelemetry]`: the collector of spans.

use super::SettingsError;
use http::Uri;
use serde::Deserialize;

/// `[opentelemetry]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Opentelemetry {
    pub endpoint: String,
    pub sample_percent: f32,
    pub service_name: String,
}

impl Opentelemetry {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let url: Option<Uri> = self.endpoint.parse().ok();
        let is_web = url.is_some_and(|url| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some());
        if !self.endpoint.is_empty() && !is_web {
            let what = "must be empty, or an address as http://127.0.0.1:4318";
            return Err(SettingsError::contradiction("opentelemetry.endpoint", what));
        }
        if !(0.0..=100.0).contains(&self.sample_percent) {
            let what = "must be 0 to 100";
            return Err(SettingsError::contradiction("opentelemetry.sample_percent", what));
        }
        Ok(())
    }
}
