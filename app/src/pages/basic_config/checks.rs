//! What stands at the foot of a card: whether the vendor takes the credential, a test message, and where the vendor
//! reports to. Every form is the browser's own, so that it works without script.

use crate::{
    api::channel_checks::{SendTest, Verify, test_form, verify_form},
    erased::view,
    frame::locale,
    i18n::{Locale, channel_checks as t, reasons},
    ui::{CopyButton, KeyValue, KeyValues, Look, PlainForm, StatusBadge, TextInput, Time, Tone},
};
use domain::{
    PackageId,
    account::Action,
    channel::{Card, Channel, ChannelView, Verification},
    delivery::Reason,
    product::ApplicationView,
    receipt::ReceiptView,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The foot of a configured card.
#[component]
pub fn Checks(
    /// The application.
    application: ApplicationView,
    /// The card.
    view: ChannelView,
    /// Whose keys it holds.
    #[prop(default = PackageId::MAIN)]
    package: PackageId,
) -> impl IntoView {
    let l = locale();
    let channel = view.channel;
    let card = Card { package, channel };
    let may = application.may(Action::VerifyAndTest);
    let id = application.access_id.to_string();
    let answers: Vec<_> = view
        .verifications
        .iter()
        .filter(|answer| answer.current)
        .map(|answer| verification(l, channel, answer))
        .collect();
    let none = answers
        .is_empty()
        .then(|| view! { <p class="hint">{t::not_verified(l)}</p> });
    let its_id = id.clone();
    // A credential that the vendor takes again sets what waits in motion.
    let ask = match view.trouble {
        Some(_) => t::verify_and_resume(l),
        None => t::verify(l),
    };
    let verify = may.then(|| {
        view! {
            <PlainForm action=Verify::PATH name=verify_form(card) submit=ask look=Look::Plain>
                <Hidden id=its_id card=card />
            </PlainForm>
        }
    });
    let test = (may && application.im_application.is_some() && view.enabled).then(|| {
        view! {
            <PlainForm action=SendTest::PATH name=test_form(card) submit=t::send_test(l) look=Look::Plain>
                <Hidden id=id card=card />
                <TextInput name="to" label=t::test_to(l) hint=t::test_hint(l) required=true />
            </PlainForm>
        }
    });
    view! {
        <KeyValues>{answers}</KeyValues>
        {none}
        {verify}
        <details class="disclosure">
            <summary>{t::more(l)}</summary>
            {test}
            {receipts(l, channel, view.receipts)}
        </details>
    }
    .into_any()
}

#[component]
fn Hidden(id: String, card: Card) -> impl IntoView {
    let Card { package, channel } = card;
    let package = (!package.is_main()).then(|| package.to_string());
    view! {
        <input type="hidden" name="access_id" value=id />
        {package.map(|package| view! { <input type="hidden" name="package" value=package /> })}
        <input type="hidden" name="channel" value=channel.name() />
    }
    .into_any()
}

fn verification(l: Locale, channel: Channel, answer: &Verification) -> AnyView {
    let (tone, label) = if answer.works {
        (Tone::Good, t::works(l))
    } else {
        (Tone::Bad, t::refused(l))
    };
    let name = match channel {
        Channel::Apns => t::verified_for(l, crate::i18n::faults::environment(l, answer.environment)),
        _ => t::verified(l).to_owned(),
    };
    let said = (!answer.works).then(|| format!("{} {}", answer.vendor_code, answer.vendor_text));
    let refused_here = answer.vendor_code == Reason::AddressRefused.name();
    let why = refused_here.then(|| reasons::explanation(l, Reason::AddressRefused));
    let at = answer.at;
    view! {
        <KeyValue name=name>
            <StatusBadge tone=tone label=label />
            <Time at=at />
            {said.map(|said| view! { <span class="break">{said}</span> })}
            {why.map(|why| view! { <p class="hint">{why}</p> })}
        </KeyValue>
    }
    .into_any()
}

fn receipts(l: Locale, channel: Channel, receipts: Option<ReceiptView>) -> AnyView {
    if !channel.has_receipts() {
        return view! { <p class="hint">{t::not_measurable(l)}</p> }.into_any();
    }
    let Some(ReceiptView { address, last_at }) = receipts else {
        return ().into_any();
    };
    let incomplete = address.starts_with('/');
    let shown = (!address.is_empty()).then(|| {
        let value = address.clone();
        view! {
            <KeyValue name=t::receipt_address(l)>
                <code class="mono break">{address}</code>
                <CopyButton value=value what=t::receipt_address(l) />
            </KeyValue>
        }
    });
    let last = match last_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => t::no_receipt_yet(l).into_any(),
    };
    view! {
        <KeyValues>
            {shown}
            <KeyValue name=t::last_receipt(l)>{last}</KeyValue>
        </KeyValues>
        <p class="hint">{t::where_to_paste(l, channel)}</p>
        {incomplete.then(|| view! { <p class="hint">{t::no_origin(l)}</p> })}
    }
    .into_any()
}
