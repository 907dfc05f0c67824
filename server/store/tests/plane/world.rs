//! A data plane of its own for each test, and the people and devices in it.

use domain::{
    ApplicationId, PackageId, PlanId, SdkAppId, Timestamp,
    certificate::Environment,
    channel::Channel,
    decision::{ApplicationRoute, ChannelRoute, PackageRoute, Route},
    delivery::{Attempt, DeliveryState},
    device::Registration,
    message::{Accepted, Element, MAX_LIFE_SECS, Submission},
    parcel::{LaneKey, Parcel, Settlement},
    plan::{HistoryQuery, MessageView},
    ports::{Handover, Outbox},
    product::Platform,
    statistics::MessageKind,
    time::{Clock, MockClock},
};
use migrations::MigratorTrait;
use sea_orm::{ConnectionTrait, Statement};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use store::{
    Connections,
    plane::{Plane, PlaneSettings},
};
use tokio::task::JoinHandle;

pub const NOW: Timestamp = Timestamp(1_795_000_000_000);
pub const APP: SdkAppId = SdkAppId(1_400_000_001);
pub const IOS: ApplicationId = ApplicationId(16);
pub const ANDROID: ApplicationId = ApplicationId(15);
pub const IOS_PLAN: PlanId = PlanId(160);
pub const ANDROID_PLAN: PlanId = PlanId(150);

/// A dispatcher that has room for so many parcels and remembers what it was told.
#[derive(Debug, Default)]
pub struct Recorder {
    pub room: AtomicUsize,
    pub parcels: Mutex<Vec<Parcel>>,
    pub wakes: AtomicUsize,
    pub cancelled: AtomicUsize,
}

impl Recorder {
    pub fn taken(&self) -> Vec<Parcel> {
        std::mem::take(&mut self.parcels.lock().expect("no test panics while holding it"))
    }
}

impl Handover for Recorder {
    fn reserve(&self, _: LaneKey) -> bool {
        let one_less = |room: usize| room.checked_sub(1);
        self.room
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
            .is_ok()
    }
    fn cancel(&self, _: LaneKey) {
        self.cancelled.fetch_add(1, Ordering::SeqCst);
        self.room.fetch_add(1, Ordering::SeqCst);
    }
    fn hand_over(&self, parcels: Vec<Parcel>) {
        self.parcels
            .lock()
            .expect("no test panics while holding it")
            .extend(parcels);
    }
    fn wake(&self, _: &BTreeSet<LaneKey>) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
    }
}

pub struct World {
    pub plane: Plane,
    pub writer: JoinHandle<()>,
    pub clock: Arc<MockClock>,
    pub dispatcher: Arc<Recorder>,
    /// A second way to the same database, for looking at rows.
    pub raw: Connections,
    pub file: PathBuf,
    _folder: tempfile::TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::with(PlaneSettings::default()).await
    }

    pub async fn with(settings: PlaneSettings) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("plane.db");
        let connections = Connections::open_file(&file).await.expect("opens");
        migrations::Plane::up(&connections.write, None).await.expect("migrates");
        let raw = Connections::open_file(&file).await.expect("opens");
        Self::over(connections, raw, file, folder, settings).await
    }

    pub async fn over(
        connections: Connections,
        raw: Connections,
        file: PathBuf,
        folder: tempfile::TempDir,
        settings: PlaneSettings,
    ) -> Self {
        let clock = Arc::new(MockClock::new(NOW));
        let dispatcher = Arc::new(Recorder::default());
        let (plane, writer) = Plane::start(
            connections,
            settings,
            Arc::<MockClock>::clone(&clock),
            Arc::<Recorder>::clone(&dispatcher),
        )
        .await
        .expect("starts");
        Self {
            plane,
            writer,
            clock,
            dispatcher,
            raw,
            file,
            _folder: folder,
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Registers a device; its 36-character token.
    pub async fn device(&self, user: &str, vendor_token: &str) -> String {
        self.register(user, ios(vendor_token)).await
    }

    pub async fn register(&self, user: &str, registration: Registration) -> String {
        let token = format!("{:0>36}", format!("{user}-{}", registration.vendor_token));
        let registered = self.plane.register(APP, user, registration, token).await;
        registered.expect("registers")
    }

    pub async fn send(&self, to: &[&str], random: u32) -> Accepted {
        self.accept(message(to, random)).await
    }

    pub async fn accept(&self, submission: Submission) -> Accepted {
        self.plane
            .accept(submission, Arc::new(route()))
            .await
            .expect("is accepted")
    }

    pub async fn claim(&self, limit: u32) -> Vec<Parcel> {
        let now = self.now();
        self.plane
            .claim(now, now.plus_secs(60), limit, &[])
            .await
            .expect("claims")
    }

    pub async fn settle(&self, parcel: &Parcel, state: DeliveryState) {
        self.plane
            .settle(vec![settlement(parcel, state)])
            .await
            .expect("settles");
    }

    /// The newest messages of a plan.
    pub async fn history(&self, plan: PlanId) -> Vec<MessageView> {
        let page = self.plane.messages(plan, &HistoryQuery::default()).await;
        page.expect("is read").rows
    }

    /// The first number that a query answers.
    pub async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.raw.backend(), sql);
        let row = self
            .raw
            .read
            .query_one_raw(statement)
            .await
            .expect("answers")
            .expect("one row");
        row.try_get_by_index(0).expect("a number")
    }
}

