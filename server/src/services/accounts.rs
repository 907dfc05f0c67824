//! Set-up, sign-in, and who an account is.

use super::{attempts::Attempts, passwords::Passwords, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccountId, Problem, Result, Secret,
    account::{Action, Actor, Identity, NewRoot, Origin, Role},
    audit::{Deed, Entry, Failure, Outcome},
    field::{self, FieldFault, comparable},
    ports::Accounts,
    problem::{Conflict, Faults},
    time::Clock,
};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use store::control::{Control, NewAccount};
use subtle::ConstantTimeEq;

/// Accounts over the control plane.
pub struct AccountService {
    control: Control,
    passwords: Arc<Passwords>,
    clock: Arc<dyn Clock>,
    attempts: Attempts,
    /// The hash of the one-time set-up token.
    set_up_token: Mutex<Option<[u8; 32]>>,
}

impl fmt::Debug for AccountService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountService")
    }
}

impl AccountService {
    /// Accounts over this control plane.
    pub fn new(control: Control, passwords: Arc<Passwords>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            passwords,
            clock,
            attempts: Attempts::default(),
            set_up_token: Mutex::new(None),
        }
    }

    /// On a server without accounts: makes a one-time token for `/setup`, to be printed in the log. A second call makes
    /// a new one, and the one before counts no more.
    pub async fn offer_set_up(&self) -> Result<Option<Secret>> {
        if !self.needs_set_up().await? {
            return Ok(None);
        }
        let token = format!("{:032x}", rand::random::<u128>());
        *self.token() = Some(digest(&token));
        Ok(Some(Secret::new(token)))
    }

    /// Creates a root account from the command line, also beside existing ones.
    pub async fn create_root(&self, root: NewRoot) -> Result<AccountId> {
        let mut faults = Faults::default();
        let name = faults.check("name", field::user_name(&root.name));
        faults.check("password", field::password(root.password.reveal()));
        faults.finish()?;
        let new = self.new_account(name.unwrap_or_default(), &root.password).await?;
        self.control.create_root(&new).await.map_err(name_taken)
    }

    /// The account of a name, for provisioning from the command line.
    pub async fn find(&self, name: &str) -> Result<Option<AccountId>> {
        let found = self.control.sign_in_record(name).await.map_err(refuse)?;
        Ok(found.map(|(account, _)| account))
    }

    async fn new_account(&self, name: String, password: &Secret) -> Result<NewAccount> {
        Ok(NewAccount {
            name,
            password_hash: self.passwords.hash(password).await?,
            now: self.clock.now(),
        })
    }

    fn check_token(&self, token: &Secret) -> Result<(), FieldFault> {
        let given = digest(token.reveal().trim());
        let expected = *self.token();
        match expected {
            Some(expected) if bool::from(expected.ct_eq(&given)) => Ok(()),
            _ => Err(FieldFault::WrongSetupToken),
        }
    }

    fn token(&self) -> std::sync::MutexGuard<'_, Option<[u8; 32]>> {
        self.set_up_token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Accounts for AccountService {
    async fn needs_set_up(&self) -> Result<bool> {
        let any = self.control.has_accounts().await.map_err(refuse)?;
        Ok(!any)
    }

    async fn set_up(&self, token: &Secret, root: NewRoot) -> Result<AccountId> {
        if !self.needs_set_up().await? {
            return Err(Problem::Conflict(Conflict::AlreadySetUp));
        }
        let mut faults = Faults::default();
        faults.check("token", self.check_token(token));
        let name = faults.check("name", field::user_name(&root.name));
        faults.check("password", field::password(root.password.reveal()));
        faults.finish()?;
        let new = self.new_account(name.unwrap_or_default(), &root.password).await?;
        let account = self.control.set_up(&new).await.map_err(refuse)?;
        *self.token() = None;
        Ok(account)
    }

    async fn sign_in(&self, name: &str, password: &Secret, address: &str) -> Result<AccountId> {
        let key = comparable(name);
        self.attempts.admit(&key, address, self.clock.now())?;
        let record = self.control.sign_in_record(name).await.map_err(refuse)?;
        let stored = record.as_ref().map(|(_, hash)| hash);
        let right = self.passwords.verify(stored, password).await?;
        let (Some((account, _)), true) = (record, right) else {
            return Err(Problem::SignInRefused);
        };
        self.attempts.succeeded(&key, address);
        self.control
            .note_sign_in(account, self.clock.now())
            .await
            .map_err(refuse)?;
        Ok(account)
    }

    async fn actor(&self, account: AccountId) -> Result<Option<Actor>> {
        self.control.actor(account).await.map_err(refuse)
    }

    async fn identity(&self, actor: &Actor) -> Result<Identity> {
        let tenant_actions = match &actor.role {
            Role::Root => Action::all().collect(),
            Role::Sub(grants) => grants.tenant().iter().copied().collect(),
        };
        Ok(Identity {
            name: actor.name.clone(),
            root: actor.is_root(),
            tenant_name: actor.tenant_name.clone(),
            activated: self.control.is_activated(actor.tenant).await.map_err(refuse)?,
            tenant_actions,
        })
    }

    async fn confirm_password(&self, actor: &Actor, password: &Secret) -> Result<()> {
        // Somebody at an unlocked screen guesses as well; the session stands for the address.
        let (name, place) = (comparable(&actor.name), "the account's own session");
        self.attempts.admit(&name, place, self.clock.now())?;
        let stored = self.control.password_hash(actor.account).await.map_err(refuse)?;
        if self.passwords.verify(stored.as_ref(), password).await? {
            self.attempts.succeeded(&name, place);
            Ok(())
        } else {
            Err(Problem::field("password", FieldFault::WrongPassword))
        }
    }

    async fn activate(&self, actor: &Actor) -> Result<()> {
        actor.require(Action::ManageProducts)?;
        self.control
            .activate(actor.tenant, self.clock.now())
            .await
            .map_err(refuse)
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// A unique index on accounts can only mean the name.
pub(super) fn name_taken(fault: store::Fault) -> Problem {
    if fault.is_taken() {
        Problem::field("name", FieldFault::Taken)
    } else {
        refuse(fault)
    }
}
