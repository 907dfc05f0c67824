//! Sub-accounts.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AccountId, ApplicationId, Secret,
    account::{Action, SubAccountView},
    product::{ApplicationView, Platform},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[cfg(feature = "ssr")]
use {
    super::{done, done_anew},
    crate::{
        backend::{refuse, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::{
        account::{Grants, Preset, SubAccountDraft},
        sign_in::sign_in_name,
    },
};

/// An application that can be shared.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Shareable {
    /// The application.
    pub id: ApplicationId,
    /// The name of its product.
    pub product_name: String,
    /// Its own name.
    pub name: String,
    /// Its platform.
    pub platform: Platform,
    /// What the giver may do with it, and so may grant.
    pub rights: BTreeSet<Action>,
}

impl From<ApplicationView> for Shareable {
    fn from(view: ApplicationView) -> Self {
        Self {
            id: view.id,
            product_name: view.product_name,
            name: view.name,
            platform: view.platform,
            rights: view.rights,
        }
    }
}

/// What the form starts with; without an account it makes a new one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct SubAccountForm {
    /// The sub-account as it is.
    pub account: Option<SubAccountView>,
    /// Every application that the giver sees.
    pub applications: Vec<Shareable>,
    /// What the giver may do on the account as a whole, and so may grant.
    pub tenant: BTreeSet<Action>,
}

/// What is typed into both forms: the preset stands as `access[a{id}][preset]=operator`, single rights as
/// `access[a{id}][configure]=on`. The letter keeps ids from being read as positions.
pub type Access = BTreeMap<String, BTreeMap<String, String>>;

/// The preset that stands for rights ticked one by one.
pub const CUSTOM: &str = "custom";

/// The name of the field for an application's preset.
pub fn preset_field(application: ApplicationId) -> String {
    format!("access[a{application}][preset]")
}

/// The name of the field for a right on an application.
pub fn right_field(application: ApplicationId, action: Action) -> String {
    format!("access[a{application}][{}]", action.name())
}

/// All of the account.
#[server(prefix = "/ui", endpoint = "sub-accounts/list", input = GetUrl)]
pub async fn list() -> Result<Vec<SubAccountView>, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.sub_accounts.list(&actor).await.map_err(refuse_read)
}

/// One of them.
#[server(prefix = "/ui", endpoint = "sub-accounts/get", input = GetUrl)]
pub async fn get(account: AccountId) -> Result<SubAccountView, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.sub_accounts.get(&actor, account).await.map_err(refuse_read)
}

/// What the form starts with.
#[server(prefix = "/ui", endpoint = "sub-accounts/form", input = GetUrl)]
pub async fn form(account: Option<AccountId>) -> Result<SubAccountForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    actor.require(Action::ManageSubAccounts).map_err(refuse_read)?;
    let account = match account {
        Some(account) => Some(backend.sub_accounts.get(&actor, account).await.map_err(refuse_read)?),
        None => None,
    };
    let applications = backend.applications.list(&actor).await.map_err(refuse_read)?;
    Ok(SubAccountForm {
        account,
        applications: applications.into_iter().map(Shareable::from).collect(),
        tenant: Action::ON_TENANT
            .into_iter()
            .filter(|action| actor.may(*action))
            .collect(),
    })
}

/// Creates one.
#[server(prefix = "/ui", endpoint = "sub-accounts/create")]
pub async fn create(
    name: String,
    #[server(default)] password: Secret,
    #[server(default)] access: Access,
    #[server(default)] tenant: Vec<String>,
) -> Result<Outcome, UiError> {
    let typed = typed_into(&name, &access, &tenant);
    let invites = password.is_empty();
    let draft = draft(&name, password, &access, &tenant);
    let work = async {
        let (backend, actor) = signed_in()?;
        let account = backend.sub_accounts.create(&actor, draft).await?;
        Ok((account, sign_in_name(name.trim(), Some(&actor.tenant_name))))
    };
    match work.await {
        Ok((account, name)) if invites => {
            let page = super::links::page_of(account);
            Ok(done_anew(page, Some((Done::SubAccountCreated, &name))).await)
        }
        Ok((_, name)) => Ok(done("/sub-accounts", Done::SubAccountCreated, &name).await),
        Err(problem) => Err(refuse("sub-accounts/create", typed, problem).await),
    }
}

