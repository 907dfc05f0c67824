//! A push that somebody sends from the console: what was typed, and what it must look like.

use crate::{
    AccessId, PlanId,
    field::{FieldFault, Format},
    problem::Faults,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// At most so many receivers at once.
pub const MAX_RECEIVERS: u32 = 100;
/// The most characters of a title.
pub const MAX_TITLE: u32 = 100;
/// The most characters of a text.
pub const MAX_TEXT: u32 = 500;
/// The most characters of what the client application is handed.
pub const MAX_EXT: u32 = 2000;
/// The length of a device's own token; no `UserID` is as long.
pub const TOKEN_LENGTH: usize = 36;

/// Send a push: field names `to`, `title`, `text`, `ext`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct NewPush {
    /// The application that sends.
    pub access_id: AccessId,
    /// The plan that it is booked under.
    pub plan: PlanId,
    /// `UserID`s and tokens of devices, parted by spaces, commas or line breaks.
    pub to: String,
    /// May be empty.
    pub title: String,
    /// What is shown.
    pub text: String,
    /// JSON text for the client application; may be empty.
    pub ext: String,
    /// The form's one-time key: a second submit of the same form sends nothing.
    pub form_key: String,
}

impl NewPush {
    /// Checks what needs no database, and answers the receivers, each once.
    pub fn check(&self) -> crate::Result<BTreeSet<String>> {
        let mut faults = Faults::default();
        let to = faults.check("to", receivers(&self.to));
        faults.check("title", bounded(&self.title, MAX_TITLE));
        let text = match self.text.trim() {
            "" => Err(FieldFault::Required),
            text => bounded(text, MAX_TEXT),
        };
        faults.check("text", text);
        let ext = match self.ext.trim() {
            "" => Ok(()),
            ext => bounded(ext, MAX_EXT).and_then(|()| json(ext)),
        };
        faults.check("ext", ext);
        faults.finish()?;
        Ok(to.unwrap_or_default())
    }
}

fn receivers(typed: &str) -> Result<BTreeSet<String>, FieldFault> {
    let parted = typed.split(|c: char| c.is_whitespace() || ",;，；、".contains(c));
    let to: BTreeSet<String> = parted.filter(|one| !one.is_empty()).map(str::to_owned).collect();
    for one in &to {
        if one.len() != TOKEN_LENGTH {
            crate::field::user_id(one)?;
        }
    }
    match to.len() {
        0 => Err(FieldFault::Required),
        many if many > MAX_RECEIVERS as usize => Err(FieldFault::TooMany { max: MAX_RECEIVERS }),
        _ => Ok(to),
    }
}

fn bounded(text: &str, max: u32) -> Result<(), FieldFault> {
    crate::field::description(text, max).map(drop)
}

fn json(text: &str) -> Result<(), FieldFault> {
    let read = serde_json::from_str::<serde::de::IgnoredAny>(text);
    read.map(drop).map_err(|_| FieldFault::Format(Format::Json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Problem, field::FieldProblem};

    fn push(to: &str, text: &str, ext: &str) -> NewPush {
        NewPush {
            access_id: AccessId(1_500_000_007),
            plan: PlanId(7),
            to: to.into(),
            title: String::new(),
            text: text.into(),
            ext: ext.into(),
            form_key: String::new(),
        }
    }

    #[test]
    fn receivers_are_parted_by_whatever_people_type_and_stand_once() {
        let token = "a".repeat(TOKEN_LENGTH);
        let to = push(&format!("bob, alice\r\nbob；{token}"), "hi", "{}").check();
        assert_eq!(to.map(Vec::from_iter), Ok(vec![token, "alice".into(), "bob".into()]));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let many: Vec<String> = (0..101).map(|n| format!("u{n}")).collect();
        for (wrong, field) in [
            (push(" , ", "hi", ""), "to"),
            (push("bob smith!", "hi", ""), "to"),
            (push(&many.join(" "), "hi", ""), "to"),
            (push("bob", " ", ""), "text"),
            (push("bob", &"x".repeat(501), ""), "text"),
            (push("bob", "hi", "not json"), "ext"),
            (push("bob", "hi\u{0}", ""), "text"),
        ] {
            let Err(Problem::Invalid(faults)) = wrong.check() else {
                panic!("{field} was taken")
            };
            let fields: Vec<_> = faults.into_iter().map(|FieldProblem { field, .. }| field).collect();
            assert_eq!(fields, [field]);
        }
    }
}
