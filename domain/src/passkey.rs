//! Passkeys (WebAuthn): keys of an account that a phone, a computer or a security key holds and opens for its owner only.
//!
//! What passes between server and authenticator is text here; the service knows how to read it.

use crate::{AccountId, PasskeyId, Timestamp};
use serde::{Deserialize, Serialize};

/// How many passkeys an account has at most.
pub const MOST_PASSKEYS: u32 = 20;

/// A passkey as its owner sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PasskeyView {
    /// Which.
    pub id: PasskeyId,
    /// As its owner called it.
    pub name: String,
    /// Since when.
    pub added_at: Timestamp,
    /// When it last proved who its owner is.
    pub used_at: Option<Timestamp>,
}

/// What an authenticator is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Purpose {
    /// To make a passkey.
    Add,
    /// To sign somebody in of whom nothing is known yet.
    SignIn,
    /// To be the second step after the password.
    SecondStep,
    /// To prove once more who is there.
    Confirm,
}

/// An exchange with an authenticator that has begun. The door keeps it in the session, and takes it out with the answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Ceremony {
    /// Which; none is answered twice.
    pub id: String,
    /// What for.
    pub purpose: Purpose,
    /// Whose passkey; none while that is not known.
    pub account: Option<AccountId>,
    /// When it began.
    pub since: Timestamp,
    /// What the answer is compared with.
    pub state: String,
}

/// What the page asks the browser for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Challenge {
    /// The argument of `navigator.credentials.create` or `get`: JSON with every byte string in base64url.
    pub options: String,
    /// The origin of the console for which this server takes passkeys (`https://push.example.com`). For `http://localhost`
    /// any port does.
    pub origin: String,
}
