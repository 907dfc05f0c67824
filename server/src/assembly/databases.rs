//! Opening the databases of the settings and bringing their schemas up to date.

use crate::settings::Settings;
use anyhow::Context;
use domain::Secret;
use migrations::MigratorTrait;
use std::{os::unix::fs::DirBuilderExt, path::Path};
use store::Connections;

/// The control database and the data planes that this node serves, migrated.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Databases {
    pub control: Connections,
    pub planes: Vec<PlaneDatabase>,
}

/// The database of a service access point.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PlaneDatabase {
    pub id: String,
    pub connections: Connections,
}

/// Opens and migrates them all.
pub async fn open(settings: &Settings) -> anyhow::Result<Databases> {
    make_folder(&settings.data.dir)?;
    let control = connect("control", &settings.control_url()).await?;
    migrations::Control::up(&control.write, None)
        .await
        .context("the control database cannot be migrated")?;
    let mut planes = Vec::new();
    for point in settings.access_points.iter().filter(|point| settings.serves(&point.id)) {
        let connections = connect(&point.id, &settings.plane_url(point)).await?;
        let migrated = migrations::Plane::up(&connections.write, None).await;
        migrated.with_context(|| format!("the database of {} cannot be migrated", point.id))?;
        planes.push(PlaneDatabase {
            id: point.id.clone(),
            connections,
        });
    }
    Ok(Databases { control, planes })
}

impl Databases {
    /// Closes them; SQLite folds its logs into the files.
    pub async fn close(self) -> anyhow::Result<()> {
        for plane in self.planes {
            plane
                .connections
                .close()
                .await
                .with_context(|| format!("the database of {} did not close", plane.id))?;
        }
        self.control.close().await.context("the control database did not close")
    }
}

async fn connect(name: &str, url: &Secret) -> anyhow::Result<Connections> {
    Connections::open(url.reveal())
        .await
        .with_context(|| format!("the database of {name} cannot be opened"))
}

/// Others on the machine have no business in it: it holds the master key.
fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("data.dir: {} cannot be made", folder.display()))
}
