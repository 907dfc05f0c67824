//! One-time codes and recovery codes: setting them up, and the second step of signing in.

use super::{
    accounts::AccountService,
    attempts::Attempts,
    one_time_codes as codes,
    refusal::{internal, refuse},
};
use async_trait::async_trait;
use domain::{
    AccountId, Problem, Result, Secret, Timestamp,
    account::{Action, Actor, SubAccountView},
    audit::{Deed, Failure},
    field::FieldFault,
    ports::Factors,
    problem::Conflict,
    sign_in::{self, HalfWay, NewCodes, Picture, SecondSteps},
    time::Clock,
};
use qrcode::{Color, EcLevel, QrCode};
use std::{
    fmt::{self, Write},
    sync::Arc,
};
use store::control::Control;

/// How long the second step may follow the first.
const HALF_WAY_MS: i64 = 10 * 60_000;
/// How many recovery codes are made at a time.
const RECOVERY_CODES: usize = 10;
/// What a recovery code is made of: letters and digits that are not mistaken for each other, 32 of them.
const SYMBOLS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// So many make 120 bits.
const SYMBOLS_OF_A_CODE: usize = 24;
/// The white border that scanners ask for, in squares.
const BORDER: usize = 4;

/// Factors over the control plane.
pub struct FactorService {
    control: Control,
    accounts: Arc<AccountService>,
    clock: Arc<dyn Clock>,
    attempts: Attempts,
    /// How people know this server.
    server_name: String,
}

impl fmt::Debug for FactorService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorService")
    }
}

impl FactorService {
    /// Factors over this control plane. `origin` is where people reach this server, empty where that is not known.
    pub fn new(control: Control, accounts: Arc<AccountService>, clock: Arc<dyn Clock>, origin: &str) -> Self {
        let host = origin.split("://").nth(1).unwrap_or_default();
        Self {
            control,
            accounts,
            clock,
            attempts: Attempts::default(),
            server_name: format!("Homing {host}").trim_end().to_owned(),
        }
    }

    /// Takes all factors from an account, for the command line too.
    pub async fn remove_for(&self, actor: &Actor, account: AccountId, name: &str) -> Result<()> {
        let removed = self.control.remove_factors(actor, account, name).await;
        removed.map_err(refuse)
    }

    /// Whether a code is the account's: of now and not used yet, or a recovery code that is left.
    async fn takes(&self, actor: &Actor, typed: &Secret) -> Result<bool> {
        let Some(stored) = self.control.codes(actor.account).await.map_err(refuse)? else {
            return Ok(false);
        };
        if let Some(step) = codes::step_of(&stored.secret, typed.reveal(), self.clock.now()) {
            return self.control.take_step(actor.account, step).await.map_err(refuse);
        }
        let recovery = canonical(typed.reveal());
        if recovery.reveal().len() != SYMBOLS_OF_A_CODE {
            return Ok(false);
        }
        self.control.use_recovery_code(actor, &recovery).await.map_err(refuse)
    }

    /// [`FactorService::takes`], slowed down over all addresses: who gets here knows the password, so nobody is locked
    /// out by a stranger.
    pub(super) async fn check(&self, actor: &Actor, typed: &Secret, deed: Deed) -> Result<bool> {
        let (name, place) = ("code", actor.account.to_string());
        if let Err(problem) = self.attempts.admit(name, &place, self.clock.now()) {
            let entry = self.control.entry(actor, deed);
            self.accounts.note_failure(entry, Failure::TooMany).await;
            return Err(problem);
        }
        let taken = self.takes(actor, typed).await?;
        if taken {
            self.attempts.succeeded(name, &place);
        } else {
            let entry = self.control.entry(actor, deed);
            self.accounts.note_failure(entry, Failure::WrongFactor).await;
        }
        Ok(taken)
    }
}

