//! Unauthorise: what it stops and what stays.

use super::{im_mode_of, way};
use crate::{
    api::{self, authorisations::InForce},
    erased::view,
    frame::locale,
    i18n::{authorisation as t, names},
    pages::path_id,
    ui::{Alert, Form, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{AuthorisationId, ProductId, product::ServiceDetails};
use leptos::prelude::*;

/// The page.
#[component]
pub fn RevokePage() -> impl IntoView {
    let product = path_id("product", ProductId(0));
    let authorisation = path_id("authorisation", AuthorisationId(0));
    let action = Sending::to::<api::authorisations::Revoke>();
    let data = page_data(move || api::authorisations::Get {
        product: product.get(),
        authorisation: authorisation.get(),
    });
    view! {
        <Loaded data=data let:shown>
            <Revoke action=action shown=shown />
        </Loaded>
    }
}

#[component]
fn Revoke(action: Sending, shown: InForce) -> impl IntoView {
    let l = locale();
    let InForce {
        product,
        row,
        authorisation,
    } = shown;
    let application = format!("{} ({})", row.application_name, names::platform(row.platform));
    let im = authorisation.im_application_name;
    let service = names::service(l, ServiceDetails::NotEnabled);
    view! {
        <PageHeader title=t::revoke(l) about=row.application_name path=way(l, &product, Some(t::revoke(l))) />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::revoke_question(l, &im, &application)>
                <ul>
                    <li>{t::revoke_stops(l, &im, names::platform(row.platform))}</li>
                    <li>{t::revoke_service(l, service)}</li>
                    <li>{t::revoke_plan(l)}</li>
                    <li>{t::revoke_keeps(l)}</li>
                </ul>
                <p>{t::revoke_again(l)}</p>
            </Alert>
            <Form
                action=action
                name="authorisations/revoke"
                submit=t::revoke(l)
                busy=t::revoking(l)
                look=Look::Danger
                cancel=im_mode_of(product.id)
            >
                <input type="hidden" name="product" value=product.id.to_string() />
                <input type="hidden" name="authorisation" value=authorisation.id.to_string() />
            </Form>
        </div>
    }
    .into_any()
}
