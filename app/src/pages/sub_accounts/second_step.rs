//! Demanding a second step of all sub-accounts, and who has one.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, passkeys as t, sub_accounts},
    ui::{DataTable, Form, Loaded, Look, PageHeader, Sending, StatusBadge, Tone, page_data},
};
use domain::{
    account::SubAccountView,
    sign_in::{SecondStepOf, SecondSteps},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DemandPage() -> impl IntoView {
    let data = page_data(|| api::passkeys::SecondStepsRead {});
    view! {
        <Loaded data=data let:steps>
            <Demand steps=steps />
        </Loaded>
    }
}

#[component]
fn Demand(steps: SecondSteps) -> impl IntoView {
    let l = locale();
    let (says, submit, look) = if steps.demanded {
        (t::demanded(l), t::stop_demanding(l), Look::Danger)
    } else {
        (t::not_demanded(l), t::demand(l), Look::Primary)
    };
    let action = Sending::to::<api::passkeys::DemandSecondStep>();
    let wanted = !steps.demanded;
    let rows: Vec<_> = steps
        .accounts
        .into_iter()
        .map(|(account, has)| row(l, &account, has))
        .collect();
    view! {
        <PageHeader title=t::demand_title(l) path=way(l, t::demand_title(l)) lead=t::demand_lead(l) />
        <section class="panel panel-form">
            <p>{says}</p>
            <Form
                action=action
                name="sub-accounts/demand-second-step"
                submit=submit
                busy=t::demanding(l)
                look=look
            >
                <input type="hidden" name="demanded" value=wanted.to_string() />
            </Form>
        </section>
        <div class="panel">
            <h2>{t::demand_table(l)}</h2>
            <DataTable id="second-steps" caption=t::demand_table(l)>
                <thead>
                    <tr>
                        <th scope="col">{sub_accounts::column_name(l)}</th>
                        <th scope="col">{t::column_step(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

fn row(l: Locale, account: &SubAccountView, has: SecondStepOf) -> AnyView {
    let codes = has.codes.then(|| t::step_codes(l).to_owned());
    let passkeys = (has.passkeys > 0).then(|| t::step_passkeys(l, has.passkeys));
    let parts: Vec<String> = codes.into_iter().chain(passkeys).collect();
    let state = if has.is_there() {
        view! { <StatusBadge tone=Tone::Good label=parts.join(", ") /> }
    } else {
        view! { <StatusBadge tone=Tone::Warning label=t::step_none(l) /> }
    };
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/sub-accounts/{}/sign-in", account.id)>{account.sign_in_name.clone()}</a>
            </th>
            <td>{state}</td>
        </tr>
    }
    .into_any()
}
