//! One certificate or signing key as it may be shown.

use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, basic_config as t, faults},
    ui::{Icon, KeyValue, KeyValues, Sign, StatusBadge, Time, Tone},
};
use domain::{
    Timestamp,
    certificate::{CertificateFacts, CertificateKind, CertificateView},
};
use leptos::prelude::*;

/// The card. `remove` leads to the question whether to take it out of force.
#[component]
pub fn Certificate(certificate: CertificateView, #[prop(optional_no_strip)] remove: Option<String>) -> impl IntoView {
    let l = locale();
    let heading = format!("certificate-{}", certificate.id);
    let labelled = heading.clone();
    let facts = certificate.facts;
    let kind = match facts.kind {
        CertificateKind::P12 => t::kind_p12(l),
        CertificateKind::P8 => t::kind_p8(l),
    };
    let says = format!("{}: {}", t::remove(l), facts.subject);
    view! {
        <li class="card" aria-labelledby=labelled>
            <div class="card-head">
                <h3 id=heading>{kind}</h3>
                <DaysLeft days=certificate.days_left />
                {remove.map(|href| view! {
                    <a class="button button-quiet" href=href aria-label=says>
                        <Icon sign=Sign::Bin />
                        <span>{t::remove(l)}</span>
                    </a>
                })}
            </div>
            <Facts facts=facts />
            <KeyValues>
                <KeyValue name=t::uploaded(l)>
                    <Time at=certificate.uploaded_at />
                    <span>{t::uploaded_by(l, &certificate.uploaded_by)}</span>
                </KeyValue>
            </KeyValues>
        </li>
    }
    .into_any()
}

/// The facts of a certificate, without when it was uploaded.
#[component]
pub fn Facts(facts: CertificateFacts) -> impl IntoView {
    let l = locale();
    let (subject, issuer) = match facts.kind {
        CertificateKind::P12 => (t::subject(l), t::issuer(l)),
        CertificateKind::P8 => (t::key_id(l), t::team_id(l)),
    };
    let environments = environments(l, &facts);
    view! {
        <KeyValues>
            <KeyValue name=subject><span class="break">{facts.subject}</span></KeyValue>
            <KeyValue name=t::bundle_id(l)><code class="mono">{facts.bundle}</code></KeyValue>
            <KeyValue name=t::environments(l)>{environments}</KeyValue>
            <KeyValue name=issuer><span class="break">{facts.issuer}</span></KeyValue>
            {facts.not_before.map(|at| view! { <KeyValue name=t::not_before(l)><Time at=at /></KeyValue> })}
            <KeyValue name=t::not_after(l)>{valid_until(l, facts.not_after)}</KeyValue>
            <KeyValue name=t::fingerprint(l)><code class="mono break">{facts.fingerprint}</code></KeyValue>
        </KeyValues>
    }
    .into_any()
}

fn valid_until(l: Locale, at: Option<Timestamp>) -> AnyView {
    match at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => t::never(l).into_any(),
    }
}

/// The environments by name, parted as the language does it.
pub fn environments(l: Locale, facts: &CertificateFacts) -> String {
    let names: Vec<_> = facts
        .environments
        .iter()
        .map(|one| faults::environment(l, *one))
        .collect();
    names.join(match l {
        Locale::En => ", ",
        Locale::Zh => "、",
    })
}

/// How long a certificate still works: a warning from 30 days on, and a louder one from 7.
#[component]
pub fn DaysLeft(#[prop(optional_no_strip)] days: Option<i64>) -> impl IntoView {
    let l = locale();
    days.map(|days| {
        let label = match days {
            ..0 => t::expired(l).into(),
            0 => t::last_day(l).into(),
            1 => t::one_day_left(l).to_owned(),
            _ => t::days_left(l, days),
        };
        view! { <StatusBadge tone=urgency(days) label=label /> }
    })
}

const fn urgency(days: i64) -> Tone {
    match days {
        ..=7 => Tone::Bad,
        8..=30 => Tone::Warning,
        _ => Tone::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_badge_warns_at_thirty_days_and_cries_at_seven() {
        let tones = [-1, 0, 7, 8, 30, 31].map(urgency);
        let expected = [
            Tone::Bad,
            Tone::Bad,
            Tone::Bad,
            Tone::Warning,
            Tone::Warning,
            Tone::Good,
        ];
        assert_eq!(tones, expected);
    }
}
