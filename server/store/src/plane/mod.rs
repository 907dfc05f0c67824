//! A data plane: the database of a service access point, with everything of its users, devices and messages.
//!
//! [`Plane`] is the door. What writes goes through one task ([`writer`]) that commits many calls together; what reads
//! goes to the reading connections. The dispatcher sees a plane as an [`Outbox`].

mod accept;
mod claim;
mod decisions;
mod device_history;
mod devices;
mod history;
mod ids;
mod lookup;
mod moves;
mod receipts;
mod retention;
mod rollups;
mod settle;
mod shared;
mod sql;
mod statistics;
mod trace;
mod users;
mod webhooks;
mod work;
mod writer;

pub use accept::Only;
pub use ids::MAX_NODE;
pub use retention::Ageing;
pub use shared::{NoHandover, PlaneSettings};
pub use statistics::{Counted, DayOfZone, Figure, Rebuilt, Selection};
pub use trace::{DeviceStory, Known, KnownDevice, Scope};
pub use webhooks::{Taken, Told, Wanted};

use crate::{Connections, Fault, Result};
use accept::Acceptance;
use async_trait::async_trait;
use claim::Claim;
use devices::{Acknowledge, Of, Register};
use domain::{
    ApplicationId, DeliveryId, MessageId, PackageId, PlanId, SdkAppId, Timestamp,
    channel::Channel,
    decision::Route,
    delivery::Reason,
    device::{Ack, Registration, StateReport},
    message::{Accepted, Submission},
    page::Page,
    parcel::{LaneKey, Parcel, Settlement},
    plan::{Counts, HistoryQuery, MessageDetails, MessageView},
    ports::{Handover, OnlineStatus, Outbox, OutboxError},
    product::Platform,
    receipt::{Receipt, ReceiptDoor, ReceiptsTaken},
    time::Clock,
};
use receipts::Reported;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use shared::Shared;
use std::{collections::HashMap, sync::Arc};
use tokio::{
    sync::{broadcast, mpsc, oneshot},
    task::JoinHandle,
};
use users::Import;
use writer::{Job, Request, Writer};

/// How many deliveries one transaction ends because their time is over, or their package gone.
const EXPIRE_AT_ONCE: u32 = 1000;

/// A data plane. Cheap to clone; all clones share the writer.
#[derive(Clone, Debug)]
pub struct Plane {
    inbox: mpsc::Sender<Job>,
    connections: Connections,
    shared: Arc<Shared>,
}

impl Plane {
    /// Takes over a migrated database and starts its writer, which ends after [`Plane::finish`], or once the
    /// last clone is gone, when all is written; the handle tells when.
    pub async fn start(
        connections: Connections,
        settings: PlaneSettings,
        clock: Arc<dyn Clock>,
        handover: Arc<dyn Handover>,
    ) -> Result<(Self, JoinHandle<()>)> {
        let ids = ids::Ids::new(settings.node, highest_id(&connections).await?);
        let (inbox, jobs) = mpsc::channel(settings.queue.max(1));
        let shared = Arc::new(Shared::new(connections.backend(), settings, clock, handover));
        let writer = Writer {
            connections: connections.clone(),
            shared: Arc::clone(&shared),
            ids,
        };
        let task = tokio::spawn(writer.run(jobs));
        let plane = Self {
            inbox,
            connections,
            shared,
        };
        Ok((plane, task))
    }

    /// Decides, stores and answers; the answer means that it is on disk. `Fault::Unavailable` means that nothing was
    /// stored, at once when too many calls wait.
    pub async fn accept(&self, submission: Submission, route: Arc<Route>) -> Result<Accepted> {
        let acceptance = Acceptance::new(submission, route, self.shared.clock.now());
        self.ask_at_once(|request| Job::Accept(Box::new(request)), acceptance)
            .await
    }

    /// As [`Plane::accept`], for some devices of the receivers only.
    pub async fn accept_for(&self, submission: Submission, route: Arc<Route>, only: Only) -> Result<Accepted> {
        let mut acceptance = Acceptance::new(submission, route, self.shared.clock.now());
        acceptance.only = Some(only);
        self.ask_at_once(|request| Job::Accept(Box::new(request)), acceptance)
            .await
    }

    /// Whose device a 36-character token names, if it is bound to a user now.
    pub async fn user_of_device(&self, sdk_app_id: SdkAppId, token: &str) -> Result<Option<String>> {
        let on = &self.connections.read;
        self.shared.users.user_of(on, sdk_app_id, token).await
    }

    /// Whether a user has a device that a test would go to.
    pub async fn has_device(&self, sdk_app_id: SdkAppId, user: &str, only: &Only) -> Result<bool> {
        let on = &self.connections.read;
        self.shared.users.has_device(on, sdk_app_id, user, only).await
    }

