//! Signing in and staying so: the steps, what is asked beside the password, and the open sessions of an account.

use crate::{AccountId, Secret, Timestamp};
use serde::{Deserialize, Serialize};

/// By which a session is told from others: the hash of its id, which opens nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(transparent)]
pub struct SessionMark(pub String);

/// An open session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct SessionView {
    /// Which.
    pub mark: SessionMark,
    /// When somebody signed in.
    pub begun_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// The client's address at that time.
    pub address: String,
    /// Browser and system as the browser calls itself ("Firefox, Linux"); empty where that is unknown.
    pub browser: String,
}

/// What the right name and password come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignedIn {
    /// Signed in.
    Whole(AccountId),
    /// The account asks for a second step.
    HalfWay(HalfWay),
}

/// Somebody who gave the right password and still owes the second step. Kept in the session, by the server.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct HalfWay {
    /// The account.
    pub account: AccountId,
    /// When the password was given.
    pub since: Timestamp,
}

/// What an account signs in with beside its password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Factors {
    /// Since when signing in asks for one-time codes.
    pub codes_since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

/// A secret for one-time codes that is being set up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct NewCodes {
    /// For typing it in: base 32.
    pub secret: Secret,
    /// The same with all that an application needs, as a link.
    pub link: Secret,
    /// The link as a picture.
    pub picture: Picture,
}

/// A black and white picture: the squares that are black, as an SVG path in a field of `size` by `size`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Picture {
    /// Length of a side, border included.
    pub size: u32,
    /// The path. What it draws is secret.
    pub path: Secret,
}
