//! What the runner itself costs per push: a vendor that accepts at once, an outbox that only counts.

use async_trait::async_trait;
use dispatcher::{Channel, Outcome, Settings};
use divan::{Bencher, counter::ItemsCount};
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Secret, Timestamp,
    certificate::Environment,
    channel::Channel as Kind,
    delivery::Verdict,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{Credential, LaneKey, Parcel, Settlement, VersionedCredential},
    ports::{CredentialGap, Credentials, Handover, Outbox, OutboxError},
    quota::{QuotaClass, SpentQuota},
    time::{Clock, SystemClock},
};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};
use tokio::{runtime::Runtime, sync::Notify};
use tokio_util::sync::CancellationToken;

const PUSHES: usize = 50_000;
const LANE: LaneKey = LaneKey::main(ApplicationId(1), Kind::Apns);

struct Null(usize);

#[async_trait]
impl Channel for Null {
    fn kind(&self) -> Kind {
        Kind::Apns
    }

    fn max_batch(&self) -> usize {
        self.0
    }

    async fn verify(&self, _: &VersionedCredential, _: Environment, _: &str) -> Outcome {
        unreachable!("the runner verifies nothing")
    }

    async fn deliver(&self, _: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        tokio::task::yield_now().await;
        let accepted = Outcome {
            verdict: Verdict::Accepted,
            vendor_status: Some(200),
            vendor_code: String::new(),
            vendor_text: String::new(),
            vendor_id: "0a1b2c3d-0000-7000-8000-0123456789ab".into(),
            duration_ms: 1,
        };
        vec![accepted; batch.len()]
    }
}

struct Key(VersionedCredential);

#[async_trait]
impl Credentials for Key {
    async fn credential(&self, _: LaneKey, _: Environment) -> Result<VersionedCredential, CredentialGap> {
        Ok(self.0.clone())
    }

    async fn report_trouble(&self, _: LaneKey, _: i64, _: Option<(String, String)>) {}

    async fn spent_quotas(&self, _: LaneKey) -> Vec<SpentQuota> {
        vec![]
    }

    async fn report_quota(&self, _: LaneKey, _: QuotaClass, _: Option<SpentQuota>) {}
}

#[derive(Default)]
struct Counting {
    stored: Mutex<Vec<Parcel>>,
    settled: AtomicUsize,
    all: Notify,
}

#[async_trait]
impl Outbox for Counting {
    async fn claim(
        &self,
        _: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        except: &[LaneKey],
    ) -> Result<Vec<Parcel>, OutboxError> {
        let mut stored = self.stored.lock().expect("no panic holds it");
        let take = if except.contains(&LANE) {
            0
        } else {
            stored.len().min(limit as usize)
        };
        let from = stored.len() - take;
        let mut claimed = stored.split_off(from);
        for parcel in &mut claimed {
            parcel.leased_until = lease_until;
        }
        Ok(claimed)
    }

    async fn settle(&self, settlements: Vec<Settlement>) -> Result<(), OutboxError> {
        if self.settled.fetch_add(settlements.len(), SeqCst) + settlements.len() >= PUSHES {
            self.all.notify_one();
        }
        Ok(())
    }

    async fn release(&self, _: Vec<DeliveryId>, _: Timestamp) -> Result<(), OutboxError> {
        Ok(())
    }

    async fn expire(&self, _: Timestamp) -> Result<u64, OutboxError> {
        Ok(0)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, OutboxError> {
        Ok(None)
    }
}

fn parcels() -> Vec<Parcel> {
    let notification = Arc::new(Notification {
        title: "Alice".into(),
        body: "hello".into(),
        ext: String::new(),
        from: "alice".into(),
        key: "1_2_3".into(),
        android: AndroidInfo::default(),
        apns: ApnsInfo::default(),
    });
    let now = SystemClock.now();
    let parcel = |delivery| Parcel {
        delivery: DeliveryId(delivery),
        message: MessageId(1),
        plan: PlanId(1),
        lane: LANE,
        device: DeviceId(delivery),
        vendor_token: format!("{delivery:064x}"),
        identifier: "org.example.chat".into(),
        environment: Environment::Production,
        harmony_os: false,
        registered_at: now,
        attempts: 0,
        badge: None,
        accepted_at: now,
        expires_at: now.plus_secs(3600),
        leased_until: now.plus_secs(120),
        notification: notification.clone(),
    };
    (0..i64::try_from(PUSHES).expect("small")).map(parcel).collect()
}

fn world(max_batch: usize) -> (Arc<dispatcher::Dispatch>, dispatcher::Runner) {
    let credential = Credential::Fcm {
        service_account: Secret::new("{}"),
        channel_id: String::new(),
    };
    let key = Key(VersionedCredential {
        version: 1,
        credential: Arc::new(credential),
        receipt_url: Secret::default(),
    });
    let channels: Vec<Arc<dyn Channel>> = vec![Arc::new(Null(max_batch))];
    dispatcher::new(
        Settings::default(),
        channels,
        Arc::new(key),
        Arc::new(SystemClock),
        dispatcher::random_jitter(),
    )
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime")
}

/// Drains a stored queue: claim, lane, call, settle.
#[divan::bench(args = [1, 100], sample_count = 10)]
fn drain_a_stored_queue(bencher: Bencher, max_batch: usize) {
    let runtime = runtime();
    bencher
        .counter(ItemsCount::new(PUSHES))
        .with_inputs(parcels)
        .bench_values(|parcels| {
            runtime.block_on(async {
                let outbox = Arc::new(Counting::default());
                *outbox.stored.lock().expect("no panic holds it") = parcels;
                let (_dispatch, runner) = world(max_batch);
                let shutdown = CancellationToken::new();
                let run = tokio::spawn(runner.run(outbox.clone(), shutdown.clone()));
                outbox.all.notified().await;
                shutdown.cancel();
                run.await.expect("it ends")
            })
        });
}

/// Takes pushes from the accepting side one by one: place, hand-over, call, settle.
#[divan::bench(sample_count = 10)]
fn hand_over_in_memory(bencher: Bencher) {
    let runtime = runtime();
    bencher
        .counter(ItemsCount::new(PUSHES))
        .with_inputs(parcels)
        .bench_values(|parcels| {
            runtime.block_on(async {
                let outbox = Arc::new(Counting::default());
                let (dispatch, runner) = world(1);
                let shutdown = CancellationToken::new();
                let run = tokio::spawn(runner.run(outbox.clone(), shutdown.clone()));
                for parcel in parcels {
                    while !dispatch.reserve(parcel.lane) {
                        tokio::task::yield_now().await;
                    }
                    dispatch.hand_over(vec![parcel]);
                }
                outbox.all.notified().await;
                shutdown.cancel();
                run.await.expect("it ends")
            })
        });
}

fn main() {
    divan::main();
}
