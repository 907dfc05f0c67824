//! The one task that writes to a plane.
//!
//! Whatever waits when a transaction ends goes into the next one together, so that one flush to disk serves all of it.
//! An answer is given after the commit and never before. When a transaction fails its calls are tried one by one, so
//! that one that cannot be written does not take its neighbours along.

use super::accept::Acceptance;
use super::claim::Claim;
use super::devices::{Acknowledge, Of, Register};
use super::ids::Ids;
use super::receipts::Reported;
use super::retention::Forget;
use super::rollups::Deltas;
use super::shared::Shared;
use super::sql::Rows;
use super::statistics::{Fold, FoldedDay, Happened, Piece};
use super::users::Import;
use super::webhooks::{Again, Sweep, Taken, Told, Turn};
use super::work::{Effects, Work};
use crate::{Connections, Fault, Result};
use domain::{
    ApplicationId, DeliveryId, PackageId, Timestamp,
    device::StateReport,
    message::Accepted,
    parcel::{Parcel, Settlement},
    receipt::ReceiptsTaken,
};
use sea_orm::DbErr;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// A database that takes longer than this to fail is not asked again for each call of the batch.
const PATIENCE: Duration = Duration::from_secs(1);

/// A call that waits for its answer.
#[derive(Debug)]
pub(super) struct Request<I, O> {
    input: I,
    answer: Option<Result<O>>,
    reply: oneshot::Sender<Result<O>>,
}

impl<I, O> Request<I, O> {
    pub(super) fn new(input: I) -> (Self, oneshot::Receiver<Result<O>>) {
        let (reply, answer) = oneshot::channel();
        let request = Self {
            input,
            answer: None,
            reply,
        };
        (request, answer)
    }

    /// Notes the answer until the commit. A refusal of one call is an answer; a fault of the database is not, it ends
    /// the transaction.
    fn note(&mut self, answer: Result<O>) -> Result<()> {
        match answer {
            Err(fault) if !matches!(fault, Fault::Missing | Fault::Refused(_)) => Err(fault),
            answer => {
                self.answer = Some(answer);
                Ok(())
            }
        }
    }

    fn send(self, failed: Option<Fault>) {
        let answer = failed.map_or_else(|| self.answer.unwrap_or(Err(Fault::Missing)), Err);
        // Whoever asked may have gone; what was written stays written.
        let _ = self.reply.send(answer);
    }
}

/// What the writer is asked to do.
#[derive(Debug)]
pub(super) enum Job {
    Accept(Box<Request<Acceptance, Accepted>>),
    Settle(Request<Vec<Settlement>, ()>),
    Claim(Request<Claim, Vec<Parcel>>),
    Release(Request<(Vec<DeliveryId>, Timestamp), ()>),
    Expire(Request<(Timestamp, u32), u64>),
    EndPackage(Request<(ApplicationId, PackageId, u32), u64>),
    Register(Request<Of<Register>, String>),
    Report(Request<Of<StateReport>, ()>),
    Acknowledge(Request<Of<Acknowledge>, ()>),
    Receipts(Request<Reported, ReceiptsTaken>),
    Import(Request<Of<Import>, ()>),
    Fold(Request<Fold, bool>),
    WriteDay(Request<FoldedDay, ()>),
    Rebuild(Request<Piece, ()>),
    TakeTurn(Request<Turn, Option<Taken>>),
    EndTurn(Request<Told, ()>),
    Replay(Request<Again, u64>),
    SweepWebhooks(Request<Sweep, ()>),
    Forget(Request<Forget, u64>),
    /// Take no more; write what waits.
    End,
}

impl Job {
    /// How much of a transaction it takes.
    fn weight(&self) -> usize {
        match self {
            Self::Accept(request) => request.input.submission.to.len(),
            Self::Settle(request) => request.input.len(),
            Self::Receipts(request) => request.input.receipts.len(),
            _ => 1,
        }
    }

