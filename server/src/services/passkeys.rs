//! Passkeys: adding and removing them, signing in, taking the second step, and proving oneself with them.
//!
//! Whether an answer belongs to its challenge, and what it proves, is checked by `webauthn-rs` (`party`). Whose key it is,
//! that a challenge is answered once and in time, and that a count only grows is checked here.

mod party;
mod spent;

use super::{
    accounts::AccountService,
    attempts::Attempts,
    factors::in_time,
    refusal::{internal, refuse},
};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    AccountId, PasskeyId, Problem, Result, Secret,
    account::{Actor, Origin},
    audit::{Deed, Entry, Failure},
    field::{self, FieldFault},
    passkey::{Ceremony, MOST_PASSKEYS, PasskeyView, Purpose},
    ports::{Begun, Passkeys},
    problem::{Conflict, Faults},
    sign_in::HalfWay,
    time::Clock,
};
use party::{Answer, Party, Refused};
use serde::{Serialize, de::DeserializeOwned};
use spent::Spent;
use std::{fmt, sync::Arc};
use store::control::{Control, NewPasskey, StoredPasskey};

/// The longest name of a passkey.
const MAX_NAME: u32 = 60;

/// Passkeys over the control plane.
pub struct PasskeyService {
    control: Control,
    accounts: Arc<AccountService>,
    clock: Arc<dyn Clock>,
    attempts: Attempts,
    /// None where this server has no host name.
    party: Option<Party>,
    spent: Spent,
}

impl fmt::Debug for PasskeyService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasskeyService")
    }
}

impl PasskeyService {
    /// Passkeys over this control plane, bound to the host of the origin at which people reach the console.
    pub fn new(control: Control, accounts: Arc<AccountService>, clock: Arc<dyn Clock>, console_at: &str) -> Self {
        Self {
            control,
            accounts,
            clock,
            attempts: Attempts::default(),
            party: Party::at(console_at),
            spent: Spent::default(),
        }
    }

    fn begun(
        &self,
        party: &Party,
        purpose: Purpose,
        account: Option<AccountId>,
        (options, state): (String, impl Serialize),
    ) -> Result<Begun> {
        let ceremony = Ceremony {
            id: format!("{:032x}", rand::random::<u128>()),
            purpose,
            account,
            since: self.clock.now(),
            state: serde_json::to_string(&state).map_err(|fault| internal(&fault))?,
        };
        Ok((ceremony, party.challenge(options)))
    }

    /// What an answer is compared with, once; with the party that asked.
    fn take<S: DeserializeOwned>(
        &self,
        ceremony: Option<Ceremony>,
        purpose: Purpose,
        account: Option<AccountId>,
    ) -> Result<(&Party, S)> {
        let over = || Problem::Conflict(Conflict::CeremonyOver);
        let party = self.party.as_ref().ok_or_else(over)?;
        let begun = ceremony.filter(|begun| begun.purpose == purpose && begun.account == account);
        let begun = begun.ok_or_else(over)?;
        if !self.spent.spend(&begun, self.clock.now()) {
            return Err(over());
        }
        let state = serde_json::from_str(&begun.state).map_err(|fault| internal(&fault))?;
        Ok((party, state))
    }

    /// Begins to ask for one of an account's passkeys.
    async fn ask(&self, account: AccountId, purpose: Purpose) -> Result<Option<Begun>> {
        let Some(party) = &self.party else { return Ok(None) };
        let known = self.control.stored_passkeys(account).await.map_err(refuse)?;
        if known.is_empty() {
            return Ok(None);
        }
        let asked = party.ask_for(&known)?;
        self.begun(party, purpose, Some(account), asked).map(Some)
    }

    /// Whether the answer comes from one of the actor's passkeys. Who gets here knows the password or is signed in, so
    /// tries are slowed down over all addresses.
    async fn check(
        &self,
        actor: &Actor,
        (ceremony, purpose): (Option<Ceremony>, Purpose),
        answer: &Secret,
        deed: Deed,
    ) -> Result<()> {
        let place = actor.account.to_string();
        if let Err(problem) = self.attempts.admit("passkey", &place, self.clock.now()) {
            self.note(actor, deed, Failure::TooMany).await;
            return Err(problem);
        }
        let (party, state) = self.take(ceremony, purpose, Some(actor.account))?;
        let answer = Answer::read(answer)?;
        let found = self.control.passkey(&answer.credential_id()).await.map_err(refuse)?;
        let Some(stored) = found.filter(|stored| stored.account == actor.account) else {
            self.note(actor, deed, Failure::WrongFactor).await;
            return Err(wrong());
        };
        let proved = party.check(&answer, &state);
        self.use_up(actor, stored, proved, deed).await?;
        self.attempts.succeeded("passkey", &place);
        Ok(())
    }

    /// Keeps the passkey's new count, or records why its answer is not taken.
    async fn use_up(
        &self,
        actor: &Actor,
        stored: StoredPasskey,
        proved: Result<party::Proved, Refused>,
        deed: Deed,
    ) -> Result<()> {
        let refused = match proved {
            Ok(proved) => {
                let (credential, counter) = proved.put_into(&stored)?;
                let grew = self.control.use_passkey(actor, &stored, credential, counter).await;
                if grew.map_err(refuse)? {
                    return Ok(());
                }
                Refused::Copied
            }
            Err(refused) => refused,
        };
        let (failure, fault) = match refused {
            Refused::Copied => (Failure::CopiedPasskey, FieldFault::CopiedPasskey),
            Refused::Wrong => (Failure::WrongFactor, FieldFault::WrongPasskey),
        };
        self.note(actor, deed, failure).await;
        Err(Problem::field("credential", fault))
    }

