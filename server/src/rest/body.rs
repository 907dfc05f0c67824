//! Reading a request body up to a limit, before anything is parsed.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Why a body was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyFault {
    /// It is longer than allowed; the rest was left unread.
    TooLong,
    /// The connection or the framing broke off.
    Broken,
}

/// Reads a body of at most `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, BodyFault> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyFault::TooLong),
        Err(_) => Err(BodyFault::Broken),
    }
}
