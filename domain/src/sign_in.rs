//! Signing in and staying so: the steps, what is asked beside the password, and the open sessions of an account.

use crate::{AccountId, Secret, Timestamp, account::SubAccountView, field::comparable, passkey::PasskeyView};
use serde::{Deserialize, Serialize};

/// Stands between the name of a sub-account and that of its root account. No name holds it.
const BETWEEN: char = '@';

/// By what somebody signs in: `name` for a root account, `name@root` for a sub-account of the root account `root`. Names of
/// sub-accounts belong to their tenant, so that nobody learns which names another tenant gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignInName {
    name: String,
    root: Option<String>,
}

impl SignInName {
    /// Reads what was typed; upper case and spaces around it make no difference.
    pub fn read(typed: &str) -> Self {
        let (name, root) = match typed.split_once(BETWEEN) {
            Some((name, root)) => (name, Some(comparable(root))),
            None => (typed, None),
        };
        let name = comparable(name);
        Self { name, root }
    }

    /// The account's own name, as names are compared.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the root account that it belongs to, as names are compared; none for a root account.
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// The same for all ways of typing it.
    pub fn key(&self) -> String {
        sign_in_name(&self.name, self.root())
    }
}

/// The name by which an account signs in, from its own name and that of the root account it belongs to.
pub fn sign_in_name(name: &str, root: Option<&str>) -> String {
    match root {
        Some(root) => format!("{name}{BETWEEN}{root}"),
        None => name.to_owned(),
    }
}

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
    /// Passkeys, which sign in by themselves too.
    pub passkeys: Vec<PasskeyView>,
}

/// What an account has for a second step.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct SecondStepOf {
    /// Whether one-time codes are on.
    pub codes: bool,
    /// How many passkeys there are.
    pub passkeys: u32,
}

impl SecondStepOf {
    /// Whether there is one.
    pub const fn is_there(self) -> bool {
        self.codes || self.passkeys > 0
    }
}

/// Who of the sub-accounts has a second step, and whether all must.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct SecondSteps {
    /// Whether a sub-account without one can do nothing but set one up.
    pub demanded: bool,
    /// Every sub-account by name.
    pub accounts: Vec<(SubAccountView, SecondStepOf)>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_alone_is_a_root_account_s_and_one_with_a_root_a_sub_account_s() {
        let root = SignInName::read(" Acme ");
        assert_eq!(
            (root.name(), root.root(), root.key()),
            ("acme", None, "acme".to_owned())
        );
        let sub = SignInName::read("Anna @ ACME");
        assert_eq!((sub.name(), sub.root()), ("anna", Some("acme")));
        assert_eq!(sub.key(), sign_in_name("anna", Some("acme")));
    }

    #[test]
    fn what_no_account_can_be_called_is_read_as_a_name_that_nobody_has() {
        let twice = SignInName::read("anna@example.org@acme");
        assert_eq!((twice.name(), twice.root()), ("anna", Some("example.org@acme")));
        let bare = SignInName::read("@");
        assert_eq!((bare.name(), bare.root()), ("", Some("")));
    }
}
