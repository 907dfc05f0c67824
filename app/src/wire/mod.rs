//! The wire between a page and its server functions: JSON text, typed only where it is read.
//!
//! What leptos offers instead (`Resource`, `ServerAction` and `ActionForm` of each function's own types) is compiled
//! once for every function, and was half of what a browser had to download. Here sending, waiting and showing are
//! compiled once; what is left per function is how its arguments are written and how its answer is read.

mod reader;

use crate::error::UiError;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server::codee::{Decoder, Encoder},
    server_fn::ServerFn,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::pin::Pin;

pub use reader::Unreadable;

/// What a server function answered.
pub type Answer = Result<Value, UiError>;

/// An answer that is on its way.
pub type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Reads an answer.
pub fn read<T: DeserializeOwned>(answer: &Value) -> Result<T, UiError> {
    reader::read(answer).map_err(not_read)
}

/// Reads JSON text.
pub fn read_text<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    reader::read(&parse(text)?)
}

fn parse(text: &str) -> Result<Value, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable)
}

fn not_read(fault: Unreadable) -> UiError {
    UiError::from_server_fn_error(ServerFnErrorErr::Deserialization(fault.to_string()))
}

fn not_written(fault: impl ToString) -> UiError {
    UiError::from_server_fn_error(ServerFnErrorErr::Serialization(fault.to_string()))
}

/// How a page carries data from the server to the browser.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(data: &T) -> Result<String, Self::Error> {
        serde_json::to_string(data)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        read_text(text)
    }
}

/// The arguments of a call as a query or a form carries them.
pub fn arguments<S: Serialize>(call: &S) -> Result<String, UiError> {
    serde_qs::to_string(call).map_err(not_written)
}

/// Calls a server function that reads.
pub fn ask<S>(call: S) -> Answering
where
    S: ServerFn<Error = UiError, Output: Serialize> + Serialize + 'static,
{
    #[cfg(feature = "hydrate")]
    return browser::get(S::PATH, arguments(&call));
    // The server has the function itself.
    #[cfg(not(feature = "hydrate"))]
    Box::pin(async move {
        let output = call.run_body().await?;
        serde_json::to_value(&output).map_err(not_written)
    })
}

#[cfg(feature = "hydrate")]
pub use browser::post;

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Answer, Answering, UiError, not_read, parse};
    use leptos::server_fn::{
        ContentType,
        client::{Client, browser::BrowserClient},
        codec::{GetUrl, PostUrl},
        error::FromServerFnError,
        request::{ClientReq, browser::BrowserRequest},
        response::{ClientRes, browser::BrowserResponse},
    };

    const ACCEPTED: &str = "application/json";

    /// Calls what is read by GET. `arguments`: those of a query.
    pub fn get(path: &'static str, arguments: Result<String, UiError>) -> Answering {
        Box::pin(async move {
            let query = arguments?;
            answer(BrowserRequest::try_new_get(
                path,
                GetUrl::CONTENT_TYPE,
                ACCEPTED,
                &query,
            ))
            .await
        })
    }

    /// Calls what changes something. `form`: the body.
    pub fn post(path: &'static str, form: Result<String, UiError>) -> Answering {
        Box::pin(async move {
            let form = form?;
            answer(BrowserRequest::try_new_post(
                path,
                PostUrl::CONTENT_TYPE,
                ACCEPTED,
                form,
            ))
            .await
        })
    }

    async fn answer(request: Result<BrowserRequest, UiError>) -> Answer {
        let response: BrowserResponse = <BrowserClient as Client<UiError>>::send(request?).await?;
        let refused = ClientRes::<UiError>::status(&response) >= 400;
        let text: String = ClientRes::<UiError>::try_into_string(response).await?;
        if refused {
            return Err(UiError::de(text.into()));
        }
        parse(&text).map_err(not_read)
    }
}

/// On the server no form is sent by script.
#[cfg(not(feature = "hydrate"))]
pub fn post(_: &'static str, _: Result<String, UiError>) -> Answering {
    Box::pin(std::future::pending())
}
