//! The plans of an application.

use super::{form::CreatePlanForm, plan_name, way};
use crate::{
    api::{self, plans::PlanList},
    erased::view,
    frame::locale,
    i18n::{Locale, frame, plans as t},
    pages::path_id,
    paths::Section,
    ui::{
        DataTable, Dialog, DialogLink, EmptyState, LinkButton, Loaded, Look, PageHeader, Sign, StatusBadge, Tone,
        page_data,
    },
};
use domain::{
    AccessId,
    account::Action,
    plan::{PlanSource, PlanView},
};
use leptos::prelude::*;

const DIALOG: &str = "create-plan";

/// The page.
#[component]
pub fn PlansPage() -> impl IntoView {
    let l = locale();
    let id = path_id("application", AccessId(0));
    let data = page_data(move || api::plans::List { access_id: id.get() });
    let open = RwSignal::new(false);
    view! {
        <Loaded data=data let:list>
            <Plans list=list open=open />
        </Loaded>
        <Dialog id=DIALOG title=t::create(l) open=open>
            <CreatePlanForm application=id.get_untracked() />
        </Dialog>
    }
}

#[component]
fn Plans(list: PlanList, open: RwSignal<bool>) -> impl IntoView {
    let l = locale();
    let PlanList { application, plans } = list;
    let may_manage = application.may(Action::ManagePlans);
    let new = format!("{}/new", Section::Plans.of(application.access_id));
    let create = may_manage.then(|| {
        view! { <DialogLink href=new open=open dialog=DIALOG look=Look::Primary sign=Sign::Plus>{t::create(l)}</DialogLink> }
    });
    let way = way(l, &application, Vec::new());
    let body = if plans.is_empty() {
        let hint = if may_manage {
            t::empty_hint(l)
        } else {
            t::empty_hint_view(l)
        };
        let authorise = format!("/products/{}/authorisation", application.product);
        view! {
            <EmptyState title=t::empty(l) hint=hint sign=Sign::Send>
                {may_manage.then(|| view! { <LinkButton href=authorise look=Look::Primary>{t::to_authorisation(l)}</LinkButton> })}
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = plans
            .into_iter()
            .map(|plan| row(l, application.access_id, plan, may_manage))
            .collect();
        view! {
            <DataTable id="plans" caption=t::table(l)>
                {head(l)}
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) about=application.name.clone() path=way lead=t::lead(l)>{create}</PageHeader>
        {body}
    }
}

fn head(l: Locale) -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">{t::column_name(l)}</th>
                <th scope="col">{t::column_source(l)}</th>
                <th scope="col" class="number">{t::column_messages(l)}</th>
                <th scope="col" class="number">{t::column_last_day(l)}</th>
                <th scope="col">{t::column_state(l)}</th>
                <th scope="col">{frame::operations(l)}</th>
            </tr>
        </thead>
    }
    .into_any()
}

fn row(l: Locale, application: AccessId, plan: PlanView, may_manage: bool) -> AnyView {
    let name = plan_name(l, &plan);
    let href = format!("{}/{}", Section::Plans.of(application), plan.id);
    let own = may_manage && plan.source != PlanSource::Im;
    let description = match plan.source {
        PlanSource::Im => t::im_description(l).to_owned(),
        PlanSource::Console | PlanSource::Api => plan.description.clone(),
    };
    let state = if plan.active {
        view! { <StatusBadge tone=Tone::Good label=t::active(l) /> }
    } else {
        view! { <StatusBadge label=t::inactive(l) /> }
    };
    view! {
        <tr>
            <th scope="row" class="wide">
                <a href=href.clone()>{name.clone()}</a>
                <p class="hint">{description}</p>
            </th>
            <td>{t::source(l, plan.source)}</td>
            <td class="number">{l.number(plan.messages)}</td>
            <td class="number">{l.number(plan.messages_last_day)}</td>
            <td>{state}</td>
            <td>
                <div class="row-actions">
                    <LinkButton href=href.clone() look=Look::Quiet says=t::details_of(l, &name)>{t::details(l)}</LinkButton>
                    {own.then(|| view! {
                        <LinkButton href=format!("{href}/edit") look=Look::Quiet sign=Sign::Pencil says=format!("{} {name}", t::edit_title(l))>
                            {crate::i18n::forms::edit(l)}
                        </LinkButton>
                        <LinkButton href=format!("{href}/delete") look=Look::Quiet sign=Sign::Bin says=format!("{} {name}", t::delete_title(l))>
                            {crate::i18n::forms::delete(l)}
                        </LinkButton>
                    })}
                </div>
            </td>
        </tr>
    }
    .into_any()
}
