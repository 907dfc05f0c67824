//! The classes that the vendors' tables put their codes in (vendors section 0), and what each means for the runner.

use crate::{
    channels::{code::Code, day::midnight_utc8, judgement::Judgement, retry_after},
    client::Answer,
};
use domain::{Timestamp, delivery::Verdict, quota::QuotaClass};
use serde::de::DeserializeOwned;

/// How long to slow down when a vendor refuses by HTTP status 429 and does not say for how long.
const PAUSE_MS: i64 = 60_000;

/// What a code says, by the vendor's table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    /// The token is dead, beyond doubt.
    Dead,
    /// The token may be dead, or something else failed: never the end of a device.
    Suspect,
    /// An operator must repair the credential or what is set at the vendor.
    Credential,
    /// Too fast: the lane waits for so many milliseconds.
    Rate(i64),
    /// The quota of the day is spent for messages of this class; all Chinese vendors count days at UTC+8.
    Quota,
    /// The quota of the day is spent for this device only: the lane goes on.
    DeviceQuota,
    /// Only such messages or this device must wait for so many milliseconds: the lane goes on.
    DeviceRate(i64),
    /// The vendor cannot now.
    Later,
    /// The message is wrong, or this device does not want it.
    Message,
}

impl Class {
    /// What the runner is told.
    pub(crate) fn verdict(self, now: Timestamp) -> Verdict {
        match self {
            Self::Dead => Verdict::RecipientGone { as_of: None },
            Self::Suspect | Self::Later => Verdict::RetryLater { after_ms: None },
            Self::Credential => Verdict::CredentialBroken,
            Self::Rate(after_ms) => Verdict::Throttled { after_ms },
            Self::DeviceRate(after_ms) => Verdict::DeviceThrottled { after_ms },
            Self::Quota => Verdict::QuotaSpent {
                until: midnight_utc8(now),
            },
            Self::DeviceQuota => Verdict::DeviceThrottled {
                after_ms: midnight_utc8(now).ms_since(now),
            },
            Self::Message => Verdict::MessageRejected,
        }
    }
}

/// The quota of a message that names a channel of the vendor, itself or by the credential's default, or none: operators
/// make channels for communication, and without one a message counts as the vendor's marketing.
pub(crate) fn of_channel_id(named: &str, default: &str) -> QuotaClass {
    if named.is_empty() && default.is_empty() {
        QuotaClass::Marketing
    } else {
        QuotaClass::Communication
    }
}

/// The JSON of an answer, or that the vendor did not write it.
pub(crate) fn parse<T: DeserializeOwned>(answer: &Answer, now: Timestamp) -> Result<T, Judgement> {
    let after_ms = retry_after::read(&answer.headers, now);
    serde_json::from_slice(&answer.body).map_err(|_| Judgement::not_the_vendor(answer, after_ms))
}

/// The judgement of a refusal. A code that the table does not know says nothing about the device: with status 200 the
/// message is refused, with another one (which these vendors do not use for their answers) the service is not well.
pub(crate) fn refusal(answer: &Answer, code: Code, text: String, class: Option<Class>, now: Timestamp) -> Judgement {
    let after_ms = retry_after::read(&answer.headers, now);
    let verdict = match (class, answer.status) {
        (Some(class), _) => class.verdict(now),
        (None, 200) => Verdict::MessageRejected,
        (None, 429) => Verdict::Throttled {
            after_ms: after_ms.unwrap_or(PAUSE_MS),
        },
        (None, _) => Verdict::RetryLater { after_ms },
    };
    Judgement {
        verdict,
        status: Some(answer.status),
        code: code.0,
        text,
    }
}

/// The first text that says something.
pub(crate) fn first_of<const N: usize>(texts: [Option<String>; N]) -> String {
    texts
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn an_unknown_code_refuses_the_message_or_waits_but_never_ends_a_device() {
        for (status, verdict) in [
            (200, Verdict::MessageRejected),
            (403, Verdict::RetryLater { after_ms: None }),
            (429, Verdict::Throttled { after_ms: 60_000 }),
            (500, Verdict::RetryLater { after_ms: None }),
        ] {
            let answer = Answer {
                status,
                headers: HeaderMap::new(),
                body: "{}".into(),
            };
            let judgement = refusal(&answer, Code("77".into()), "why".into(), None, NOW);
            assert_eq!(judgement.verdict, verdict, "{status}");
            assert_eq!((judgement.code.as_str(), judgement.text.as_str()), ("77", "why"));
        }
    }

    #[test]
    fn a_message_without_a_channel_of_the_vendor_is_counted_as_marketing() {
        let classes = [("", ""), ("own", ""), ("", "im")].map(|(named, default)| of_channel_id(named, default));
        let own = QuotaClass::Communication;
        assert_eq!(classes, [QuotaClass::Marketing, own, own]);
    }

    #[test]
    fn a_spent_quota_is_full_again_at_midnight_in_china() {
        // 2026-11-18T11:06:40Z is 19:06:40 there.
        let until = Timestamp(1_795_017_600_000);
        assert_eq!(Class::Quota.verdict(NOW), Verdict::QuotaSpent { until });
        assert_eq!(
            Class::DeviceQuota.verdict(NOW),
            Verdict::DeviceThrottled {
                after_ms: until.ms_since(NOW)
            }
        );
    }
}
