//! Push Plan: list, create, edit, delete, Details with the sending history, and one message.

mod delete;
mod details;
mod form;
mod history;
mod list;
mod message;
#[cfg(feature = "ssr")]
mod send;
mod timeline;

#[cfg(feature = "ssr")]
pub use details::state_badge;

use crate::{
    erased::{address, view},
    i18n::{Locale, plans as t},
    paths::Section,
    ui::{Breadcrumb, ProblemView},
};
use domain::{
    Problem,
    account::Action,
    plan::{PlanSource, PlanView},
    product::ApplicationView,
};
use leptos::prelude::*;
super::served::pages! { send::SendPage }
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

/// The routes of this area.
#[component(transparent)]
pub fn PlanRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("applications/:application/plans") view=list::PlansPage />
        <Route path=address!("applications/:application/plans/new") view=form::CreatePlanPage />
        <Route path=address!("applications/:application/plans/:plan") view=details::DetailsPage />
        <Route path=address!("applications/:application/plans/:plan/edit") view=form::EditPlanPage />
        <Route path=address!("applications/:application/plans/:plan/delete") view=delete::DeletePlanPage />
        <Route path=address!("applications/:application/plans/:plan/send") view=SendPage />
        <Route path=address!("applications/:application/plans/:plan/messages/:message") view=message::MessagePage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The name as the reader knows it: the plan "IM message" has one in both languages.
pub(crate) fn plan_name(l: Locale, plan: &PlanView) -> String {
    match plan.source {
        PlanSource::Im => t::im_message(l).into(),
        PlanSource::Console | PlanSource::Api => plan.name.clone(),
    }
}

/// The way to a page below the plans of an application.
fn way(l: Locale, application: &ApplicationView, below: Vec<Breadcrumb>) -> Vec<Breadcrumb> {
    let mut way = vec![
        Breadcrumb::link(crate::i18n::products::title(l), "/products"),
        Breadcrumb::link(application.name.clone(), Section::Information.of(application.access_id)),
    ];
    if below.is_empty() {
        way.push(Breadcrumb::here(t::title(l)));
    } else {
        way.push(Breadcrumb::link(t::title(l), Section::Plans.of(application.access_id)));
        way.extend(below);
    }
    way
}

/// What stands in place of a form for a reader who may not manage the application's plans.
fn refusal(application: &ApplicationView) -> Option<AnyView> {
    let identity = crate::frame::console().identity.get_untracked();
    let problem = Problem::Forbidden {
        missing: Action::ManagePlans,
        ask: identity.map(|identity| identity.tenant_name).unwrap_or_default(),
    };
    (!application.may(Action::ManagePlans)).then(|| view! { <ProblemView problem=problem /> }.into_any())
}