/// Changes one; an empty password keeps the present one.
#[server(prefix = "/ui", endpoint = "sub-accounts/change")]
pub async fn change(
    account: AccountId,
    name: String,
    #[server(default)] password: Secret,
    #[server(default)] access: Access,
    #[server(default)] tenant: Vec<String>,
) -> Result<Outcome, UiError> {
    let typed = typed_into(&name, &access, &tenant);
    let draft = draft(&name, password, &access, &tenant);
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.sub_accounts.change(&actor, account, draft).await?;
        Ok(sign_in_name(name.trim(), Some(&actor.tenant_name)))
    };
    match work.await {
        Ok(name) => Ok(done("/sub-accounts", Done::SubAccountChanged, &name).await),
        Err(problem) => Err(refuse("sub-accounts/change", typed, problem).await),
    }
}

/// Deletes one.
#[server(prefix = "/ui", endpoint = "sub-accounts/delete")]
pub async fn delete(account: AccountId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        let view = backend.sub_accounts.get(&actor, account).await?;
        backend.sub_accounts.delete(&actor, account).await?;
        Ok(view.sign_in_name)
    };
    match work.await {
        Ok(name) => Ok(done("/sub-accounts", Done::SubAccountDeleted, &name).await),
        Err(problem) => Err(refuse("sub-accounts/delete", Typed::default(), problem).await),
    }
}

#[cfg(feature = "ssr")]
fn draft(name: &str, password: Secret, access: &Access, tenant: &[String]) -> SubAccountDraft {
    let mut grants = Grants::default();
    for (key, fields) in access {
        let Some(application) = key.strip_prefix('a').and_then(|id| id.parse().ok()) else {
            continue;
        };
        let chosen = fields.get("preset").map(String::as_str).unwrap_or_default();
        let ticked = fields.keys().filter_map(|name| Action::from_name(name));
        let rights: Vec<_> = match Preset::from_name(chosen) {
            Some(preset) => preset.actions().to_vec(),
            None if chosen == CUSTOM => ticked.chain([Action::View]).collect(),
            None => Vec::new(),
        };
        for action in rights {
            grants.on_application(application, action);
        }
    }
    for action in tenant.iter().filter_map(|name| Action::from_name(name)) {
        grants.on_tenant(action);
    }
    SubAccountDraft {
        name: name.to_owned(),
        password,
        grants,
    }
}

#[cfg(feature = "ssr")]
fn typed_into(name: &str, access: &Access, tenant: &[String]) -> Typed {
    let mut typed = Typed::from_pairs([("name", name)]);
    typed.add_all("tenant", tenant);
    for (key, fields) in access {
        for (field, value) in fields {
            typed.add_all(&format!("access[{key}][{field}]"), std::slice::from_ref(value));
        }
    }
    typed
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn read(body: &str) -> Grants {
        let args: Create = serde_qs::Config::new(5, false).deserialize_str(body).expect("a form");
        draft(&args.name, args.password, &args.access, &args.tenant).grants
    }

    #[test]
    fn the_rights_on_each_application_are_read_from_the_form() {
        let grants = read(
            "name=dev&password=p&access%5Ba7%5D%5Bpreset%5D=operator&access[a7][configure]=on&access[a8][preset]=custom\
             &access[a8][configure]=on&access[a9][preset]=&access[a9][view]=on&tenant[]=manage_products&tenant[]=view",
        );
        let expected = Grants::of(
            [
                (ApplicationId(7), Preset::Operator.actions().to_vec()),
                (ApplicationId(8), vec![Action::View, Action::Configure]),
            ],
            [Action::ManageProducts],
        );
        assert_eq!(grants, expected);
    }

    #[test]
    fn nothing_ticked_is_sight_alone_and_no_choice_is_nothing() {
        let only_seen = Grants::of([(ApplicationId(8), [Action::View])], []);
        assert_eq!(read("name=dev&password=p&access[a8][preset]=custom"), only_seen);
        assert_eq!(
            read("name=dev&password=p&access[a8][preset]=nonsense"),
            Grants::default()
        );
        assert_eq!(preset_field(ApplicationId(7)), "access[a7][preset]");
        assert_eq!(right_field(ApplicationId(7), Action::View), "access[a7][view]");
    }
}
