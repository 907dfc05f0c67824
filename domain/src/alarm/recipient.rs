//! Who is told of alarms: by e-mail, or at an address of theirs.

use crate::{
    RecipientId, Timestamp,
    field::{FieldFault, Format},
    problem::Faults,
    product::named_enum,
    webhook,
};
use serde::{Deserialize, Serialize};

/// At most so many recipients of a root account.
pub const MAX_RECIPIENTS: u32 = 20;
/// The longest e-mail address (RFC 5321 4.5.3.1.3).
pub const MAX_MAIL: u32 = 254;
/// What could not be told for so long is told no more, in milliseconds: three days.
pub const GIVE_UP_MS: i64 = 3 * 86_400_000;
/// At most so many alarms in one e-mail or call.
pub const MAX_NOTICES: u32 = 100;

named_enum! {
    /// How somebody is told.
    Means {
        /// By e-mail.
        Mail = "mail",
        /// By a signed call of an https address.
        Webhook = "webhook",
    }
}

named_enum! {
    /// In which language.
    Language {
        /// English.
        En = "en",
        /// Chinese.
        Zh = "zh",
    }
}

named_enum! {
    /// What is told of an alarm.
    News {
        /// It was raised.
        Raised = "raised",
        /// It has ended.
        Ended = "ended",
    }
}

/// The part of each day, in the time zone of the root account, in which nothing is told.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct QuietHours {
    /// The first minute of the day.
    pub from: u16,
    /// The first minute after them, on the next day where it is the smaller one.
    pub until: u16,
}

impl QuietHours {
    /// Reads two times of day as `22:00`. Both empty: none.
    pub fn read(from: &str, until: &str, faults: &mut Faults) -> Option<Self> {
        if from.trim().is_empty() && until.trim().is_empty() {
            return None;
        }
        let from = faults.check("quiet_from", minute(from));
        let until = minute(until).and_then(|until| match from {
            Some(from) if from == until => Err(FieldFault::Format(Format::TimeOfDay)),
            _ => Ok(until),
        });
        let until = faults.check("quiet_until", until);
        Some(Self {
            from: from?,
            until: until?,
        })
    }

    /// Whether a minute of the day lies in them.
    pub const fn hold(self, minute: u16) -> bool {
        if self.from < self.until {
            self.from <= minute && minute < self.until
        } else {
            self.from <= minute || minute < self.until
        }
    }

    /// A minute of the day as `22:00`.
    pub fn time(minute: u16) -> String {
        format!("{:02}:{:02}", minute / 60, minute % 60)
    }
}

fn minute(text: &str) -> Result<u16, FieldFault> {
    let read = || {
        let (hour, minute) = text.trim().split_once(':')?;
        let whole = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
        let (hour, minute) = (whole(hour)?, whole(minute)?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    read().ok_or(FieldFault::Format(Format::TimeOfDay))
}

/// Create or change a recipient: field names `means`, `address`, `language`, `quiet_from`, `quiet_until`, `enabled`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct RecipientDraft {
    /// How; stays as it was when one is changed.
    pub means: Means,
    /// An e-mail address, or an https address.
    pub address: String,
    /// In which language.
    pub language: Language,
    /// When nothing is told.
    pub quiet: Option<QuietHours>,
    /// Whether anything is told.
    pub enabled: bool,
}

impl RecipientDraft {
    /// Checks what needs neither settings nor database. Answers the address, trimmed.
    pub fn check(&self, faults: &mut Faults) -> Option<String> {
        let checked = match self.means {
            Means::Mail => mail(&self.address),
            Means::Webhook => webhook::url(&self.address),
        };
        faults.check("address", checked)
    }
}

/// An e-mail address, trimmed: something, an at sign, a host.
pub fn mail(text: &str) -> Result<String, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(FieldFault::Required);
    }
    if text.len() > MAX_MAIL as usize {
        return Err(FieldFault::TooLong { max: MAX_MAIL });
    }
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    let parts = text.rsplit_once('@').filter(|(name, host)| {
        !name.is_empty() && !name.contains('@') && !host.is_empty() && !host.starts_with('.') && !host.ends_with('.')
    });
    if parts.is_none() || !text.chars().all(plain) {
        return Err(FieldFault::Format(Format::MailAddress));
    }
    Ok(text.to_owned())
}

