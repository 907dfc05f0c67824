//! Signing in by an OpenID Connect provider: authorisation code with PKCE, and rights out of groups
//! (docs/decisions/0010-sign-in-by-a-provider.md).
//!
//! Whom the provider vouches for is told by issuer and subject alone. Rights are set at each sign-in, so that a group
//! taken away counts from the next one on.

mod claims;
mod discovery;
mod exchange;
mod token;
mod wire;

use super::{accounts::AccountService, attempts::Attempts, refusal::refuse};
use crate::settings::{Mapping, Settings};
use anyhow::Context;
use async_trait::async_trait;
use claims::{account_name, led_to};
use dispatcher::client::Trust;
use domain::{
    AccountId, Problem, Result,
    account::{Actor, Grants, Origin, Preset},
    audit::{Deed, Entry, Failure},
    ports::{Accounts, IdentityProvider},
    problem::What,
    provider::{Ceremony, Departure, Purpose, Refused, Return},
    time::Clock,
};
use exchange::Exchange;
use std::{fmt, sync::Arc};
use store::control::{Control, Person};
use token::Vouched;

/// Under which failed returns are counted, per address.
const RETURNS: &str = "identity provider";

/// The provider of the settings, or none.
pub struct OidcService {
    provider: Option<Provider>,
    control: Control,
    accounts: Arc<AccountService>,
    clock: Arc<dyn Clock>,
    attempts: Attempts,
}

struct Provider {
    label: String,
    exchange: Exchange,
    groups_claim: String,
    name_claim: String,
    groups: Vec<Mapping>,
}

impl fmt::Debug for OidcService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OidcService")
    }
}

impl OidcService {
    /// The provider of the settings. It is not called before somebody wants to sign in.
    pub fn new(
        settings: &Settings,
        extra_roots_pem: &str,
        control: Control,
        accounts: Arc<AccountService>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let oidc = &settings.oidc;
        let provider = if oidc.is_on() {
            let trust = Trust::load(extra_roots_pem, &settings.outbound.allow).context("[oidc]")?;
            Some(Provider {
                label: oidc.label(),
                exchange: Exchange::new(oidc, &settings.http.public_url, &trust, Arc::clone(&clock))?,
                groups_claim: oidc.groups_claim.clone(),
                name_claim: oidc.name_claim.clone(),
                groups: oidc.groups.clone(),
            })
        } else {
            None
        };
        Ok(Self {
            provider,
            control,
            accounts,
            clock,
            attempts: Attempts::default(),
        })
    }

    fn provider(&self) -> Result<&Provider> {
        self.provider.as_ref().ok_or(Problem::NotFound(What::Page))
    }

    /// Takes in somebody the provider vouches for, with the rights that follow from their groups.
    async fn take_in(
        &self,
        provider: &Provider,
        vouched: &Vouched,
        purpose: Purpose,
        address: &str,
    ) -> Result<Result<AccountId, (Refused, Option<Actor>)>> {
        let person = Person {
            issuer: provider.exchange.issuer().to_owned(),
            subject: vouched.subject.to_string(),
        };
        let known = match self.control.account_of(&person).await.map_err(refuse)? {
            Some(account) => Some(self.accounts.coming_from(account, address).await?),
            None => None,
        };
        if let Purpose::Confirm(account) = purpose
            && known.as_ref().is_none_or(|known| known.account != account)
        {
            return Ok(Err((Refused::OtherPerson, known)));
        }
        let groups = vouched.claims.texts(&provider.groups_claim);
        let Some(mapping) = led_to(&provider.groups, &groups) else {
            return self.send_away(Refused::Unmapped, known).await;
        };
        let Some(root) = self.root(mapping).await? else {
            return Ok(Err((Refused::Misconfigured, known)));
        };
        let account = match known {
            Some(known) if known.tenant != root.tenant => return self.send_away(Refused::Elsewhere, Some(known)).await,
            Some(known) => known.account,
            None => {
                let wanted = vouched.claims.texts(&provider.name_claim);
                let name = account_name(wanted.first().copied().unwrap_or_default(), &person.subject);
                let origin = Origin::console(address);
                let made = self.control.adopt(&person, &root, &name, &origin).await;
                made.map_err(refuse)?
            }
        };
        let actor = self.accounts.coming_from(account, address).await?;
        let applications = self.control.all_applications(root.tenant).await.map_err(refuse)?;
        let on_each = |preset: Preset| preset.actions().iter().copied();
        let grants = Grants::of(
            applications.into_iter().map(|id| (id, on_each(mapping.preset))),
            mapping.rights.iter().copied(),
        );
        self.control.set_rights(&actor, &grants).await.map_err(refuse)?;
        if purpose == Purpose::SignIn {
            self.accounts.complete_sign_in(account, address).await?;
        }
        Ok(Ok(account))
    }

