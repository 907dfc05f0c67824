//! A call for several devices: who goes together, and what one answer means for each of them.

use crate::{channel::Outcome, channels::judgement::Judgement, client::TransportFault};
use async_trait::async_trait;
use domain::{MessageId, delivery::Verdict, parcel::Parcel, time::Clock};
use futures_util::future::join_all;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use tokio::time::Instant;

/// How many calls are made at once when each device must be asked about alone.
const AT_ONCE: usize = 16;

/// What to make of the answer to a call.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Reading {
    /// Accepted, some devices aside.
    Taken(Taken),
    /// Refused for all devices.
    Refused(Judgement),
    /// Refused because of a device, but not said which: each alone, once. The judgement counts for a single device.
    Each(Judgement),
    /// Once more with a new access token; the judgement counts when that was done already.
    NewToken(Judgement),
}

/// An accepted call.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Taken {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The id under which the vendor knows the call.
    pub(crate) vendor_id: String,
    /// The vendor tokens that it was not accepted for.
    pub(crate) refused: HashMap<String, Judgement>,
}

impl Taken {
    /// Accepted for all devices.
    pub(crate) fn all(status: u16, vendor_id: impl Into<String>) -> Self {
        Self {
            status,
            vendor_id: vendor_id.into(),
            refused: HashMap::new(),
        }
    }
}

/// Makes a vendor's calls.
#[async_trait]
pub(crate) trait Call: Sync {
    /// One message for devices of one group; there is at least one. An `Err` says that the vendor could not be asked.
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement>;

    /// Devices of different groups never share a call.
    fn group(&self, _: &Parcel) -> u8 {
        0
    }
}

/// Hands a batch over by as few calls as can be, in `limit` altogether. One outcome per parcel, in their order.
pub(crate) async fn deliver(call: &dyn Call, batch: &[Parcel], limit: Duration, clock: &dyn Clock) -> Vec<Outcome> {
    let started = clock.now();
    let run = Run {
        call,
        clock,
        deadline: Instant::now() + limit,
    };
    let mut groups: BTreeMap<(MessageId, u8), Vec<usize>> = BTreeMap::new();
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(batch.len());
    for (place, parcel) in batch.iter().enumerate() {
        let malformed = malformed(&parcel.vendor_token);
        if malformed.is_none() {
            groups
                .entry((parcel.message, call.group(parcel)))
                .or_default()
                .push(place);
        }
        outcomes.push(malformed.map(|judgement| judgement.into_outcome(String::new(), started, started)));
    }
    let answered = join_all(groups.into_values().map(|places| {
        let parcels: Vec<&Parcel> = places.iter().filter_map(|place| batch.get(*place)).collect();
        let run = &run;
        async move { (places, run.together(&parcels).await) }
    }));
    for (places, answers) in answered.await {
        for (place, outcome) in places.into_iter().zip(answers) {
            if let Some(slot) = outcomes.get_mut(place) {
                *slot = Some(outcome);
            }
        }
    }
    let missing = || Judgement::local(Verdict::RetryLater { after_ms: None }, "no_outcome", "");
    let fill =
        |outcome: Option<Outcome>| outcome.unwrap_or_else(|| missing().into_outcome(String::new(), started, started));
    outcomes.into_iter().map(fill).collect()
}

/// The same outcome for all: the call could not even be prepared.
pub(crate) fn refuse_all(judgement: &Judgement, batch: &[Parcel], clock: &dyn Clock) -> Vec<Outcome> {
    let now = clock.now();
    let outcome = |_| judgement.clone().into_outcome(String::new(), now, now);
    batch.iter().map(outcome).collect()
}

/// In a list of tokens, the commas and semicolons stand between them: a token with one would be taken for two.
fn malformed(token: &str) -> Option<Judgement> {
    let wrong = token.is_empty() || token.contains(|c: char| !c.is_ascii_graphic() || ",;".contains(c));
    wrong.then(|| {
        let text = "a registration id is visible ASCII without commas and semicolons";
        Judgement::local(Verdict::RecipientGone { as_of: None }, "token_malformed", text)
    })
}

struct Run<'a> {
    call: &'a dyn Call,
    clock: &'a dyn Clock,
    deadline: Instant,
}

