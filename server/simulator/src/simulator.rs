//! The simulator as a value: started on loopback, asked and told things directly, stopped when dropped.

use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::application::Application;
use crate::authority::Authority;
use crate::control;
use crate::credentials::Credentials;
use crate::inbox::{Filter, Record, TooFew};
use crate::listener::Bound;
use crate::options::{Addresses, Nonsense, Options, StartError};
use crate::receipts;
use crate::registry::{ApnsKey, ClientCertificate, Device, ServiceAccount};
use crate::script::Rule;
use crate::settings::Settings;
use crate::stats::{IdSeen, Stats};
use crate::vendors::{Environment, Vendor, apns, desk, fcm, honor, huawei, meizu, oppo, vivo, xiaomi};
use crate::world::World;

/// What the control API and the Rust methods share.
pub(crate) struct Shared {
    pub(crate) world: Arc<World>,
    pub(crate) addresses: Addresses,
    pub(crate) ca_pem: String,
    pub(crate) credentials: Option<Credentials>,
}

/// A running simulator. Dropping it stops it.
pub struct Simulator {
    shared: Arc<Shared>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator")
            .field("addresses", &self.shared.addresses)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Starts all listeners on the current tokio runtime. When this returns, they accept connections.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let authority = Authority::create()?;
        let server = authority.server_certificate()?;
        let (outbox, tray) = receipts::Outbox::new();
        let world = Arc::new(World::new(Settings::default(), options.seed, outbox));
        world.settings.set(options.settings).map_err(StartError::Settings)?;

        let (production, sandbox) = (Bound::to(options.apns).await?, Bound::to(options.apns_sandbox).await?);
        let (google, control) = (Bound::to(options.fcm).await?, Bound::to(options.control).await?);
        let (huawei, honor) = (Bound::to(options.huawei).await?, Bound::to(options.honor).await?);
        let (xiaomi, oppo) = (Bound::to(options.xiaomi).await?, Bound::to(options.oppo).await?);
        let (vivo, meizu) = (Bound::to(options.vivo).await?, Bound::to(options.meizu).await?);
        let fcm = google.url();
        let addresses = Addresses {
            apns: production.url(),
            apns_sandbox: sandbox.url(),
            oauth_token: format!("{fcm}/token"),
            fcm,
            huawei: huawei.url(),
            huawei_token: huawei.url() + huawei::TOKEN_PATH,
            honor: honor.url(),
            honor_token: honor.url() + honor::TOKEN_PATH,
            xiaomi: xiaomi.url(),
            oppo: oppo.url(),
            vivo: vivo.url(),
            meizu: meizu.url(),
            control: format!("http://{}", control.address()),
        };
        world.fcm.set_token_uri(&addresses.oauth_token);
        let credentials = if options.credentials {
            Some(Credentials::create(
                &authority,
                &world.registry,
                &addresses.oauth_token,
            )?)
        } else {
            None
        };

        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let apns_tls = TlsAcceptor::from(apns::tls::config(&server)?);
        for (bound, environment) in [(production, Environment::Production), (sandbox, Environment::Sandbox)] {
            let (world, tls) = (Arc::clone(&world), apns_tls.clone());
            bound.serve(&tasks, &stop, move |socket, switch| {
                apns::serve(Arc::clone(&world), environment, tls.clone(), socket, switch)
            });
        }
        let (own_world, fcm_tls) = (Arc::clone(&world), TlsAcceptor::from(fcm::tls::config(&server)?));
        let google_tls = fcm_tls.clone();
        google.serve(&tasks, &stop, move |socket, switch| {
            fcm::serve(Arc::clone(&own_world), google_tls.clone(), socket, switch)
        });

        let desks = [
            (huawei, huawei::DESK),
            (honor, honor::DESK),
            (xiaomi, xiaomi::DESK),
            (oppo, oppo::DESK),
            (vivo, vivo::DESK),
            (meizu, meizu::DESK),
        ];
        for (bound, own) in desks {
            let (world, tls) = (Arc::clone(&world), fcm_tls.clone());
            bound.serve(&tasks, &stop, move |socket, switch| {
                desk::serve(Arc::clone(&world), own, tls.clone(), socket, switch)
            });
        }

        tasks.spawn(receipts::run(tray, Arc::clone(&world), tasks.clone(), stop.clone()));

