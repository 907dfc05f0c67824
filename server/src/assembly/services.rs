//! The services over opened databases, for the server and for the command line alike.

use super::{
    databases,
    opening::Opening,
    probes::{CertificateEnds, DatabaseProbe, DispatchProbe},
    sweeper::Sweeper,
    telling, vendors,
};
use crate::{
    metrics::Expiries,
    provisioning::Ports,
    rest::health::Probe,
    services::{
        alarms::{AlarmService, AlarmTeller, AlarmWatch, Watched, WatchedOn},
        channel_checks::ChannelCheckService,
        control::ControlServices,
        devices::DeviceService,
        directory::Directory,
        history::HistoryService,
        im_users::ImUserService,
        messages::MessageService,
        packages::PackageService,
        passwords::Cost,
        planes::Planes,
        pushes::PushService,
        receipts::ReceiptService,
        retention::Retention,
        statistics::{Bookkeeping, StatisticsService},
        traces::TraceService,
        verifier::Vendors,
        webhooks::WebhookSender,
    },
    settings::{self, Settings},
};
use anyhow::Context;
use app::backend::Backend;
use dispatcher::{Dispatch, Runner};
use domain::{
    ports::{Devices, ImUsers, Messages, Receipts},
    time::{Clock, SystemClock},
};
use std::{sync::Arc, time::Duration};
use store::{Connections, control::Control, plane::Plane, vault::MasterKey};
use tokio::task::JoinHandle;

/// A writer has at most one transaction left when nobody asks it any more.
const WRITER_ENDS_WITHIN: Duration = Duration::from_secs(5);

/// What the services are opened for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To accept messages and send them.
    Serve,
    /// To write and read beside a running server, which notices by itself what has become due.
    Tool,
}

/// Everything behind the doors.
#[expect(missing_docs, reason = "the names and types say it")]
pub struct Services {
    pub clock: Arc<dyn Clock>,
    pub control: ControlServices,
    pub backend: Arc<Backend>,
    pub messages: Arc<dyn Messages>,
    pub im_users: Arc<dyn ImUsers>,
    pub devices: Arc<dyn Devices>,
    pub receipts: Arc<dyn Receipts>,
    /// Call [`WebhookSender::run`] beside the doors.
    pub webhooks: Arc<WebhookSender>,
    /// Call [`AlarmTeller::run`] beside the doors.
    pub alarm_teller: Arc<AlarmTeller>,
    pub planes: Vec<ServedPlane>,
    control_plane: Control,
    control_database: Connections,
    by_access_point: Arc<Planes>,
    audit_keep_days: u32,
    retention: settings::Retention,
    watched_on: WatchedOn,
}

impl Services {
    /// What provisioning works with.
    pub fn ports(&self) -> Ports {
        Ports {
            backend: Arc::clone(&self.backend),
            basic_configs: Arc::clone(&self.control.basic_configs),
        }
    }

    /// What `/readyz` asks.
    pub fn probes(&self) -> Arc<[Box<dyn Probe>]> {
        let control: Box<dyn Probe> = Box::new(DatabaseProbe::new("control", &self.control_database));
        let mut probes = vec![control];
        for plane in &self.planes {
            probes.push(Box::new(DatabaseProbe::new(&plane.id, &plane.connections)));
            if let Some(dispatch) = &plane.dispatch {
                probes.push(Box::new(DispatchProbe::new(&plane.id, dispatch)));
            }
        }
        probes.into()
    }

    /// The dispatchers, for the metrics.
    pub fn dispatchers(&self) -> Vec<(String, Arc<Dispatch>)> {
        let dispatched = self
            .planes
            .iter()
            .filter_map(|plane| Some((plane.id.clone(), plane.dispatch.clone()?)));
        dispatched.collect()
    }

    /// When credentials end, for the metrics.
    pub fn expiries(&self) -> Arc<dyn Expiries> {
        Arc::new(CertificateEnds {
            control: self.control_plane.clone(),
            clock: Arc::clone(&self.clock),
        })
    }

