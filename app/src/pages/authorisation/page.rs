//! The page: which of the two modes is shown, and why the IM mode is not offered where it is not.

use super::{im_mode::ImMode, im_mode_of, introduction::Introduction, tpns_mode::TpnsMode, way};
use crate::{
    api::{self, authorisations::ProductAuthorisation},
    erased::view,
    frame::console,
    i18n::{authorisation as t, names},
    pages::path_id,
    paths::use_query,
    ui::{Alert, Loaded, PageHeader, Sending, Tone, page_data},
};
use domain::{
    ProductId,
    account::Action,
    authorisation::{AuthorisationRow, ImMode as Offer},
};
use leptos::prelude::*;

/// The two modes of the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    Tpns,
    Im,
}

/// The page.
#[component]
pub fn AuthorisationPage() -> impl IntoView {
    let id = path_id("product", ProductId(0));
    let data = page_data(move || api::authorisations::Page { product: id.get() });
    let acknowledge = Sending::to::<api::authorisations::Acknowledge>();
    let query = use_query();
    let mode = Memo::new(move |_| match query.with(|query| query.text("mode")).as_str() {
        "im" => Mode::Im,
        _ => Mode::Tpns,
    });
    view! {
        <Loaded data=data let:shown>
            <Shown shown=shown mode=mode acknowledge=acknowledge />
        </Loaded>
    }
}

#[component]
fn Shown(shown: ProductAuthorisation, mode: Memo<Mode>, acknowledge: Sending) -> impl IntoView {
    let l = console().locale;
    let ProductAuthorisation { product, page } = shown;
    let id = product.id;
    let offered = page.im_mode == Offer::Offered;
    let introduced = page.introduced;
    let rows = StoredValue::new(page.applications);
    // Asking for a mode that is not offered shows the other one, and the reason.
    let mode = Memo::new(move |_| if offered { mode.get() } else { Mode::Tpns });
    let title = t::title(l);
    view! {
        <PageHeader title=title about=product.name.clone() path=way(l, &product, None) />
        <ModeSwitch product=id mode=mode offered=offered />
        {(!offered).then(|| view! { <WhyNotOffered offer=page.im_mode /> })}
        {move || match mode.get() {
            Mode::Tpns => view! { <TpnsMode product=id rows=rows.get_value() /> }.into_any(),
            Mode::Im => view! {
                {(!introduced).then(|| view! { <Introduction product=id action=acknowledge /> })}
                <ImMode product=id rows=authorised(rows) />
            }
            .into_any(),
        }}
    }
}

fn authorised(rows: StoredValue<Vec<AuthorisationRow>>) -> Vec<AuthorisationRow> {
    let mut rows = rows.get_value();
    rows.retain(|row| row.authorised.is_some());
    rows
}

/// Links, so that it works without script and each mode has an address.
#[component]
fn ModeSwitch(product: ProductId, mode: Memo<Mode>, offered: bool) -> impl IntoView {
    let l = console().locale;
    let link = move |href: String, label: &'static str, of: Mode| {
        view! {
            <a class="segment" href=href aria-current=move || (mode.get() == of).then_some("page")>{label}</a>
        }
    };
    view! {
        <nav class="segments mode-switch" aria-label=t::mode(l)>
            {link(format!("/products/{product}/authorisation"), t::mode_tpns(l), Mode::Tpns)}
            {offered.then(|| link(im_mode_of(product), t::mode_im(l), Mode::Im))}
        </nav>
        {offered.then(|| view! { <p class="hint mode-hint">{t::mode_hint(l)}</p> })}
    }
    .into_any()
}

#[component]
fn WhyNotOffered(offer: Offer) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let root = console
        .identity
        .get_untracked()
        .map(|who| who.tenant_name)
        .unwrap_or_default();
    let may_create = console.may_now(Action::ManageImApplications);
    let text = match offer {
        Offer::RightMissing { ask } => {
            let right = names::action(l, Action::ManageAuthorisation);
            view! { <p>{t::im_missing_right(l, right, &ask)}</p> }.into_any()
        }
        _ if may_create => view! {
            <p>{t::im_missing_application(l)}</p>
            <p class="form-buttons"><a class="button button-primary" href="/im-applications/new">{t::create_im(l)}</a></p>
        }
        .into_any(),
        _ => view! { <p>{t::im_missing_application_ask(l, &root)}</p> }.into_any(),
    };
    view! { <Alert tone=Tone::Info title=t::im_missing(l)>{text}</Alert> }.into_any()
}