pub fn ios(vendor_token: &str) -> Registration {
    Registration {
        platform: Platform::Ios,
        channel: Channel::Apns,
        vendor_token: vendor_token.into(),
        identifier: "com.example.chat".into(),
        environment: Environment::Production,
        notifications_on: true,
        harmony_os: false,
        fcm_token: None,
        token: None,
    }
}

pub fn android(vendor_token: &str) -> Registration {
    Registration {
        platform: Platform::Android,
        channel: Channel::Fcm,
        ..ios(vendor_token)
    }
}

pub fn route() -> Route {
    let application = |application, platform, plan, channel| ApplicationRoute {
        application,
        platform,
        identifier: Some("com.example.chat".into()),
        plan,
        other_plans: vec![],
        channels: vec![ChannelRoute {
            channel,
            enabled: true,
            credentials: vec![(Environment::Production, None)],
        }],
        packages: vec![],
    };
    Route {
        sdk_app_id: APP,
        enabled: true,
        applications: vec![
            application(IOS, Platform::Ios, IOS_PLAN, Channel::Apns),
            application(ANDROID, Platform::Android, ANDROID_PLAN, Channel::Fcm),
        ],
    }
}

pub fn message(to: &[&str], random: u32) -> Submission {
    Submission {
        sdk_app_id: APP,
        kind: MessageKind::C2c,
        from: "alice".into(),
        to: to.iter().map(ToString::to_string).collect(),
        seq: Some(1),
        random,
        time: Some(NOW.secs()),
        life_secs: MAX_LIFE_SECS,
        elements: vec![Element::Text("shall we meet at the station".into())],
        offline_push: None,
    }
}

pub fn settlement(parcel: &Parcel, state: DeliveryState) -> Settlement {
    Settlement {
        delivery: parcel.delivery,
        plan: parcel.plan,
        lane: parcel.lane,
        device: parcel.device,
        vendor_token: parcel.vendor_token.clone(),
        attempt: Some(Attempt {
            number: parcel.attempts + 1,
            at: parcel.accepted_at.plus_ms(5),
            duration_ms: 12,
            vendor_status: Some(200),
            vendor_code: String::new(),
            vendor_text: String::new(),
            vendor_id: format!("vendor-{}", parcel.delivery),
            reason: None,
        }),
        state,
        reason: None,
        due_at: None,
        token_dead_since: None,
    }
}

/// Claims what waits for a device of the main package and for one of another, which has keys of its own.
pub async fn claims_by_package(world: &World) {
    const LITE: PackageId = PackageId(31);
    world.register("bob", android("aa")).await;
    let lite = Registration {
        identifier: "com.example.chat.lite".into(),
        ..android("bb")
    };
    world.register("carol", lite).await;
    let mut route = route();
    let application = &mut route.applications[1];
    application.packages.push(PackageRoute {
        package: LITE,
        name: "com.example.chat.lite".into(),
        channels: application.channels.clone(),
    });
    let route = Arc::new(route);
    for random in 0..5 {
        let both = message(&["bob", "carol"], random);
        world.plane.accept(both, Arc::clone(&route)).await.expect("accepted");
    }
    let (main, now) = (LaneKey::main(ANDROID, Channel::Fcm), world.now());
    let its_own = LaneKey { package: LITE, ..main };
    let of = |parcels: &[Parcel], lane| parcels.iter().filter(|p| p.lane == lane).count();
    let until = now.plus_secs(60);
    let first = world.plane.claim(now, until, 4, &[]).await.expect("claims");
    assert_eq!((of(&first, main), of(&first, its_own)), (2, 2), "each has its share");
    let rest = world.plane.claim(now, until, 10, &[main]).await.expect("claims");
    assert_eq!((of(&rest, main), of(&rest, its_own)), (0, 3), "one held holds no other");
}
