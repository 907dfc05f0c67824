//! The form behind which an authenticator answers. The script (`style/assets/plain.js`) asks it, and sends its answer in
//! the field `credential`; without script the form stays hidden and the page says what there is instead.

use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, passkeys as t},
    ui::{Alert, Form, Look, Sending, Tone},
};
use domain::passkey::Challenge;
use leptos::prelude::*;

/// What the authenticator shall do, as the script reads it.
#[derive(Clone, Copy)]
pub enum Act {
    /// Make a passkey.
    Create,
    /// Use one.
    Get,
}

/// The form.
#[component]
pub fn PasskeyForm(
    /// What the browser is asked for; none where this server has no host name.
    challenge: Option<Challenge>,
    /// What shall be done.
    act: Act,
    /// The server function.
    action: Sending,
    /// Its endpoint.
    name: &'static str,
    /// The label of the button.
    #[prop(into)]
    submit: String,
    /// How the button looks.
    #[prop(default = Look::Primary)]
    look: Look,
    /// Where Cancel leads.
    #[prop(optional, into)]
    cancel: Option<String>,
    /// Further fields.
    children: Children,
) -> impl IntoView {
    let l = locale();
    let Some(challenge) = challenge else {
        return view! { <Alert tone=Tone::Info><p>{t::no_name(l)}</p></Alert> }.into_any();
    };
    let act = match act {
        Act::Create => "create",
        Act::Get => "get",
    };
    let form = match cancel {
        Some(cancel) => view! {
            <Form action=action name=name submit=submit busy=t::waiting(l) look=look cancel=cancel>
                <input type="hidden" name="credential" />
                {children()}
            </Form>
        },
        None => view! {
            <Form action=action name=name submit=submit busy=t::waiting(l) look=look>
                <input type="hidden" name="credential" />
                {children()}
            </Form>
        },
    };
    view! {
        <div data-passkey=act data-options=challenge.options data-origin=challenge.origin.clone()>
            // Until the script takes it away.
            <div data-when="no-script">
                <Alert tone=Tone::Info><p>{t::no_script(l)}</p></Alert>
            </div>
            {elsewhere(l, &challenge.origin)}
            {said(Tone::Info, "unsupported", t::unsupported(l))}
            {said(Tone::Warning, "cancelled", t::cancelled(l))}
            {said(Tone::Info, "known", t::known(l))}
            <div data-when="ready" hidden>{form}</div>
        </div>
    }
    .into_any()
}

/// The field that says where it goes on.
pub fn next_field(next: &str) -> AnyView {
    let next = next.to_owned();
    view! { <input type="hidden" name="next" value=next /> }
}

/// For who opened the console at another address than the one that passkeys are bound to.
fn elsewhere(l: Locale, origin: &str) -> AnyView {
    let why = if origin.ends_with("://localhost") {
        t::only_local(l)
    } else {
        t::elsewhere(l)
    };
    let link = view! { <a href=origin.to_owned() data-there><code class="mono">{origin.to_owned()}</code></a> };
    view! {
        <div data-when="elsewhere" hidden>
            <Alert tone=Tone::Info><p>{why} " " {link}</p></Alert>
        </div>
    }
    .into_any()
}

fn said(tone: Tone, when: &'static str, text: &'static str) -> AnyView {
    view! {
        <div data-when=when role="alert" hidden>
            <Alert tone=tone><p>{text}</p></Alert>
        </div>
    }
    .into_any()
}