    /// Folds statistics.
    pub fn bookkeeping(&self) -> Bookkeeping {
        Bookkeeping::new(
            self.control_plane.clone(),
            Arc::clone(&self.by_access_point),
            Arc::clone(&self.clock),
        )
    }

    /// Forgets what the settings keep no longer.
    pub fn retention(&self) -> Retention {
        Retention::new(
            Arc::clone(&self.by_access_point),
            Arc::clone(&self.clock),
            self.retention,
        )
    }

    /// Raises alarms.
    pub fn alarm_watch(&self) -> AlarmWatch {
        let watched = Watched {
            planes: Arc::clone(&self.by_access_point),
            dispatchers: self.dispatchers(),
            on: self.watched_on.clone(),
        };
        AlarmWatch::new(self.control_plane.clone(), Arc::clone(&self.clock), watched)
    }

    /// Deletes what has run out.
    pub fn sweeper(&self) -> Sweeper {
        Sweeper {
            audit_keep_days: self.audit_keep_days,
            sessions: self.control.sessions.clone(),
            control: self.control_plane.clone(),
            clock: Arc::clone(&self.clock),
        }
    }
}

/// A data plane, its writer, and its dispatcher when it is served.
#[expect(missing_docs, reason = "the names and types say it")]
pub struct ServedPlane {
    pub id: String,
    pub plane: Plane,
    pub dispatch: Option<Arc<Dispatch>>,
    pub runner: Option<Runner>,
    pub connections: Connections,
    pub(super) writer: JoinHandle<()>,
}

impl Services {
    /// Opens databases and services for the command line.
    pub async fn open(settings: &Settings, purpose: Purpose) -> anyhow::Result<Self> {
        Self::open_with(settings, Arc::new(SystemClock), purpose).await
    }

    /// Opens databases and services.
    pub async fn open_with(settings: &Settings, clock: Arc<dyn Clock>, purpose: Purpose) -> anyhow::Result<Self> {
        let databases = databases::open(settings).await?;
        let control_plane = open_control(settings, &databases.control).await?;
        let control_plane = control_plane.dated_by(Arc::clone(&clock));
        // The planes' dispatchers need the control plane's credentials, whose plans need the planes' counts.
        let by_access_point = Arc::new(Planes::default());
        let counts = by_access_point.clone();
        let console_at = settings.http.console_origin();
        let control = ControlServices::start(
            control_plane.clone(),
            Cost::of(&settings.passwords),
            Arc::clone(&clock),
            counts,
            settings.receipts_at(),
            &console_at,
        );
        let control = control.await.context("the control plane cannot be read")?;
        let opening = Opening {
            settings,
            clock: &clock,
            purpose,
            credentials: control.credentials.clone(),
        };
        let mut planes = Vec::new();
        for database in databases.planes {
            planes.push(opening.plane(database).await?);
        }
        by_access_point.fill(planes.iter().map(|plane| (plane.id.clone(), plane.plane.clone())));
        let vendors = match purpose {
            Purpose::Serve => Vendors::new(vendors::channels(settings, &clock)?),
            Purpose::Tool => Vendors::default(),
        };
        let extra_roots = vendors::extra_roots(settings)?;
        let provider = telling::provider(settings, &extra_roots, &control_plane, &control, &clock)?;
        let parts = || {
            let (directory, planes) = (Arc::clone(&control.directory), by_access_point.clone());
            (control_plane.clone(), directory, planes, Arc::clone(&clock))
        };
        let (webhook_sender, webhooks) = telling::webhooks(settings, &extra_roots, purpose, parts()).await?;
        let (alarm_teller, recipients) =
            telling::alarm_teller(settings, &extra_roots, purpose, &control_plane, &clock)?;
        let backend = Backend {
            recipients: Arc::new(recipients),
            webhooks: webhooks.clone(),
            webhook_calls: webhooks,
            channel_checks: Arc::new(ChannelCheckService::new(
                control_plane.clone(),
                Arc::clone(&control.directory),
                Arc::clone(&control.credentials),
                by_access_point.clone(),
                Arc::new(vendors),
                Arc::clone(&clock),
            )),
            accounts: control.accounts.clone(),
            security: control.security.clone(),
            factors: control.factors.clone(),
            provider: Arc::new(provider),
            passkeys: control.passkeys.clone(),
            links: control.links.clone(),
            sub_accounts: control.sub_accounts.clone(),
            products: control.products.clone(),
            applications: control.applications.clone(),
            basic_configs: control.basic_configs.clone(),
            packages: over_planes(parts(), PackageService::new),
            im_applications: control.im_applications.clone(),
            api_keys: control.api_keys.clone(),
            authorisations: control.authorisations.clone(),
            plans: control.plans.clone(),
            audit: control.audit.clone(),
            alarms: Arc::new(AlarmService::new(control_plane.clone(), Arc::clone(&clock))),
            pushes: over_planes(parts(), PushService::new),
            history: Arc::new(HistoryService::new(control_plane.clone(), by_access_point.clone())),
            traces: over_planes(parts(), TraceService::new),
            statistics: Arc::new(StatisticsService::new(
                control_plane.clone(),
                by_access_point.clone(),
                Arc::clone(&clock),
            )),
        };
        let directory = Arc::clone(&control.directory);
        Ok(Self {
            messages: Arc::new(MessageService::new(directory.clone(), by_access_point.clone())),
            im_users: Arc::new(ImUserService::new(directory.clone(), by_access_point.clone())),
            devices: Arc::new(DeviceService::new(directory.clone(), by_access_point.clone())),
            receipts: over_planes(parts(), ReceiptService::new),
            webhooks: webhook_sender,
            alarm_teller,
            backend: Arc::new(backend),
            control_database: databases.control,
            control_plane,
            by_access_point,
            audit_keep_days: settings.audit.keep_days,
            retention: settings.retention,
            watched_on: WatchedOn::of(settings),
            clock,
            control,
            planes,
        })
    }

