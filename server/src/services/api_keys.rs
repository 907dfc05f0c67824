//! API keys: made, given secrets, taken back.

use super::{directory::Directory, products::MAX_NAME, refusal::refuse};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ApiKeyId, Problem, Result, Secret,
    account::{Action, Actor},
    api_key::{ApiKeyView, NewApiKey, Presented, Scope, Standing, check_overlap},
    field::{self, FieldFault},
    ports::ApiKeys,
    problem::{Conflict, Faults},
    time::Clock,
};
use std::{collections::BTreeSet, fmt, sync::Arc};
use store::control::{Control, NewApiKeyRow, NewApiSecret};

/// API keys over the control plane.
pub struct ApiKeyService {
    control: Control,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for ApiKeyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeyService")
    }
}

impl ApiKeyService {
    /// API keys over this control plane; the directory hears of changes at once.
    pub fn new(control: Control, directory: Arc<Directory>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            clock,
        }
    }
}

#[async_trait]
impl ApiKeys for ApiKeyService {
    async fn list(&self, actor: &Actor) -> Result<Vec<ApiKeyView>> {
        actor.require(Action::ManageImApplications)?;
        self.control.api_keys(actor, self.clock.now()).await.map_err(refuse)
    }

    async fn get(&self, actor: &Actor, id: ApiKeyId) -> Result<ApiKeyView> {
        actor.require(Action::ManageImApplications)?;
        self.control.api_key(actor, id, self.clock.now()).await.map_err(refuse)
    }

    async fn create(&self, actor: &Actor, new: NewApiKey) -> Result<ApiKeyId> {
        actor.require(Action::ManageImApplications)?;
        may_hand_out(actor, &new.scopes)?;
        actor.require_confirmed()?;
        let mut faults = Faults::default();
        let name = faults.check("name", field::name(&new.name, MAX_NAME));
        new.check(&mut faults);
        faults.finish()?;
        let now = self.clock.now();
        let row = NewApiKeyRow {
            name: name.unwrap_or_default(),
            scopes: new.scopes,
            im_application: new.im_application,
            expires_at: now.plus_secs(i64::from(new.days) * 86_400),
            form_key: new.form_key,
            now,
        };
        match self.control.create_api_key(actor, &row).await {
            Err(fault) if fault.is_taken() => Err(Problem::field("name", FieldFault::Taken)),
            made => made.map_err(refuse),
        }
    }

    async fn issue(&self, actor: &Actor, id: ApiKeyId, overlap_hours: u32) -> Result<Secret> {
        actor.require(Action::ManageImApplications)?;
        let key = self.get(actor, id).await?;
        // Who has the secret has what the key may do.
        may_hand_out(actor, &key.scopes)?;
        actor.require_confirmed()?;
        check_overlap(overlap_hours)?;
        let now = self.clock.now();
        if key.standing == Standing::Expired {
            return Err(Problem::Conflict(Conflict::ApiKeyExpired));
        }
        let presented = Presented {
            id,
            random: Secret::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())),
        };
        let new = NewApiSecret {
            overlap_until: now.plus_secs(i64::from(overlap_hours) * 3600),
            presented,
            now,
        };
        self.control.issue_api_secret(actor, id, &new).await.map_err(refuse)?;
        self.directory.refresh().await;
        Ok(new.presented.text())
    }

    async fn revoke(&self, actor: &Actor, id: ApiKeyId) -> Result<()> {
        actor.require(Action::ManageImApplications)?;
        actor.require_confirmed()?;
        self.control.revoke_api_key(actor, id).await.map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }
}

/// Nobody gives a program more than the own rights.
fn may_hand_out(actor: &Actor, scopes: &BTreeSet<Scope>) -> Result<()> {
    scopes
        .iter()
        .try_for_each(|scope| actor.require_throughout(scope.rights()))
}
