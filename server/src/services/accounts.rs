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
    sign_in::{HalfWay, SignInName, SignedIn},
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
        faults.check("password", self.passwords.check_new(&root.password, &root.name));
        faults.finish()?;
        let new = self.new_account(name.unwrap_or_default(), &root.password).await?;
        let origin = Origin::command_line("");
        self.control.create_root(&new, &origin).await.map_err(name_taken)
    }

    /// The account of a sign-in name, for the command line.
    pub async fn find(&self, name: &str) -> Result<Option<AccountId>> {
        let found = self
            .control
            .sign_in_record(&SignInName::read(name))
            .await
            .map_err(refuse)?;
        Ok(found.map(|(account, _)| account))
    }

    async fn new_account(&self, name: String, password: &Secret) -> Result<NewAccount> {
        Ok(NewAccount {
            name,
            password_hash: self.passwords.hash(password).await?,
            now: self.clock.now(),
        })
    }

    /// Hashes a password as the settings ask for now, when it was hashed otherwise. Should it fail, the old hash serves
    /// on, and the next sign-in tries again.
    async fn renew_hash(&self, account: AccountId, stored: &Secret, password: &Secret) {
        if !self.passwords.is_outdated(stored) {
            return;
        }
        let renewed = async {
            let hash = self.passwords.hash(password).await?;
            self.control.renew_hash(account, stored, &hash).await.map_err(refuse)
        };
        if let Err(problem) = renewed.await {
            tracing::warn!(%account, %problem, "a password hash was not renewed");
        }
    }

    /// Notes that somebody has signed in, after the last step.
    pub(super) async fn complete_sign_in(&self, account: AccountId, address: &str) -> Result<()> {
        let actor = self.coming_from(account, address).await?;
        let noted = self.control.note_sign_in(&actor, self.clock.now()).await;
        noted.map_err(refuse)
    }

    /// Who an account is, in a browser at an address.
    pub(super) async fn coming_from(&self, account: AccountId, address: &str) -> Result<Actor> {
        let actor = self.actor(account).await?.ok_or(Problem::SignInRefused)?;
        let origin = Origin::console(address);
        Ok(Actor { origin, ..actor })
    }

    /// Records that a sign-in failed, in the log of the tenant whose account was named. What was typed in place of a name
    /// that nobody has may be a password: only its fingerprint is kept, in the server's own log. Both cases cost the
    /// same.
    async fn note_failed_sign_in(&self, name: &SignInName, address: &str, too_many: bool) {
        let claimed = match self.control.claimed(name).await {
            Ok(claimed) => claimed,
            Err(fault) => return drop(refuse(fault)),
        };
        let mut entry = Entry::anonymous(&Origin::console(address), Deed::SignIn, self.clock.now());
        let mut failure = Failure::UnknownName;
        if let Some((account, tenant, name)) = claimed {
            failure = Failure::WrongPassword;
            entry = Entry {
                tenant: Some(tenant),
                account: Some(account),
                account_name: name,
                ..entry
            };
        } else {
            let typed = Secret::new(name.key());
            entry = entry.has("name", self.control.fingerprint(&typed));
        }
        let failure = if too_many { Failure::TooMany } else { failure };
        self.note_failure(entry, failure).await;
    }

    /// That it cannot be recorded does not change the answer, which is a refusal anyway; the fault is in the server's log.
    pub(super) async fn note_failure(&self, entry: Entry, failure: Failure) {
        let entry = entry.came_to(Outcome::Failed(failure));
        if let Err(fault) = self.control.record_counted(entry).await {
            drop(refuse(fault));
        }
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

    async fn set_up(&self, token: &Secret, root: NewRoot, address: &str) -> Result<AccountId> {
        if !self.needs_set_up().await? {
            return Err(Problem::Conflict(Conflict::AlreadySetUp));
        }
        let mut faults = Faults::default();
        faults.check("token", self.check_token(token));
        let name = faults.check("name", field::user_name(&root.name));
        faults.check("password", self.passwords.check_new(&root.password, &root.name));
        faults.finish()?;
        let new = self.new_account(name.unwrap_or_default(), &root.password).await?;
        let origin = Origin::console(address);
        let account = self.control.set_up(&new, &origin).await.map_err(refuse)?;
        *self.token() = None;
        Ok(account)
    }

    async fn sign_in(&self, name: &str, password: &Secret, address: &str) -> Result<SignedIn> {
        let name = &SignInName::read(name);
        let key = name.key();
        if let Err(problem) = self.attempts.admit(&key, address, self.clock.now()) {
            self.note_failed_sign_in(name, address, true).await;
            return Err(problem);
        }
        let record = self.control.sign_in_record(name).await.map_err(refuse)?;
        let stored = record.as_ref().map(|(_, hash)| hash);
        let right = self.passwords.verify(stored, password).await?;
        let (Some((account, stored)), true) = (record, right) else {
            self.note_failed_sign_in(name, address, false).await;
            return Err(Problem::SignInRefused);
        };
        self.attempts.succeeded(&key, address);
        self.renew_hash(account, &stored, password).await;
        if self.control.asks_second_step(account).await.map_err(refuse)? {
            let since = self.clock.now();
            return Ok(SignedIn::HalfWay(HalfWay { account, since }));
        }
        self.complete_sign_in(account, address).await?;
        Ok(SignedIn::Whole(account))
    }

    async fn actor(&self, account: AccountId) -> Result<Option<Actor>> {
        self.control.actor(account).await.map_err(refuse)
    }

    async fn identity(&self, actor: &Actor) -> Result<Identity> {
        let tenant_actions = match &actor.role {
            Role::Root => Action::all().collect(),
            Role::Sub(grants) => grants.tenant().iter().copied().collect(),
            Role::Key(actions) => actions.to_vec(),
        };
        Ok(Identity {
            name: actor.name.clone(),
            root: actor.is_root(),
            tenant_name: actor.tenant_name.clone(),
            activated: self.control.is_activated(actor.tenant).await.map_err(refuse)?,
            tenant_actions,
            by_provider: self.control.is_vouched_for(actor.account).await.map_err(refuse)?,
        })
    }

    async fn confirm_password(&self, actor: &Actor, password: &Secret) -> Result<()> {
        // Somebody at an unlocked screen guesses as well; the session stands for the address.
        let (name, place) = (comparable(&actor.name), format!("session of {}", actor.account));
        if let Err(problem) = self.attempts.admit(&name, &place, self.clock.now()) {
            self.note_failure(self.control.entry(actor, Deed::ConfirmPassword), Failure::TooMany)
                .await;
            return Err(problem);
        }
        let stored = self.control.password_hash(actor.account).await.map_err(refuse)?;
        if self.passwords.verify(stored.as_ref(), password).await? {
            self.attempts.succeeded(&name, &place);
            Ok(())
        } else {
            let entry = self.control.entry(actor, Deed::ConfirmPassword);
            self.note_failure(entry, Failure::WrongPassword).await;
            Err(Problem::field("password", FieldFault::WrongPassword))
        }
    }

    async fn activate(&self, actor: &Actor) -> Result<()> {
        actor.require(Action::ManageProducts)?;
        self.control.activate(actor, self.clock.now()).await.map_err(refuse)
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