    fn send(self, failed: Option<Fault>) {
        match self {
            Self::Accept(request) => request.send(failed),
            Self::Settle(request) => request.send(failed),
            Self::Claim(request) => request.send(failed),
            Self::Release(request) => request.send(failed),
            Self::Expire(request) => request.send(failed),
            Self::EndPackage(request) => request.send(failed),
            Self::Register(request) => request.send(failed),
            Self::Report(request) => request.send(failed),
            Self::Acknowledge(request) => request.send(failed),
            Self::Receipts(request) => request.send(failed),
            Self::Import(request) => request.send(failed),
            Self::Fold(request) => request.send(failed),
            Self::WriteDay(request) => request.send(failed),
            Self::Rebuild(request) => request.send(failed),
            Self::TakeTurn(request) => request.send(failed),
            Self::EndTurn(request) => request.send(failed),
            Self::Replay(request) => request.send(failed),
            Self::SweepWebhooks(request) => request.send(failed),
            Self::Forget(request) => request.send(failed),
            Self::End => {}
        }
    }
}

pub(super) struct Writer {
    pub(super) connections: Connections,
    pub(super) shared: Arc<Shared>,
    pub(super) ids: Ids,
}

impl Writer {
    /// Works until it is told to end, or everybody who could ask is gone, and nothing waits.
    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Job>) {
        let mut expected = 1;
        while let Some(first) = inbox.recv().await {
            let jobs = self.gather(&mut inbox, first, expected).await;
            expected = jobs.len();
            if jobs.iter().any(|job| matches!(job, Job::End)) {
                inbox.close();
            }
            self.work_off(jobs).await;
        }
    }

    /// Takes what waits, and waits a little for as many calls as came last time: callers that were answered together
    /// tend to come back together. A lone caller is not kept waiting.
    async fn gather(&self, inbox: &mut mpsc::Receiver<Job>, first: Job, expected: usize) -> Vec<Job> {
        let settings = &self.shared.settings;
        let mut weight = first.weight();
        let mut jobs = vec![first];
        let deadline = tokio::time::Instant::now() + settings.max_wait;
        while weight < settings.max_batch {
            let next = match inbox.try_recv() {
                Ok(job) => Some(job),
                Err(_) if jobs.len() >= expected => None,
                Err(_) => tokio::time::timeout_at(deadline, inbox.recv()).await.ok().flatten(),
            };
            let Some(job) = next else { break };
            weight += job.weight();
            jobs.push(job);
        }
        jobs
    }

    async fn work_off(&mut self, mut jobs: Vec<Job>) {
        let started = Instant::now();
        let Err(fault) = self.transact(&mut jobs).await else {
            return jobs.into_iter().for_each(|job| job.send(None));
        };
        if jobs.len() == 1 {
            return jobs.into_iter().for_each(|job| job.send(Some(repeated(&fault))));
        }
        tracing::warn!(error = ?fault, calls = jobs.len(), "a transaction failed; its calls are tried one by one");
        let mut given_up = false;
        for mut job in jobs {
            given_up |= started.elapsed() > PATIENCE;
            let failed = if given_up {
                Some(repeated(&fault))
            } else {
                self.transact(std::slice::from_mut(&mut job)).await.err()
            };
            job.send(failed);
        }
    }

    /// Writes jobs in one transaction and then tells the world; or nothing of it.
    async fn transact(&mut self, jobs: &mut [Job]) -> Result<()> {
        let tx = self.connections.begin().await?;
        let mut work = Work {
            tx: &tx,
            shared: &self.shared,
            ids: &mut self.ids,
            now: self.shared.clock.now(),
            deltas: Deltas::default(),
            happened: Happened::default(),
            wanted: self.shared.wanted.load_full(),
            told: Rows::default(),
            effects: Effects::default(),
        };
        let done = work.perform(jobs).await;
        let effects = work.effects;
        let done = match done {
            Ok(()) => tx.commit().await.map_err(Fault::from),
            Err(fault) => {
                // The fault is what counts; a roll-back that fails is seen to when the next transaction begins.
                let _ = tx.rollback().await;
                Err(fault)
            }
        };
        if done.is_ok() {
            effects.publish(&self.shared);
        } else {
            effects.undo(&self.shared);
        }
        done
    }
}

