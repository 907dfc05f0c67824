//! What a page of statistics reads, over 90 days with ten million deliveries: 8 channels, 3 stages, 200,000 devices.
//!
//! The half hours are written as folding leaves them, and folded to days by the store itself. It takes minutes and
//! gigabytes of memory and disk to make, so it only runs where `HOMING_BENCH_DELIVERIES` says how many (`10000000`).

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use divan::Bencher;
use domain::{
    ApplicationId,
    channel::Channel,
    statistics::{Day, Slot, Stage},
    time::{Clock, SystemClock},
};
use migrations::MigratorTrait;
use sea_orm::{ConnectionTrait, Statement};
use std::sync::{Arc, LazyLock};
use store::{
    Connections,
    plane::{Counted, DayOfZone, NoHandover, Plane, PlaneSettings, Selection},
};

const DAYS: i64 = 90;
const APPLICATION: ApplicationId = ApplicationId(7);
const ZONE: &str = "UTC";
const STAGES: [Stage; 3] = [Stage::Planned, Stage::Sent, Stage::Reached];
const DEVICES: u64 = 200_000;

struct Filled {
    runtime: tokio::runtime::Runtime,
    plane: Plane,
    days: Vec<DayOfZone>,
    _folder: tempfile::TempDir,
}

fn main() {
    divan::main();
}

/// Nothing where nobody asked for it: the other benchmarks should not wait for this one.
static FILLED: LazyLock<Option<Filled>> = LazyLock::new(|| {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark's own switch, not a setting of the server"
    )]
    let deliveries = std::env::var("HOMING_BENCH_DELIVERIES").ok()?.parse().ok()?;
    let runtime = tokio::runtime::Runtime::new().expect("starts");
    let (plane, days, folder) = runtime.block_on(fill(deliveries));
    Some(Filled {
        runtime,
        plane,
        days,
        _folder: folder,
    })
});

async fn fill(deliveries: u64) -> (Plane, Vec<DayOfZone>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = Connections::open_file(&folder.path().join("plane.db"))
        .await
        .expect("opens");
    migrations::Plane::up(&connections.write, None).await.expect("migrates");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let today = clock.now().0.div_euclid(86_400_000);
    let each = deliveries / (DAYS.unsigned_abs() * 48 * Channel::ALL.len() as u64);
    let mut next: u64 = 1;
    for day in today - DAYS + 1..=today {
        connections.write.execute_unprepared("BEGIN").await.expect("begins");
        for slot in day * 48..day * 48 + 48 {
            let (mut lines, mut sets) = (vec![], vec![]);
            for channel in Channel::ALL {
                for stage in STAGES {
                    let mut devices: Vec<u64> = (0..each)
                        .map(|_| {
                            next = next
                                .wrapping_mul(6_364_136_223_846_793_005)
                                .wrapping_add(1_442_695_040_888_963_407);
                            // As long as real numbers of devices are.
                            900_000_000_000_000_000 + (next >> 33) % DEVICES * 4096
                        })
                        .collect();
                    devices.sort_unstable();
                    devices.dedup();
                    lines.push((1, channel.name(), "c2c", stage.name(), "", each));
                    let bytes: Vec<u8> = devices.iter().flat_map(|device| device.to_le_bytes()).collect();
                    sets.push(format!("={}", STANDARD_NO_PAD.encode(bytes)));
                }
            }
            let body = serde_json::to_string(&lines).expect("serialises");
            let sql = "INSERT INTO statistics (slot, application_id, part, body, devices) VALUES ($1, $2, 1, $3, $4)";
            let values = [slot.into(), APPLICATION.0.into(), body.into(), sets.join(";").into()];
            let statement = Statement::from_sql_and_values(connections.backend(), sql, values);
            connections.write.execute_raw(statement).await.expect("is written");
        }
        connections.write.execute_unprepared("COMMIT").await.expect("commits");
    }
    let (plane, _writer) = Plane::start(connections, PlaneSettings::default(), clock, Arc::new(NoHandover))
        .await
        .expect("starts");
    let day = |day: i64| DayOfZone {
        day: Day(i32::try_from(day).expect("is near")),
        first: Slot(day * 48),
        last: Slot(day * 48 + 47),
    };
    let days: Vec<DayOfZone> = (today - DAYS + 1..=today).map(day).collect();
    // Today is not over.
    let over = days[..days.len() - 1].to_vec();
    plane.fold_days(APPLICATION, ZONE, over).await.expect("folds");
    (plane, days, folder)
}

/// The whole of a page: every day's figures, and the sum.
fn page(bencher: Bencher, days: impl Fn(&Filled) -> &[DayOfZone] + Sync, devices: Option<Selection>) {
    let Some(filled) = FILLED.as_ref() else { return };
    bencher.bench(|| {
        let read = filled
            .plane
            .statistics_of_days(APPLICATION, ZONE, days(filled), devices);
        let read = filled.runtime.block_on(read).expect("is read");
        let mut whole = Counted::default();
        for day in &read {
            whole.merge(day);
        }
        STAGES.map(|stage| (whole.events(Selection::default(), stage), whole.devices(stage).devices))
    });
}

#[divan::bench]
fn ninety_days_by_message(bencher: Bencher) {
    page(bencher, |filled| &filled.days, None);
}

#[divan::bench]
fn ninety_days_by_device(bencher: Bencher) {
    page(bencher, |filled| &filled.days, Some(Selection::default()));
}

#[divan::bench]
fn ninety_days_by_device_of_one_channel(bencher: Bencher) {
    let selection = Selection {
        channel: Some(Some(Channel::Fcm)),
        ..Selection::default()
    };
    page(bencher, |filled| &filled.days, Some(selection));
}

#[divan::bench]
fn a_day_that_is_not_over_by_message(bencher: Bencher) {
    page(bencher, |filled| &filled.days[filled.days.len() - 1..], None);
}

#[divan::bench]
fn a_day_that_is_not_over_by_device(bencher: Bencher) {
    page(
        bencher,
        |filled| &filled.days[filled.days.len() - 1..],
        Some(Selection::default()),
    );
}
