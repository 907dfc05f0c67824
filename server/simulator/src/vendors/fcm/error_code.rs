//! The error codes of FCM, each with its HTTP status, its canonical status and its message.

/// An `errorCode` of FCM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorCode {
    pub(crate) name: &'static str,
    pub(crate) http: u16,
    pub(super) status: &'static str,
    pub(super) message: &'static str,
}

const CODES: &[ErrorCode] = &[
    ErrorCode {
        name: "UNSPECIFIED_ERROR",
        http: 500,
        status: "UNKNOWN",
        message: "Unknown error.",
    },
    ErrorCode {
        name: "INVALID_ARGUMENT",
        http: 400,
        status: "INVALID_ARGUMENT",
        message: "Request contains an invalid argument.",
    },
    ErrorCode {
        name: "UNREGISTERED",
        http: 404,
        status: "NOT_FOUND",
        message: "Requested entity was not found.",
    },
    ErrorCode {
        name: "SENDER_ID_MISMATCH",
        http: 403,
        status: "PERMISSION_DENIED",
        message: "SenderId mismatch",
    },
    ErrorCode {
        name: "QUOTA_EXCEEDED",
        http: 429,
        status: "RESOURCE_EXHAUSTED",
        message: "Quota exceeded.",
    },
    ErrorCode {
        name: "UNAVAILABLE",
        http: 503,
        status: "UNAVAILABLE",
        message: "The service is currently unavailable.",
    },
    ErrorCode {
        name: "INTERNAL",
        http: 500,
        status: "INTERNAL",
        message: "Internal error encountered.",
    },
    ErrorCode {
        name: "THIRD_PARTY_AUTH_ERROR",
        http: 401,
        status: "UNAUTHENTICATED",
        message: "Auth error from APNS or Web Push Service",
    },
];

impl ErrorCode {
    pub(crate) fn named(name: &str) -> Option<Self> {
        CODES.iter().find(|code| code.name == name).copied()
    }

    /// All codes, for error messages.
    pub(crate) fn names() -> String {
        CODES.iter().map(|code| code.name).collect::<Vec<_>>().join(", ")
    }

    /// The code a registration token asks for by its own name: `sim-unregistered-…`, `sim-quota-exceeded-…`.
    pub(super) fn asked_for_by(token: &str) -> Option<Self> {
        let rest = token.strip_prefix("sim-")?;
        CODES
            .iter()
            .find(|code| {
                let word = code.name.to_ascii_lowercase().replace('_', "-");
                rest.strip_prefix(word.as_str())
                    .is_some_and(|tail| tail.is_empty() || tail.starts_with('-'))
            })
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn a_token_may_ask_for_its_answer_by_name() {
        assert_eq!(
            ErrorCode::asked_for_by("sim-unregistered-7").unwrap().name,
            "UNREGISTERED"
        );
        assert_eq!(
            ErrorCode::asked_for_by("sim-sender-id-mismatch").unwrap().name,
            "SENDER_ID_MISMATCH"
        );
        assert!(ErrorCode::asked_for_by("sim-unregisteredness").is_none());
        assert!(ErrorCode::asked_for_by("unregistered-7").is_none());
    }
}
