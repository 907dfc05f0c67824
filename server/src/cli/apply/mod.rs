//! `homing apply FILE.toml`: brings what the file describes into being, as often as one likes, and prints every id and key.
//!
//! It works beside a running server on the same databases: the server notices within a second. Everything goes through
//! the services, so the rules of the console hold; only keys are read from the store, since nobody is there to type a
//! password again, and whoever may read the master key may read them anyway.

pub mod description;
mod devices;
mod made;
pub mod report;
mod secrets;

pub use description::Description;
pub use report::Report;

use crate::{
    assembly::{Purpose, Services},
    provisioning::{Files, Manner, description::Document},
    settings::Settings,
};
use anyhow::Context;
use domain::{
    Problem, SdkAppId,
    account::{Action, Actor, Grants, NewRoot, Preset, SubAccountDraft},
    field,
    product::{ApplicationView, Platform, ProductView},
    sign_in::sign_in_name,
};
use std::path::{Path, PathBuf};

/// The arguments of `homing apply`.
#[derive(clap::Args, Debug)]
pub struct Apply {
    /// What shall exist; docs/operations.md explains the format
    file: PathBuf,
}

impl Apply {
    /// Applies the file and prints the report.
    pub async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let text =
            std::fs::read_to_string(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let description: Description =
            toml::from_str(&text).with_context(|| format!("{} is not understood", self.file.display()))?;
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let services = Services::open(&settings, Purpose::Tool).await?;
        let applied = apply(&services, &description, folder).await;
        services.close().await?;
        println!("{}", serde_json::to_string_pretty(&applied?)?);
        Ok(())
    }
}

/// Applies a description; paths in it are relative to `folder`.
pub async fn apply(services: &Services, description: &Description, folder: &Path) -> anyhow::Result<Report> {
    let root = &description.root;
    let password = secrets::either(&root.password, &root.password_file, folder)?;
    let root = NewRoot {
        name: root.name.clone(),
        password,
    };
    let actor = services
        .control
        .provisioning
        .root(root)
        .await
        .map_err(|problem| explain("root", &problem))?;
    if !services.backend.accounts.identity(&actor).await?.activated {
        services.backend.accounts.activate(&actor).await?;
    }
    let run = Run {
        services,
        actor,
        folder,
    };
    let document = Document {
        products: description.products.clone(),
        im_applications: description.im_applications.clone(),
        authorisations: description.authorisations.clone(),
    };
    let manner = Manner {
        files: Files::Below(folder),
        dry_run: false,
    };
    services.ports().apply(&run.actor, &document, manner).await?;
    let mut report = Report::of(&run.actor);
    for product in &description.products {
        let at = format!("product {:?}", product.name);
        report.products.push(run.product(product).await.with_context(|| at)?);
    }
    for application in &description.im_applications {
        let at = format!("IM application {:?}", application.name);
        report
            .im_applications
            .push(run.im_application(application).await.with_context(|| at)?);
    }
    for authorisation in &description.authorisations {
        let at = format!(
            "authorisation of {:?} for {:?}",
            authorisation.product, authorisation.im_application
        );
        report
            .authorisations
            .push(run.authorisation(authorisation).await.with_context(|| at)?);
    }
    for account in &description.sub_accounts {
        let at = format!("sub-account {:?}", account.name);
        report
            .sub_accounts
            .push(run.sub_account(account).await.with_context(|| at)?);
    }
    for user in &description.users {
        run.user(user).await.with_context(|| format!("user {:?}", user.user))?;
    }
    for device in &description.devices {
        let at = format!("device of {:?}", device.user);
        report.devices.push(run.device(device).await.with_context(|| at)?);
    }
    Ok(report)
}

struct Run<'a> {
    services: &'a Services,
    actor: Actor,
    folder: &'a Path,
}

impl Run<'_> {
    async fn find_product(&self, name: &str) -> anyhow::Result<ProductView> {
        let known = self.services.ports().products(&self.actor).await?;
        let found = known
            .into_iter()
            .find(|known| field::comparable(&known.name) == field::comparable(name));
        found.with_context(|| format!("there is no product {name:?}"))
    }

    /// The application of a product's platform, by the product's name.
    async fn find_application(&self, product: &str, platform: Platform) -> anyhow::Result<ApplicationView> {
        let found = self.find_product(product).await?;
        let mut applications = found.applications.into_iter();
        applications
            .find(|application| application.platform == platform)
            .with_context(|| format!("product {product:?} has no {} application", platform.name()))
    }

    async fn sub_account(&self, wanted: &description::SubAccount) -> anyhow::Result<report::SubAccount> {
        let sub_accounts = &self.services.backend.sub_accounts;
        let mut grants = Grants::default();
        for access in &wanted.applications {
            let application = self.find_application(&access.product, access.platform).await?;
            let preset = access.preset.map(Preset::actions).unwrap_or_default();
            for action in preset.iter().chain(&access.rights).chain(&[Action::View]) {
                grants.on_application(application.id, *action);
            }
        }
        for action in &wanted.rights {
            grants.on_tenant(*action);
        }
        let draft = SubAccountDraft {
            name: wanted.name.clone(),
            password: secrets::either(&wanted.password, &wanted.password_file, self.folder)?,
            grants,
        };
        let known = sub_accounts.list(&self.actor).await?;
        let known = known
            .into_iter()
            .find(|known| known.name.eq_ignore_ascii_case(&wanted.name));
        let id = if let Some(known) = known {
            // A password in the file counts for a new account only; otherwise every run would end its sessions.
            let draft = SubAccountDraft {
                password: domain::Secret::default(),
                ..draft
            };
            let changed = sub_accounts.change(&self.actor, known.id, draft).await;
            changed.map_err(|problem| explain("sub-account", &problem))?;
            known.id
        } else {
            let created = sub_accounts.create(&self.actor, draft).await;
            created.map_err(|problem| explain("sub-account", &problem))?
        };
        Ok(report::SubAccount {
            id,
            name: wanted.name.clone(),
            sign_in_name: sign_in_name(&wanted.name, Some(&self.actor.name)),
        })
    }

    async fn find_im_application(&self, name: &str) -> anyhow::Result<SdkAppId> {
        let known = self.services.backend.im_applications.list(&self.actor).await?;
        let found = known
            .into_iter()
            .find(|known| field::comparable(&known.name) == field::comparable(name));
        Ok(found
            .with_context(|| format!("there is no IM application {name:?}"))?
            .sdk_app_id)
    }
}

/// A refusal in the words of the command line.
fn explain(what: &str, problem: &Problem) -> anyhow::Error {
    anyhow::anyhow!("{what}: {problem} ({})", problem.code())
}
