//! Create and edit a plan of one's own.

use super::{plan_name, refusal, way};
use crate::{
    api::{self, plans::OnePlan},
    erased::view,
    frame::locale,
    i18n::{forms, plans as t},
    pages::path_id,
    paths::Section,
    ui::{Alert, Breadcrumb, Form, Loaded, PageHeader, Sending, TextArea, TextInput, Tone, page_data},
};
use domain::{
    AccessId, PlanId,
    field::name,
    plan::{MAX_DESCRIPTION, MAX_NAME, PlanSource},
    product::ApplicationView,
};
use leptos::prelude::*;

/// The page Create Plan.
#[component]
pub fn CreatePlanPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let data = page_data(move || api::applications::Get { access_id: id.get() });
    view! {
        <Loaded data=data let:application>
            <Create application=application />
        </Loaded>
    }
}

#[component]
fn Create(application: ApplicationView) -> impl IntoView {
    let l = locale();
    if let Some(refusal) = refusal(&application) {
        return refusal;
    }
    let way = way(l, &application, vec![Breadcrumb::here(t::create(l))]);
    view! {
        <PageHeader title=t::create(l) about=application.name path=way />
        <div class="panel panel-form"><CreatePlanForm application=application.access_id /></div>
    }
    .into_any()
}

/// The form, on the page and in the dialog.
#[component]
pub fn CreatePlanForm(application: AccessId) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::plans::Create>();
    view! {
        <Form
            action=action
            name="plans/create"
            submit=forms::create(l)
            busy=forms::creating(l)
            cancel=Section::Plans.of(application)
        >
            <input type="hidden" name="access_id" value=application.to_string() />
            <Fields />
        </Form>
    }
}

/// The page Edit plan.
#[component]
pub fn EditPlanPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let plan = path_id("plan", PlanId(0));
    let action = Sending::to::<api::plans::Change>();
    let data = page_data(move || api::plans::Get {
        access_id: id.get(),
        plan: plan.get(),
    });
    view! {
        <Loaded data=data let:one>
            <Edit action=action one=one />
        </Loaded>
    }
}

#[component]
fn Edit(action: Sending, one: OnePlan) -> impl IntoView {
    let l = locale();
    let OnePlan { application, plan } = one;
    if let Some(refusal) = refusal(&application) {
        return refusal;
    }
    let back = Section::Plans.of(application.access_id);
    let way = way(l, &application, vec![Breadcrumb::here(t::edit_title(l))]);
    let header = view! { <PageHeader title=t::edit_title(l) about=plan_name(l, &plan) path=way /> };
    let body = if plan.source == PlanSource::Im {
        fixed(l, back)
    } else {
        view! {
            <Form action=action name="plans/change" submit=forms::save(l) busy=forms::saving(l) cancel=back>
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="plan" value=plan.id.to_string() />
                <Fields name=plan.name description=plan.description />
            </Form>
        }
        .into_any()
    };
    view! {
        {header}
        <div class="panel panel-form">{body}</div>
    }
    .into_any()
}

/// What stands in place of a form for the plan "IM message".
pub fn fixed(l: crate::i18n::Locale, back: String) -> AnyView {
    view! {
        <Alert tone=Tone::Info title=t::fixed(l)>
            <p>{t::fixed_hint(l)}</p>
        </Alert>
        <p class="form-buttons"><a class="button" href=back>{t::title(l)}</a></p>
    }
    .into_any()
}

#[component]
fn Fields(#[prop(optional, into)] name: String, #[prop(optional, into)] description: String) -> impl IntoView {
    let l = locale();
    view! {
        <TextInput
            name="name"
            label=t::name(l)
            value=name
            hint=t::name_hint(l)
            max=MAX_NAME
            required=true
            autofocus=true
            check=|text: &str| self::name(text, MAX_NAME).err()
        />
        <TextArea name="description" label=t::description(l) value=description max=MAX_DESCRIPTION />
    }
}
