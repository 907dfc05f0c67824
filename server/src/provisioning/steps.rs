//! What provisioning did, step by step, and where it stopped.

use domain::{Problem, audit::Kind};
use serde::Serialize;
use std::fmt;

/// What became of a thing.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was not there.
    Created,
    /// It was there, and is something else now.
    Changed,
    /// It was as described.
    Unchanged,
}

impl Outcome {
    /// Changed, or not.
    pub const fn of(changed: bool) -> Self {
        if changed { Self::Changed } else { Self::Unchanged }
    }
}

/// A thing of the description.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub struct Step {
    /// Its kind, by [`Kind::name`].
    pub kind: &'static str,
    /// Where in the description: names from outside in.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Its number as the console shows it; none for what would be made, and for what has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

impl Step {
    /// A step about a thing.
    pub fn new(kind: Kind, name: impl Into<String>, outcome: Outcome) -> Self {
        Self {
            kind: kind.name(),
            name: name.into(),
            outcome,
            number: None,
        }
    }

    /// With its number, if it has one.
    #[must_use]
    pub fn numbered(mut self, number: Option<impl fmt::Display>) -> Self {
        self.number = number.map(|number| number.to_string());
        self
    }
}

/// All steps of a description.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Report {
    /// Whether nothing was done: it is what would be.
    pub dry_run: bool,
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub steps: Vec<Step>,
}

impl Report {
    /// Of these steps.
    pub fn of(steps: Vec<Step>, dry_run: bool) -> Self {
        let count = |outcome| steps.iter().filter(|step| step.outcome == outcome).count();
        Self {
            dry_run,
            created: count(Outcome::Created),
            changed: count(Outcome::Changed),
            unchanged: count(Outcome::Unchanged),
            steps,
        }
    }
}

/// Why and where it stopped.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Names from outside in; empty where it concerns the whole.
    pub at: String,
    /// Why.
    pub problem: Problem,
    /// What the problem alone does not say. Never holds a value of the description.
    pub detail: String,
}

impl Fault {
    /// With a sentence about this occurrence.
    pub fn new(problem: Problem, detail: impl Into<String>) -> Self {
        Self {
            at: String::new(),
            problem,
            detail: detail.into(),
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::new(problem, "")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        self.problem.fmt(f)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        write!(f, " ({})", self.problem.code())
    }
}

impl std::error::Error for Fault {}

/// Naming the place where something went wrong.
pub(super) trait At<T> {
    /// With the name of what stands around it.
    fn at(self, place: impl fmt::Display) -> Result<T, Fault>;
}

impl<T, E: Into<Fault>> At<T> for Result<T, E> {
    fn at(self, place: impl fmt::Display) -> Result<T, Fault> {
        self.map_err(|fault| {
            let mut fault = fault.into();
            fault.at = match fault.at.as_str() {
                "" => place.to_string(),
                inner => format!("{place} > {inner}"),
            };
            fault
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_its_place_from_outside_in() {
        let inner: Result<(), Problem> = Err(Problem::Unavailable);
        let fault = inner
            .at("fcm")
            .at("android")
            .at("product \"Chat\"")
            .expect_err("a fault");
        assert_eq!(
            fault.to_string(),
            "product \"Chat\" > android > fcm: The server cannot store this now (unavailable)"
        );
    }

    #[test]
    fn steps_are_counted_by_what_became_of_them() {
        let step = |outcome| Step::new(Kind::Plan, "a", outcome);
        let report = Report::of(vec![step(Outcome::Created), step(Outcome::of(false))], true);
        assert_eq!((report.created, report.changed, report.unchanged), (1, 0, 1));
    }
}
