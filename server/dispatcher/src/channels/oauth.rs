//! The answers of OAuth token endpoints (RFC 6749, sections 5.1 and 5.2), as Google, Huawei and Honor give them.

use crate::{
    channels::{code::Code, judgement::Judgement, retry_after, token::Grant},
    client::Answer,
};
use domain::{Timestamp, delivery::Verdict};
use serde::Deserialize;

/// How long to slow down when the endpoint does not say.
const PAUSE_MS: i64 = 60_000;

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default = "an_hour")]
    expires_in: i64,
}

const fn an_hour() -> i64 {
    3600
}

#[derive(Deserialize)]
struct Refused {
    /// A word by the standard, a number at Huawei.
    error: Code,
    #[serde(default)]
    error_description: String,
}

/// Reads an answer into a bearer token. No part of a token gets into the judgement.
pub(crate) fn read(answer: &Answer, now: Timestamp) -> Result<Grant, Judgement> {
    let after_ms = retry_after::read(&answer.headers, now);
    let strange = || Judgement::not_the_vendor(answer, after_ms);
    if answer.status == 200 {
        let granted = serde_json::from_slice::<Granted>(&answer.body).ok();
        let grant = granted.and_then(|granted| {
            let bearer = format!("Bearer {}", granted.access_token);
            Grant::new(&bearer, granted.expires_in)
        });
        // The beginning of the body could hold the beginning of a token.
        return grant.ok_or_else(|| Judgement {
            text: String::new(),
            ..strange()
        });
    }
    let refused: Refused = serde_json::from_slice(&answer.body).map_err(|_| strange())?;
    let verdict = match answer.status {
        400 | 401 | 403 => Verdict::CredentialBroken,
        429 => Verdict::Throttled {
            after_ms: after_ms.unwrap_or(PAUSE_MS),
        },
        _ => Verdict::RetryLater { after_ms },
    };
    Err(Judgement {
        verdict,
        status: Some(answer.status),
        code: refused.error.0,
        text: refused.error_description,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    const T: Timestamp = Timestamp(1_795_000_000_000);

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        }
    }

    #[test]
    fn odd_grants_neither_panic_nor_show_the_token() {
        for body in [
            r#"{"access_token":"ya29.x\n"}"#,
            r#"{"access_token":"ya29.x"#,
            "{}",
            "[]",
            "",
        ] {
            let judgement = read(&answer(200, body), T).err().unwrap();
            let expected = ("unreadable_answer", "");
            assert_eq!((judgement.code.as_str(), judgement.text.as_str()), expected, "{body}");
        }
        assert!(read(&answer(200, r#"{"access_token":"a\/b","expires_in":3600}"#), T).is_ok());
    }

    #[test]
    fn a_refusal_breaks_the_credential_and_a_fault_does_not() {
        let later = Verdict::RetryLater { after_ms: None };
        for (status, body, verdict, code) in [
            (
                400,
                r#"{"error":"invalid_grant"}"#,
                Verdict::CredentialBroken,
                "invalid_grant",
            ),
            (
                400,
                r#"{"error":1101,"sub_error":20041,"error_description":"no"}"#,
                Verdict::CredentialBroken,
                "1101",
            ),
            (
                401,
                r#"{"error":"invalid_client"}"#,
                Verdict::CredentialBroken,
                "invalid_client",
            ),
            (
                429,
                r#"{"error":"slow"}"#,
                Verdict::Throttled { after_ms: 60_000 },
                "slow",
            ),
            (500, r#"{"error":"internal"}"#, later, "internal"),
            (403, "<html>blocked</html>", later, "unreadable_answer"),
            (503, "", later, "unreadable_answer"),
        ] {
            let judgement = read(&answer(status, body), T).err().unwrap();
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                (verdict, code),
                "{status} {body}"
            );
        }
    }
}
