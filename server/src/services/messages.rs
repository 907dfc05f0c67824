//! Messages for people who are offline: from the directory's route into the plane of the IM application.

use super::{directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    PlanId, Result, SdkAppId,
    decision::ApplicationRoute,
    field::{self, FieldFault},
    message::{Accepted, MAX_LIFE_SECS, Submission},
    plan::MessageDetails,
    ports::Messages,
    problem::Faults,
};
use std::{collections::HashSet, sync::Arc};
use store::plane::Scope;

/// The most receivers of one message (tpns-and-im 3.5).
const MAX_RECEIVERS: u32 = 500;

/// Messages over the data planes.
#[derive(Debug)]
pub struct MessageService {
    directory: Arc<Directory>,
    planes: Arc<Planes>,
}

impl MessageService {
    /// Messages of the directory's IM applications.
    pub fn new(directory: Arc<Directory>, planes: Arc<Planes>) -> Self {
        Self { directory, planes }
    }
}

#[async_trait]
impl Messages for MessageService {
    async fn accept(&self, submission: Submission) -> Result<Accepted> {
        let (entry, plane) = self.planes.of(&self.directory, submission.sdk_app_id)?;
        check(&submission)?;
        plane.accept(submission, Arc::clone(&entry.route)).await.map_err(refuse)
    }

    async fn trace(&self, sdk_app_id: SdkAppId, named: &str) -> Result<Vec<MessageDetails>> {
        let (entry, plane) = self.planes.of(&self.directory, sdk_app_id)?;
        let of = |application: &ApplicationRoute| [&[application.plan][..], &application.other_plans].concat();
        let plans = entry.route.applications.iter().flat_map(of);
        let scope = Scope {
            sdk_app_id,
            // What no application stood for is booked under no plan.
            plans: plans.chain([PlanId(0)]).collect(),
        };
        plane.named(&scope, named).await.map_err(refuse)
    }
}

/// What every door must have made sure of, checked once more where it is relied on.
fn check(submission: &Submission) -> Result<()> {
    let mut faults = Faults::default();
    faults.check("From_Account", field::user_id(&submission.from));
    faults.check("To_Account", receivers(&submission.to));
    let too_long = FieldFault::TooLong { max: MAX_LIFE_SECS };
    let lives = if submission.life_secs <= MAX_LIFE_SECS {
        Ok(())
    } else {
        Err(too_long)
    };
    faults.check("MsgLifeTime", lives);
    faults.finish()
}

fn receivers(to: &[String]) -> Result<(), FieldFault> {
    let mut seen = HashSet::new();
    for user in to {
        field::user_id(user)?;
        if !seen.insert(user) {
            return Err(FieldFault::Taken);
        }
    }
    match u32::try_from(to.len()) {
        Ok(0) => Err(FieldFault::Required),
        Ok(n) if n <= MAX_RECEIVERS => Ok(()),
        _ => Err(FieldFault::TooLong { max: MAX_RECEIVERS }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Problem, statistics::MessageKind};

    fn to(users: &[&str]) -> Submission {
        Submission {
            sdk_app_id: SdkAppId(1_400_000_001),
            kind: MessageKind::C2c,
            from: "alice".into(),
            to: users.iter().map(ToString::to_string).collect(),
            seq: None,
            random: 1,
            time: None,
            life_secs: MAX_LIFE_SECS,
            elements: vec![],
            offline_push: None,
        }
    }

    #[test]
    fn receivers_are_one_to_five_hundred_different_user_ids() {
        assert_eq!(check(&to(&["bob", "carol"])), Ok(()));
        let many: Vec<String> = (0..501).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let faults = [
            (vec![], FieldFault::Required),
            (vec!["bob", "bob"], FieldFault::Taken),
            (vec!["bob\nx"], FieldFault::Format(field::Format::UserId)),
            (many, FieldFault::TooLong { max: 500 }),
        ];
        for (users, fault) in faults {
            assert_eq!(
                check(&to(&users)),
                Err(Problem::field("To_Account", fault)),
                "{users:?}"
            );
        }
    }

    #[test]
    fn a_life_longer_than_seven_days_is_refused() {
        let mut long = to(&["bob"]);
        long.life_secs += 1;
        assert!(check(&long).is_err());
    }
}