    /// Waits until everything is written, then closes the databases.
    pub async fn close(self) -> anyhow::Result<()> {
        let Self {
            planes,
            by_access_point,
            control_database,
            control,
            backend,
            messages,
            im_users,
            devices,
            receipts,
            webhooks,
            ..
        } = self;
        // The writers end once nobody can ask them any more.
        drop((
            control,
            backend,
            messages,
            im_users,
            devices,
            receipts,
            webhooks,
            by_access_point,
        ));
        for plane in planes {
            let ServedPlane {
                id,
                plane,
                dispatch,
                runner,
                writer,
                connections,
            } = plane;
            drop((plane, dispatch, runner));
            if tokio::time::timeout(WRITER_ENDS_WITHIN, writer).await.is_err() {
                tracing::warn!(access_point = id, "the writer had not ended in time");
            }
            connections
                .close()
                .await
                .with_context(|| format!("the database of {id} did not close"))?;
        }
        control_database
            .close()
            .await
            .context("the control database did not close")
    }
}

/// What services over both kinds of planes are made of.
pub(super) type Parts = (Control, Arc<Directory>, Arc<Planes>, Arc<dyn Clock>);

fn over_planes<T>(
    (control, directory, planes, clock): Parts,
    new: impl FnOnce(Control, Arc<Directory>, Arc<Planes>, Arc<dyn Clock>) -> T,
) -> Arc<T> {
    Arc::new(new(control, directory, planes, clock))
}

/// The control plane with the master key of the settings.
pub(crate) async fn open_control(settings: &Settings, connections: &Connections) -> anyhow::Result<Control> {
    let key = if settings.data.master_key.is_empty() {
        MasterKey::File(settings.data.dir.join("master.key"))
    } else {
        MasterKey::Text(settings.data.master_key.clone())
    };
    let opened = Control::open(connections.clone(), &key, settings.access_points()).await;
    let opened = opened.context("the control plane cannot be opened")?;
    if opened.made_key {
        tracing::warn!(
            "the master key was made: back up {}; without it stored vendor secrets are lost",
            key.place()
        );
    }
    Ok(opened.control)
}
