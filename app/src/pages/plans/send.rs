//! Send a push.

use super::{plan_name, way};
use crate::{
    api::{self, pushes::PushForm},
    erased::view,
    frame::locale,
    i18n::plans as t,
    pages::path_id,
    paths::Section,
    ui::{Alert, Breadcrumb, Form, Loaded, PageHeader, Sending, TextArea, TextInput, Tone, page_data},
};
use domain::{
    AccessId, PlanId,
    push::{MAX_EXT, MAX_TEXT, MAX_TITLE},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn SendPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let plan = path_id("plan", PlanId(0));
    let data = page_data(move || api::pushes::ReadPushForm {
        access_id: id.get(),
        plan: plan.get(),
    });
    view! {
        <Loaded data=data let:form>
            <FormToSend form=form />
        </Loaded>
    }
}

#[component]
fn FormToSend(form: PushForm) -> impl IntoView {
    let l = locale();
    let PushForm {
        application,
        plan,
        form_key,
    } = form;
    let its_plan = format!("{}/{}", Section::Plans.of(application.access_id), plan.id);
    let name = plan_name(l, &plan);
    let below = vec![
        Breadcrumb::link(name.clone(), its_plan.clone()),
        Breadcrumb::here(t::send(l)),
    ];
    let way = way(l, &application, below);
    let action = Sending::to::<api::pushes::SendPush>();
    let body = if application.im_application.is_none() {
        view! { <Alert tone=Tone::Info><p>{t::send_unauthorised(l)}</p></Alert> }.into_any()
    } else {
        view! {
            <div class="panel panel-form">
                <Form action=action name="pushes/send" submit=t::send(l) busy=t::sending(l) cancel=its_plan>
                    <input type="hidden" name="access_id" value=application.access_id.to_string() />
                    <input type="hidden" name="plan" value=plan.id.to_string() />
                    <input type="hidden" name="form_key" value=form_key />
                    <TextArea name="to" label=t::send_to(l) hint=t::send_to_hint(l) required=true />
                    <TextInput name="title" label=t::send_title(l) hint=t::send_title_hint(l) max=MAX_TITLE />
                    <TextArea name="text" label=t::send_text(l) max=MAX_TEXT required=true />
                    <TextArea name="ext" label=t::send_ext(l) hint=t::send_ext_hint(l) max=MAX_EXT mono=true />
                </Form>
            </div>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::send(l) about=name path=way lead=t::send_lead(l) />
        {body}
    }
}
