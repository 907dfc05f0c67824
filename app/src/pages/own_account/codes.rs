//! Setting one-time codes up: the secret as a picture and as text, and a first code as a proof that it arrived.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::factors as t,
    ui::{Form, KeyValue, KeyValues, Loaded, PageHeader, Sending, TextInput, page_data},
};
use domain::sign_in::NewCodes;
use leptos::prelude::*;

/// The page.
#[component]
pub fn CodesPage() -> impl IntoView {
    let data = page_data(|| api::account::NewCodesRead {});
    view! {
        <Loaded data=data let:codes>
            <SetUp codes=codes />
        </Loaded>
    }
}

#[component]
fn SetUp(codes: NewCodes) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::account::EnableCodes>();
    let size = codes.picture.size;
    let field = format!("0 0 {size} {size}");
    view! {
        <PageHeader title=t::set_up_title(l) path=way(l, t::set_up_title(l)) lead=t::set_up_lead(l) />
        <div class="panel panel-form">
            <svg class="qr" viewBox=field role="img" aria-label=t::picture(l)>
                <rect width=size.to_string() height=size.to_string() fill="#fff" />
                <path d=codes.picture.path.reveal().to_owned() fill="#000" />
            </svg>
            <KeyValues>
                <KeyValue name=t::secret(l) hint=t::secret_hint(l)>
                    <code class="mono">{in_fours(codes.secret.reveal())}</code>
                </KeyValue>
            </KeyValues>
            <Form action=action name="account/enable-codes" submit=t::turn_on(l) busy=t::turning_on(l) cancel="/account">
                <TextInput
                    name="code"
                    label=t::code(l)
                    hint=t::code_hint(l)
                    required=true
                    mono=true
                    autofocus=true
                    autocomplete="one-time-code"
                />
            </Form>
        </div>
    }
}

fn in_fours(secret: &str) -> String {
    let symbols: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = symbols.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
