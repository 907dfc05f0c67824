//! Lanes that send nothing, and messages that wait although they could go out.

use dispatcher::{Dispatch, Gate};
use domain::{
    Timestamp,
    alarm::{Cause, Finding, Place},
    delivery::Reason,
    parcel::LaneKey,
};
use std::collections::BTreeMap;
use store::plane::Plane;

/// A vendor that asks to slow down is given so many times the time of one that does not answer.
const THROTTLED_TIMES: i64 = 5;

/// A lane for which messages wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    lane: LaneKey,
    /// When the first of them is due.
    due: Timestamp,
    /// Why nothing is sent; nothing while it is.
    closed: Option<Reason>,
    /// A class of messages waits for its quota.
    is_spent: bool,
}

/// How the lanes of a data plane stand.
pub(super) async fn standing(plane: &Plane, dispatch: Option<&Dispatch>) -> store::Result<Vec<Standing>> {
    let known = dispatch.map(Dispatch::lanes).unwrap_or_default();
    let standing = |(lane, due)| {
        let status = known.iter().find(|status| status.lane == lane);
        Standing {
            lane,
            due,
            closed: status.and_then(|status| closed(status.gate)),
            is_spent: status.is_some_and(|status| !status.spent.is_empty()),
        }
    };
    Ok(plane.lanes().await?.into_iter().map(standing).collect())
}

const fn closed(gate: Gate) -> Option<Reason> {
    match gate {
        Gate::Open => None,
        Gate::Paused { why, .. } | Gate::Held { why, .. } => Some(why),
        Gate::VendorUnavailable { .. } => Some(Reason::VendorUnavailable),
    }
}

/// Since when lanes have been as they are.
#[derive(Debug)]
pub(super) struct Lanes {
    node: u32,
    /// A lane is paused for so long before it is told, in milliseconds.
    paused_ms: i64,
    /// A message waits for so long before it is told, in milliseconds.
    waiting_ms: i64,
    since: BTreeMap<(LaneKey, Option<Reason>), Timestamp>,
}

impl Lanes {
    /// Of this node, told after so long; 0: never.
    pub(super) const fn new(node: u32, paused_secs: u32, waiting_secs: u32) -> Self {
        Self {
            node,
            paused_ms: paused_secs as i64 * 1000,
            waiting_ms: waiting_secs as i64 * 1000,
            since: BTreeMap::new(),
        }
    }

    /// What is wrong with lanes that stand like this.
    pub(super) fn judge(&mut self, all: &[Standing], now: Timestamp) -> Vec<Finding> {
        let mut since = BTreeMap::new();
        let mut found = vec![];
        for standing in all {
            let Some((why, after_ms)) = self.wrong(standing, now) else {
                continue;
            };
            let key = (standing.lane, why);
            let first = self.since.get(&key).copied().unwrap_or(now);
            since.insert(key, first);
            if now.0 - first.0 >= after_ms {
                found.push(self.finding(standing, why, first));
            }
        }
        self.since = since;
        found
    }

    /// What is wrong, and for how long it may be. A refused credential and a spent quota are told by themselves.
    fn wrong(&self, standing: &Standing, now: Timestamp) -> Option<(Option<Reason>, i64)> {
        match standing.closed {
            Some(Reason::CredentialBroken) => None,
            Some(_) if self.paused_ms == 0 => None,
            Some(Reason::Throttled) => Some((standing.closed, self.paused_ms * THROTTLED_TIMES)),
            Some(_) => Some((standing.closed, self.paused_ms)),
            // Due, and not even taken: a second look tells it from messages that are just being sent off.
            None if self.waiting_ms > 0 && !standing.is_spent && now.0 - standing.due.0 > self.waiting_ms => {
                Some((None, self.paused_ms))
            }
            None => None,
        }
    }

    fn finding(&self, standing: &Standing, why: Option<Reason>, first: Timestamp) -> Finding {
        let LaneKey {
            application,
            package,
            channel,
        } = standing.lane;
        let (cause, moment) = match why {
            Some(why) => {
                let node = self.node;
                let paused = Cause::LanePaused {
                    channel,
                    package,
                    why,
                    node,
                };
                (paused, Some(first))
            }
            None => (Cause::MessagesWait { channel, package }, None),
        };
        Finding {
            place: Place::Application(application),
            cause,
            moment,
            vendor_code: String::new(),
            text: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ApplicationId, channel::Channel};

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn at(closed: Option<Reason>, due_secs_ago: i64) -> Standing {
        Standing {
            lane: LaneKey::main(ApplicationId(7), Channel::Oppo),
            due: NOW.plus_secs(-due_secs_ago),
            closed,
            is_spent: false,
        }
    }

    fn causes(found: &[Finding]) -> Vec<Cause> {
        found.iter().map(|finding| finding.cause).collect()
    }

    #[test]
    fn a_paused_lane_is_told_after_a_while_and_from_its_first_moment_on() {
        let mut lanes = Lanes::new(3, 60, 600);
        let down = [at(Some(Reason::VendorUnavailable), 0)];
        assert_eq!(lanes.judge(&down, NOW), []);
        assert_eq!(lanes.judge(&down, NOW.plus_secs(59)), []);
        let found = lanes.judge(&down, NOW.plus_secs(60));
        let told = [Cause::LanePaused {
            channel: Channel::Oppo,
            package: domain::PackageId::MAIN,
            why: Reason::VendorUnavailable,
            node: 3,
        }];
        assert_eq!((causes(&found), found[0].moment), (told.to_vec(), Some(NOW)));
        let answers = [at(None, 0)];
        assert_eq!(lanes.judge(&answers, NOW.plus_secs(61)), []);
        assert_eq!(lanes.judge(&down, NOW.plus_secs(62)), [], "a new moment begins");
        let slow = [at(Some(Reason::Throttled), 0)];
        assert_eq!(lanes.judge(&slow, NOW), []);
        assert_eq!(lanes.judge(&slow, NOW.plus_secs(299)), []);
        assert_eq!(lanes.judge(&slow, NOW.plus_secs(300)).len(), 1);
    }

    #[test]
    fn waiting_is_told_where_nothing_else_explains_it() {
        let mut lanes = Lanes::new(0, 60, 600);
        let explained = [
            at(Some(Reason::CredentialBroken), 9_999),
            Standing {
                is_spent: true,
                ..at(None, 9_999)
            },
        ];
        for standing in explained {
            for secs in [0, 120] {
                assert_eq!(lanes.judge(&[standing], NOW.plus_secs(secs)), [], "{standing:?}");
            }
        }
        assert_eq!(lanes.judge(&[at(None, 600)], NOW), []);
        let late = [at(None, 601)];
        assert_eq!(lanes.judge(&late, NOW), []);
        let found = lanes.judge(&late, NOW.plus_secs(60));
        assert!(matches!(causes(&found)[..], [Cause::MessagesWait { .. }]));
        let mut never = Lanes::new(0, 0, 0);
        let down = at(Some(Reason::NoCredential), 9_999);
        assert_eq!(never.judge(&[late[0], down], NOW), []);
    }
}