impl Run<'_> {
    async fn together(&self, parcels: &[&Parcel]) -> Vec<Outcome> {
        let started = self.clock.now();
        let reading = self.read(parcels).await;
        if !matches!(reading, Reading::Each(_)) || parcels.len() < 2 {
            return self.outcomes(reading, parcels, started);
        }
        let mut outcomes = Vec::with_capacity(parcels.len());
        for some in parcels.chunks(AT_ONCE) {
            let alone = some.iter().map(|parcel| self.alone(parcel));
            outcomes.extend(join_all(alone).await.into_iter().flatten());
        }
        outcomes
    }

    async fn alone(&self, parcel: &Parcel) -> Vec<Outcome> {
        let started = self.clock.now();
        let reading = self.read(&[parcel]).await;
        self.outcomes(reading, &[parcel], started)
    }

    async fn read(&self, parcels: &[&Parcel]) -> Reading {
        match tokio::time::timeout_at(self.deadline, self.call.call(parcels)).await {
            Ok(Ok(reading)) => reading,
            Ok(Err(judgement)) => Reading::Refused(judgement),
            Err(_) => Reading::Refused(Judgement::unanswered(&TransportFault::Timeout)),
        }
    }

    fn outcomes(&self, reading: Reading, parcels: &[&Parcel], started: domain::Timestamp) -> Vec<Outcome> {
        let ended = self.clock.now();
        let judged = parcels.iter().map(|parcel| match &reading {
            Reading::Taken(taken) => match taken.refused.get(&parcel.vendor_token) {
                Some(refused) => (refused.clone(), taken.vendor_id.clone()),
                None => (Judgement::accepted(taken.status), taken.vendor_id.clone()),
            },
            Reading::Refused(judgement) | Reading::Each(judgement) | Reading::NewToken(judgement) => {
                (judgement.clone(), String::new())
            }
        });
        judged
            .map(|(judgement, id)| judgement.into_outcome(id, started, ended))
            .collect()
    }
}

/// For the tests of the vendors' tables.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::client::Answer;
    use http::HeaderMap;

    /// An answer without headers.
    pub(crate) fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        }
    }

    /// The judgement of an answer that is not a success.
    pub(crate) fn judge(reading: Reading) -> Judgement {
        match reading {
            Reading::Refused(judgement) | Reading::Each(judgement) | Reading::NewToken(judgement) => judgement,
            Reading::Taken(taken) => panic!("accepted as {}", taken.vendor_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::{Timestamp, channel::Channel, time::MockClock};
    use std::sync::Mutex;

    /// Blames a call with a token that begins with "bad", groups by the first letter, hangs on "slow".
    #[derive(Default)]
    struct Script(Mutex<Vec<String>>);

    #[async_trait]
    impl Call for Script {
        async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
            let tokens: Vec<&str> = parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect();
            self.0.lock().unwrap().push(tokens.join(" "));
            if tokens.contains(&"slow") {
                std::future::pending::<()>().await;
            }
            if tokens.iter().any(|token| token.starts_with("bad")) {
                let gone = Verdict::RecipientGone { as_of: None };
                return Ok(Reading::Each(Judgement::local(gone, "bad", "")));
            }
            Ok(Reading::Taken(Taken::all(200, format!("id-{}", tokens.len()))))
        }

        fn group(&self, parcel: &Parcel) -> u8 {
            parcel.vendor_token.as_bytes()[0]
        }
    }

    async fn run(tokens: &[&str]) -> (Vec<String>, Vec<String>) {
        let batch: Vec<Parcel> = tokens
            .iter()
            .map(|token| Parcel {
                vendor_token: (*token).to_owned(),
                ..sample::parcel(Channel::Xiaomi, |_| {})
            })
            .collect();
        let (script, clock) = (Script::default(), MockClock::new(Timestamp(5)));
        let outcomes = deliver(&script, &batch, Duration::from_secs(1), &clock).await;
        let read = |outcome: Outcome| match outcome.verdict {
            Verdict::Accepted => outcome.vendor_id,
            _ => outcome.vendor_code,
        };
        (script.0.into_inner().unwrap(), outcomes.into_iter().map(read).collect())
    }

    #[tokio::test]
    async fn one_call_carries_a_group_and_each_keeps_its_place() {
        let (calls, outcomes) = run(&["a1", "c1", "a2", "c2", "a3"]).await;
        assert_eq!(calls, ["a1 a2 a3", "c1 c2"]);
        assert_eq!(outcomes, ["id-3", "id-2", "id-3", "id-2", "id-3"]);
    }

    #[tokio::test]
    async fn a_device_that_spoils_a_call_is_found_by_asking_about_each_once() {
        let (calls, outcomes) = run(&["b1", "bad", "b2"]).await;
        assert_eq!(calls, ["b1 bad b2", "b1", "bad", "b2"]);
        assert_eq!(outcomes, ["id-1", "bad", "id-1"]);
        let (calls, outcomes) = run(&["bad"]).await;
        assert_eq!((calls.len(), outcomes), (1, vec!["bad".to_owned()]));
    }

    #[tokio::test]
    async fn a_token_that_would_be_taken_for_two_goes_nowhere() {
        let (calls, outcomes) = run(&["a,b", "", "a;b", "a b", "ä", "a1"]).await;
        assert_eq!(calls, ["a1"]);
        let refused = ["token_malformed"; 5];
        assert_eq!(outcomes[..5], refused);
        assert_eq!(outcomes[5], "id-1");
    }

    #[tokio::test(start_paused = true)]
    async fn a_group_that_hangs_does_not_take_the_others_answers() {
        let (_, outcomes) = run(&["slow", "a1"]).await;
        assert_eq!(outcomes, ["timeout", "id-1"]);
    }
}
