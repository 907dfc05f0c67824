//! Signing in by an identity provider (OpenID Connect): what is kept while somebody is there, and why coming back fails.

use crate::{AccountId, Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// Where one leaves for the provider to sign in.
pub const SIGN_IN: &str = "/login/oidc";
/// Where the provider sends people back.
pub const RETURN: &str = "/login/oidc/callback";
/// Where one leaves for the provider to prove once more who one is.
pub const CONFIRM: &str = "/confirm/oidc";

/// The page that says why somebody was not let in: `why` is the name of a [`Refused`].
pub const REFUSED: &str = "/login/refused";

/// What somebody leaves for the provider for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To prove once more that they are who is signed in with this account.
    Confirm(AccountId),
}

/// What is kept in the session, by the server, while somebody is at the provider. It serves for one return.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Ceremony {
    /// What for.
    pub purpose: Purpose,
    /// Comes back with the browser, and ties the return to this session.
    pub state: Secret,
    /// Comes back inside the token, and ties the token to this ceremony.
    pub nonce: Secret,
    /// With which the code can be redeemed: the verifier of PKCE (RFC 7636).
    pub verifier: Secret,
    /// When it began.
    pub begun: Timestamp,
    /// The page of the console to go on to.
    pub next: String,
}

/// Somebody on the way to the provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Departure {
    /// The provider's address for it.
    pub to: String,
    /// What is to be kept.
    pub ceremony: Ceremony,
}

/// What the browser brings back in the address.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Return {
    /// To be redeemed for tokens.
    pub code: Secret,
    /// As it was sent along.
    pub state: Secret,
    /// Who sends the browser, where the provider tells (RFC 9207).
    pub issuer: Option<String>,
    /// What the provider refused, in the words of RFC 6749 4.1.2.1.
    pub error: Option<String>,
}

/// Why somebody who came back is not let in. Each has a page of its own that says what to do.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Refused {
    /// The provider cannot be reached, or answers what is no answer.
    Unreachable,
    /// The ceremony is unknown here, used, too old, or not the one that was begun.
    Stale,
    /// The provider let the person go without signing them in.
    Declined,
    /// What the provider says does not hold: signature, issuer, audience, nonce.
    Unverified,
    /// The token has expired or is dated ahead: the clocks differ.
    Clock,
    /// The provider did not ask for the factor that the settings demand.
    Weak,
    /// None of the person's groups leads to an account.
    Unmapped,
    /// The person has an account with another root account than the one the groups lead to.
    Elsewhere,
    /// The settings do not fit the provider, or lead to a root account that does not exist.
    Misconfigured,
    /// The provider did not ask the person anew.
    NotFresh,
    /// Somebody else signed in at the provider than who is signed in here.
    OtherPerson,
}

impl Refused {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Unreachable,
        Self::Stale,
        Self::Declined,
        Self::Unverified,
        Self::Clock,
        Self::Weak,
        Self::Unmapped,
        Self::Elsewhere,
        Self::Misconfigured,
        Self::NotFresh,
        Self::OtherPerson,
    ];

    /// The stable name in addresses and in the audit log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Stale => "stale",
            Self::Declined => "declined",
            Self::Unverified => "unverified",
            Self::Clock => "clock",
            Self::Weak => "weak",
            Self::Unmapped => "unmapped",
            Self::Elsewhere => "elsewhere",
            Self::Misconfigured => "misconfigured",
            Self::NotFresh => "not_fresh",
            Self::OtherPerson => "other_person",
        }
    }

    /// Reads [`Refused::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refused| refused.name() == name)
    }

    /// The HTTP status of its page.
    pub const fn status(self) -> u16 {
        match self {
            Self::Unreachable | Self::Misconfigured => 503,
            Self::Stale => 400,
            _ => 403,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_known_by_its_name() {
        for refused in Refused::ALL {
            assert_eq!(Refused::from_name(refused.name()), Some(refused));
        }
        assert_eq!(Refused::from_name("because"), None);
    }
}
