//! The one error of every server function: a [`Problem`], as JSON on the wire.

use domain::Problem;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
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
    type Encoder = JsonEncoding;

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
