//! The console's two languages. Every message is a function of the [`Locale`]; one without a translation does not compile.
//!
//! The locale comes from the cookie `lang`, else from `Accept-Language`, else it is English. It is fixed for a page:
//! switching posts a form and loads anew. Faults, reasons and states are matched exhaustively, so that a new one in
//! `domain` asks for its sentences here.

use serde::{Deserialize, Serialize};

/// Defines messages: `name: "English", "中文";`, or with arguments `name(count: u64): "{count} rows", "{count} 行";`.
macro_rules! messages {
    ($($name:ident $(($($arg:ident: $ty:ty),+))? : $en:literal, $zh:literal;)+) => {
        $($crate::i18n::message!($name $(($($arg: $ty),+))? : $en, $zh);)+

        /// Name, English and Chinese of every message here, for the tests.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $zh),)+];
    };
}

macro_rules! message {
    ($name:ident : $en:literal, $zh:literal) => {
        #[doc = concat!("```text\n", $en, "\n```")]
        pub const fn $name(locale: $crate::i18n::Locale) -> &'static str {
            match locale {
                $crate::i18n::Locale::En => $en,
                $crate::i18n::Locale::Zh => $zh,
            }
        }
    };
    ($name:ident ($($arg:ident: $ty:ty),+) : $en:literal, $zh:literal) => {
        #[doc = concat!("```text\n", $en, "\n```")]
        pub fn $name(locale: $crate::i18n::Locale, $($arg: $ty),+) -> String {
            match locale {
                $crate::i18n::Locale::En => format!($en),
                $crate::i18n::Locale::Zh => format!($zh),
            }
        }
    };
}
pub(crate) use {message, messages};

pub mod account;
#[cfg(feature = "ssr")]
pub mod alarm_recipients;
#[cfg(feature = "ssr")]
pub mod alarms;
#[cfg(feature = "ssr")]
pub mod api_keys;
pub mod applications;
pub mod audit;
pub mod authorisation;
pub mod basic_config;
pub mod channel_checks;
pub mod done;
pub mod factors;
pub mod faults;
pub mod forms;
pub mod frame;
pub mod im_applications;
pub mod im_channels;
pub mod links;
pub mod names;
pub mod own_account;
pub mod packages;
pub mod passkeys;
pub mod plans;
pub mod problems;
pub mod products;
pub mod provider;
pub mod quotas;
pub mod reasons;
pub mod rules;
pub mod states;
#[cfg(feature = "ssr")]
pub mod statistics;
pub mod sub_accounts;
#[cfg(feature = "ssr")]
pub mod troubleshooting;
#[cfg(feature = "ssr")]
pub mod webhooks;

/// A language of the console.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Locale {
    /// Both, in the order of the menu.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The value of the cookie and the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// Reads [`Locale::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.name() == name)
    }

    /// The language tag of `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-Hans",
        }
    }

    /// The language's own name.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "简体中文",
        }
    }

    /// The best match of an `Accept-Language` header (RFC 9110, 12.5.4): the highest weight wins, then the first.
    pub fn negotiate(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for part in header.split(',') {
            let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight = weight.trim().trim_start_matches("q=").parse().unwrap_or(0.0);
            let locale = match tag.trim().split('-').next().unwrap_or_default() {
                "zh" => Self::Zh,
                "en" => Self::En,
                _ => continue,
            };
            if weight > best.map_or(0.0, |(_, weight)| weight) {
                best = Some((locale, weight));
            }
        }
        best.map(|(locale, _)| locale)
    }

    /// A number with thousands separators; both languages group by three with commas.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (position, digit) in digits.chars().enumerate() {
            if position > 0 && (digits.len() - position).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_decides_and_unknown_languages_are_passed_over() {
        assert_eq!(Locale::negotiate("zh-CN,zh;q=0.9,en;q=0.8"), Some(Locale::Zh));
        assert_eq!(Locale::negotiate("de-DE, en;q=0.7, zh;q=0.3"), Some(Locale::En));
        assert_eq!(Locale::negotiate("fr, zh;q=0"), None);
        assert_eq!(Locale::negotiate(""), None);
        assert_eq!(Locale::negotiate("en;q=abc"), None);
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        let texts = [0, 999, 1000, 1_234_567].map(|number| Locale::En.number(number));
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn every_chinese_message_is_chinese_and_keeps_the_arguments() {
        // Names that Chinese consoles write in Latin letters too.
        let latin = ["access_id", "access_key", "secret_key", "brand"];
        let catalogues: Vec<&[(&str, &str, &str)]> = vec![
            account::ALL,
            #[cfg(feature = "ssr")]
            api_keys::ALL,
            applications::ALL,
            audit::ALL,
            authorisation::ALL,
            basic_config::ALL,
            channel_checks::ALL,
            im_channels::ALL,
            factors::ALL,
            faults::ALL,
            forms::ALL,
            frame::ALL,
            im_applications::ALL,
            links::ALL,
            own_account::ALL,
            packages::ALL,
            passkeys::ALL,
            plans::ALL,
            problems::ALL,
            products::ALL,
            provider::ALL,
            quotas::ALL,
            rules::ALL,
            sub_accounts::ALL,
            #[cfg(feature = "ssr")]
            statistics::ALL,
            #[cfg(feature = "ssr")]
            troubleshooting::ALL,
            webhooks::ALL,
            alarm_recipients::ALL,
            alarms::ALL,
        ];
        for (name, en, zh) in catalogues.into_iter().flatten() {
            let chinese = zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(chinese || latin.contains(name), "{name}: {zh}");
            assert_eq!(arguments(en), arguments(zh), "{name}");
        }
    }

    fn arguments(text: &str) -> std::collections::BTreeSet<&str> {
        let inside = text.split('{').skip(1);
        inside
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
            .collect()
    }
}
