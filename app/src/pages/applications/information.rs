//! Application Information: keys, what it belongs to, and the next steps.

use super::way;
use crate::{
    api,
    erased::view,
    frame::console,
    i18n::{applications as t, frame, names, products},
    pages::{
        path_id,
        products::{ApplicationStatusBadge, ServiceBadge},
    },
    paths::Section,
    ui::{
        CopyButton, Icon, KeyValue, KeyValues, LinkButton, Loaded, Look, PageHeader, Reveal, SecretField, Sign, Time,
        page_data, revealing,
    },
};
use domain::{AccessId, account::Action, product::ApplicationView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn InformationPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let data = page_data(move || api::applications::Get { access_id: id.get() });
    let reveal = revealing(move || api::applications::Reveal {
        access_id: id.get_untracked(),
    });
    view! {
        <Loaded data=data let:application>
            <Information application=application reveal=reveal />
        </Loaded>
    }
}

#[component]
fn Information(application: ApplicationView, reveal: Reveal) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let id = application.access_id;
    let may_manage = console.may_now(Action::ManageProducts);
    view! {
        <PageHeader
            title=t::title(l)
            about=application.name.clone()
            path=way(l, &application, None)
        >
            <ServiceBadge details=application.service_details />
            {may_manage.then(|| view! {
                <LinkButton href=format!("/applications/{id}/edit") sign=Sign::Pencil>{t::edit_title(l)}</LinkButton>
                <LinkButton href=format!("/applications/{id}/delete") sign=Sign::Bin look=Look::Quiet>
                    {t::delete_title(l)}
                </LinkButton>
            })}
        </PageHeader>
        <Keys application=application.clone() reveal=reveal />
        <Details application=application.clone() />
        <NextSteps application=application />
    }
}

#[component]
fn Keys(application: ApplicationView, reveal: Reveal) -> impl IntoView {
    let l = console().locale;
    let id = application.access_id;
    let hint = application.secret_key_hint.clone();
    let secret = if application.may(Action::RevealSecrets) {
        let page = format!("/applications/{id}/secret-key");
        view! { <SecretField what=t::secret_key(l) hint=hint href=page reveal=reveal /> }
    } else {
        view! {
            <code class="mono">{format!("••••••••{hint}")}</code>
            <span class="hint">{t::secret_needs(l, names::action(l, Action::RevealSecrets))}</span>
        }
    };
    view! {
        <section class="panel" aria-labelledby="keys">
            <h2 id="keys">{t::keys(l)}</h2>
            <KeyValues>
                <KeyValue name=t::access_id(l) hint=t::access_id_hint(l)>
                    <code class="mono">{id.to_string()}</code>
                    <CopyButton value=id.to_string() what=t::access_id(l) />
                </KeyValue>
                <KeyValue name=t::access_key(l) hint=t::access_key_hint(l)>
                    <code class="mono">{application.access_key.clone()}</code>
                    <CopyButton value=application.access_key.clone() what=t::access_key(l) />
                </KeyValue>
                <KeyValue name=t::secret_key(l) hint=t::secret_key_hint(l)>
                    {secret}
                </KeyValue>
            </KeyValues>
        </section>
    }
    .into_any()
}

#[component]
fn Details(application: ApplicationView) -> impl IntoView {
    let l = console().locale;
    let point = names::access_point(l, &application.access_point);
    let identifier_name = if application.platform.is_apple() {
        t::bundle_id(l)
    } else {
        t::package_name(l)
    };
    let identifier = match application.identifier.clone() {
        Some(identifier) => view! { <code class="mono">{identifier}</code> }.into_any(),
        None => view! { <span class="hint">{t::identifier_missing(l)}</span> }.into_any(),
    };
    let im = application.im_application.clone();
    view! {
        <section class="panel" aria-labelledby="details">
            <h2 id="details">{t::details(l)}</h2>
            <KeyValues>
                <KeyValue name=t::name(l)>{application.name.clone()}</KeyValue>
                <KeyValue name=t::product(l)>{application.product_name.clone()}</KeyValue>
                <KeyValue name=t::platform(l)>{names::platform(application.platform)}</KeyValue>
                <KeyValue name=identifier_name>{identifier}</KeyValue>
                <KeyValue name=t::status(l)><ApplicationStatusBadge status=application.status /></KeyValue>
                <KeyValue name=t::im_application(l)>
                    {im.unwrap_or_else(|| t::not_authorised(l).into())}
                </KeyValue>
                <KeyValue name=t::access_point(l) hint=products::access_point_fixed(l)>{point}</KeyValue>
                <KeyValue name=t::created(l)><Time at=application.created_at /></KeyValue>
            </KeyValues>
        </section>
    }
    .into_any()
}

#[component]
fn NextSteps(application: ApplicationView) -> impl IntoView {
    let l = console().locale;
    let id = application.access_id;
    let product = application.product;
    let configure = if application.platform.is_apple() {
        t::step_certificate(l)
    } else {
        t::step_identifier(l)
    };
    view! {
        <section class="panel" aria-labelledby="next">
            <h2 id="next">{t::next_steps(l)}</h2>
            <ul class="steps">
                {step(frame::authorisation(l), t::step_authorise(l), format!("/products/{product}/authorisation"))}
                {step(frame::basic_config(l), configure, Section::BasicConfig.of(id))}
                {step(frame::push_plan(l), t::step_plan(l), Section::Plans.of(id))}
            </ul>
        </section>
    }
    .into_any()
}

fn step(title: &'static str, text: &'static str, href: String) -> impl IntoView {
    view! {
        <li>
            <a class="step" href=href>
                <span><strong>{title}</strong><span class="hint">{text}</span></span>
                <Icon sign=Sign::Right />
            </a>
        </li>
    }
}
