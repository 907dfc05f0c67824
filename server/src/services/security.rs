//! The own password, and the own open sessions.

use super::{accounts::AccountService, passwords::Passwords, refusal::refuse};
use async_trait::async_trait;
use domain::{
    Result, Secret,
    account::Actor,
    audit::Deed,
    ports::{Accounts, Security},
    problem::Faults,
    sign_in::{SessionMark, SessionView},
};
use std::{fmt, sync::Arc};
use store::{control::Control, sessions::Sessions};

/// Security over the control plane.
pub struct SecurityService {
    control: Control,
    sessions: Sessions,
    accounts: Arc<AccountService>,
    passwords: Arc<Passwords>,
}

impl fmt::Debug for SecurityService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityService")
    }
}

impl SecurityService {
    /// Security over this control plane.
    pub fn new(control: Control, sessions: Sessions, accounts: Arc<AccountService>, passwords: Arc<Passwords>) -> Self {
        Self {
            control,
            sessions,
            accounts,
            passwords,
        }
    }

    /// Ending comes first: a session that should end must not stay open because that cannot be recorded.
    async fn note_ended(&self, actor: &Actor, count: u64) -> Result<()> {
        let entry = self
            .control
            .entry(actor, Deed::EndSessions)
            .had("sessions", count.to_string());
        self.control.record(&entry).await.map_err(refuse)
    }
}

#[async_trait]
impl Security for SecurityService {
    async fn change_password(&self, actor: &Actor, present: &Secret, new: &Secret) -> Result<()> {
        let mut faults = Faults::default();
        faults.check("new", self.passwords.check_new(new, &actor.name));
        faults.finish()?;
        self.accounts.confirm_password(actor, present).await?;
        let hash = self.passwords.hash(new).await?;
        self.control.change_password(actor, &hash).await.map_err(refuse)
    }

    async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionView>> {
        self.sessions.of_account(actor.account).await.map_err(refuse)
    }

    async fn end_session(&self, actor: &Actor, session: &SessionMark) -> Result<()> {
        if self.sessions.end(actor.account, session).await.map_err(refuse)? {
            self.note_ended(actor, 1).await?;
        }
        Ok(())
    }

    async fn end_other_sessions(&self, actor: &Actor, this: &SessionMark) -> Result<u64> {
        let ended = self.sessions.end_others(actor.account, this).await.map_err(refuse)?;
        if ended > 0 {
            self.note_ended(actor, ended).await?;
        }
        Ok(ended)
    }

    async fn is_open(&self, session: &SessionMark) -> Result<bool> {
        self.sessions.is_open(session).await.map_err(refuse)
    }
}
