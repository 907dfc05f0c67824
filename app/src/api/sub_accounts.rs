//! Sub-accounts.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AccountId, ApplicationId, Secret,
    account::SubAccountView,
    product::{ApplicationView, Platform},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{refuse, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::account::{AccessLevel, Action, SubAccountDraft},
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
}

impl From<ApplicationView> for Shareable {
    fn from(view: ApplicationView) -> Self {
        Self {
            id: view.id,
            product_name: view.product_name,
            name: view.name,
            platform: view.platform,
        }
    }
}

/// What the form starts with; without an account it makes a new one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct SubAccountForm {
    /// The sub-account as it is.
    pub account: Option<SubAccountView>,
    /// Every application of the account.
    pub applications: Vec<Shareable>,
}

/// What is typed into both forms: the access stands as `access[a{id}]=view`. The letter keeps ids from being read as
/// positions.
pub type Access = BTreeMap<String, String>;

/// The name of the field for one application.
pub fn access_field(application: ApplicationId) -> String {
    format!("access[a{application}]")
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
    })
}

/// Creates one.
#[server(prefix = "/ui", endpoint = "sub-accounts/create")]
pub async fn create(
    name: String,
    password: Secret,
    #[server(default)] access: Access,
    #[server(default)] manage_authorisation: String,
) -> Result<Outcome, UiError> {
    let typed = typed_into(&name, &access, &manage_authorisation);
    let draft = draft(&name, password, &access, &manage_authorisation);
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.sub_accounts.create(&actor, draft).await
    };
    match work.await {
        Ok(_) => Ok(done("/sub-accounts", Done::SubAccountCreated, name.trim()).await),
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
    #[server(default)] manage_authorisation: String,
) -> Result<Outcome, UiError> {
    let typed = typed_into(&name, &access, &manage_authorisation);
    let draft = draft(&name, password, &access, &manage_authorisation);
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.sub_accounts.change(&actor, account, draft).await
    };
    match work.await {
        Ok(()) => Ok(done("/sub-accounts", Done::SubAccountChanged, name.trim()).await),
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
        Ok(view.name)
    };
    match work.await {
        Ok(name) => Ok(done("/sub-accounts", Done::SubAccountDeleted, &name).await),
        Err(problem) => Err(refuse("sub-accounts/delete", Typed::default(), problem).await),
    }
}

#[cfg(feature = "ssr")]
fn draft(name: &str, password: Secret, access: &Access, manage_authorisation: &str) -> SubAccountDraft {
    let granted = access.iter().filter_map(|(key, level)| {
        let application = key.strip_prefix('a')?.parse().ok()?;
        let level = match level.as_str() {
            "view" => AccessLevel::View,
            "configure" => AccessLevel::Configure,
            _ => return None,
        };
        Some((application, level))
    });
    SubAccountDraft {
        name: name.to_owned(),
        password,
        applications: granted.collect(),
        manage_authorisation: manage_authorisation == "on",
    }
}

#[cfg(feature = "ssr")]
fn typed_into(name: &str, access: &Access, manage_authorisation: &str) -> Typed {
    let mut typed = Typed::from_pairs([("name", name), ("manage_authorisation", manage_authorisation)]);
    for (key, level) in access {
        typed.add_all(&format!("access[{key}]"), std::slice::from_ref(level));
    }
    typed
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_access_to_each_application_is_read_from_the_form() {
        let body = "name=dev&password=p&access%5Ba7%5D=view&access[a8]=configure&access[a9]=none";
        let args: Create = serde_qs::Config::new(5, false).deserialize_str(body).expect("a form");
        let draft = draft(&args.name, args.password, &args.access, &args.manage_authorisation);
        let expected = [
            (ApplicationId(7), AccessLevel::View),
            (ApplicationId(8), AccessLevel::Configure),
        ];
        assert_eq!(draft.applications, expected);
        assert!(!draft.manage_authorisation);
        assert_eq!(access_field(ApplicationId(7)), "access[a7]");
    }
}
