//! What the hot paths ask about IM applications, in memory.
//!
//! A snapshot of all of them, replaced as a whole: after each change through a service of this process, and within a
//! second after a change by another one (`homing apply`, a second node), seen by the version in the control database.

use super::{key_uses::KeyUses, refusal::refuse};
use arc_swap::ArcSwap;
use domain::{AccountId, ApiKeyId, ApplicationId, Result, SdkAppId, Secret, Timestamp, decision::Route};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    sync::Arc,
    time::Duration,
};
use store::{
    Fault,
    control::{ApiKeyRecord, Control, ImRoute},
};
use tokio::{sync::Mutex, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// How often the version in the database is looked at.
const POLL: Duration = Duration::from_secs(1);

/// An IM application with everything that a call of its back end is checked against.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImEntry {
    /// Whose it is.
    pub tenant: AccountId,
    /// Where its messages go.
    pub route: Arc<Route>,
    /// The key of its `UserSig`s.
    pub key: Secret,
    /// Who may call as administrator.
    pub administrators: BTreeSet<String>,
    /// Where its users, devices and messages are stored.
    pub access_point: String,
    /// Whether it is enabled.
    pub enabled: bool,
}

impl From<ImRoute> for ImEntry {
    fn from(read: ImRoute) -> Self {
        Self {
            tenant: read.tenant,
            enabled: read.route.enabled,
            route: Arc::new(read.route),
            key: read.key,
            administrators: read.administrators,
            access_point: read.access_point,
        }
    }
}

#[derive(Default)]
struct Snapshot {
    version: i64,
    entries: HashMap<SdkAppId, Arc<ImEntry>>,
    api_keys: HashMap<ApiKeyId, Arc<ApiKeyRecord>>,
}

/// All IM applications, as of the newest version seen.
pub struct Directory {
    control: Control,
    snapshot: ArcSwap<Snapshot>,
    loading: Mutex<()>,
    uses: KeyUses,
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let snapshot = self.snapshot.load();
        write!(
            f,
            "Directory(version {}, {} entries)",
            snapshot.version,
            snapshot.entries.len()
        )
    }
}

impl Directory {
    /// Reads the first snapshot.
    pub async fn load(control: Control) -> Result<Self> {
        let directory = Self {
            control,
            snapshot: ArcSwap::default(),
            loading: Mutex::new(()),
            uses: KeyUses::default(),
        };
        directory.reload().await.map_err(refuse)?;
        Ok(directory)
    }

    /// An IM application, if it exists.
    pub fn get(&self, sdk_app_id: SdkAppId) -> Option<Arc<ImEntry>> {
        self.snapshot.load().entries.get(&sdk_app_id).cloned()
    }

    /// An API key that has a secret, if it exists.
    pub fn api_key(&self, id: ApiKeyId) -> Option<Arc<ApiKeyRecord>> {
        self.snapshot.load().api_keys.get(&id).cloned()
    }

    /// Notes that an API key was used.
    pub fn used(&self, key: ApiKeyId, at: Timestamp) {
        self.uses.note(key, at);
    }

    /// Writes when API keys were used; [`Directory::run`] does it once a minute.
    pub async fn write_uses(&self) {
        self.uses.write(&self.control).await;
    }

    /// The IM application that is authorised to an application. Looks at all of them: not for hot paths.
    pub fn of_application(&self, application: ApplicationId) -> Option<Arc<ImEntry>> {
        let snapshot = self.snapshot.load();
        let serves = |entry: &&Arc<ImEntry>| entry.route.applications.iter().any(|a| a.application == application);
        snapshot.entries.values().find(serves).cloned()
    }

    /// The version of the snapshot: it changes whenever a route or a credential may have changed.
    pub fn version(&self) -> i64 {
        self.snapshot.load().version
    }

    /// Takes over what changed. A failure is logged and made up for by the next look: what called this is done already.
    pub async fn refresh(&self) {
        if let Err(fault) = self.reload().await {
            let _ = refuse(fault);
        }
    }

    /// Looks for changes by other processes, and writes when API keys were used, until cancelled.
    pub async fn run(&self, cancel: CancellationToken) {
        tokio::join!(self.watch(&cancel), self.uses.run(&self.control, &cancel));
    }

    async fn watch(&self, cancel: &CancellationToken) {
        let mut ticks = tokio::time::interval(POLL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = ticks.tick() => self.refresh().await,
            }
        }
    }

    /// Reads everything if the version moved. The version is read first: what changes while reading has a higher one
    /// and is read again next time.
    async fn reload(&self) -> Result<(), Fault> {
        let _one_at_a_time = self.loading.lock().await;
        let version = self.control.routes_version().await?;
        if version == self.version() {
            return Ok(());
        }
        let routes = self.control.routes().await?;
        let entries = routes
            .into_iter()
            .map(|read| (read.route.sdk_app_id, Arc::new(ImEntry::from(read))));
        let api_keys = self.control.api_key_records().await?.into_iter();
        self.snapshot.store(Arc::new(Snapshot {
            version,
            entries: entries.collect(),
            api_keys: api_keys.map(|key| (key.id, Arc::new(key))).collect(),
        }));
        Ok(())
    }
}