/// A recipient without its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct RecipientView {
    /// Its number.
    pub id: RecipientId,
    /// How.
    pub means: Means,
    /// Where.
    pub address: String,
    /// In which language.
    pub language: Language,
    /// When nothing is told.
    pub quiet: Option<QuietHours>,
    /// Whether anything is told.
    pub enabled: bool,
    /// The last four characters of the secret that calls are signed with; none before the first one is made.
    pub hint: Option<String>,
    /// What waits to be told.
    pub waiting: u64,
    /// When something was told last.
    pub told_at: Option<Timestamp>,
    /// Why the last try failed; empty where it did not.
    pub fault: String,
    /// When it is tried again after that.
    pub next_try: Option<Timestamp>,
    /// Who made it, by the name of then.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

impl RecipientView {
    /// Whether anything is told now.
    pub fn is_live(&self) -> bool {
        self.enabled && (self.means == Means::Mail || self.hint.is_some())
    }
}

/// The recipients of a root account, and what they need to know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Recipients {
    /// Oldest first.
    pub all: Vec<RecipientView>,
    /// The zone of quiet hours.
    pub zone: String,
    /// The address that e-mails come from; none where the server sends none.
    pub mail_from: Option<String>,
}

/// What came of a test.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Tested {
    /// Whether it was taken.
    pub taken: bool,
    /// What the other side said, in a word or a line.
    pub said: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: &str, until: &str) -> (Option<QuietHours>, bool) {
        let mut faults = Faults::default();
        let read = QuietHours::read(from, until, &mut faults);
        (read, faults.finish().is_ok())
    }

    #[test]
    fn quiet_hours_are_two_times_that_differ_or_none() {
        let night = QuietHours {
            from: 22 * 60,
            until: 7 * 60 + 30,
        };
        assert_eq!(read("22:00", "07:30"), (Some(night), true));
        assert_eq!(read(" ", ""), (None, true));
        for (from, until) in [
            ("22:00", ""),
            ("", "07:30"),
            ("24:00", "07:30"),
            ("22:60", "07:30"),
            ("7:30", "08:00"),
        ] {
            assert_eq!(read(from, until), (None, false), "{from} {until}");
        }
        assert_eq!(read("08:00", "08:00"), (None, false), "the whole day, or none of it?");
        assert_eq!(QuietHours::time(night.until), "07:30");
    }

    #[test]
    fn quiet_hours_go_over_midnight() {
        let (night, noon) = (read("22:00", "07:30").0.unwrap(), read("12:00", "13:00").0.unwrap());
        for (minute, by_night, by_noon) in [
            (0, true, false),
            (449, true, false),
            (450, false, false),
            (720, false, true),
            (780, false, false),
            (1319, false, false),
            (1320, true, false),
        ] {
            assert_eq!((night.hold(minute), noon.hold(minute)), (by_night, by_noon), "{minute}");
        }
    }

    #[test]
    fn an_e_mail_address_has_a_name_and_a_host() {
        for good in ["ops@example.com", " o.p-s+push@mail.example.com ", "root@localhost"] {
            assert_eq!(mail(good), Ok(good.trim().to_owned()));
        }
        for bad in [
            "ops",
            "@example.com",
            "ops@",
            "a b@example.com",
            "a@b@example.com",
            "<ops@example.com>",
            "a@b,c@d",
            "ops@.com",
            "值班@example.com",
        ] {
            assert_eq!(mail(bad), Err(FieldFault::Format(Format::MailAddress)), "{bad}");
        }
        assert_eq!(mail(" "), Err(FieldFault::Required));
    }
}
