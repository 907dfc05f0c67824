//! What a provider says of somebody, read into what Homing makes of it: the groups, and a name for the account.

use crate::settings::Mapping;
use serde_json::{Map, Value};

/// The shortest and longest name of an account.
const NAME_LENGTH: (usize, usize) = (3, 60);
/// How many characters of the provider's name for a person stand in for one that cannot be used.
const STAND_IN: usize = 12;

/// Claims by name, those of the token before those of the provider's userinfo.
#[derive(Clone, Default, Debug)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// Those of a serialised set of claims; none of anything else.
    pub(super) fn of(set: &impl serde::Serialize) -> Self {
        match serde_json::to_value(set) {
            Ok(Value::Object(claims)) => Self(claims),
            _ => Self::default(),
        }
    }

    /// Adds what is not there yet.
    pub(super) fn and(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// Whether a claim says something.
    pub(super) fn has(&self, claim: &str) -> bool {
        self.0.get(claim).is_some_and(|value| !value.is_null())
    }

    /// The texts of a claim: a list of them, or one alone. Anything else is none.
    pub(super) fn texts(&self, claim: &str) -> Vec<&str> {
        match self.0.get(claim) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        }
    }
}

/// Where somebody's groups lead: the first entry of the settings that names one of them.
pub(super) fn led_to<'a>(mappings: &'a [Mapping], groups: &[&str]) -> Option<&'a Mapping> {
    mappings.iter().find(|mapping| groups.contains(&mapping.group.as_str()))
}

/// A name for an account out of what the provider calls somebody. Of an e-mail address the part before the `@`; what a name
/// may not hold becomes `-`; where nothing is left, the person's identifier stands in.
pub(super) fn account_name(wanted: &str, subject: &str) -> String {
    let before_at = wanted.split('@').next().unwrap_or_default();
    let name = fitting(before_at);
    if name.len() >= NAME_LENGTH.0 {
        return name;
    }
    let stand_in: String = fitting(subject).chars().take(STAND_IN).collect();
    format!("user-{stand_in}").trim_end_matches('-').to_owned()
}

fn fitting(text: &str) -> String {
    let fits = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '-'
        }
    };
    let kept: String = text.trim().chars().take(NAME_LENGTH.1).map(fits).collect();
    kept.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{account::Preset, field};
    use serde_json::json;

    fn mapping(group: &str, account: &str) -> Mapping {
        Mapping {
            group: group.into(),
            account: account.into(),
            preset: Preset::ReadOnly,
            rights: vec![],
        }
    }

    #[test]
    fn the_order_of_the_settings_decides_and_not_that_of_the_groups() {
        let mappings = [mapping("ops", "acme"), mapping("staff", "other")];
        let led = |groups: &[&str]| led_to(&mappings, groups).map(|mapping| mapping.account.as_str());
        assert_eq!(led(&["staff", "ops"]), Some("acme"));
        assert_eq!(led(&["x", "staff"]), Some("other"));
        assert_eq!(
            (led(&["OPS"]), led(&[])),
            (None, None),
            "names of groups are compared to the letter"
        );
    }

    #[test]
    fn groups_are_a_list_of_texts_or_one_text_and_nothing_else() {
        let claims = Claims::of(&json!({ "a": ["x", 7, "y"], "b": "x y", "c": { "x": true }, "d": null }));
        assert_eq!(claims.texts("a"), ["x", "y"]);
        assert_eq!(claims.texts("b"), ["x y"], "one group, not two");
        for none in ["c", "d", "e"] {
            assert!(claims.texts(none).is_empty(), "{none}");
        }
        assert!(claims.has("c") && !claims.has("d") && !claims.has("e"));
    }

    #[test]
    fn the_token_goes_before_what_the_provider_adds() {
        let token = Claims::of(&json!({ "groups": ["a"] }));
        let all = token.and(Claims::of(&json!({ "groups": ["b"], "name": "n" })));
        assert_eq!((all.texts("groups"), all.texts("name")), (vec!["a"], vec!["n"]));
    }

    #[test]
    fn whatever_a_provider_calls_somebody_there_is_a_name_for_the_account() {
        for (wanted, name) in [
            ("anna", "anna"),
            ("Anna.Li@example.org", "Anna.Li"),
            ("anna li", "anna-li"),
            ("CORP\\anna", "CORP-anna"),
            ("归雁", "user-00u1a2b3c4d5"),
            ("", "user-00u1a2b3c4d5"),
            ("@", "user-00u1a2b3c4d5"),
            ("ab", "user-00u1a2b3c4d5"),
        ] {
            let made = account_name(wanted, "00u1a2b3c4d5e6");
            assert_eq!(
                (made.as_str(), field::user_name(&made).is_ok()),
                (name, true),
                "{wanted}"
            );
        }
        assert_eq!(account_name("", "|||"), "user");
        assert!(field::user_name(&account_name(&"x".repeat(300), "s")).is_ok());
    }
}
