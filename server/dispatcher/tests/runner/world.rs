//! A small world: virtual time, an outbox, credentials, vendors, and the dispatcher between them.

use crate::{outbox::MemoryOutbox, vendor::Vendor};
use async_trait::async_trait;
use dispatcher::{Channel, Dispatch, Drained, Gate, Runner, Settings};
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Secret, Timestamp,
    certificate::Environment,
    channel::Channel as Kind,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{Credential, LaneKey, Parcel, VersionedCredential},
    ports::{CredentialGap, Credentials, Handover},
    quota::{QuotaClass, SpentQuota},
    time::Clock,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

pub const START: Timestamp = Timestamp(1_795_000_000_000);

/// Shows tokio's time, which the tests hold still.
struct VirtualClock(tokio::time::Instant);

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        START.plus_ms(i64::try_from(self.0.elapsed().as_millis()).unwrap())
    }
}

/// Credentials by application; version 1 unless told otherwise.
#[derive(Default)]
pub struct FakeCredentials {
    pub answers: Mutex<HashMap<(ApplicationId, Environment), Result<i64, CredentialGap>>>,
    pub reports: Mutex<Vec<(LaneKey, i64, bool)>>,
    pub quotas: Mutex<HashMap<(LaneKey, QuotaClass), SpentQuota>>,
}

impl FakeCredentials {
    pub fn set(&self, application: i64, answer: Result<i64, CredentialGap>) {
        for environment in [Environment::Production, Environment::Sandbox] {
            self.set_one(application, environment, answer);
        }
    }

    pub fn set_one(&self, application: i64, environment: Environment, answer: Result<i64, CredentialGap>) {
        self.answers
            .lock()
            .unwrap()
            .insert((ApplicationId(application), environment), answer);
    }
}

#[async_trait]
impl Credentials for FakeCredentials {
    async fn credential(&self, lane: LaneKey, environment: Environment) -> Result<VersionedCredential, CredentialGap> {
        let answers = self.answers.lock().unwrap();
        let version = *answers.get(&(lane.application, environment)).unwrap_or(&Ok(1));
        let credential = Credential::Fcm {
            service_account: Secret::new("{}"),
            channel_id: String::new(),
        };
        version.map(|version| VersionedCredential {
            version,
            credential: Arc::new(credential),
            receipt_url: Secret::default(),
        })
    }

    async fn report_trouble(&self, lane: LaneKey, version: i64, trouble: Option<(String, String)>) {
        self.reports.lock().unwrap().push((lane, version, trouble.is_some()));
    }

    async fn spent_quotas(&self, lane: LaneKey) -> Vec<SpentQuota> {
        let quotas = self.quotas.lock().unwrap();
        let of_lane = quotas.iter().filter(|((noted, _), _)| *noted == lane);
        of_lane.map(|(_, spent)| spent.clone()).collect()
    }

    async fn report_quota(&self, lane: LaneKey, class: QuotaClass, spent: Option<SpentQuota>) {
        let mut quotas = self.quotas.lock().unwrap();
        match spent {
            Some(spent) => quotas.insert((lane, class), spent),
            None => quotas.remove(&(lane, class)),
        };
    }
}

pub struct World {
    pub clock: Arc<dyn Clock>,
    pub outbox: Arc<MemoryOutbox>,
    pub credentials: Arc<FakeCredentials>,
    pub apns: Arc<Vendor>,
    pub fcm: Arc<Vendor>,
    pub dispatch: Arc<Dispatch>,
    pub shutdown: CancellationToken,
    settings: Settings,
    runner: Mutex<Option<Runner>>,
    running: Mutex<Option<JoinHandle<Drained>>>,
}

pub const fn lane(application: i64, channel: Kind) -> LaneKey {
    LaneKey::main(ApplicationId(application), channel)
}

