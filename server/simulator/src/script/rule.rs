//! One rule of the script, as JSON and as a small builder.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Moment, Subject};
use crate::chance::Latency;
use crate::vendors::{Environment, Vendor, apns, fcm};

/// Where in the life of a request the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Before the request is looked at; it is not processed.
    Before,
    /// After the message was taken for delivery, before the answer.
    After,
}

/// A GOAWAY instead of an answer. The stream that met it, and later ones, were not processed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Goaway {
    /// Sent as `{"reason":…}` in the debug data (APNs only); absent: no debug data.
    pub reason: Option<String>,
    /// HTTP/2 error code; 0 is `NO_ERROR`.
    pub code: u32,
}

/// A rule: which requests it is about, and what happens to them. Give at most one outcome (an answer, `cut`, `goaway`,
/// `refuse`); a rule with `delay_ms` alone slows requests down and lets the next rule speak.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Number given by the simulator.
    pub id: u64,
    /// Only this service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<Vendor>,
    /// Only this APNs environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Only requests that name this device token (any case).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Only requests that name a device token that begins with this (any case).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_prefix: Option<String>,
    /// Only this APNs topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only this FCM project; at the other vendors only this application (the id it was registered under).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,

    /// Only paths that contain this: `/auth` tells a vendor's authentication from its sends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,

    /// Answer with this HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// APNs `reason` or OAuth `error`; an APNs reason brings its status along. Next to an `errorCode` of the others:
    /// the text that goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// FCM `errorCode`; brings its status and details along. At the others the vendor's `code` or `result`, in the
    /// vendor's body and with its HTTP status.
    #[serde(rename = "errorCode", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// FCM 400: the field a `BadRequest` detail names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// APNs 410: since when the token is gone, milliseconds since 1970. Absent: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp_ms: Option<i64>,
    /// Headers added to the answer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Body in place of the vendor's, as an intermediate box might send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Hold the request back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<Latency>,
    /// Cut the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
    /// Send GOAWAY.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goaway: Option<Goaway>,
    /// Reset the stream with `REFUSED_STREAM` (over HTTP/1.1: cut).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refuse: bool,

    /// How often it speaks; absent: for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The share of matching requests it speaks to, 0.0 to 1.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
}

impl Rule {
    pub(crate) fn has_outcome(&self) -> bool {
        self.answers() || self.cut.is_some() || self.goaway.is_some() || self.refuse
    }

    pub(crate) fn moment(&self) -> Moment {
        if self.refuse || self.goaway.is_some() || self.cut == Some(Cut::Before) {
            Moment::Arrival
        } else {
            Moment::Checked
        }
    }

    pub(crate) fn matches(&self, subject: &Subject<'_>) -> bool {
        let same =
            |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|wanted| found == Some(wanted));
        self.vendor.is_none_or(|vendor| vendor == subject.vendor)
            && self
                .environment
                .is_none_or(|environment| Some(environment) == subject.environment)
            && self
                .token
                .as_deref()
                .is_none_or(|wanted| subject.tokens.iter().any(|token| token.eq_ignore_ascii_case(wanted)))
            && self
                .token_prefix
                .as_deref()
                .is_none_or(|prefix| subject.tokens.iter().any(|token| begins_with(token, prefix)))
            && same(&self.topic, subject.topic)
            && same(&self.project, subject.project)
            && self.path.as_deref().is_none_or(|part| subject.path.contains(part))
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        let outcomes = [self.answers(), self.cut.is_some(), self.goaway.is_some(), self.refuse];
        match outcomes.iter().filter(|given| **given).count() {
            0 if self.delay_ms.is_none() => {
                return Err(
                    "the rule does nothing: give status, reason, errorCode, body, delay_ms, cut, goaway or refuse"
                        .to_owned(),
                );
            }
            0 | 1 => {}
            _ => return Err("a rule has one outcome: an answer, cut, goaway or refuse".to_owned()),
        }
        if let Some(share) = self.share.filter(|share| !(0.0..=1.0).contains(share)) {
            return Err(format!("share {share} is not between 0 and 1"));
        }
        if let Some(status) = self.status.filter(|status| !(200..=599).contains(status)) {
            return Err(format!("status {status} is not between 200 and 599"));
        }
        for (name, value) in &self.headers {
            http::HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is not a header name"))?;
            http::HeaderValue::from_str(value).map_err(|_| format!("the value of header {name} cannot be sent"))?;
        }
        if let Some(latency) = &self.delay_ms {
            latency.check().map_err(|why| format!("delay_ms: {why}"))?;
        }
        self.check_words()
    }

    /// Reasons and error codes must be ones the vendor documents, with the status it sends them with.
    fn check_words(&self) -> Result<(), String> {
        if let (Some(reason), Some(Vendor::Apns)) = (&self.reason, self.vendor) {
            let documented = apns::answers::status_of(reason).ok_or_else(|| {
                format!(
                    "APNs knows no reason {reason:?}; known: {}",
                    apns::answers::known_reasons()
                )
            })?;
            if let Some(status) = self.status.filter(|status| *status != documented) {
                return Err(format!("APNs sends {reason} with {documented}, not with {status}"));
            }
        }
        if let Some(code) = &self.error_code {
            self.check_code(code)?;
        }
        let coded = self.error_code.is_some() && self.vendor != Some(Vendor::Fcm);
        if self.reason.is_some() && !coded && !matches!(self.vendor, Some(Vendor::Apns | Vendor::Oauth)) {
            return Err("reason needs vendor apns or oauth; the others' errors are named by errorCode".to_owned());
        }
        Ok(())
    }

    fn check_code(&self, code: &str) -> Result<(), String> {
        match self.vendor {
            None | Some(Vendor::Apns | Vendor::Oauth) => Err(
                "errorCode needs a vendor that has codes: fcm, huawei, honor, xiaomi, oppo, vivo or meizu".to_owned(),
            ),
            Some(Vendor::Fcm) => fcm::error_code::ErrorCode::named(code).map(|_| ()).ok_or_else(|| {
                format!(
                    "FCM knows no errorCode {code:?}; known: {}",
                    fcm::error_code::ErrorCode::names()
                )
            }),
            Some(_) => code
                .parse::<i64>()
                .map(|_| ())
                .map_err(|_| format!("errorCode {code:?} is not a number, and this vendor's codes are")),
        }
    }

    fn answers(&self) -> bool {
        self.status.is_some() || self.reason.is_some() || self.error_code.is_some() || self.body.is_some()
    }
}

fn begins_with(token: &str, prefix: &str) -> bool {
    token
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
