//! Create IM Application: a page, and the content of the dialog over the list.

use crate::{
    api::{self, im_applications::NewImForm},
    erased::view,
    frame::locale,
    i18n::{forms, im_applications as t},
    pages::products::access_point,
    ui::{Breadcrumb, Form, Guarded, Loaded, PageHeader, Select, Sending, TextInput, page_data},
};
use domain::{account::Action, field::name};
use leptos::prelude::*;

const MAX_NAME: u32 = 60;

/// The page.
#[component]
pub fn CreateImApplicationPage() -> impl IntoView {
    let l = locale();
    let way = vec![
        Breadcrumb::link(t::title(l), "/im-applications"),
        Breadcrumb::here(t::create(l)),
    ];
    view! {
        <Guarded right=Action::ManageImApplications>
            <PageHeader title=t::create(l) path=way.clone() lead=t::lead(l) />
            <div class="panel panel-form"><CreateImApplicationForm /></div>
        </Guarded>
    }
}

/// The form, on the page and in the dialog.
#[component]
pub fn CreateImApplicationForm() -> impl IntoView {
    let action = Sending::to::<api::im_applications::Create>();
    let data = page_data(|| api::im_applications::NewForm {});
    view! {
        <Loaded data=data let:form>
            <Fields action=action form=form />
        </Loaded>
    }
}

#[component]
fn Fields(action: Sending, form: NewImForm) -> impl IntoView {
    let l = locale();
    let points: Vec<_> = form.access_points.iter().map(|point| access_point(l, point)).collect();
    view! {
        <Form
            action=action
            name="im-applications/create"
            submit=forms::create(l)
            busy=forms::creating(l)
            cancel="/im-applications"
        >
            <input type="hidden" name="form_key" value=form.form_key />
            <TextInput
                name="name"
                label=t::name(l)
                hint=t::name_hint(l)
                max=MAX_NAME
                required=true
                autofocus=true
                check=|text: &str| name(text, MAX_NAME).err()
            />
            <Select
                name="access_point"
                label=t::access_point(l)
                choices=points
                placeholder=forms::choose(l)
                hint=format!("{} {}", t::access_point_hint(l), t::access_point_fixed(l))
                required=true
            />
        </Form>
    }
}
