//! Create and edit a sub-account.

use super::{access::Access, way};
use crate::{
    api::{self, sub_accounts::SubAccountForm},
    erased::view,
    frame::{console, locale},
    i18n::{Locale, forms, names, provider, sub_accounts as t},
    pages::path_id,
    ui::{
        Alert, CheckboxGroup, Choice, Form, LinkButton, Loaded, Look, PageHeader, Sending, Sign, TextInput, Tone,
        UnsavedGuard, page_data,
    },
};
use domain::{
    AccountId,
    account::{Action, SubAccountView},
    field,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The page Create Sub-account.
#[component]
pub fn CreateSubAccountPage() -> impl IntoView {
    let action = Sending::to::<api::sub_accounts::Create>();
    let data = page_data(|| api::sub_accounts::Form { account: None });
    view! {
        <Loaded data=data let:form>
            <Create action=action form=form />
        </Loaded>
    }
}

#[component]
fn Create(action: Sending, form: SubAccountForm) -> impl IntoView {
    let l = locale();
    view! {
        <PageHeader title=t::create(l) path=way(l, t::create(l)) lead=t::lead(l) />
        <div class="panel panel-form">
            <Form
                action=action
                name="sub-accounts/create"
                submit=forms::create(l)
                busy=forms::creating(l)
                cancel="/sub-accounts"
            >
                {fields(l, form)}
            </Form>
        </div>
    }
    .into_any()
}

/// The page Edit sub-account.
#[component]
pub fn EditSubAccountPage() -> impl IntoView {
    let id = path_id("account", AccountId(0));
    let action = Sending::to::<api::sub_accounts::Change>();
    let data = page_data(move || api::sub_accounts::Form {
        account: Some(id.get()),
    });
    view! {
        <Loaded data=data let:form>
            <Edit action=action form=form />
        </Loaded>
    }
}

#[component]
fn Edit(action: Sending, form: SubAccountForm) -> impl IntoView {
    let l = locale();
    let (id, name) = form.account.as_ref().map_or((0, String::new()), |account| {
        (account.id.0, account.sign_in_name.clone())
    });
    view! {
        <PageHeader title=t::edit_title(l) about=name.clone() path=way(l, name)>
            <LinkButton href=format!("/sub-accounts/{id}/sign-in") look=Look::Quiet sign=Sign::Lock>
                {t::sign_in(l)}
            </LinkButton>
            <LinkButton href=format!("/sub-accounts/{id}/delete") look=Look::Quiet sign=Sign::Bin>
                {t::delete_title(l)}
            </LinkButton>
        </PageHeader>
        <div class="panel panel-form">
            <Form
                action=action
                name="sub-accounts/change"
                submit=forms::save(l)
                busy=forms::saving(l)
                cancel="/sub-accounts"
            >
                <input type="hidden" name="account" value=id.to_string() />
                {fields(l, form)}
            </Form>
        </div>
    }
    .into_any()
}

fn fields(l: Locale, form: SubAccountForm) -> AnyView {
    let SubAccountForm {
        account,
        applications,
        tenant,
    } = form;
    let is_new = account.is_none();
    let by_provider = account.as_ref().is_some_and(|account| account.by_provider);
    let root = console()
        .identity
        .with_untracked(|who| who.as_ref().map(|who| who.tenant_name.clone()));
    let root = root.unwrap_or_default();
    let (name, grants) = account
        .map(|account: SubAccountView| (account.name, account.grants))
        .unwrap_or_default();
    let password_hint = if is_new {
        t::password_hint(l)
    } else {
        t::password_keep(l)
    };
    let password = if by_provider {
        view! { <Alert tone=Tone::Info title=provider::of_account(l)><p>{provider::of_account_lead(l)}</p></Alert> }
    } else {
        view! {
            <TextInput
                name="password"
                label=t::password(l)
                kind="password"
                hint=password_hint
                autocomplete="new-password"
                check=|text: &str| field::password(text).err()
            />
        }
    };
    let on_tenant = grants.tenant().iter().map(|action| action.name().to_owned()).collect();
    view! {
        <UnsavedGuard />
        <TextInput
            name="name"
            label=t::name(l)
            value=name
            hint=t::name_hint(l, &root)
            required=true
            autofocus=true
            check=|text: &str| field::user_name(text).err()
        />
        {password}
        <Access applications=applications grants=grants />
        <CheckboxGroup
            name="tenant"
            label=t::tenant(l)
            hint=t::tenant_hint(l)
            choices=Action::ON_TENANT.map(|action| tenant_choice(l, action, &tenant)).to_vec()
            values=on_tenant
        />
    }
}

/// A right on the whole account, which only those can give who have it.
fn tenant_choice(l: Locale, action: Action, own: &BTreeSet<Action>) -> Choice {
    let note = match action {
        Action::ManageProducts => Some(t::tenant_note_products(l)),
        Action::ManageAuthorisation => Some(t::tenant_note_authorisation(l)),
        Action::ManageImApplications => Some(t::tenant_note_im(l)),
        Action::ManageSubAccounts => Some(t::tenant_note_accounts(l)),
        Action::ViewAudit => Some(t::tenant_note_audit(l)),
        _ => None,
    };
    Choice {
        note: note.map(Into::into),
        unavailable: (!own.contains(&action)).then(|| t::not_yours(l).into()),
        ..Choice::new(action.name(), names::action(l, action))
    }
}
