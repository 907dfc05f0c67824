//! Push Certificate: what is in force, and the way to a new one.

use super::{Trouble, certificate::Certificate, checks::Checks};
use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, basic_config as t},
    paths::Section,
    ui::{Alert, EmptyState, LinkButton, Look, Sign, Tone},
};
use domain::{account::Action, certificate::CertificateView, channel::ChannelView, product::ApplicationView};
use leptos::prelude::*;

/// The section.
#[component]
pub fn Certificates(
    application: ApplicationView,
    certificates: Vec<CertificateView>,
    #[prop(optional_no_strip)] apns: Option<ChannelView>,
) -> impl IntoView {
    let l = locale();
    let page = Section::BasicConfig.of(application.access_id);
    let may_upload = application.may(Action::Configure) && application.identifier.is_some();
    let is_empty = certificates.is_empty();
    let soonest = certificates
        .iter()
        .filter_map(|certificate| certificate.days_left)
        .min();
    let trouble = apns.as_ref().and_then(|view| view.trouble.clone());
    let checks = apns.filter(|_| !is_empty).map(|view| {
        let application = application.clone();
        view! { <Checks application=application view=view /> }
    });
    let list: Vec<_> = certificates
        .into_iter()
        .map(|certificate| {
            let remove = format!("{page}/certificates/{}/remove", certificate.id);
            let remove = application.may(Action::Configure).then_some(remove);
            view! { <Certificate certificate=certificate remove=remove /> }
        })
        .collect();
    let new = format!("{page}/certificates/new");
    let body = if is_empty {
        empty(l, may_upload.then(|| new.clone()))
    } else {
        view! { <ul class="cards cards-wide">{list}</ul> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="certificates">
            <div class="section-head">
                <div>
                    <h2 id="certificates">{t::certificates(l)}</h2>
                    <p class="lead">{t::certificates_lead(l)}</p>
                </div>
                {may_upload.then(|| view! {
                    <LinkButton href=new look=Look::Primary sign=Sign::Plus>{t::upload(l)}</LinkButton>
                })}
            </div>
            {trouble.map(|trouble| view! { <Trouble trouble=trouble /> })}
            {soonest.and_then(|days| expiry(l, days))}
            {application.identifier.is_none().then(|| view! {
                <Alert tone=Tone::Info><p>{t::no_bundle(l)}</p></Alert>
            })}
            {body}
            {checks}
        </section>
    }
    .into_any()
}

/// Louder as the day comes nearer: from 30 days on, from 7, on the last.
fn expiry(l: Locale, days: i64) -> Option<AnyView> {
    let (tone, title) = match days {
        31.. => return None,
        8..=30 => (Tone::Info, t::expires_soon(l, days)),
        2..=7 => (Tone::Warning, t::expires_soon(l, days)),
        1 => (Tone::Bad, t::expires_in_a_day(l).to_owned()),
        0 => (Tone::Bad, t::expires_today(l).to_owned()),
        _ => (Tone::Bad, t::expired_now(l).to_owned()),
    };
    Some(view! { <Alert tone=tone title=title><p>{t::expires_next(l)}</p></Alert> }.into_any())
}

fn empty(l: Locale, upload: Option<String>) -> AnyView {
    view! {
        <EmptyState title=t::certificates_empty(l) hint=t::certificates_empty_hint(l) sign=Sign::File>
            {upload.map(|href| view! { <a class="button button-primary" href=href>{t::upload(l)}</a> })}
        </EmptyState>
    }
    .into_any()
}
