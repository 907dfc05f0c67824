//! Delete application: what is lost, what stands in the way, and typing the name.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, applications as t, forms, products},
    pages::path_id,
    ui::{Alert, Form, Guarded, Loaded, Look, PageHeader, Sending, Tone, TypeToConfirm, page_data},
};
use domain::{AccessId, account::Action, product::ApplicationView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeleteApplicationPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let action = Sending::to::<api::applications::Delete>();
    let data = page_data(move || api::applications::Get { access_id: id.get() });
    view! {
        <Guarded right=Action::ManageProducts>
            <Loaded data=data let:application>
                <Delete action=action application=application />
            </Loaded>
        </Guarded>
    }
}

#[component]
fn Delete(action: Sending, application: ApplicationView) -> impl IntoView {
    let l = locale();
    let header = view! {
        <PageHeader
            title=t::delete_title(l)
            about=application.name.clone()
            path=way(l, &application, Some(t::delete_title(l)))
        />
    };
    let body = match application.im_application.clone() {
        Some(im) => blocked(l, &application, &im),
        None => ask(l, action, &application),
    };
    view! {
        {header}
        <div class="panel panel-form">{body}</div>
    }
}

fn blocked(l: Locale, application: &ApplicationView, im: &str) -> AnyView {
    let why = products::delete_blocked_by(l, &application.name, im);
    view! {
        <Alert tone=Tone::Warning title=t::delete_blocked(l)>
            <p>{why}</p>
        </Alert>
        <p class="form-buttons">
            <a class="button button-primary" href=format!("/products/{}/authorisation", application.product)>
                {products::to_authorisation(l)}
            </a>
            <a class="button" href=format!("/applications/{}", application.access_id) autofocus>{forms::cancel(l)}</a>
        </p>
    }
    .into_any()
}

fn ask(l: Locale, action: Sending, application: &ApplicationView) -> AnyView {
    let id = application.access_id;
    let name = application.name.clone();
    view! {
        <Alert tone=Tone::Warning title=t::delete_question(l, &name)>
            <ul>
                <li>{t::delete_loses_keys(l, &id.to_string())}</li>
                <li>{products::delete_loses_config(l)}</li>
                <li>{products::delete_loses_history(l)}</li>
            </ul>
            <p>{forms::cannot_be_undone(l)}</p>
        </Alert>
        <Form
            action=action
            name="applications/delete"
            submit=t::delete_submit(l)
            busy=forms::deleting(l)
            look=Look::Danger
            cancel=format!("/applications/{id}")
        >
            <input type="hidden" name="access_id" value=id.to_string() />
            <TypeToConfirm name=name />
        </Form>
    }
    .into_any()
}
