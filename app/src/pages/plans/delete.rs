//! Delete a plan of one's own: what is lost, and typing its name.

use super::{form::fixed, plan_name, refusal, way};
use crate::{
    api::{self, plans::OnePlan},
    erased::view,
    frame::locale,
    i18n::{forms, plans as t},
    pages::path_id,
    paths::Section,
    ui::{Alert, Breadcrumb, Form, Loaded, Look, PageHeader, Sending, Tone, TypeToConfirm, page_data},
};
use domain::{AccessId, PlanId, plan::PlanSource};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeletePlanPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let plan = path_id("plan", PlanId(0));
    let action = Sending::to::<api::plans::Delete>();
    let data = page_data(move || api::plans::Get {
        access_id: id.get(),
        plan: plan.get(),
    });
    view! {
        <Loaded data=data let:one>
            <Delete action=action one=one />
        </Loaded>
    }
}

#[component]
fn Delete(action: Sending, one: OnePlan) -> impl IntoView {
    let l = locale();
    let OnePlan { application, plan } = one;
    if let Some(refusal) = refusal(&application) {
        return refusal;
    }
    let back = Section::Plans.of(application.access_id);
    let way = way(l, &application, vec![Breadcrumb::here(t::delete_title(l))]);
    let header = view! { <PageHeader title=t::delete_title(l) about=plan_name(l, &plan) path=way /> };
    let body = if plan.source == PlanSource::Im {
        fixed(l, back)
    } else {
        view! {
            <Alert tone=Tone::Warning title=t::delete_question(l, &plan.name)>
                <ul><li>{t::delete_loses(l, &l.number(plan.messages))}</li></ul>
                <p>{forms::cannot_be_undone(l)}</p>
            </Alert>
            <Form
                action=action
                name="plans/delete"
                submit=t::delete_submit(l)
                busy=forms::deleting(l)
                look=Look::Danger
                cancel=back
            >
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="plan" value=plan.id.to_string() />
                <TypeToConfirm name=plan.name.clone() />
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
