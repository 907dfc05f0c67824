//! What recipients read: an e-mail, or JSON.

use crate::services::statistics::Zone;
use app::i18n::{
    Locale,
    alarms::{self as t, said},
};
use domain::{
    RecipientId, Timestamp,
    alarm::{
        Cause,
        recipient::{Language, News},
    },
    channel::Channel,
};
use serde_json::{Value, json};
use std::fmt::Write;
use store::control::Notice;

/// The console's words for a language.
pub(super) const fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::En,
        Language::Zh => Locale::Zh,
    }
}

/// Subject and text of an e-mail about these.
pub(super) fn mail(l: Locale, notices: &[Notice], zone: &Zone, console: &str) -> (String, String) {
    let line = |notice: &Notice| {
        let (what, _) = said(l, &notice.alarm.cause);
        let of = notice.alarm.application.as_ref().map_or(t::server(l), |(_, name)| name);
        let ended = if notice.news == News::Ended {
            t::mail_ended(l)
        } else {
            ""
        };
        format!("{ended}{of}: {what}")
    };
    let subject = match notices {
        [one] => line(one),
        many => t::mail_several(l, many.len()),
    };
    let mut text = String::new();
    for notice in notices {
        // Writing into a String cannot fail.
        _ = writeln!(text, "{}\n{}", line(notice), below(l, notice, zone));
    }
    _ = writeln!(text, "{}", t::mail_more(l, &format!("{console}/alarms")));
    (format!("[Homing] {subject}"), text)
}

/// The lines under what is wrong.
fn below(l: Locale, notice: &Notice, zone: &Zone) -> String {
    let alarm = &notice.alarm;
    let (_, next) = said(l, &alarm.cause);
    let at = |at: Timestamp| format!("{} ({})", zone.text(at), zone.name);
    let mut lines = vec![];
    if let Some((access_id, _)) = &alarm.application {
        lines.push(format!("Access ID {access_id}"));
    }
    let words = format!("{} {}", alarm.vendor_code, alarm.text);
    if !words.trim().is_empty() {
        lines.push(words.trim().to_owned());
    }
    lines.push(format!("{}: {}", t::column_since(l), at(alarm.raised_at)));
    match alarm.ended_at {
        Some(ended) => lines.push(format!("{}: {}", t::column_ended(l), at(ended))),
        None => lines.push(next.to_owned()),
    }
    lines.iter().fold(String::new(), |mut text, line| {
        _ = writeln!(text, "  {line}");
        text
    })
}

/// What a webhook is told. Numbers of 64 bits are texts: not every reader of JSON keeps them whole.
pub(super) fn json(l: Locale, recipient: RecipientId, notices: &[Notice]) -> Value {
    let alarms: Vec<Value> = notices.iter().map(|notice| one(l, notice)).collect();
    json!({ "recipient": recipient.to_string(), "alarms": alarms })
}

fn one(l: Locale, notice: &Notice) -> Value {
    let alarm = &notice.alarm;
    let (what, next) = said(l, &alarm.cause);
    let key = alarm.cause.key();
    json!({
        "id": notice.id.to_string(),
        "news": notice.news.name(),
        "alarm": alarm.id.to_string(),
        "cause": key.split('/').next(),
        "channel": channel(alarm.cause).map(Channel::name),
        "access_id": alarm.application.as_ref().map(|(access_id, _)| access_id.0),
        "application": alarm.application.as_ref().map(|(_, name)| name),
        "what": what,
        "next": next,
        "vendor_code": alarm.vendor_code,
        "text": alarm.text,
        "moment_ms": alarm.moment.map(|at| at.0),
        "raised_at_ms": alarm.raised_at.0,
        "ended_at_ms": alarm.ended_at.map(|at| at.0),
    })
}

const fn channel(cause: Cause) -> Option<Channel> {
    match cause {
        Cause::CertificateEnds(_) => Some(Channel::Apns),
        Cause::CredentialRefused { channel, .. }
        | Cause::QuotaSpent { channel, .. }
        | Cause::LanePaused { channel, .. }
        | Cause::MessagesWait { channel, .. }
        | Cause::SuccessRateLow { channel }
        | Cause::ReceiptsStopped { channel } => Some(channel),
        Cause::DiskFilling { .. } => None,
    }
}

/// Subject and text of an e-mail that tells of nothing.
pub(super) fn test_mail(l: Locale, console: &str) -> (String, String) {
    let text = format!(
        "{}\n\n{}\n",
        t::mail_test_text(l),
        t::mail_more(l, &format!("{console}/alarms"))
    );
    (format!("[Homing] {}", t::mail_test(l)), text)
}
