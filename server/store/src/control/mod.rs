//! The control plane: who may do what, products and applications, IM applications, authorisations, credentials, plans.
//!
//! Every method that concerns a tenant takes the actor and touches rows of that tenant only; what the actor may do with
//! them is asked by the services. A method that changes several things does so in one transaction, and bumps the
//! version that tells other processes when routes or credentials changed.

mod accounts;
mod alarm_findings;
mod alarm_notices;
mod alarm_recipients;
mod alarms;
mod api_keys;
mod applications;
mod audit;
mod authorisations;
mod certificates;
mod channels;
pub(crate) mod entity;
mod factors;
mod identities;
mod ids;
mod im_applications;
mod links;
mod packages;
mod passkeys;
mod plans;
mod products;
mod pushes;
mod quotas;
mod receipts;
mod rotation;
mod routes;
mod rows;
mod sub_accounts;
mod synchronise;
mod time_zones;
mod troubles;
mod verifications;
mod versions;
mod webhooks;

pub use accounts::NewAccount;
pub use alarm_notices::{DueRecipient, Notice};
pub use alarms::Looked;
pub use api_keys::{ApiKeyRecord, NewApiKeyRow, NewApiSecret, api_secret_digest};
pub use applications::NewApplicationRow;
pub use audit::{Broken, ChainReport, Noted};
pub use certificates::{NewCertificate, StoredCertificate};
pub use channels::{ChannelOwner, ChannelRecord, StoredChannel};
pub use factors::StoredCodes;
pub use identities::Person;
pub use im_applications::NewImApplicationRow;
pub use passkeys::{NewPasskey, StoredPasskey};
pub use products::NewProductRow;
pub use rotation::{KeyState, KeyUse, Rotation};
pub use routes::ImRoute;
pub use time_zones::Counted;
pub use verifications::NewVerification;
pub use webhooks::LiveWebhook;

use crate::{
    Connections, Fault, Result,
    vault::{KeyFault, MasterKey, Place, Vault},
};
use audit::{seals::Seals, tally::Tally};
use domain::{
    Secret,
    product::AccessPoint,
    time::{Clock, SystemClock},
};
use entity::setting;
use sea_orm::{ActiveValue::Set, EntityTrait};
use std::{fmt, sync::Arc};

/// The control plane's database and the vault for its secrets.
#[derive(Clone)]
pub struct Control {
    connections: Connections,
    vault: Vault,
    seals: Seals,
    tally: Arc<Tally>,
    /// Dates the entries of the audit log.
    clock: Arc<dyn Clock>,
    access_points: Arc<[AccessPoint]>,
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control")
            .field("vault", &self.vault)
            .finish_non_exhaustive()
    }
}

/// A control plane that was opened.
#[derive(Debug)]
pub struct Opened {
    /// The control plane.
    pub control: Control,
    /// Whether the master key was made just now: tell the operator to back it up.
    pub made_key: bool,
}

/// Where the vault's proof of the right key is kept.
const PROOF: Place<'_> = Place {
    column: "settings.value",
    row: "vault_proof",
};

impl Control {
    /// Opens a migrated database with its master key. A key file is made only when the database has never had one.
    pub async fn open(connections: Connections, key: &MasterKey, access_points: Vec<AccessPoint>) -> Result<Opened> {
        let proof = setting::Entity::find_by_id(PROOF.row).one(&connections.write).await?;
        let (vault, made_key) = match (Vault::read(key)?, &proof, key) {
            (Some(vault), _, _) => (vault, false),
            (None, Some(_), MasterKey::File(path)) => return Err(KeyFault::Missing(path.clone()).into()),
            (None, _, _) => {
                key.make()?;
                let made = Vault::read(key)?;
                (made.ok_or_else(|| KeyFault::NotAKey { place: key.place() })?, true)
            }
        };
        prove(&connections, &vault, key, proof.map(|row| row.value)).await?;
        let control = Self {
            seals: audit::opened(&connections, &vault).await?,
            tally: Arc::default(),
            clock: Arc::new(SystemClock),
            connections,
            vault,
            access_points: access_points.into(),
        };
        Ok(Opened { control, made_key })
    }

    /// As it is, with entries of the audit log dated by another clock than the machine's.
    #[must_use]
    pub fn dated_by(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The service access points of the configuration.
    pub fn access_points(&self) -> &[AccessPoint] {
        &self.access_points
    }

    /// The access point of a stored id. One that left the configuration is shown by its id, as not served.
    fn access_point(&self, id: &str) -> AccessPoint {
        let known = self.access_points.iter().find(|point| point.id == id);
        known.cloned().unwrap_or_else(|| AccessPoint {
            id: id.to_owned(),
            name_en: id.to_owned(),
            name_zh: id.to_owned(),
            mainland: false,
            served: false,
        })
    }

    /// The database, for the session store and for health checks.
    pub fn connections(&self) -> &Connections {
        &self.connections
    }
}

/// Checks that the key is this database's, or makes it so on first use.
async fn prove(connections: &Connections, vault: &Vault, key: &MasterKey, proof: Option<String>) -> Result<()> {
    if let Some(record) = proof {
        let opened = vault.open(PROOF, &record);
        opened.map_err(|_| KeyFault::Other { place: key.place() })?;
        return Ok(());
    }
    let row = setting::ActiveModel {
        name: Set(PROOF.row.to_owned()),
        value: Set(vault.seal(PROOF, &Secret::new("homing"))?),
    };
    let inserted = setting::Entity::insert(row)
        .exec_without_returning(&connections.write)
        .await;
    match inserted.map_err(Fault::from) {
        // Another process was first; its key must be ours.
        Err(Fault::Taken(_)) => {
            let row = setting::Entity::find_by_id(PROOF.row).one(&connections.write).await?;
            let record = row.ok_or(Fault::damaged("settings.vault_proof"))?.value;
            let opened = vault.open(PROOF, &record);
            opened
                .map(drop)
                .map_err(|_| KeyFault::Other { place: key.place() }.into())
        }
        other => other.map(drop),
    }
}

#[cfg(test)]
mod tests;
