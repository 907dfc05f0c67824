//! What a lane knows of its credentials: one per APNs environment, fresh, unknown or held.
//!
//! Held means that the vendor refuses the credential or that there is none. The lane then asks for a changed version
//! every few seconds and, since some refusals heal by themselves, lets one parcel probe every `HOLD_SECS`.

use domain::{
    Timestamp, certificate::Environment, delivery::Reason, parcel::VersionedCredential, ports::CredentialGap,
    retry::HOLD_SECS,
};

/// How often the desk asks, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking {
    /// While the credential works.
    pub(crate) fresh_ms: u32,
    /// While it is held.
    pub(crate) hold_ms: u32,
}

/// What a parcel may do.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Pass {
    /// Go with this credential.
    Go(VersionedCredential),
    /// Go alone, to see whether the credential works again.
    Probe(VersionedCredential),
    /// Wait in memory: an answer is on its way.
    Wait,
    /// Back to the outbox with this reason.
    Held(Reason),
}

#[derive(Clone, Debug)]
enum Stand {
    Unknown,
    Ready(VersionedCredential),
    Held(Held),
}

#[derive(Clone, Debug)]
struct Held {
    reason: Reason,
    since: Timestamp,
    /// The credential that was refused; `None` when there was none.
    refused: Option<VersionedCredential>,
    probe_at: Timestamp,
    probing: bool,
}

impl Held {
    fn by(reason: Reason, refused: Option<VersionedCredential>, now: Timestamp) -> Stand {
        Stand::Held(Self {
            reason,
            since: now,
            refused,
            probe_at: now.plus_secs(HOLD_SECS),
            probing: false,
        })
    }

    fn probe(&self, now: Timestamp) -> Option<&VersionedCredential> {
        self.refused.as_ref().filter(|_| !self.probing && self.probe_at <= now)
    }
}

#[derive(Clone, Debug)]
struct Counter {
    stand: Stand,
    look_at: Timestamp,
    wanted: bool,
    looking: bool,
    /// The credential was changed while an answer was on its way: ask again.
    changed: bool,
}

impl Counter {
    fn refused_version(&self) -> Option<i64> {
        match &self.stand {
            Stand::Held(held) => held.refused.as_ref().map(|credential| credential.version),
            _ => None,
        }
    }
}

/// The credentials of a lane.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    asking: Asking,
    counters: [Counter; 2],
}

const fn place(environment: Environment) -> usize {
    match environment {
        Environment::Production => 0,
        Environment::Sandbox => 1,
    }
}

const fn other(environment: Environment) -> Environment {
    match environment {
        Environment::Production => Environment::Sandbox,
        Environment::Sandbox => Environment::Production,
    }
}

impl Desk {
    /// A desk that knows nothing yet.
    pub(crate) fn new(asking: Asking, now: Timestamp) -> Self {
        let counter = Counter {
            stand: Stand::Unknown,
            look_at: now,
            wanted: false,
            looking: false,
            changed: false,
        };
        Self {
            asking,
            counters: [counter.clone(), counter],
        }
    }

    /// What a parcel of this environment may do now.
    pub(crate) fn pass(&mut self, environment: Environment, now: Timestamp) -> Pass {
        let counter = &mut self.counters[place(environment)];
        match &counter.stand {
            Stand::Unknown => {
                counter.wanted = true;
                Pass::Wait
            }
            Stand::Ready(credential) => {
                counter.wanted = true;
                Pass::Go(credential.clone())
            }
            // To be held is to wait for minutes, and the answer may be that the credential was repaired.
            Stand::Held(held) if held.probing || counter.looking => Pass::Wait,
            Stand::Held(held) => match held.probe(now) {
                Some(credential) => Pass::Probe(credential.clone()),
                None => Pass::Held(held.reason),
            },
        }
    }

    /// Why and since when nothing may go in any environment.
    pub(crate) fn shut(&self, now: Timestamp) -> Option<(Reason, Timestamp)> {
        let mut found = None;
        for counter in &self.counters {
            match &counter.stand {
                Stand::Ready(_) => return None,
                Stand::Held(held) if held.probe(now).is_some() => return None,
                Stand::Held(held) => found = found.or(Some((held.reason, held.since))),
                Stand::Unknown => {}
            }
        }
        found
    }

    /// Whether any environment is held, even if another one is not.
    pub(crate) fn holds(&self) -> bool {
        self.counters.iter().any(|c| matches!(c.stand, Stand::Held(_)))
    }

    /// Which environments must be asked for now; they count as being asked from here on.
    pub(crate) fn looks(&mut self, now: Timestamp) -> impl Iterator<Item = Environment> + use<> {
        let mut due = [None, None];
        for (environment, slot) in [Environment::Production, Environment::Sandbox]
            .into_iter()
            .zip(&mut due)
        {
            let counter = &mut self.counters[place(environment)];
            let held = matches!(counter.stand, Stand::Held(_));
            if !counter.looking && (counter.wanted || held) && counter.look_at <= now {
                counter.looking = true;
                *slot = Some(environment);
            }
        }
        due.into_iter().flatten()
    }