    async fn note(&self, actor: &Actor, deed: Deed, failure: Failure) {
        self.accounts
            .note_failure(self.control.entry(actor, deed), failure)
            .await;
    }

    /// What belongs to no account is recorded in the server's own log.
    async fn note_stranger(&self, address: &str, credential_id: String, failure: Failure) {
        let entry = Entry::anonymous(&Origin::console(address), Deed::SignIn, self.clock.now());
        let shown = self.control.fingerprint(&Secret::new(credential_id));
        self.accounts.note_failure(entry.has("passkey", shown), failure).await;
    }
}

#[async_trait]
impl Passkeys for PasskeyService {
    async fn list(&self, actor: &Actor) -> Result<Vec<PasskeyView>> {
        self.control.passkeys(actor.account).await.map_err(refuse)
    }

    async fn begin_add(&self, actor: &Actor) -> Result<Option<Begun>> {
        actor.require_confirmed()?;
        let Some(party) = &self.party else { return Ok(None) };
        let known = self.control.stored_passkeys(actor.account).await.map_err(refuse)?;
        let asked = party.ask_for_new(actor, &known)?;
        self.begun(party, Purpose::Add, Some(actor.account), asked).map(Some)
    }

    async fn add(&self, actor: &Actor, ceremony: Option<Ceremony>, name: &str, answer: &Secret) -> Result<()> {
        actor.require_confirmed()?;
        let known = self.control.passkeys(actor.account).await.map_err(refuse)?;
        let mut faults = Faults::default();
        let name = faults.check("name", field::name(name, MAX_NAME));
        if known.len() >= MOST_PASSKEYS as usize {
            let full = FieldFault::TooMany { max: MOST_PASSKEYS };
            faults.check::<()>("credential", Err(full));
        }
        faults.finish()?;
        let (party, state) = self.take(ceremony, Purpose::Add, Some(actor.account))?;
        let made = party.made(answer, &state)?;
        let new = NewPasskey {
            name: name.unwrap_or_default(),
            credential_id: BASE64.encode(made.cred_id()),
            credential: serde_json::to_string(&made).map_err(|fault| internal(&fault))?,
            counter: party::counter(&made),
        };
        let added = self.control.add_passkey(actor, new).await;
        added.map_err(|fault| if fault.is_taken() { wrong() } else { refuse(fault) })
    }

    async fn remove(&self, actor: &Actor, passkey: PasskeyId) -> Result<String> {
        actor.require_confirmed()?;
        self.control.remove_passkey(actor, passkey).await.map_err(refuse)
    }

    async fn begin_sign_in(&self) -> Result<Option<Begun>> {
        let Some(party) = &self.party else { return Ok(None) };
        let asked = party.ask_for_any()?;
        self.begun(party, Purpose::SignIn, None, asked).map(Some)
    }

    async fn sign_in(&self, ceremony: Option<Ceremony>, answer: &Secret, address: &str) -> Result<AccountId> {
        let answer = Answer::read(answer)?;
        let credential_id = answer.credential_id();
        if let Err(problem) = self.attempts.admit(&credential_id, address, self.clock.now()) {
            self.note_stranger(address, credential_id, Failure::TooMany).await;
            return Err(problem);
        }
        let (party, state) = self.take(ceremony, Purpose::SignIn, None)?;
        let Some(stored) = self.control.passkey(&credential_id).await.map_err(refuse)? else {
            self.note_stranger(address, credential_id, Failure::UnknownPasskey)
                .await;
            return Err(wrong());
        };
        let actor = self.accounts.coming_from(stored.account, address).await?;
        let proved = party.check_any(&answer, state, &stored);
        self.use_up(&actor, stored, proved, Deed::SignIn).await?;
        self.attempts.succeeded(&credential_id, address);
        self.accounts.complete_sign_in(actor.account, address).await?;
        Ok(actor.account)
    }

    async fn begin_second_step(&self, half_way: HalfWay) -> Result<Option<Begun>> {
        self.ask(half_way.account, Purpose::SecondStep).await
    }

    async fn second_step(
        &self,
        half_way: HalfWay,
        ceremony: Option<Ceremony>,
        answer: &Secret,
        address: &str,
    ) -> Result<AccountId> {
        let account = in_time(half_way, self.clock.now())?;
        let actor = self.accounts.coming_from(account, address).await?;
        let asked = (ceremony, Purpose::SecondStep);
        self.check(&actor, asked, answer, Deed::SignIn).await?;
        self.accounts.complete_sign_in(account, address).await?;
        Ok(account)
    }

    async fn begin_confirm(&self, actor: &Actor) -> Result<Option<Begun>> {
        self.ask(actor.account, Purpose::Confirm).await
    }

    async fn confirm(&self, actor: &Actor, ceremony: Option<Ceremony>, answer: &Secret) -> Result<()> {
        let asked = (ceremony, Purpose::Confirm);
        self.check(actor, asked, answer, Deed::ConfirmPassword).await
    }
}

/// The same whatever is wrong with an answer.
fn wrong() -> Problem {
    Problem::field("credential", FieldFault::WrongPasskey)
}
