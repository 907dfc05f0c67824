//! Who a client application acts for: the user of its UserSig.

use super::super::{
    RestState,
    im::{
        call::Credentials,
        frame::{Refusal, code},
    },
    pace::TooFrequent,
    problem::ProblemResponse,
};
use domain::{
    Problem, SdkAppId,
    problem::{Conflict, What},
};
use http::request::Parts;

/// The user whose devices the call may touch.
#[derive(Clone, Debug)]
pub struct DeviceUser {
    /// The IM application.
    pub sdk_app_id: SdkAppId,
    /// The `UserID`.
    pub user: String,
}

/// Verifies the credentials, which stand in headers `sdkappid`, `identifier`, `usersig`, or in the query. Headers are
/// better: proxies write queries into their logs.
pub async fn verify(state: &RestState, parts: &Parts) -> Result<DeviceUser, ProblemResponse> {
    let query = Credentials::of_query(&parts.uri).map_err(refused)?;
    let either = |name: &str, query: String| {
        let header = parts.headers.get(name).and_then(|value| value.to_str().ok());
        header.map_or(query, str::to_owned)
    };
    let credentials = Credentials {
        sdkappid: either("sdkappid", query.sdkappid.clone()),
        identifier: either("identifier", query.identifier.clone()),
        usersig: either("usersig", query.usersig.clone()),
        ..query
    };
    let address = state.addresses.of(parts);
    let caller = credentials.admit(state, &address).await.map_err(refused)?;
    caller.require_enabled().map_err(refused)?;
    let in_time = state
        .pace
        .device_call(caller.sdk_app_id, &caller.identifier, state.clock.now());
    in_time.map_err(|too| {
        let TooFrequent { retry_after_secs } = too;
        let detail =
            "more calls of this user, or of all users of this IM application, than the server's limits.device_… allow";
        ProblemResponse::with_detail(Problem::TooMany { retry_after_secs }, detail)
    })?;
    Ok(DeviceUser {
        sdk_app_id: caller.sdk_app_id,
        user: caller.identifier,
    })
}

/// The same refusals as IM REST, in this door's words. The IM code is told for those who know the SDKs' list.
fn refused(refusal: Refusal) -> ProblemResponse {
    let Refusal { code, info } = refusal;
    let problem = match code {
        70050 => Problem::TooMany { retry_after_secs: 60 },
        code::DISABLED => Problem::Conflict(Conflict::ImApplicationDisabled),
        code::OTHER_ACCESS_POINT => Problem::NotFound(What::AccessPoint),
        code::SDK_APP_ID_UNKNOWN => Problem::NotFound(What::ImApplication),
        _ => Problem::Unauthenticated,
    };
    ProblemResponse::with_detail(problem, format!("{info} ({code})"))
}