        let shared = Arc::new(Shared {
            world,
            addresses,
            ca_pem: authority.pem().to_owned(),
            credentials,
        });
        control::serve(control, Arc::clone(&shared), &tasks, &stop);
        tasks.close();
        Ok(Self { shared, stop, tasks })
    }

    /// Stops and waits until every connection is closed.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }

    /// All addresses.
    pub fn addresses(&self) -> &Addresses {
        &self.shared.addresses
    }

    /// Base URL of APNs production.
    pub fn apns_url(&self) -> &str {
        &self.shared.addresses.apns
    }

    /// Base URL of APNs sandbox.
    pub fn apns_sandbox_url(&self) -> &str {
        &self.shared.addresses.apns_sandbox
    }

    /// Base URL of FCM.
    pub fn fcm_url(&self) -> &str {
        &self.shared.addresses.fcm
    }

    /// The token endpoint: what a service account names as its `token_uri`.
    pub fn oauth_token_url(&self) -> &str {
        &self.shared.addresses.oauth_token
    }

    /// Base URL of the control API.
    pub fn control_url(&self) -> &str {
        &self.shared.addresses.control
    }

    /// The authority every client has to trust, PEM.
    pub fn ca_pem(&self) -> &str {
        &self.shared.ca_pem
    }

    /// The ready-made credentials; `None` when the options switched them off.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.shared.credentials.as_ref()
    }

    /// Adds a rule and returns its number.
    pub fn script(&self, rule: Rule) -> Result<u64, Nonsense> {
        self.world().script.add(rule).map_err(Nonsense)
    }

    /// The rules in force, `times` showing what is left of each.
    pub fn rules(&self) -> Vec<Rule> {
        self.world().script.list()
    }

    /// Takes every rule back.
    pub fn clear_script(&self) {
        self.world().script.clear();
    }

    /// The kept requests that fit, oldest first.
    pub fn inbox(&self, filter: &Filter) -> Vec<Arc<Record>> {
        self.world().inbox.list(filter)
    }

    /// Returns as soon as `wanted` requests fit the filter; needs a full inbox.
    pub async fn wait_for(&self, filter: &Filter, wanted: usize, within: Duration) -> Result<Vec<Arc<Record>>, TooFew> {
        self.world().inbox.wait_for(filter, wanted, within).await
    }

    /// Forgets the kept requests.
    pub fn clear_inbox(&self) {
        self.world().inbox.clear();
    }

    /// A copy of the counters.
    pub fn stats(&self) -> Stats {
        self.world().counters.snapshot()
    }

    /// The vendor-side ids one device token has seen (APNs tokens in lower case).
    pub fn ids(&self, token: &str) -> Vec<IdSeen> {
        self.world().counters.ids(token)
    }

    /// Token and id of messages that were accepted more than once, at most `limit`.
    pub fn duplicates(&self, limit: usize) -> Vec<(String, IdSeen)> {
        self.world().counters.duplicates(limit)
    }

    /// Registers a provider key.
    pub fn register_apns_key(&self, key: ApnsKey) -> Result<(), Nonsense> {
        self.world().registry.add_key(key).map_err(Nonsense)
    }

    /// Lets a push certificate in; returns its fingerprint.
    pub fn register_client_certificate(&self, certificate: ClientCertificate) -> Result<String, Nonsense> {
        self.world().registry.add_certificate(certificate).map_err(Nonsense)
    }

    /// Registers a service account.
    pub fn register_service_account(&self, account: ServiceAccount) -> Result<(), Nonsense> {
        self.world().registry.add_account(account).map_err(Nonsense)
    }

    /// Registers an application at one of the six Chinese vendors, or exchanges what is known of it.
    pub fn register_application(&self, application: Application) -> Result<(), Nonsense> {
        self.world().registry.add_application(application).map_err(Nonsense)
    }

    /// Changes an application that is registered: its receipts, limits, channels.
    pub fn change_application(
        &self,
        vendor: Vendor,
        id: &str,
        change: impl FnOnce(&mut Application),
    ) -> Result<(), Nonsense> {
        let registry = &self.world().registry;
        registry.change_application(vendor, id, change).map_err(Nonsense)
    }

    /// Registers a device, or changes what is known of it.
    pub fn register_device(&self, device: Device) -> Result<(), Nonsense> {
        self.world().registry.add_device(device).map_err(Nonsense)
    }

    /// Forgets a device; false when it was not registered.
    pub fn forget_device(&self, vendor: Vendor, token: &str) -> bool {
        self.world().registry.remove_device(vendor, token)
    }

    /// The settings in force.
    pub fn settings(&self) -> Arc<Settings> {
        self.world().settings.get()
    }

    /// Replaces the settings.
    pub fn set_settings(&self, settings: Settings) -> Result<(), Nonsense> {
        self.world().settings.set(settings).map_err(Nonsense)
    }

    /// Moves the vendors' clock; negative: back.
    pub fn advance_clock_ms(&self, by: i64) {
        self.world().clock.advance_ms(by);
    }

    /// The vendors' time, milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.world().clock.now_ms()
    }

    /// Back to the first second: script, inbox, counters, devices, access tokens, clock and dice. Credentials, registered
    /// keys and settings stay.
    pub fn reset(&self) {
        self.world().reset();
    }

    fn world(&self) -> &World {
        &self.shared.world
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