#[async_trait]
impl Factors for FactorService {
    async fn factors(&self, actor: &Actor) -> Result<sign_in::Factors> {
        let stored = self.control.codes(actor.account).await.map_err(refuse)?;
        let left = self.control.recovery_codes_left(actor.account).await.map_err(refuse)?;
        Ok(sign_in::Factors {
            codes_since: stored.and_then(|codes| codes.enabled_at),
            recovery_codes: u32::try_from(left).unwrap_or(u32::MAX),
            passkeys: self.control.passkeys(actor.account).await.map_err(refuse)?,
        })
    }

    async fn new_codes(&self, actor: &Actor) -> Result<NewCodes> {
        actor.require_confirmed()?;
        let mut stored = self.control.codes(actor.account).await.map_err(refuse)?;
        if stored.is_none() {
            let secret = codes::new_secret();
            self.control.begin_codes(actor, &secret).await.map_err(refuse)?;
            stored = self.control.codes(actor.account).await.map_err(refuse)?;
        }
        let pending = stored.filter(|codes| codes.enabled_at.is_none());
        let secret = pending.ok_or(Problem::Conflict(Conflict::AlreadyDone))?.secret;
        let link = codes::link(&secret, &self.server_name, &actor.name);
        let picture = drawn(&link)?;
        Ok(NewCodes { secret, link, picture })
    }

    async fn enable_codes(&self, actor: &Actor, code: &Secret) -> Result<()> {
        actor.require_confirmed()?;
        let stored = self.control.codes(actor.account).await.map_err(refuse)?;
        let pending = stored.filter(|codes| codes.enabled_at.is_none());
        let secret = pending.ok_or(Problem::Conflict(Conflict::ChangedMeanwhile))?.secret;
        let step = codes::step_of(&secret, code.reveal(), self.clock.now());
        let step = step.ok_or_else(|| Problem::field("code", FieldFault::WrongCode))?;
        self.control.enable_codes(actor, step).await.map_err(refuse)
    }

    async fn disable_codes(&self, actor: &Actor) -> Result<()> {
        actor.require_confirmed()?;
        self.control.disable_codes(actor).await.map_err(refuse)
    }

