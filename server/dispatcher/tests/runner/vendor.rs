//! A vendor that answers as told and checks that nothing reaches it twice at once or after its lease.

use async_trait::async_trait;
use dispatcher::{Channel, Outcome, channel::same_payload};
use domain::{
    DeliveryId, Timestamp,
    certificate::Environment,
    channel::Channel as Kind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    quota::QuotaClass,
    time::Clock,
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

/// What the vendor does with a parcel.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// Answers with a verdict and a status after a while.
    After(u64, Verdict, Option<u16>),
    /// Accepts without a wait.
    Now,
    /// Never answers.
    Hang,
    /// Breaks the contract.
    Panic,
    /// Answers fewer outcomes than parcels.
    Short,
}

impl Answer {
    pub const fn accept() -> Self {
        Self::After(5, Verdict::Accepted, Some(200))
    }

    pub const fn status(verdict: Verdict, status: u16) -> Self {
        Self::After(5, verdict, Some(status))
    }

    pub const fn unreachable() -> Self {
        Self::After(5, Verdict::RetryLater { after_ms: None }, None)
    }
}

/// A parcel as the vendor saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub delivery: i64,
    pub at: Timestamp,
    /// The number of the call, so that batches can be told apart.
    pub call: usize,
}

type Mind = Box<dyn FnMut(&Parcel, i64) -> Answer + Send>;

pub struct Vendor {
    kind: Kind,
    max_batch: usize,
    clock: Arc<dyn Clock>,
    mind: Mutex<Mind>,
    pub seen: Mutex<Vec<Seen>>,
    pub violations: Mutex<Vec<String>>,
    aloft: Mutex<HashSet<DeliveryId>>,
    pub most_aloft: Mutex<usize>,
    calls: Mutex<usize>,
}

impl Vendor {
    pub fn new(kind: Kind, max_batch: usize, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            kind,
            max_batch,
            clock,
            mind: Mutex::new(Box::new(|_, _| Answer::accept())),
            seen: Mutex::default(),
            violations: Mutex::default(),
            aloft: Mutex::default(),
            most_aloft: Mutex::default(),
            calls: Mutex::default(),
        })
    }

    /// From now on every parcel is answered so.
    pub fn answers(&self, answer: Answer) {
        self.decides(move |_, _| answer);
    }

    /// From now on answers are decided by parcel and credential version.
    pub fn decides(&self, mind: impl FnMut(&Parcel, i64) -> Answer + Send + 'static) {
        *self.mind.lock().unwrap() = Box::new(mind);
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn times(&self, delivery: i64) -> Vec<Timestamp> {
        let seen = self.seen();
        seen.iter()
            .filter(|seen| seen.delivery == delivery)
            .map(|seen| seen.at)
            .collect()
    }
}

/// Takes parcels off the air even when the call is dropped.
struct Aloft<'a>(&'a Vendor, Vec<DeliveryId>);

impl Drop for Aloft<'_> {
    fn drop(&mut self) {
        let mut aloft = self.0.aloft.lock().unwrap();
        self.1.iter().for_each(|delivery| {
            aloft.remove(delivery);
        });
    }
}

fn outcome(parcel: &Parcel, verdict: Verdict, vendor_status: Option<u16>, took_ms: u64) -> Outcome {
    Outcome {
        verdict,
        vendor_status,
        vendor_code: "code".into(),
        vendor_text: "text".into(),
        vendor_id: parcel.delivery.to_string(),
        duration_ms: u32::try_from(took_ms).unwrap(),
    }
}

#[async_trait]
impl Channel for Vendor {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn max_batch(&self) -> usize {
        self.max_batch
    }

    /// As of a vendor that sets a badge's number.
    fn share_a_call(&self, a: &Parcel, b: &Parcel) -> bool {
        same_payload(a, b) && a.badge == b.badge
    }

    /// Sales are advertising.
    fn quota_class(&self, parcel: &Parcel, _: &Credential) -> QuotaClass {
        if parcel.notification.body.starts_with("sale") {
            QuotaClass::Marketing
        } else {
            QuotaClass::Communication
        }
    }

    async fn verify(&self, _: &VersionedCredential, _: Environment, _: &str) -> Outcome {
        unreachable!("the runner verifies nothing")
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        let at = self.clock.now();
        let call = {
            let mut calls = self.calls.lock().unwrap();
            *calls += 1;
            *calls
        };
        let mut answers = vec![];
        for parcel in batch {
            if !self.aloft.lock().unwrap().insert(parcel.delivery) {
                self.violations
                    .lock()
                    .unwrap()
                    .push(format!("{:?} sent twice at once", parcel.delivery));
            }
            if parcel.leased_until <= at || parcel.expires_at <= at {
                self.violations
                    .lock()
                    .unwrap()
                    .push(format!("{:?} sent too late", parcel.delivery));
            }
            self.seen.lock().unwrap().push(Seen {
                delivery: parcel.delivery.0,
                at,
                call,
            });
            answers.push((self.mind.lock().unwrap())(parcel, credential.version));
        }
        let _aloft = Aloft(self, batch.iter().map(|parcel| parcel.delivery).collect());
        {
            let mut most = self.most_aloft.lock().unwrap();
            *most = (*most).max(self.aloft.lock().unwrap().len());
        }
        let mut outcomes = vec![];
        for (answer, parcel) in answers.into_iter().zip(batch) {
            match answer {
                Answer::After(ms, verdict, vendor_status) => {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    outcomes.push(outcome(parcel, verdict, vendor_status, ms));
                }
                Answer::Now => outcomes.push(outcome(parcel, Verdict::Accepted, Some(200), 0)),
                Answer::Hang => std::future::pending().await,
                Answer::Panic => panic!("a channel's bug"),
                Answer::Short => {}
            }
        }
        outcomes
    }
}
