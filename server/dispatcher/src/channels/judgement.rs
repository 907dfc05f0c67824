//! What a channel made of an answer, or of its absence, on the way to an [`Outcome`].

use crate::{
    channel::Outcome,
    client::{Answer, TransportFault},
};
use domain::{
    Timestamp,
    delivery::{Attempt, Verdict},
    truncate,
};

/// A verdict with what is recorded beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    pub(crate) status: Option<u16>,
    pub(crate) code: String,
    pub(crate) text: String,
}

impl Judgement {
    /// The vendor took it.
    pub(crate) fn accepted(status: u16) -> Self {
        Self {
            verdict: Verdict::Accepted,
            status: Some(status),
            code: String::new(),
            text: String::new(),
        }
    }

    /// Decided here, before anything was sent; `code` is a word of ours.
    pub(crate) fn local(verdict: Verdict, code: &str, text: impl Into<String>) -> Self {
        Self {
            verdict,
            status: None,
            code: code.to_owned(),
            text: text.into(),
        }
    }

    /// The credential cannot even be tried; the text says why.
    pub(crate) fn unusable(text: impl Into<String>) -> Self {
        Self::local(Verdict::CredentialBroken, "credential_unusable", text)
    }

    /// No answer came. Nothing is known of the device, so it can only be tried again, unless it is our certificate
    /// that was refused, or our settings that forbid to ask.
    pub(crate) fn unanswered(fault: &TransportFault) -> Self {
        let verdict = match fault {
            TransportFault::IdentityRefused(_) => Verdict::CredentialBroken,
            TransportFault::AddressRefused(_) => Verdict::AddressRefused,
            _ => Verdict::RetryLater { after_ms: None },
        };
        Self::local(verdict, fault.code(), fault.text())
    }

    /// An answer that is not the vendor's, such as a proxy's error page: a later try may reach the vendor.
    pub(crate) fn not_the_vendor(answer: &Answer, after_ms: Option<i64>) -> Self {
        Self {
            verdict: Verdict::RetryLater { after_ms },
            status: Some(answer.status),
            code: "unreadable_answer".to_owned(),
            text: beginning(&answer.body),
        }
    }

    /// The record of a try that began at `started`.
    pub(crate) fn into_outcome(self, vendor_id: String, started: Timestamp, ended: Timestamp) -> Outcome {
        Outcome {
            verdict: self.verdict,
            vendor_status: self.status,
            vendor_code: self.code,
            vendor_text: truncate::chars(&self.text, Attempt::MAX_TEXT),
            vendor_id,
            duration_ms: u32::try_from(ended.ms_since(started)).unwrap_or(0),
        }
    }
}

/// The beginning of a body as one line of text.
fn beginning(body: &[u8]) -> String {
    let head = body.get(..200).unwrap_or(body);
    String::from_utf8_lossy(head).replace(|c: char| c.is_control(), " ")
}