    async fn new_recovery_codes(&self, actor: &Actor) -> Result<Vec<Secret>> {
        actor.require_confirmed()?;
        if !self.control.asks_second_step(actor.account).await.map_err(refuse)? {
            return Err(Problem::Conflict(Conflict::ChangedMeanwhile));
        }
        let codes: Vec<Secret> = (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect();
        self.control
            .replace_recovery_codes(actor, &codes)
            .await
            .map_err(refuse)?;
        Ok(codes.iter().map(in_groups).collect())
    }

    async fn second_step(&self, half_way: HalfWay, code: &Secret, address: &str) -> Result<AccountId> {
        let account = in_time(half_way, self.clock.now())?;
        let actor = self.accounts.coming_from(account, address).await?;
        if !self.check(&actor, code, Deed::SignIn).await? {
            return Err(Problem::field("code", FieldFault::WrongCode));
        }
        self.accounts.complete_sign_in(account, address).await?;
        Ok(account)
    }

    async fn confirm(&self, actor: &Actor, code: &Secret) -> Result<()> {
        if self.check(actor, code, Deed::ConfirmPassword).await? {
            Ok(())
        } else {
            Err(Problem::field("code", FieldFault::WrongCode))
        }
    }

    async fn owes_second_step(&self, actor: &Actor) -> Result<bool> {
        if actor.is_root() || !self.control.demands_second_step(actor.tenant).await.map_err(refuse)? {
            return Ok(false);
        }
        let account = actor.account;
        // Who signs in by the identity provider has the second step there.
        Ok(!self.control.asks_second_step(account).await.map_err(refuse)?
            && !self.control.is_vouched_for(account).await.map_err(refuse)?)
    }

    async fn second_steps(&self, actor: &Actor) -> Result<SecondSteps> {
        actor.require(Action::ManageSubAccounts)?;
        let demanded = self.control.demands_second_step(actor.tenant).await.map_err(refuse)?;
        let accounts = self.control.sub_accounts(actor.tenant).await.map_err(refuse)?;
        let has = self.control.second_steps(actor.tenant).await.map_err(refuse)?;
        let of = |account: &SubAccountView| has.get(&account.id).copied().unwrap_or_default();
        let accounts = accounts.into_iter().map(|account| {
            let its = of(&account);
            (account, its)
        });
        Ok(SecondSteps {
            demanded,
            accounts: accounts.collect(),
        })
    }

    async fn demand_second_step(&self, actor: &Actor, demanded: bool) -> Result<()> {
        actor.require(Action::ManageSubAccounts)?;
        actor.require_confirmed()?;
        self.control.demand_second_step(actor, demanded).await.map_err(refuse)
    }

    async fn remove(&self, actor: &Actor, account: AccountId) -> Result<()> {
        actor.require(Action::ManageSubAccounts)?;
        if account == actor.account {
            return Err(Problem::Conflict(Conflict::OwnAccount));
        }
        let present = self.control.sub_account(actor.tenant, account).await.map_err(refuse)?;
        actor.require_all(&present.grants)?;
        actor.require_confirmed()?;
        self.remove_for(actor, account, &present.sign_in_name).await
    }
}

/// Who owes the second step, while it may still follow.
pub(super) fn in_time(half_way: HalfWay, now: Timestamp) -> Result<AccountId> {
    if now.ms_since(half_way.since) >= HALF_WAY_MS {
        return Err(Problem::Unauthenticated);
    }
    Ok(half_way.account)
}

fn new_recovery_code() -> Secret {
    let random: [u8; SYMBOLS_OF_A_CODE] = rand::random();
    let symbols = random.iter().map(|byte| char::from(SYMBOLS[usize::from(byte % 32)]));
    Secret::new(symbols.collect::<String>())
}

/// As it is shown and written down: groups of six.
fn in_groups(code: &Secret) -> Secret {
    let symbols: Vec<char> = code.reveal().chars().collect();
    let groups: Vec<String> = symbols.chunks(6).map(|group| group.iter().collect()).collect();
    Secret::new(groups.join("-"))
}

/// As it is kept, however it was typed.
fn canonical(typed: &str) -> Secret {
    let symbols = typed.chars().filter(char::is_ascii_alphanumeric);
    Secret::new(symbols.map(|c| c.to_ascii_uppercase()).collect::<String>())
}

/// The picture of a link.
fn drawn(link: &Secret) -> Result<Picture> {
    let code = QrCode::with_error_correction_level(link.reveal(), EcLevel::M).map_err(|fault| internal(&fault))?;
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (at % width + BORDER, at / width + BORDER);
            // Writing into a String cannot fail.
            _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Ok(Picture {
        size: u32::try_from(width + 2 * BORDER).unwrap_or_default(),
        path: Secret::new(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_shown_in_groups_and_read_however_they_are_typed() {
        let code = new_recovery_code();
        let shown = in_groups(&code);
        assert_eq!((code.reveal().len(), shown.reveal().len()), (24, 27));
        let typed = format!(" {} ", shown.reveal().to_lowercase().replace('-', " "));
        assert_eq!(canonical(&typed), code);
        assert_ne!(new_recovery_code(), code);
    }

    #[test]
    fn a_picture_has_its_finder_patterns_inside_a_white_border() {
        let picture = drawn(&Secret::new("otpauth://totp/x?secret=ABC")).expect("drawn");
        let path = picture.path.reveal();
        let last = picture.size - 5;
        for corner in ["M4 4h1v1h-1z".to_owned(), format!("M{last} 4h"), format!("M4 {last}h")] {
            assert!(path.contains(&corner), "{corner}");
        }
        assert!(!path.contains("M3 ") && !path.contains(&format!("M{} ", last + 1)));
    }
}
