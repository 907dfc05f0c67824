//! What an IM authorisation means, told once: a section of the page, and with script a dialog over it.

use crate::{
    erased::{effect, view},
    frame::locale,
    i18n::authorisation as t,
    ui::{Dialog, Form, Icon, Sending, Sign},
};
use domain::ProductId;
use leptos::prelude::*;

const DIALOG: &str = "introduction";

/// The introduction. The dialog opens once the page is alive; until then, and when it was closed without OK, the
/// section shows the same.
#[component]
pub fn Introduction(product: ProductId, action: Sending) -> impl IntoView {
    let l = locale();
    let open = RwSignal::new(false);
    effect(move || open.set(true));
    view! {
        <Show when=move || !open.get()>
            <section class="panel" aria-labelledby="introduction-heading">
                <h2 id="introduction-heading">{t::introduction_title(l)}</h2>
                <Text product=product action=action />
            </section>
        </Show>
        <Dialog id=DIALOG title=t::introduction_title(l) open=open>
            <Text product=product action=action />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Text(product: ProductId, action: Sending) -> impl IntoView {
    let l = locale();
    let points = [
        (Sign::Send, t::introduction_what(l)),
        (Sign::Check, t::introduction_effects(l)),
        (Sign::Link, t::introduction_rules(l)),
    ];
    let points: Vec<_> = points
        .into_iter()
        .map(|(sign, text)| view! { <li><Icon sign=sign /><span>{text}</span></li> })
        .collect();
    view! {
        <ul class="points">{points}</ul>
        <Form action=action name="authorisations/acknowledge" submit=t::ok(l) busy=t::ok(l) just_ok=true>
            <input type="hidden" name="product" value=product.to_string() />
        </Form>
    }
}