    /// How many devices are registered under a package name of an Android application, `limit` at most.
    pub async fn devices_of_package(&self, sdk_app_id: SdkAppId, package: &str, limit: u32) -> Result<u32> {
        let on = &self.connections.read;
        self.shared.users.of_package(on, sdk_app_id, package, limit).await
    }

    /// Ends what waits for the keys of a package that was removed, for want of a credential. Returns how many.
    pub async fn end_package(&self, application: ApplicationId, package: PackageId) -> Result<u64> {
        let mut ended = 0;
        loop {
            let asked = (application, package, EXPIRE_AT_ONCE);
            let n = self.ask_at_once(Job::EndPackage, asked).await?;
            ended += n;
            if n < u64::from(EXPIRE_AT_ONCE) {
                return Ok(ended);
            }
        }
    }

    /// Binds a vendor token to a user; whoever had it loses it. Returns the installation's 36-character token, which is
    /// `new_token` unless the installation has one.
    pub async fn register(
        &self,
        sdk_app_id: SdkAppId,
        user: &str,
        registration: Registration,
        new_token: String,
    ) -> Result<String> {
        let what = Register {
            registration,
            new_token,
        };
        self.ask_at_once(Job::Register, of(sdk_app_id, user, what)).await
    }

    /// Records a state; `Fault::Missing` unless the device is the user's.
    pub async fn report_state(&self, sdk_app_id: SdkAppId, user: &str, report: StateReport) -> Result<()> {
        self.ask_at_once(Job::Report, of(sdk_app_id, user, report)).await
    }

    /// Moves a delivery on; repeats and unknown numbers change nothing. `Fault::Missing` unless the device is the
    /// user's. An acknowledgement that names a message is looked for under `plans`.
    pub async fn acknowledge(&self, sdk_app_id: SdkAppId, user: &str, ack: Ack, plans: Vec<PlanId>) -> Result<()> {
        let what = Acknowledge { ack, plans };
        self.ask_at_once(Job::Acknowledge, of(sdk_app_id, user, what)).await
    }

    /// Moves deliveries on as a vendor reports; repeats, any order and unknown numbers change nothing.
    pub async fn take_receipts(&self, door: Arc<ReceiptDoor>, receipts: Vec<Receipt>) -> Result<ReceiptsTaken> {
        self.ask_at_once(Job::Receipts, Reported { door, receipts }).await
    }

    /// Records a user; a repeat changes the nickname.
    pub async fn import_user(&self, sdk_app_id: SdkAppId, user: &str, nickname: &str) -> Result<()> {
        let what = Import {
            nickname: sql::storable(nickname, usize::MAX),
        };
        self.ask_at_once(Job::Import, of(sdk_app_id, user, what)).await
    }

    /// How users stand, in the order asked.
    pub async fn online_status(&self, sdk_app_id: SdkAppId, users: Vec<String>) -> Result<Vec<OnlineStatus>> {
        let (on, now) = (&self.connections.read, self.shared.clock.now());
        self.shared.users.online_status(on, sdk_app_id, users, now).await
    }

    /// Messages under a plan, newest first.
    pub async fn messages(&self, plan: PlanId, query: &HistoryQuery) -> Result<Page<MessageView>> {
        history::messages(&self.connections.read, plan, query, self.shared.clock.now()).await
    }

    /// One message of a plan with its devices and tries.
    pub async fn message(&self, plan: PlanId, message: MessageId) -> Result<Option<MessageDetails>> {
        history::message(&self.connections.read, plan, message, self.shared.clock.now()).await
    }

    /// What is known under a clue: devices by user or token, messages by key, number, user or device.
    pub async fn trace(&self, scope: &Scope, clue: &str) -> Result<Known> {
        trace::find(&self.connections.read, scope, clue, self.shared.clock.now()).await
    }

    /// The device of a platform with this 36-character token or number, and its past.
    pub async fn device(&self, scope: &Scope, platform: Platform, named: &str) -> Result<Option<DeviceStory>> {
        let (on, sql) = (&self.connections.read, &self.shared.device_history);
        trace::story(on, sql, scope, platform, named, self.shared.clock.now()).await
    }

    /// The messages with a `MsgKey`, or a number of theirs or of a delivery, with all that the scope's plans hold of them.
    pub async fn named(&self, scope: &Scope, named: &str) -> Result<Vec<MessageDetails>> {
        trace::named(&self.connections.read, scope, named, self.shared.clock.now()).await
    }

    /// The newest messages of an IM application that no application stood for, at most `limit`.
    pub async fn unrouted(&self, sdk_app_id: SdkAppId, limit: u32) -> Result<Vec<MessageView>> {
        history::unrouted(&self.connections.read, sdk_app_id, limit, self.shared.clock.now()).await
    }

    /// Counts of a plan since it exists.
    pub async fn plan_totals(&self, plan: PlanId) -> Result<Counts> {
        self.shared.rollups.plan_totals(&self.connections.read, plan).await
    }

