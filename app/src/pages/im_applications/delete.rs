//! Delete IM application: what stands in the way, what is lost, and typing the name.

use super::{authorised_name, way};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, forms, im_applications as t},
    pages::path_id,
    ui::{Alert, Form, Loaded, Look, PageHeader, Sending, Tone, TypeToConfirm, page_data},
};
use domain::{SdkAppId, im::ImApplicationView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeleteImApplicationPage() -> impl IntoView {
    let id = path_id("sdk_app_id", SdkAppId(0));
    let action = Sending::to::<api::im_applications::Delete>();
    let data = page_data(move || api::im_applications::Get { sdk_app_id: id.get() });
    view! {
        <Loaded data=data let:application>
            <Delete action=action application=application />
        </Loaded>
    }
}

#[component]
fn Delete(action: Sending, application: ImApplicationView) -> impl IntoView {
    let l = locale();
    let header = view! {
        <PageHeader
            title=t::delete_title(l)
            about=application.name.clone()
            path=way(l, &application, Some(t::delete_title(l).into()))
        />
    };
    let body = if application.enabled || !application.authorised_to.is_empty() {
        blocked(l, &application)
    } else {
        ask(l, action, &application)
    };
    view! {
        {header}
        <div class="panel panel-form">{body}</div>
    }
}

fn blocked(l: Locale, application: &ImApplicationView) -> AnyView {
    let page = format!("/im-applications/{}", application.sdk_app_id);
    let names = application.authorised_to.iter().map(authorised_name);
    let reasons: Vec<_> = names
        .map(|name| t::blocked_authorised(l, &application.name, &name))
        .collect();
    let reasons = reasons
        .into_iter()
        .chain(application.enabled.then(|| t::blocked_enabled(l).into()));
    let reasons: Vec<_> = reasons.map(|reason| view! { <li>{reason}</li> }).collect();
    let steps: Vec<_> = application
        .authorised_to
        .iter()
        .map(|to| {
            let href = format!("/products/{}/authorisation?mode=im", to.product);
            let label = t::to_authorisation(l, &to.product_name);
            view! { <a class="button button-primary" href=href>{label}</a> }
        })
        .collect();
    let enabled = application.enabled;
    let switch = format!("{page}#state");
    view! {
        <Alert tone=Tone::Warning title=t::delete_blocked(l)>
            <ul>{reasons}</ul>
        </Alert>
        <p class="form-buttons">
            {steps}
            {enabled.then(|| view! { <a class="button" href=switch>{t::to_details(l)}</a> })}
            <a class="button" href=page autofocus>{forms::cancel(l)}</a>
        </p>
    }
    .into_any()
}

fn ask(l: Locale, action: Sending, application: &ImApplicationView) -> AnyView {
    let id = application.sdk_app_id;
    let name = application.name.clone();
    view! {
        <Alert tone=Tone::Warning title=t::delete_question(l, &application.name)>
            <ul>
                <li>{t::delete_loses_key(l, &id.to_string())}</li>
                <li>{t::delete_loses_users(l)}</li>
            </ul>
            <p>{forms::cannot_be_undone(l)}</p>
        </Alert>
        <Form
            action=action
            name="im-applications/delete"
            submit=t::delete_title(l)
            busy=forms::deleting(l)
            look=Look::Danger
            cancel=format!("/im-applications/{id}")
        >
            <input type="hidden" name="sdk_app_id" value=id.to_string() />
            <TypeToConfirm name=name />
        </Form>
    }
    .into_any()
}
