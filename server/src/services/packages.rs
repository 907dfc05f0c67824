//! The package names of an application beside its own (docs/decisions/0005-package-names.md).

use super::{directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, PackageId, Problem, Result,
    account::{Action, Actor},
    basic_config::{MAX_DEVICES_COUNTED, PackageUse},
    field,
    ports::Packages,
    problem::What,
    product::{ApplicationView, Platform},
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// Package names over the control plane; the data planes know the devices.
pub struct PackageService {
    control: Control,
    directory: Arc<Directory>,
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for PackageService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PackageService")
    }
}

impl PackageService {
    /// Package names of this control plane; the directory hears of changes at once.
    pub fn new(control: Control, directory: Arc<Directory>, planes: Arc<Planes>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            planes,
            clock,
        }
    }

    /// The Android application, if the actor may configure it; the others have one Bundle ID.
    async fn configured(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        actor.require_on(Action::Configure, application.id)?;
        if application.platform == Platform::Android {
            Ok(application)
        } else {
            Err(Problem::NotFound(What::PackageName))
        }
    }

    /// Devices that are registered under a package name; none where the application is authorised to no IM application,
    /// or where another node serves it.
    async fn devices(&self, application: &ApplicationView, name: &str) -> Result<u32> {
        let entry = self.directory.of_application(application.id);
        let plane = self.planes.get(&application.access_point.id);
        let (Some(entry), Ok(plane)) = (entry, plane) else {
            return Ok(0);
        };
        let sdk_app_id = entry.route.sdk_app_id;
        let counted = plane.devices_of_package(sdk_app_id, name, MAX_DEVICES_COUNTED).await;
        counted.map_err(refuse)
    }
}

#[async_trait]
impl Packages for PackageService {
    async fn add(&self, actor: &Actor, access_id: AccessId, name: &str) -> Result<PackageId> {
        self.configured(actor, access_id).await?;
        let name = field::package_name(name).map_err(|fault| Problem::field("package", fault))?;
        let made = self
            .control
            .add_package(actor, access_id, &name, self.clock.now())
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(made)
    }

    async fn get(&self, actor: &Actor, access_id: AccessId, package: PackageId) -> Result<PackageUse> {
        let application = self.configured(actor, access_id).await?;
        let packages = self.control.packages(actor, access_id).await.map_err(refuse)?;
        let found = packages.into_iter().find(|(id, _)| *id == package);
        let (id, name) = found.ok_or(Problem::NotFound(What::PackageName))?;
        let cards = self.control.channels(actor, access_id).await.map_err(refuse)?;
        let its = cards
            .into_iter()
            .filter(|(whose, card)| *whose == id && card.configured);
        Ok(PackageUse {
            devices: self.devices(&application, &name).await?,
            channels: its.map(|(_, card)| card.channel).collect(),
            application,
            id,
            name,
        })
    }

    async fn remove(&self, actor: &Actor, access_id: AccessId, package: PackageId) -> Result<()> {
        let application = self.configured(actor, access_id).await?;
        actor.require_confirmed()?;
        self.control
            .remove_package(actor, access_id, package)
            .await
            .map_err(refuse)?;
        // From here on nothing more is accepted for it.
        self.directory.refresh().await;
        if let Ok(plane) = self.planes.get(&application.access_point.id) {
            let ended = plane.end_package(application.id, package).await.map_err(refuse)?;
            tracing::info!(application = %application.id, %package, ended, "a package name was removed");
        }
        Ok(())
    }
}
