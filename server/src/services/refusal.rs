//! Where faults of the store become problems: once, logged once, without database text.

use domain::{Problem, problem::Conflict};
use std::{error::Error, fmt};
use store::Fault;

/// Turns a fault into what a door may tell. Callers first match the faults that mean something to them.
pub(crate) fn refuse(fault: Fault) -> Problem {
    match fault {
        Fault::Refused(problem) => problem,
        Fault::Taken(_) | Fault::InUse(_) => Problem::Conflict(Conflict::ChangedMeanwhile),
        Fault::Unavailable(_) => {
            tracing::warn!(cause = %Causes(&fault), "the database is not available");
            Problem::Unavailable
        }
        other => internal(&other),
    }
}

/// A fault of ours: logged under a reference that the reader can quote.
pub(crate) fn internal(fault: &(dyn Error + 'static)) -> Problem {
    let reference = format!("{:012x}", rand::random::<u64>() >> 16);
    tracing::error!(%reference, cause = %Causes(fault), "a service failed");
    Problem::Internal { reference }
}

/// An error with its causes, outermost first.
struct Causes<'a>(&'a (dyn Error + 'static));

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