impl World {
    /// A world whose dispatcher does not run yet.
    pub fn asleep(settings: Settings) -> Self {
        settings.check().expect("sound settings");
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock(tokio::time::Instant::now()));
        let (apns, fcm) = (
            Vendor::new(Kind::Apns, 1, clock.clone()),
            Vendor::new(Kind::Fcm, 5, clock.clone()),
        );
        let credentials = Arc::new(FakeCredentials::default());
        let channels: Vec<Arc<dyn Channel>> = vec![apns.clone(), fcm.clone()];
        let (dispatch, runner) = dispatcher::new(
            settings.clone(),
            channels,
            credentials.clone(),
            clock.clone(),
            Arc::new(|| 0.5),
        );
        Self {
            clock,
            outbox: Arc::default(),
            credentials,
            apns,
            fcm,
            dispatch,
            shutdown: CancellationToken::new(),
            settings,
            runner: Mutex::new(Some(runner)),
            running: Mutex::default(),
        }
    }

    /// A world whose dispatcher runs.
    pub async fn awake(settings: Settings) -> Self {
        let world = Self::asleep(settings);
        world.start().await;
        world
    }

    pub async fn start(&self) {
        let runner = self.runner.lock().unwrap().take().expect("started once");
        let run = runner.run(self.outbox.clone(), self.shutdown.clone());
        *self.running.lock().unwrap() = Some(tokio::spawn(run));
        self.pass(1).await;
    }

    /// Lets the machine die: nothing is finished or written. A new dispatcher can be started afterwards.
    pub async fn crash(&mut self) {
        let running = self.running.lock().unwrap().take().expect("it runs");
        running.abort();
        assert!(running.await.is_err());
        let channels: Vec<Arc<dyn Channel>> = vec![self.apns.clone(), self.fcm.clone()];
        let (dispatch, runner) = dispatcher::new(
            self.settings.clone(),
            channels,
            self.credentials.clone(),
            self.clock.clone(),
            Arc::new(|| 0.5),
        );
        self.dispatch = dispatch;
        *self.runner.lock().unwrap() = Some(runner);
    }

    pub async fn stop(&self) -> Drained {
        self.shutdown.cancel();
        let running = self.running.lock().unwrap().take().expect("it runs");
        running.await.expect("it ends by itself")
    }

    /// Lets virtual time pass; whatever is due meanwhile happens.
    pub async fn pass(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A parcel of a message that all parcels with the same `text` share.
    pub fn parcel(&self, delivery: i64, lane: LaneKey, text: &str) -> Parcel {
        let notification = Notification {
            title: String::new(),
            body: text.into(),
            ext: String::new(),
            from: "alice".into(),
            key: "1_2_3".into(),
            android: AndroidInfo::default(),
            apns: ApnsInfo::default(),
        };
        let now = self.now();
        Parcel {
            delivery: DeliveryId(delivery),
            message: MessageId(1),
            plan: PlanId(1),
            lane,
            device: DeviceId(delivery),
            vendor_token: format!("token-{delivery}"),
            identifier: "org.example.chat".into(),
            environment: Environment::Production,
            harmony_os: false,
            registered_at: START.plus_secs(-3600),
            attempts: 0,
            badge: None,
            accepted_at: now,
            expires_at: now.plus_secs(3600),
            leased_until: now.plus_secs(self.settings.lease_secs.into()),
            notification: Arc::new(notification),
        }
    }

    /// Accepts a parcel as the server does: a place, the commit, the hand-over. Answers whether there was a place.
    pub fn accept(&self, parcel: Parcel) -> bool {
        let reserved = self.dispatch.reserve(parcel.lane);
        self.outbox.store(&parcel, reserved);
        if reserved {
            self.dispatch.hand_over(vec![parcel]);
        } else {
            self.dispatch.wake(&BTreeSet::from([parcel.lane]));
        }
        reserved
    }

    /// Accepts plain parcels numbered so in a lane.
    pub fn accept_all(&self, deliveries: impl IntoIterator<Item = i64>, lane: LaneKey) {
        for delivery in deliveries {
            self.accept(self.parcel(delivery, lane, "hello"));
        }
    }

    pub fn gate(&self, lane: LaneKey) -> Option<Gate> {
        let lanes = self.dispatch.lanes();
        lanes
            .into_iter()
            .find(|status| status.lane == lane)
            .map(|status| status.gate)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut violations = self.outbox.violations.lock().unwrap().clone();
        violations.extend(self.apns.violations.lock().unwrap().clone());
        violations.extend(self.fcm.violations.lock().unwrap().clone());
        assert!(violations.is_empty(), "{violations:#?}");
    }
}
