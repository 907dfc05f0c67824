//! From where somebody acts, and what was refused to them there.
//!
//! A right that is found missing is noted here by the actor itself, so that no service can forget to tell; the door
//! that made the actor takes the notes when it has its answer, and hands them to the audit log.

use super::Action;
use crate::{ApplicationId, ProductId};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// The most refusals that one request is noted for.
const MOST_NOTED: usize = 8;

/// Through which door somebody came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Debug, Default)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// A browser.
    Console,
    /// A server, over REST.
    Rest,
    /// Somebody at the machine itself.
    CommandLine,
    /// Nobody: the server by itself.
    #[default]
    Server,
}

impl Door {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Console, Self::Rest, Self::CommandLine, Self::Server];

    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Rest => "rest",
            Self::CommandLine => "command_line",
            Self::Server => "server",
        }
    }

    /// Reads [`Door::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.name() == name)
    }
}

/// Where somebody acts from. The default is the server itself.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Origin {
    /// The client's address; the user of the machine for the command line; empty for the server itself.
    pub address: String,
    /// The door.
    pub door: Door,
    /// What was refused on the way.
    pub refusals: Refusals,
    /// Whether somebody in a browser proved a short while ago who they are.
    confirmed: bool,
}

impl Origin {
    /// A browser at this address.
    pub fn console(address: impl Into<String>) -> Self {
        Self::through(Door::Console, address)
    }

    /// Whether somebody in a browser proved a short while ago who they are.
    #[must_use]
    pub const fn confirmed(mut self, confirmed: bool) -> Self {
        self.confirmed = confirmed;
        self
    }

    /// Whether who acts need not prove again who they are. Only a browser is left open on a desk.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed || self.door != Door::Console
    }

    /// A server at this address.
    pub fn rest(address: impl Into<String>) -> Self {
        Self::through(Door::Rest, address)
    }

    /// A user of the machine.
    pub fn command_line(user: impl Into<String>) -> Self {
        Self::through(Door::CommandLine, user)
    }

    fn through(door: Door, address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            door,
            refusals: Refusals::default(),
            confirmed: false,
        }
    }
}

/// What a right was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum About {
    /// An application.
    Application(ApplicationId),
    /// A product.
    Product(ProductId),
}

/// A right that was missing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Refusal {
    /// The right.
    pub missing: Action,
    /// The thing that it was asked for; none for the account as a whole.
    pub about: Option<About>,
}

/// What was refused during one request: a note that all copies of an actor share. It is no part of who somebody is, so
/// all notes are equal.
#[derive(Clone, Default)]
pub struct Refusals(Arc<Mutex<Vec<Refusal>>>);

impl Refusals {
    /// Notes a refusal; the same one once, and no more than a request can sensibly run into.
    pub fn note(&self, refusal: Refusal) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < MOST_NOTED && !noted.contains(&refusal) {
            noted.push(refusal);
        }
    }

    /// Takes what was noted since the last time.
    pub fn take(&self) -> Vec<Refusal> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl PartialEq for Refusals {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Refusals {}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refusals")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_their_notes_and_the_same_refusal_is_noted_once() {
        let origin = Origin::console("192.0.2.1");
        let copy = origin.clone();
        let refusal = Refusal {
            missing: Action::ManageProducts,
            about: None,
        };
        copy.refusals.note(refusal);
        copy.refusals.note(refusal);
        assert_eq!(origin.refusals.take(), [refusal]);
        assert_eq!(copy.refusals.take(), []);
    }

    #[test]
    fn only_in_a_browser_one_has_to_prove_again_who_one_is() {
        assert!(!Origin::console("192.0.2.1").is_confirmed());
        assert!(Origin::console("192.0.2.1").confirmed(true).is_confirmed());
        assert!(Origin::command_line("root").is_confirmed() && Origin::default().is_confirmed());
    }

    #[test]
    fn every_door_is_known_by_its_name() {
        for door in Door::ALL {
            assert_eq!(Door::from_name(door.name()), Some(door));
        }
    }
}