/// The same fault for another call of the batch.
fn repeated(fault: &Fault) -> Fault {
    match fault {
        Fault::Unavailable(cause) => Fault::Unavailable(cause.clone()),
        Fault::Database(cause) | Fault::Taken(cause) | Fault::InUse(cause) => Fault::Database(cause.clone()),
        Fault::Damaged { what } => Fault::damaged(what),
        other => Fault::Unavailable(DbErr::Custom(other.to_string())),
    }
}

impl Work<'_> {
    /// Does jobs in an order in which each sees what those before it imply: what came of tries, then what devices and
    /// vendors say, then messages, then work for the dispatcher.
    async fn perform(&mut self, jobs: &mut [Job]) -> Result<()> {
        self.perform_settlements(jobs).await?;
        for job in jobs.iter_mut() {
            match job {
                Job::Register(request) => request.note(self.register(&request.input).await)?,
                Job::Report(request) => request.note(self.report_state(&request.input).await)?,
                Job::Acknowledge(request) => request.note(self.acknowledge(&request.input).await)?,
                Job::Receipts(request) => request.note(self.take_receipts(&request.input).await)?,
                Job::Import(request) => request.note(self.import(&request.input).await)?,
                Job::Fold(request) => request.note(self.fold(request.input).await)?,
                Job::WriteDay(request) => request.note(self.write_day(&request.input).await)?,
                Job::Rebuild(request) => request.note(self.rebuild(&request.input).await)?,
                Job::TakeTurn(request) => request.note(self.take_turn(request.input).await)?,
                Job::EndTurn(request) => request.note(self.end_turn(&request.input).await)?,
                Job::Replay(request) => request.note(self.replay(request.input).await)?,
                Job::SweepWebhooks(request) => request.note(self.sweep_webhooks(&request.input).await)?,
                Job::Forget(request) => request.note(self.forget(request.input).await)?,
                Job::Release(request) => {
                    let (deliveries, due_at) = &request.input;
                    request.note(self.release(deliveries, *due_at).await)?;
                }
                Job::Expire(request) => {
                    let (now, limit) = request.input;
                    request.note(self.expire(now, limit).await)?;
                }
                Job::EndPackage(request) => {
                    let (application, package, limit) = request.input;
                    request.note(self.end_package(application, package, limit).await)?;
                }
                Job::Accept(_) | Job::Settle(_) | Job::Claim(_) | Job::End => {}
            }
        }
        self.perform_acceptances(jobs).await?;
        for job in jobs.iter_mut() {
            if let Job::Claim(request) = job {
                request.note(self.claim(&request.input).await)?;
            }
        }
        self.tell_webhooks().await?;
        self.count().await?;
        self.note_what_happened().await
    }

    async fn perform_settlements(&mut self, jobs: &mut [Job]) -> Result<()> {
        let settlements: Vec<&Settlement> = jobs
            .iter()
            .filter_map(|job| match job {
                Job::Settle(request) => Some(&request.input),
                _ => None,
            })
            .flatten()
            .collect();
        self.settle(&settlements).await?;
        for job in jobs {
            if let Job::Settle(request) = job {
                request.note(Ok(()))?;
            }
        }
        Ok(())
    }

    async fn perform_acceptances(&mut self, jobs: &mut [Job]) -> Result<()> {
        let batch: Vec<&Acceptance> = jobs
            .iter()
            .filter_map(|job| match job {
                Job::Accept(request) => Some(&request.input),
                _ => None,
            })
            .collect();
        if batch.is_empty() {
            return Ok(());
        }
        let mut answers = self.accept(&batch).await?.into_iter();
        for job in jobs {
            if let Job::Accept(request) = job
                && let Some(answer) = answers.next()
            {
                request.note(Ok(answer))?;
            }
        }
        Ok(())
    }
}