    /// When the lane must wake to ask or to probe, while something is held or unknown.
    pub(crate) fn next_look(&self, now: Timestamp) -> Option<Timestamp> {
        let resting = self.counters.iter().filter(|counter| !counter.looking);
        let looks = resting.filter_map(|counter| match &counter.stand {
            Stand::Held(held) if held.probe_at > now && held.probe_at < counter.look_at => Some(held.probe_at),
            Stand::Held(_) => Some(counter.look_at),
            Stand::Unknown if counter.wanted => Some(counter.look_at),
            _ => None,
        });
        looks.min()
    }

    /// Takes the answer to a look. Answers whether held parcels may go again.
    pub(crate) fn looked(
        &mut self,
        environment: Environment,
        answer: Result<VersionedCredential, CredentialGap>,
        now: Timestamp,
    ) -> bool {
        let sibling = &self.counters[place(other(environment))];
        let (sibling_version, sibling_ready) = (sibling.refused_version(), matches!(sibling.stand, Stand::Ready(_)));
        let asking = self.asking;
        let counter = &mut self.counters[place(environment)];
        counter.looking = false;
        counter.wanted = counter.changed;
        let mut lifted = false;
        match answer {
            Ok(credential) if counter.refused_version() == Some(credential.version) => {}
            Ok(credential) if sibling_version == Some(credential.version) => {
                counter.stand = Held::by(Reason::CredentialBroken, Some(credential), now);
            }
            Ok(credential) => {
                lifted = matches!(counter.stand, Stand::Held(_));
                counter.stand = Stand::Ready(credential);
            }
            // What is known stays known; what is unknown is asked for again.
            Err(CredentialGap::Unavailable) => counter.wanted = true,
            Err(gap) => {
                let reason = match gap {
                    CredentialGap::Disabled => Reason::ChannelDisabled,
                    _ if sibling_ready => Reason::NoCredentialForEnvironment,
                    _ => Reason::NoCredential,
                };
                if !matches!(&counter.stand, Stand::Held(held) if held.reason == reason && held.refused.is_none()) {
                    counter.stand = Held::by(reason, None, now);
                }
            }
        }
        counter.look_at = match counter.stand {
            _ if counter.changed => now,
            Stand::Ready(_) => now.plus_ms(asking.fresh_ms.into()),
            _ => now.plus_ms(asking.hold_ms.into()),
        };
        counter.changed = false;
        if matches!(counter.stand, Stand::Held(_)) {
            self.want(other(environment), now);
        }
        lifted
    }

    /// The vendor refused this credential. Answers whether that is news.
    pub(crate) fn broken(&mut self, environment: Environment, version: i64, now: Timestamp) -> bool {
        let hold_ms = self.asking.hold_ms;
        if let Stand::Held(held) = &mut self.counters[place(environment)].stand {
            held.probing = false;
            held.probe_at = now.plus_secs(HOLD_SECS);
            return false;
        }
        let mut news = false;
        for counter in &mut self.counters {
            if let Stand::Ready(credential) = &counter.stand
                && credential.version == version
            {
                counter.stand = Held::by(Reason::CredentialBroken, Some(credential.clone()), now);
                counter.look_at = now.plus_ms(hold_ms.into());
                news = true;
            }
        }
        if news {
            self.want(other(environment), now);
        }
        news
    }

    /// A probe begins.
    pub(crate) fn probe_begins(&mut self, environment: Environment) {
        if let Stand::Held(held) = &mut self.counters[place(environment)].stand {
            held.probing = true;
        }
    }

    /// A probe ended otherwise than by a refused credential. Answers whether held parcels may go again, which they
    /// may when the vendor judged the push itself.
    pub(crate) fn probe_ended(&mut self, environment: Environment, version: i64, proven: bool, now: Timestamp) -> bool {
        let hold_ms = self.asking.hold_ms;
        let mut lifted = false;
        for counter in &mut self.counters {
            if counter.refused_version() != Some(version) {
                continue;
            }
            let Stand::Held(held) = &mut counter.stand else {
                continue;
            };
            match held.refused.take() {
                Some(credential) if proven => {
                    counter.stand = Stand::Ready(credential);
                    lifted = true;
                }
                refused => {
                    held.refused = refused;
                    held.probing = false;
                    held.probe_at = now.plus_ms(hold_ms.into());
                }
            }
        }
        if let Stand::Held(held) = &mut self.counters[place(environment)].stand {
            held.probing = false;
        }
        lifted
    }

    /// The credential was changed: ask again at once.
    pub(crate) fn changed(&mut self, now: Timestamp) {
        for counter in &mut self.counters {
            counter.look_at = now;
            counter.wanted = true;
            counter.changed = counter.looking;
        }
    }

    fn want(&mut self, environment: Environment, now: Timestamp) {
        let counter = &mut self.counters[place(environment)];
        if matches!(counter.stand, Stand::Unknown) && !counter.wanted {
            counter.wanted = true;
            counter.look_at = now;
        }
    }
}

#[cfg(test)]
mod tests;
