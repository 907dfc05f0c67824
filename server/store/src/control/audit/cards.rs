//! What a vendor channel's card held and holds, as the log shows it.

use super::super::{Control, StoredChannel};
use domain::{
    AccessId,
    account::Actor,
    audit::{Deed, Entry, Kind, Shown},
    channel::Channel,
};
use std::collections::{BTreeMap, BTreeSet};

impl Control {
    /// An entry of what is done with a card. `of` is the package or IM application that it belongs to; empty for an
    /// application's own.
    pub(in super::super) fn of_card(&self, actor: &Actor, deed: Deed, channel: Channel, of: &str) -> Entry {
        let name = match of {
            "" => channel.label().to_owned(),
            of => format!("{} ({of})", channel.label()),
        };
        self.entry(actor, deed).to(Kind::Channel, channel.name(), &name)
    }

    /// The same for a card of an application.
    pub(in super::super) fn of_own_card(
        &self,
        actor: &Actor,
        deed: Deed,
        channel: Channel,
        (access_id, application): (i64, &str),
    ) -> Entry {
        self.of_card(actor, deed, channel, "")
            .within(AccessId(access_id), application)
    }

    /// Adds what differs between two states of a card.
    pub(in super::super) fn compared(
        &self,
        mut entry: Entry,
        before: Option<&StoredChannel>,
        after: Option<&StoredChannel>,
    ) -> Entry {
        let (before, after) = (self.shown(before), self.shown(after));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (was, is) = (before.get(name), after.get(name));
            if was == is {
                continue;
            }
            if let Some(was) = was {
                entry = entry.had(name, was.clone());
            }
            if let Some(is) = is {
                entry = entry.has(name, is.clone());
            }
        }
        entry
    }

    fn shown(&self, card: Option<&StoredChannel>) -> BTreeMap<String, Shown> {
        let Some(card) = card else { return BTreeMap::new() };
        let values = card.values.iter().map(|(name, value)| (name.clone(), value.into()));
        let secrets = card.secrets.iter();
        let secrets = secrets.map(|(name, secret)| (name.clone(), self.fingerprint(secret).into()));
        let switch = ("enabled".to_owned(), card.enabled.into());
        values.chain(secrets).chain([switch]).collect()
    }
}
