//! Reading the members of a request body, each with the code that its documentation names.

use super::frame::{Refusal, code};
use domain::field;
use serde_json::{Map, Value};

/// A JSON object whose members are asked for by name. Names are case-sensitive; unknown members are ignored.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The body, which has to be an object.
    pub fn of(body: &'a Value) -> Result<Self, Refusal> {
        body.as_object()
            .map(Self)
            .ok_or_else(|| Refusal::new(code::JSON, "the body must be a JSON object"))
    }

    /// A member as it is; `null` counts as absent.
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A whole number within a range.
    pub fn integer(self, name: &str, range: std::ops::RangeInclusive<i64>, code: u32) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            Refusal::new(code, format!("{name} must be an integer from {least} to {most}"))
        })
    }

    /// A text without NUL characters, which no database keeps.
    pub fn text(self, name: &str, code: u32) -> Result<Option<&'a str>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.as_str().filter(|text| !text.contains('\0'));
        text.map(Some)
            .ok_or_else(|| Refusal::new(code, format!("{name} must be a string without NUL characters")))
    }

    /// A `UserID`.
    pub fn account(self, name: &str, code: u32) -> Result<Option<String>, Refusal> {
        let text = self.text(name, code)?;
        text.map(|text| account(name, text, code)).transpose()
    }

    /// A list of 1 to 500 `UserID`s, without repeats.
    pub fn accounts(self, name: &str) -> Result<Vec<String>, Refusal> {
        let wrong = || Refusal::new(code::TO_ACCOUNT, format!("{name} must be an array of 1 to 500 UserIDs"));
        let listed = self.get(name).and_then(Value::as_array).ok_or_else(wrong)?;
        match listed.len() {
            0 => return Err(wrong()),
            1..=MAX_ACCOUNTS => {}
            many => {
                let info = format!("{name} holds {many} UserIDs: at most {MAX_ACCOUNTS} are taken in one call");
                return Err(Refusal::new(code::TOO_MANY_ACCOUNTS, info));
            }
        }
        let mut seen = std::collections::HashSet::new();
        let mut accounts = Vec::with_capacity(listed.len());
        for value in listed {
            let text = value.as_str().ok_or_else(wrong)?;
            if seen.insert(text) {
                accounts.push(account(name, text, code::TO_ACCOUNT)?);
            }
        }
        Ok(accounts)
    }
}

/// The most accounts in one call.
pub const MAX_ACCOUNTS: usize = 500;

fn account(name: &str, text: &str, code: u32) -> Result<String, Refusal> {
    field::user_id(text).map_err(|fault| Refusal::new(code, format!("{name} {fault}: 1 to 32 letters, digits, _ or -")))
}
