//! One-time links with which somebody sets a password: invitations, and resets by who manages the account.

use super::{passwords::Passwords, refusal::refuse};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    AccountId, Problem, Result, Secret,
    account::{Action, Actor, Origin},
    ports::Links,
    problem::{Conflict, Faults, What},
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// How long a link is good.
pub const LINK_HOURS: i64 = 72;

/// Links over the control plane.
pub struct LinkService {
    control: Control,
    passwords: Arc<Passwords>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for LinkService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkService")
    }
}

impl LinkService {
    /// Links over this control plane.
    pub fn new(control: Control, passwords: Arc<Passwords>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            passwords,
            clock,
        }
    }

    /// A link for an account, from the command line.
    pub async fn make_for(&self, actor: &Actor, account: AccountId, name: &str) -> Result<Secret> {
        let token = Secret::new(BASE64.encode(rand::random::<[u8; 32]>()));
        let expires_at = self.clock.now().plus_secs(LINK_HOURS * 3600);
        self.control
            .make_link(actor, (account, name), &token, expires_at)
            .await
            .map_err(refuse)?;
        Ok(token)
    }

    /// Sets the password of an account, from the command line.
    pub async fn reset(&self, account: AccountId, name: &str, password: &Secret, origin: &Origin) -> Result<()> {
        let mut faults = Faults::default();
        faults.check("password", self.passwords.check_new(password, name));
        faults.finish()?;
        let hash = self.passwords.hash(password).await?;
        self.control
            .reset_password(account, &hash, origin)
            .await
            .map_err(refuse)
    }
}

#[async_trait]
impl Links for LinkService {
    async fn make(&self, actor: &Actor, account: AccountId) -> Result<Secret> {
        actor.require(Action::ManageSubAccounts)?;
        if account == actor.account {
            return Err(Problem::Conflict(Conflict::OwnAccount));
        }
        let present = self.control.sub_account(actor.tenant, account).await.map_err(refuse)?;
        actor.require_all(&present.grants)?;
        actor.require_confirmed()?;
        self.make_for(actor, account, &present.sign_in_name).await
    }

    async fn name(&self, token: &Secret) -> Result<String> {
        let found = self.control.link(token).await.map_err(refuse)?;
        found.ok_or(Problem::NotFound(What::Link))
    }

    async fn set_password(&self, token: &Secret, password: &Secret, address: &str) -> Result<()> {
        let name = self.name(token).await?;
        let mut faults = Faults::default();
        faults.check("password", self.passwords.check_new(password, &name));
        faults.finish()?;
        let hash = self.passwords.hash(password).await?;
        let origin = Origin::console(address);
        self.control.use_link(token, &hash, &origin).await.map_err(refuse)
    }
}
