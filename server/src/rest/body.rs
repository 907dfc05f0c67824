//! Reading a request body up to a limit, before anything is parsed.

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;

/// How long a body may take to arrive. Doors with a shorter limit for the whole call have that.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyFault {
    /// It is longer than allowed; the rest was left unread.
    TooLong,
    /// The connection or the framing broke off.
    Broken,
    /// It did not arrive within [`TIME_LIMIT`].
    TooSlow,
}

/// Reads a body of at most `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, BodyFault> {
    let collected = tokio::time::timeout(TIME_LIMIT, Limited::new(body, limit).collect()).await;
    match collected.map_err(|_| BodyFault::TooSlow)? {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(BodyFault::TooLong),
        Err(_) => Err(BodyFault::Broken),
    }
}
