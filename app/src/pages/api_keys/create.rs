//! Create API key.

use super::{list::scope_name, way};
use crate::{
    api::{self, api_keys::NewKeyForm},
    erased::view,
    frame::locale,
    i18n::{Locale, api_keys as t, forms},
    ui::{CheckboxGroup, Choice, Form, Guarded, Loaded, PageHeader, Select, Sending, TextInput, page_data},
};
use domain::{account::Action, api_key::Scope, field::name};
use leptos::prelude::*;

const MAX_NAME: u32 = 60;
/// Lives to choose from, in days.
const DAYS: [u32; 4] = [30, 90, 365, 730];
/// The one chosen at first.
const USUAL_DAYS: u32 = 90;

/// The page.
#[component]
pub fn CreateApiKeyPage() -> impl IntoView {
    let l = locale();
    let data = page_data(|| api::api_keys::NewForm {});
    view! {
        <Guarded right=Action::ManageImApplications>
            <PageHeader title=t::create(l) path=way(l, t::create(l)) lead=t::lead(l) />
            <div class="panel panel-form">
                <Loaded data=data let:form>
                    <Fields form=form />
                </Loaded>
            </div>
        </Guarded>
    }
}

#[component]
fn Fields(form: NewKeyForm) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::api_keys::Create>();
    let applications = form.im_applications.into_iter();
    let applications: Vec<Choice> = applications
        .map(|application| Choice::new(application.sdk_app_id.to_string(), application.name))
        .collect();
    let days: Vec<Choice> = DAYS
        .iter()
        .map(|days| Choice::new(days.to_string(), t::days_choice(l, *days)))
        .collect();
    view! {
        <Form action=action name="api-keys/create" submit=forms::create(l) busy=forms::creating(l) cancel="/api-keys">
            <input type="hidden" name="form_key" value=form.form_key />
            <TextInput
                name="name"
                label=t::column_name(l)
                hint=t::name_hint(l)
                max=MAX_NAME
                required=true
                autofocus=true
                check=|text: &str| name(text, MAX_NAME).err()
            />
            <CheckboxGroup name="scopes" label=t::scopes(l) choices=scopes(l) hint=t::provision_hint(l) required=true />
            <Select
                name="im_application"
                label=t::column_im_application(l)
                choices=applications
                placeholder=t::all_im_applications(l)
                hint=t::im_application_hint(l)
            />
            <Select name="days" label=t::days(l) choices=days value=USUAL_DAYS.to_string() required=true />
        </Form>
    }
}

fn scopes(l: Locale) -> Vec<Choice> {
    let commands = |scope: Scope| match scope {
        Scope::SendMessages => "sendmsg, batchsendmsg",
        Scope::ManageUsers => "account_import, query_online_status",
        Scope::Provision => "/provisioning/v1",
    };
    let choice = |scope: &Scope| {
        Choice::new(
            scope.name(),
            format!("{} ({})", scope_name(l, *scope), commands(*scope)),
        )
    };
    // Who makes a key hands out no more than the own rights.
    let identity = crate::frame::console().identity.get_untracked();
    let root = identity.is_some_and(|identity| identity.root);
    let offered = Scope::ALL.iter().filter(|scope| root || scope.rights().is_empty());
    offered.map(choice).collect()
}
