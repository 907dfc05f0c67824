//! The audit log. Server only, as the page that asks is (`pages::audit`).

use crate::{
    backend::{refuse_read, signed_in},
    error::UiError,
};
use domain::audit::{ChainState, Query, Records};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// Entries on a page.
const PAGE: u32 = 50;

/// What the page shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct AuditList {
    /// The entries that the filters pick, newest first.
    pub records: Records,
    /// Where the chain stands.
    pub state: ChainState,
}

/// A page of the log.
#[server(prefix = "/ui", endpoint = "audit/list", input = GetUrl)]
pub async fn list(query: Query) -> Result<AuditList, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let records = backend.audit.records(&actor, &query, PAGE).await.map_err(refuse_read)?;
    let state = backend.audit.state(&actor).await.map_err(refuse_read)?;
    Ok(AuditList { records, state })
}