    /// Takes rights and sessions from somebody whose groups lead nowhere any more, or to somebody else.
    async fn send_away(
        &self,
        refused: Refused,
        known: Option<Actor>,
    ) -> Result<Result<AccountId, (Refused, Option<Actor>)>> {
        if let Some(known) = &known {
            self.control.withdraw(known).await.map_err(refuse)?;
        }
        Ok(Err((refused, known)))
    }

    async fn root(&self, mapping: &Mapping) -> Result<Option<Actor>> {
        let found = match self.accounts.find(&mapping.account).await? {
            Some(account) => self.accounts.actor(account).await?,
            None => None,
        };
        if found.is_none() {
            tracing::warn!(
                account = mapping.account,
                group = mapping.group,
                "[[oidc.groups]] leads to a root account that does not exist"
            );
        }
        Ok(found)
    }

    /// Records that somebody was not let in: in the log of the tenant whose account it is, else in the server's own.
    async fn note(&self, refused: Refused, purpose: Purpose, known: Option<&Actor>, address: &str) {
        let deed = match purpose {
            Purpose::SignIn => Deed::SignIn,
            Purpose::Confirm(_) => Deed::ConfirmPassword,
        };
        let entry = match known {
            Some(actor) => self.control.entry(actor, deed),
            None => Entry::anonymous(&Origin::console(address), deed, self.clock.now()),
        };
        let entry = entry.has("reason", refused.name());
        self.accounts.note_failure(entry, Failure::Provider).await;
    }

    /// Who began to confirm, while they are still there.
    async fn confirming(&self, purpose: Purpose, address: &str) -> Option<Actor> {
        match purpose {
            Purpose::SignIn => None,
            Purpose::Confirm(account) => self.accounts.coming_from(account, address).await.ok(),
        }
    }
}

#[async_trait]
impl IdentityProvider for OidcService {
    fn label(&self) -> Option<String> {
        self.provider.as_ref().map(|provider| provider.label.clone())
    }

    async fn depart(&self, actor: Option<&Actor>, next: &str) -> Result<Result<Departure, Refused>> {
        let provider = self.provider()?;
        let purpose = match actor {
            None => Purpose::SignIn,
            Some(actor) if self.control.is_vouched_for(actor.account).await.map_err(refuse)? => {
                Purpose::Confirm(actor.account)
            }
            Some(_) => return Err(Problem::NotFound(What::Page)),
        };
        let departure = provider.exchange.depart(purpose, next).await;
        if let Err(refused) = departure {
            let address = actor.map(|actor| actor.origin.address.clone()).unwrap_or_default();
            self.note(refused, purpose, actor, &address).await;
        }
        Ok(departure)
    }

    async fn arrive(
        &self,
        kept: Option<Ceremony>,
        back: Return,
        address: &str,
    ) -> Result<Result<(AccountId, Ceremony), Refused>> {
        let provider = self.provider()?;
        let purpose = kept.as_ref().map_or(Purpose::SignIn, |kept| kept.purpose);
        // Each return makes the provider be called, whoever sent it.
        self.attempts.admit(RETURNS, address, self.clock.now())?;
        let (vouched, ceremony) = match provider.exchange.arrive(kept, back).await {
            Ok(arrived) => arrived,
            Err(refused) => {
                let known = self.confirming(purpose, address).await;
                self.note(refused, purpose, known.as_ref(), address).await;
                return Ok(Err(refused));
            }
        };
        match self.take_in(provider, &vouched, purpose, address).await? {
            Ok(account) => {
                self.attempts.succeeded(RETURNS, address);
                Ok(Ok((account, ceremony)))
            }
            Err((refused, known)) => {
                self.note(refused, purpose, known.as_ref(), address).await;
                Ok(Err(refused))
            }
        }
    }
}
