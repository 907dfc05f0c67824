//! The one error of every server function: a [`Problem`], as JSON on the wire.

use crate::wire;
use domain::Problem;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType},
};
use serde::{Deserialize, Serialize};

/// Why a server function refused. The sentences are `i18n::faults`'.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(transparent)]
pub struct UiError(pub Problem);

impl From<Problem> for UiError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl FromServerFnError for UiError {
    type Encoder = Json;

    fn from_server_fn_error(fault: ServerFnErrorErr) -> Self {
        // leptos 0.8 answers 500 to everything; arguments that cannot be read are the caller's.
        #[cfg(feature = "ssr")]
        if wire_reference(&fault) == NOT_UNDERSTOOD {
            crate::backend::page_status(400);
        }
        Self(match fault {
            ServerFnErrorErr::Request(_) => Problem::Unavailable,
            // The wire between our own two halves: shown by name, so that an operator can tell it from a fault of ours.
            other => Problem::Internal {
                reference: wire_reference(&other).into(),
            },
        })
    }
}

/// JSON as leptos writes it, read as everything else on this wire is.
pub struct Json;

impl ContentType for Json {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Json {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<UiError> for Json {
    type Error = serde_json::Error;

    fn encode(error: &UiError) -> Result<Bytes, Self::Error> {
        serde_json::to_string(error).map(Bytes::from)
    }
}

impl Decodes<UiError> for Json {
    type Error = wire::Unreadable;

    fn decode(bytes: Bytes) -> Result<UiError, Self::Error> {
        wire::read_text(&String::from_utf8_lossy(&bytes))
    }
}

const NOT_UNDERSTOOD: &str = "request-not-understood";

fn wire_reference(fault: &ServerFnErrorErr) -> &'static str {
    match fault {
        ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
            NOT_UNDERSTOOD
        }
        ServerFnErrorErr::Serialization(_) => "answer-not-written",
        _ => "connection",
    }
}
