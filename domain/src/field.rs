//! The rules for what people type, and what can be wrong with a field.
//!
//! The browser checks with the same functions as the server. The sentences shown for a [`FieldFault`] are the
//! console's, in both languages; REST doors use [`FieldFault`]'s `Display`.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is wrong with one field.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug, Error)]
pub enum FieldFault {
    /// Nothing was given.
    #[error("is required")]
    Required,
    /// Fewer characters than the minimum.
    #[error("needs at least {min} characters")]
    TooShort {
        /// The least number of characters.
        min: u32,
    },
    /// More characters than the maximum.
    #[error("takes at most {max} characters")]
    TooLong {
        /// The greatest number of characters.
        max: u32,
    },
    /// Control characters, which no name may hold.
    #[error("holds control characters")]
    ControlCharacters,
    /// The value is not one of those offered.
    #[error("is not one of the choices")]
    NotAChoice,
    /// More entries than the maximum.
    #[error("takes at most {max} entries")]
    TooMany {
        /// The greatest number of entries.
        max: u32,
    },
    /// At least one must be ticked.
    #[error("needs at least one choice")]
    NothingChosen,
    /// Neither a user with a device of the channel nor the token of one.
    #[error("names no device that this channel reaches")]
    NoSuchDevice,
    /// The name is used already.
    #[error("is taken already")]
    Taken,
    /// The text does not have the expected form.
    #[error("does not have the form of {0}")]
    Format(Format),
    /// The repeated password differs.
    #[error("differs from the first one")]
    Differs,
    /// The password of the signed-in account is wrong.
    #[error("is not your password")]
    WrongPassword,
    /// A new password that guessers try early: made of common words, runs on the keyboard, names at hand.
    #[error("is easy to guess")]
    Guessable,
    /// Neither the one-time code of now nor a recovery code that is left.
    #[error("is not the code of now")]
    WrongCode,
    /// Not a passkey of this account, or not opened by its owner.
    #[error("is not a passkey that is known here")]
    WrongPasskey,
    /// The passkey's authenticator counted back.
    #[error("is of a passkey that may have been copied")]
    CopiedPasskey,
    /// The name typed for confirmation differs.
    #[error("is not the name asked for")]
    ConfirmationDiffers,
    /// An address that the server does not call unless its settings list it.
    #[error("leads to a private address, which outbound.allow in the settings does not list")]
    PrivateAddress,
    /// The one-time set-up token is wrong or used.
    #[error("is not the token printed in the server's log")]
    WrongSetupToken,
}

/// Forms that a text may be asked to have.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug, Error)]
pub enum Format {
    /// `com.example.app`, as Android asks for it.
    #[error("an Android package name")]
    PackageName,
    /// `com.example.app`, as Apple asks for it.
    #[error("a Bundle ID")]
    BundleId,
    /// Letters, digits, `.`, `_`, `-`.
    #[error("a user name")]
    UserName,
    /// Digits only.
    #[error("a number")]
    Number,
    /// 32 hexadecimal digits.
    #[error("32 hexadecimal digits")]
    Hex32,
    /// 10 letters and digits.
    #[error("10 letters and digits")]
    TenCharacters,
    /// A Google service-account file of type `service_account`.
    #[error("a service account file (JSON)")]
    ServiceAccount,
    /// The service account's private key cannot be read.
    #[error("a service account file with a readable RSA private key")]
    ServiceAccountKey,
    /// The service account names no project.
    #[error("a service account file with a project_id")]
    ServiceAccountProject,
    /// JSON text, as client applications are handed it.
    #[error("JSON text")]
    Json,
    /// An https address, as webhooks are called at.
    #[error("an https address without a name, a password or a fragment in it")]
    WebhookUrl,
    /// An e-mail address.
    #[error("an e-mail address such as ops@example.com")]
    MailAddress,
    /// A time of day.
    #[error("a time of day such as 22:00, and not twice the same")]
    TimeOfDay,
    /// An IM user id: at most 32 bytes of letters, digits, `_`, `-`.
    #[error("a UserID")]
    UserId,
}

/// A fault and where it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct FieldProblem {
    /// The field's name in the form, as in the HTML.
    pub field: String,
    /// What is wrong.
    pub fault: FieldFault,
}

