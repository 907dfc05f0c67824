//! Reading a device call: credentials, then a small JSON object.

use super::{
    super::{RestState, body, problem::ProblemResponse},
    credentials::{self, DeviceUser},
};
use axum::extract::Request;
use domain::{Problem, truncate};
use serde::de::DeserializeOwned;

/// The largest body: a vendor token has up to 4 KiB.
const MAX_BODY: usize = 16 * 1024;

/// The user who calls and what was sent.
pub async fn read<T: DeserializeOwned>(
    state: &RestState,
    request: Request,
) -> Result<(DeviceUser, T), ProblemResponse> {
    let (parts, content) = request.into_parts();
    let user = credentials::verify(state, &parts).await?;
    let bytes = body::read(content, MAX_BODY).await.map_err(|fault| match fault {
        body::BodyFault::TooLong => ProblemResponse::from(Problem::TooLarge { limit: MAX_BODY as u64 }),
        body::BodyFault::Broken => malformed("the body ended before its announced length"),
        body::BodyFault::TooSlow => malformed("the body did not arrive within 10 seconds"),
    })?;
    let value = serde_json::from_slice(&bytes);
    let value = value.map_err(|error| malformed(&truncate::chars(&format!("the body: {error}"), 300)))?;
    Ok((user, value))
}

fn malformed(detail: &str) -> ProblemResponse {
    ProblemResponse::with_detail(Problem::Invalid(Vec::new()), detail)
}