    /// Messages of plans: in all, and in the last 24 hours. Plans without messages are left out.
    pub async fn plan_messages(&self, plans: &[PlanId]) -> Result<HashMap<PlanId, (u64, u64)>> {
        let (on, now) = (&self.connections.read, self.shared.clock.now());
        self.shared.rollups.plan_messages(on, plans, now).await
    }

    /// How many deliveries of plans wait for this reason, by channel; where none do, there is no entry.
    pub async fn held_back(&self, plans: &[PlanId], reason: Reason) -> Result<HashMap<(PlanId, Channel), u64>> {
        let (on, now) = (&self.connections.read, self.shared.clock.now());
        self.shared.rollups.held(on, plans, reason, now).await
    }

    /// The lanes for which something waits, and when the first of it is due.
    pub async fn lanes(&self) -> Result<Vec<(LaneKey, Timestamp)>> {
        self.shared.claim.lanes(&self.connections.read).await
    }

    /// From the next transaction on these webhooks are told these events.
    pub fn set_webhooks(&self, wanted: Wanted) {
        self.shared.wanted.store(Arc::new(wanted));
    }

    /// Tells which plans' histories have changed. A listener that is too slow hears that it missed some.
    pub fn changes(&self) -> broadcast::Receiver<PlanId> {
        self.shared.changes.subscribe()
    }

    /// Lets the writer write what waits and end, whoever still holds the plane; calls from now on are refused. Wait for
    /// the handle of [`Plane::start`] to know when.
    pub async fn finish(&self) {
        // A writer that has ended already is what was asked for.
        let _ = self.inbox.send(Job::End).await;
    }

    /// Asks on behalf of somebody outside: refused at once when the queue is full.
    async fn ask_at_once<I, O>(&self, job: fn(Request<I, O>) -> Job, input: I) -> Result<O> {
        let (request, answer) = Request::new(input);
        let sent = self.inbox.try_send(job(request));
        sent.map_err(|_| unavailable("too many calls wait for the writer"))?;
        answered(answer).await
    }

    /// Asks on behalf of the dispatcher, which waits its turn.
    async fn ask<I, O>(&self, job: fn(Request<I, O>) -> Job, input: I) -> Result<O, OutboxError> {
        let (request, answer) = Request::new(input);
        let sent = self.inbox.send(job(request)).await;
        sent.map_err(|_| OutboxError(Box::new(unavailable("the writer has ended"))))?;
        answered(answer).await.map_err(|fault| OutboxError(Box::new(fault)))
    }
}

#[async_trait]
impl Outbox for Plane {
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        except: &[LaneKey],
    ) -> Result<Vec<Parcel>, OutboxError> {
        let claim = Claim {
            now,
            lease_until,
            limit,
            except: except.to_vec(),
        };
        self.ask(Job::Claim, claim).await
    }

    async fn settle(&self, settlements: Vec<Settlement>) -> Result<(), OutboxError> {
        self.ask(Job::Settle, settlements).await
    }

    async fn release(&self, parcels: Vec<DeliveryId>, due_at: Timestamp) -> Result<(), OutboxError> {
        self.ask(Job::Release, (parcels, due_at)).await
    }

    async fn expire(&self, now: Timestamp) -> Result<u64, OutboxError> {
        let mut ended = 0;
        loop {
            let n = self.ask(Job::Expire, (now, EXPIRE_AT_ONCE)).await?;
            ended += n;
            if n < u64::from(EXPIRE_AT_ONCE) {
                return Ok(ended);
            }
        }
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, OutboxError> {
        let lanes = self.shared.claim.lanes(&self.connections.read).await;
        let lanes = lanes.map_err(|fault| OutboxError(Box::new(fault)))?;
        Ok(lanes.first().map(|(_, due_at)| *due_at))
    }
}

fn of<T>(sdk_app_id: SdkAppId, user: &str, what: T) -> Of<T> {
    Of {
        sdk_app_id,
        user: user.to_owned(),
        what,
    }
}

async fn answered<T>(answer: oneshot::Receiver<Result<T>>) -> Result<T> {
    answer
        .await
        .unwrap_or_else(|_| Err(unavailable("the writer has ended")))
}

fn unavailable(why: &str) -> Fault {
    Fault::Unavailable(DbErr::Custom(why.to_owned()))
}

/// The highest number that rows have, so that new ones stand above it even when the clock was put back.
async fn highest_id(connections: &Connections) -> Result<i64> {
    let mut highest = 0;
    for table in ["devices", "messages", "deliveries", "webhook_events", "webhook_calls"] {
        let sql = format!("SELECT MAX(id) FROM {table}");
        let statement = Statement::from_string(connections.backend(), sql);
        if let Some(row) = connections.read.query_one_raw(statement).await? {
            highest = highest.max(row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0));
        }
    }
    Ok(highest)
}
