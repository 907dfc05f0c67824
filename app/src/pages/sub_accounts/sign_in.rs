//! How a sub-account signs in: a one-time link for a password, and taking the second step away. The page is posted to
//! itself, makes a link and shows it this once.

use super::way;
use crate::{
    api::{
        self,
        links::{SubAccountSignIn, page_of},
    },
    erased::view,
    frame::locale,
    i18n::links as t,
    pages::path_id,
    ui::{Alert, Form, Loaded, Look, PageHeader, PlainCopy, PlainForm, Sending, Tone, page_data},
};
use domain::AccountId;
use leptos::prelude::*;

/// The page.
#[component]
pub fn SubAccountSignInPage() -> impl IntoView {
    let id = path_id("account", AccountId(0));
    let data = page_data(move || api::links::SignInOf { account: id.get() });
    view! {
        <Loaded data=data let:shown>
            <SignIn shown=shown />
        </Loaded>
    }
}

#[component]
fn SignIn(shown: SubAccountSignIn) -> impl IntoView {
    let l = locale();
    let SubAccountSignIn { account, link } = shown;
    let action = Sending::to::<api::links::RemoveFactors>();
    let made = match link {
        Some(link) => view! {
            <Alert tone=Tone::Warning><p>{t::shown_once(l)}</p></Alert>
            <p>
                <code class="mono secret-shown">{link.reveal().to_owned()}</code>
                " "
                <PlainCopy value=link.reveal() what=t::link(l) />
            </p>
        },
        None => ().into_any(),
    };
    view! {
        <PageHeader title=t::title(l) about=account.sign_in_name.clone() path=way(l, &account.sign_in_name) lead=t::lead(l, &account.sign_in_name) />
        <section class="panel panel-form" aria-labelledby="link">
            <h2 id="link">{t::link_title(l)}</h2>
            <p class="lead">{t::link_lead(l)}</p>
            {made}
            <PlainForm action=page_of(account.id) name="link" submit=t::make(l)>""</PlainForm>
        </section>
        <section class="panel panel-form" aria-labelledby="factors">
            <h2 id="factors">{t::factors_title(l)}</h2>
            <p class="lead">{t::factors_lead(l)}</p>
            <Form
                action=action
                name="sub-accounts/remove-factors"
                submit=t::remove_factors(l)
                busy=t::removing(l)
                look=Look::Danger
            >
                <input type="hidden" name="account" value=account.id.to_string() />
            </Form>
        </section>
    }
}
