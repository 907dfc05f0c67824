//! What a data plane takes on SQLite (`synchronous=FULL`): durable accepts, and claim plus settle of a stored queue.
//!
//! Each message has one receiver with one device, out of 10,000. Callers wait for their answer before the next call.

use divan::{Bencher, counter::ItemsCount};
use domain::{
    ApplicationId, PlanId, SdkAppId,
    certificate::Environment,
    channel::Channel,
    decision::{ApplicationRoute, ChannelRoute, Route},
    delivery::{Attempt, DeliveryState},
    device::Registration,
    message::{Element, MAX_LIFE_SECS, Submission},
    parcel::{LaneKey, Parcel, Settlement},
    ports::{Handover, Outbox},
    product::Platform,
    statistics::MessageKind,
    time::{Clock, SystemClock},
};
use migrations::MigratorTrait;
use std::{
    collections::BTreeSet,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use store::{
    Connections,
    plane::{Plane, PlaneSettings},
};
use tokio::runtime::Runtime;

const APP: SdkAppId = SdkAppId(1_400_000_001);
const USERS: u32 = 10_000;
/// Messages of one round.
const ROUND: u32 = 4096;

/// A dispatcher with room for everything, which forgets it.
struct Forgetful;

impl Handover for Forgetful {
    fn reserve(&self, _: LaneKey) -> bool {
        true
    }
    fn cancel(&self, _: LaneKey) {}
    fn hand_over(&self, parcels: Vec<Parcel>) {
        drop(divan::black_box(parcels));
    }
    fn wake(&self, _: &BTreeSet<LaneKey>) {}
}

struct World {
    runtime: Runtime,
    plane: Plane,
    route: Arc<Route>,
    random: AtomicU32,
    _folder: tempfile::TempDir,
}

impl World {
    fn new(handover: Arc<dyn Handover>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("starts");
        let folder = tempfile::tempdir().expect("a folder");
        let plane = runtime.block_on(async {
            let connections = Connections::open_file(&folder.path().join("plane.db"))
                .await
                .expect("opens");
            migrations::Plane::up(&connections.write, None).await.expect("migrates");
            let clock = Arc::new(SystemClock);
            let started = Plane::start(connections, PlaneSettings::default(), clock, handover).await;
            let (plane, _) = started.expect("starts");
            let devices = (0..USERS).map(|user| {
                let plane = plane.clone();
                async move {
                    let token = format!("{user:0>36}");
                    plane
                        .register(APP, &format!("user{user}"), registration(user), token)
                        .await
                }
            });
            for chunk in devices.collect::<Vec<_>>().into_iter().array_chunks_of(500) {
                for device in chunk.into_iter().map(tokio::spawn).collect::<Vec<_>>() {
                    device.await.expect("runs").expect("registers");
                }
            }
            plane
        });
        Self {
            runtime,
            plane,
            route: Arc::new(route()),
            random: AtomicU32::new(0),
            _folder: folder,
        }
    }

    /// Accepts messages with so many callers.
    fn accept(&self, messages: u32, callers: u32) {
        let from = self.random.fetch_add(messages, Ordering::Relaxed);
        self.runtime.block_on(async {
            let callers = (0..callers).map(|caller| {
                let (plane, route) = (self.plane.clone(), Arc::clone(&self.route));
                tokio::spawn(async move {
                    for random in (from + caller..from + messages).step_by(callers as usize) {
                        plane
                            .accept(message(random), Arc::clone(&route))
                            .await
                            .expect("is accepted");
                    }
                })
            });
            for caller in callers.collect::<Vec<_>>() {
                caller.await.expect("runs");
            }
        });
    }

    /// Claims and settles everything that is due; how much it was.
    fn drain(&self) -> usize {
        self.runtime.block_on(async {
            let mut drained = 0;
            loop {
                let now = SystemClock.now();
                let parcels = self
                    .plane
                    .claim(now, now.plus_secs(60), 512, &[])
                    .await
                    .expect("claims");
                if parcels.is_empty() {
                    return drained;
                }
                drained += parcels.len();
                self.plane
                    .settle(parcels.iter().map(sent).collect())
                    .await
                    .expect("settles");
            }
        })
    }
}

/// `Iterator::array_chunks` for any number, as vectors.
trait Chunks: Iterator + Sized {
    fn array_chunks_of(mut self, size: usize) -> impl Iterator<Item = Vec<Self::Item>> {
        std::iter::from_fn(move || {
            let chunk: Vec<_> = self.by_ref().take(size).collect();
            (!chunk.is_empty()).then_some(chunk)
        })
    }
}
impl<I: Iterator> Chunks for I {}

fn registration(user: u32) -> Registration {
    Registration {
        platform: Platform::Ios,
        channel: Channel::Apns,
        vendor_token: format!("{user:0>64x}"),
        identifier: "com.example.chat".into(),
        environment: Environment::Production,
        notifications_on: true,
        harmony_os: false,
        fcm_token: None,
        token: None,
    }
}

fn route() -> Route {
    Route {
        sdk_app_id: APP,
        enabled: true,
        applications: vec![ApplicationRoute {
            application: ApplicationId(16),
            platform: Platform::Ios,
            identifier: Some("com.example.chat".into()),
            plan: PlanId(160),
            other_plans: vec![],
            channels: vec![ChannelRoute {
                channel: Channel::Apns,
                enabled: true,
                credentials: vec![(Environment::Production, None)],
            }],
            packages: vec![],
        }],
    }
}

fn message(random: u32) -> Submission {
    Submission {
        sdk_app_id: APP,
        kind: MessageKind::C2c,
        from: "administrator".into(),
        // Far from in order, as people are.
        to: vec![format!("user{}", random.wrapping_mul(2_654_435_761) % USERS)],
        seq: Some(random),
        random,
        time: None,
        life_secs: MAX_LIFE_SECS,
        elements: vec![Element::Text(
            "shall we meet at the station at half past seven, or earlier".into(),
        )],
        offline_push: None,
    }
}

fn sent(parcel: &Parcel) -> Settlement {
    Settlement {
        delivery: parcel.delivery,
        plan: parcel.plan,
        lane: parcel.lane,
        device: parcel.device,
        vendor_token: parcel.vendor_token.clone(),
        attempt: Some(Attempt {
            number: parcel.attempts + 1,
            at: parcel.accepted_at,
            duration_ms: 12,
            vendor_status: Some(200),
            vendor_code: String::new(),
            vendor_text: String::new(),
            vendor_id: "0192f3a0-7c1e-7000-8000-000000000000".into(),
            reason: None,
        }),
        state: DeliveryState::Sent,
        reason: None,
        due_at: None,
        token_dead_since: None,
    }
}

#[divan::bench(args = [1, 64, 256], sample_count = 5, sample_size = 1)]
fn accept(bencher: Bencher, callers: u32) {
    static WORLD: LazyLock<World> = LazyLock::new(|| World::new(Arc::new(Forgetful)));
    let messages = if callers == 1 { 512 } else { ROUND };
    LazyLock::force(&WORLD);
    bencher
        .counter(ItemsCount::new(messages))
        .bench_local(|| WORLD.accept(messages, callers));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn claim_and_settle(bencher: Bencher) {
    let world = World::new(Arc::new(store::plane::NoHandover));
    bencher
        .counter(ItemsCount::new(ROUND))
        .with_inputs(|| world.accept(ROUND, 256))
        .bench_local_values(|()| assert_eq!(world.drain(), ROUND as usize));
}

/// The same, in figures that stand for themselves: messages a second and processor time per message.
fn summary() {
    let world = World::new(Arc::new(Forgetful));
    let measure = |what: &str, work: &dyn Fn()| {
        let (started, cpu) = (Instant::now(), cpu_time());
        work();
        let (wall, cpu) = (started.elapsed(), cpu_time().saturating_sub(cpu));
        let per_second = f64::from(ROUND * 8) / wall.as_secs_f64();
        let micros = cpu.as_secs_f64() * 1e6 / f64::from(ROUND * 8);
        println!("{what}: {per_second:.0} messages/s, {micros:.1} us of processor time each");
    };
    measure("accept, 64 callers", &|| (0..8).for_each(|_| world.accept(ROUND, 64)));
    measure("accept, 256 callers", &|| (0..8).for_each(|_| world.accept(ROUND, 256)));
    let world = World::new(Arc::new(store::plane::NoHandover));
    world.accept(ROUND * 8, 256);
    measure("claim and settle, 512 at once", &|| {
        world.drain();
    });
}

/// User and system time of this process, from the kernel's clock ticks (100 a second).
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = |field: usize| {
        after_name
            .split(' ')
            .nth(field)
            .and_then(|n| n.parse::<u64>().ok())
            .unwrap_or(0)
    };
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn main() {
    summary();
    divan::main();
}
