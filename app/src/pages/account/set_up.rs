//! Set-up: the first account of a server, guarded by the token of its log.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{account as t, frame},
    ui::{Alert, Form, Loaded, Sending, TextInput, Tone, page_data},
};
use domain::field;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::session::SetUp>();
    let data = page_data(|| api::session::NeedsSetUp {});
    view! {
        <Title text=format!("{} – {}", t::set_up_title(l), frame::brand(l)) />
        <div class="plain-card">
            <Loaded data=data let:needed>
                <SetUp action=action needed=needed />
            </Loaded>
        </div>
    }
}

#[component]
fn SetUp(action: Sending, needed: bool) -> impl IntoView {
    let l = locale();
    if !needed {
        return view! {
            <h1>{t::set_up_done_title(l)}</h1>
            <Alert tone=Tone::Info><p>{t::set_up_done(l)}</p></Alert>
            <p class="form-buttons"><a class="button button-primary" href="/login">{t::sign_in(l)}</a></p>
        }
        .into_any();
    }
    view! {
        <h1>{t::set_up_title(l)}</h1>
        <p class="lead">{t::set_up_lead(l)}</p>
        <Form action=action name="session/set-up" submit=t::set_up(l) busy=t::setting_up(l)>
            <TextInput
                name="token"
                label=t::token(l)
                kind="password"
                hint=t::token_hint(l)
                required=true
                autofocus=true
                mono=true
            />
            <TextInput
                name="name"
                label=t::user_name(l)
                hint=t::user_name_hint(l)
                required=true
                autocomplete="username"
                check=|text: &str| field::user_name(text).err()
            />
            <TextInput
                name="password"
                label=t::password(l)
                kind="password"
                hint=t::password_hint(l)
                required=true
                autocomplete="new-password"
                check=|text: &str| field::password(text).err()
            />
            <TextInput name="repeat" label=t::repeat(l) kind="password" required=true autocomplete="new-password" />
        </Form>
    }
    .into_any()
}