/// A name that people give: trimmed, 1 to `max` characters, without control characters.
pub fn name(text: &str, max: u32) -> Result<String, FieldFault> {
    let text = text.trim();
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    match () {
        () if text.is_empty() => Err(FieldFault::Required),
        () if length > max => Err(FieldFault::TooLong { max }),
        () if text.chars().any(char::is_control) => Err(FieldFault::ControlCharacters),
        () => Ok(text.to_owned()),
    }
}

/// Free text of at most `max` characters, trimmed; line breaks are kept, other control characters refused.
pub fn description(text: &str, max: u32) -> Result<String, FieldFault> {
    let text = text.trim().replace("\r\n", "\n");
    if u32::try_from(text.chars().count()).unwrap_or(u32::MAX) > max {
        return Err(FieldFault::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(FieldFault::ControlCharacters);
    }
    Ok(text)
}

/// The form under which names are compared for uniqueness: case and inner spacing do not make a difference.
pub fn comparable(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The name of an account: 3 to 60 of letters, digits, `.`, `_`, `-`; compared without case. `@` stands between the name of
/// a sub-account and that of its root account, and so in neither.
pub fn user_name(text: &str) -> Result<String, FieldFault> {
    let text = name(text, 60)?;
    if text.chars().count() < 3 {
        return Err(FieldFault::TooShort { min: 3 });
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if text.chars().all(allowed) {
        Ok(text)
    } else {
        Err(FieldFault::Format(Format::UserName))
    }
}

/// A new password: 12 to 200 characters, nothing else asked (length beats composition rules).
pub fn password(text: &str) -> Result<(), FieldFault> {
    match text.chars().count() {
        0 => Err(FieldFault::Required),
        1..12 => Err(FieldFault::TooShort { min: 12 }),
        12..=200 => Ok(()),
        _ => Err(FieldFault::TooLong { max: 200 }),
    }
}

/// An Android package name: two or more segments of letters, digits and `_`, each starting with a letter.
pub fn package_name(text: &str) -> Result<String, FieldFault> {
    let text = name(text, 255)?;
    let segment = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_alphabetic()) && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if text.contains('.') && text.split('.').all(segment) {
        Ok(text)
    } else {
        Err(FieldFault::Format(Format::PackageName))
    }
}

/// A Bundle ID: segments of letters, digits and `-` parted by dots.
pub fn bundle_id(text: &str) -> Result<String, FieldFault> {
    let text = name(text, 155)?;
    let segment = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if text.contains('.') && text.split('.').all(segment) {
        Ok(text)
    } else {
        Err(FieldFault::Format(Format::BundleId))
    }
}

/// An IM `UserID`: 1 to 32 bytes of letters, digits, `_`, `-` (tpns-and-im 3.1).
pub fn user_id(text: &str) -> Result<String, FieldFault> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match text.len() {
        0 => Err(FieldFault::Required),
        1..=32 if text.chars().all(allowed) => Ok(text.to_owned()),
        1..=32 => Err(FieldFault::Format(Format::UserId)),
        _ => Err(FieldFault::TooLong { max: 32 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_bounded_in_characters_not_bytes() {
        assert_eq!(name("  归雁  ", 2), Ok("归雁".into()));
        assert_eq!(name("归雁推", 2), Err(FieldFault::TooLong { max: 2 }));
        assert_eq!(name(" \t ", 5), Err(FieldFault::Required));
        assert_eq!(name("a\0b", 5), Err(FieldFault::ControlCharacters));
    }

    #[test]
    fn names_that_differ_only_in_case_or_spacing_compare_equal() {
        assert_eq!(comparable(" My  App "), comparable("my app"));
    }

    #[test]
    fn package_names_and_bundle_ids_follow_their_makers_rules() {
        assert!(package_name("com.example.chat_2").is_ok());
        assert!(package_name("com.2example").is_err());
        assert!(package_name("example").is_err());
        assert!(bundle_id("com.example.Chat-2").is_ok());
        assert!(bundle_id("com.example.chat_2").is_err());
        assert!(bundle_id("com..chat").is_err());
    }

    #[test]
    fn the_name_of_an_account_holds_no_at_sign() {
        assert_eq!(user_name(" Anna.Li_2 "), Ok("Anna.Li_2".into()));
        assert_eq!(user_name("anna@acme"), Err(FieldFault::Format(Format::UserName)));
        assert_eq!(user_name("ab"), Err(FieldFault::TooShort { min: 3 }));
    }

    #[test]
    fn a_password_needs_twelve_characters_and_nothing_else() {
        assert_eq!(password("short"), Err(FieldFault::TooShort { min: 12 }));
        assert!(password("twelve chars").is_ok());
    }
}
