//! The audit log: reading it, checking it, and recording what is refused.

use super::refusal::refuse;
use async_trait::async_trait;
use domain::{
    AccessId, AccountId, ProductId, Result,
    account::{About, Action, Actor, Refusal},
    audit::{ChainState, Deed, Kind, Outcome, Query, Record, Records},
    ports::Audit,
};
use std::fmt;
use store::control::{ChainReport, Control, Noted};

/// The most entries that are read at once.
const MOST_AT_ONCE: u32 = 1000;
/// The most characters of an address that are kept.
const MAX_PATH: usize = 200;

/// The audit log over the control plane.
pub struct AuditService {
    control: Control,
}

impl fmt::Debug for AuditService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuditService")
    }
}

impl AuditService {
    /// The log of this control plane.
    pub const fn new(control: Control) -> Self {
        Self { control }
    }

    /// Checks every chain, for the command line.
    pub async fn verify(&self, noted: &[Noted]) -> Result<Vec<ChainReport>> {
        self.control.verify_audit(noted).await.map_err(refuse)
    }

    /// Whose logs there are, for the command line; none stands for the server's own.
    pub async fn logs(&self) -> Result<Vec<Option<AccountId>>> {
        self.control.audit_logs().await.map_err(refuse)
    }

    /// Whole chains, for the command line: entries of a tenant, or of the server itself, below a number.
    pub async fn read(&self, tenant: Option<AccountId>, below: Option<i64>) -> Result<Vec<Record>> {
        let query = Query {
            below,
            ..Query::default()
        };
        let read = self.control.audit_records(tenant, &query, MOST_AT_ONCE.into()).await;
        read.map(|records| records.rows).map_err(refuse)
    }

    /// What was asked for, by name. What the actor cannot see is not named: who reads the log would learn from it what
    /// was guessed.
    async fn named(&self, actor: &Actor, about: Option<About>) -> Option<Named> {
        match about? {
            About::Application(id) => {
                let named = self.control.application_named(actor, id).await.ok();
                named.map(|(access_id, name)| Named::Application(access_id, name))
            }
            About::Product(id) => {
                let product = self.control.product(actor, id).await.ok();
                product.map(|product| Named::Product(id, product.name))
            }
        }
    }

    async fn refusal(&self, actor: &Actor, deed: Deed, path: &str, refusal: Refusal) {
        let path: String = path.chars().take(MAX_PATH).collect();
        let entry = self.control.entry(actor, deed);
        let entry = match self.named(actor, refusal.about).await {
            Some(Named::Application(access_id, name)) => entry
                .to(Kind::Application, access_id, &name)
                .within(access_id, &name)
                .has("page", path),
            Some(Named::Product(id, name)) => entry.to(Kind::Product, id, &name).has("page", path),
            None => entry.to(Kind::Page, "", &path),
        };
        let entry = entry.came_to(Outcome::Refused(refusal.missing));
        // That it cannot be recorded does not change the answer; the fault is in the server's log.
        if let Err(fault) = self.control.record_counted(entry).await {
            drop(refuse(fault));
        }
    }
}

/// What a right was asked for, by name.
enum Named {
    Application(AccessId, String),
    Product(ProductId, String),
}

#[async_trait]
impl Audit for AuditService {
    async fn records(&self, actor: &Actor, query: &Query, limit: u32) -> Result<Records> {
        actor.require(Action::ViewAudit)?;
        let limit = limit.clamp(1, MOST_AT_ONCE);
        let read = self
            .control
            .audit_records(Some(actor.tenant), query, limit.into())
            .await;
        read.map_err(refuse)
    }

    async fn state(&self, actor: &Actor) -> Result<ChainState> {
        actor.require(Action::ViewAudit)?;
        self.control.audit_state(actor.tenant).await.map_err(refuse)
    }

    async fn refused(&self, actor: &Actor, deed: Deed, path: &str) {
        for refusal in actor.origin.refusals.take() {
            self.refusal(actor, deed, path, refusal).await;
        }
    }

    async fn signed_out(&self, actor: &Actor) -> Result<()> {
        let entry = self.control.entry(actor, Deed::SignOut);
        self.control.record(&entry).await.map_err(refuse)
    }
}
