//! The running server: doors over the services, dispatchers over the data planes, and what goes on beside them.

use super::services::{Purpose, Services};
use crate::{
    lifecycle::Lifecycle,
    listener::{self, Tls},
    metrics,
    rest::{
        self, RestState,
        addresses::Addresses,
        health,
        im::{repeats::Repeats, tickets::Tickets},
        pace::Pace,
        places::Places,
        provisioning::Provisioning,
    },
    settings::Settings,
    web::{self, WebState, assets::Assets, events::Changes, gate::SetUpDone, security_headers, session::Limits},
};
use anyhow::Context;
use axum::Router;
use domain::{PlanId, ports::Outbox, time::Clock};
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, sync::broadcast};
use tower_http::catch_panic::CatchPanicLayer;

/// A server, put together but not yet listening.
#[expect(missing_docs, reason = "the names and types say it")]
pub struct Server {
    pub router: Router,
    pub services: Services,
    pub lifecycle: Lifecycle,
    /// Of connections.
    pub limits: listener::Limits,
    pub tls: Option<Tls>,
}

impl Server {
    /// Puts the server together. `listening_on` is told to the pages.
    pub async fn assemble(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        listening_on: SocketAddr,
    ) -> anyhow::Result<Self> {
        let tls = settings.http.tls()?;
        let services = Services::open_with(settings, clock, Purpose::Serve).await?;
        let lifecycle = Lifecycle::default();
        let changes = Changes::new(1024);
        let addresses = Addresses::of_settings(&settings.http);
        let assets = Assets::find(&settings.http);
        let rest = RestState {
            directory: Arc::clone(&services.control.directory),
            messages: Arc::clone(&services.messages),
            im_users: Arc::clone(&services.im_users),
            devices: Arc::clone(&services.devices),
            receipts: Arc::clone(&services.receipts),
            tickets: Arc::new(Tickets::new(settings.limits.wrong_tickets_per_min)),
            pace: Arc::new(Pace::new(&settings.limits)),
            repeats: Arc::new(Repeats::new(settings.limits.replay_window_secs)),
            clock: Arc::clone(&services.clock),
            places: Places::of(settings),
            addresses: addresses.clone(),
            provisioning: Provisioning::new(services.ports()),
        };
        let web = WebState {
            backend: Arc::clone(&services.backend),
            clock: Arc::clone(&services.clock),
            addresses,
            session_limits: Limits::of(&settings.session),
            set_up_done: Arc::new(SetUpDone::default()),
            changes: changes.clone(),
            options: assets.options(listening_on),
            assets,
            closing: lifecycle.closing.clone(),
            tasks: lifecycle.tasks.clone(),
        };
        let router = rest::routes(rest)
            .merge(health::routes(services.probes()))
            .merge(web::routes(web, services.control.sessions.clone(), settings)?)
            .layer(CatchPanicLayer::new());
        let router = security_headers::layer(router, &settings.http);
        for plane in &services.planes {
            lifecycle
                .tasks
                .spawn(forward(plane.plane.changes(), changes.clone(), lifecycle.clone()));
        }
        Ok(Self {
            router,
            services,
            lifecycle,
            limits: listener::Limits::of(&settings.http),
            tls,
        })
    }

    /// Starts what runs beside the requests: dispatchers, the directory's watch, the sweeper.
    pub fn start(&mut self) {
        let Self {
            services, lifecycle, ..
        } = self;
        for plane in &mut services.planes {
            if let Some(runner) = plane.runner.take() {
                let outbox: Arc<dyn Outbox> = Arc::new(plane.plane.clone());
                lifecycle.tasks.spawn(runner.run(outbox, lifecycle.draining.clone()));
            }
        }
        let (directory, draining) = (Arc::clone(&services.control.directory), lifecycle.draining.clone());
        lifecycle.tasks.spawn(async move { directory.run(draining).await });
        lifecycle
            .tasks
            .spawn(Arc::clone(&services.webhooks).run(lifecycle.draining.clone()));
        lifecycle.tasks.spawn(services.sweeper().run(lifecycle.closing.clone()));
        lifecycle
            .tasks
            .spawn(services.alarm_watch().run(lifecycle.closing.clone()));
        lifecycle
            .tasks
            .spawn(Arc::clone(&services.alarm_teller).run(lifecycle.closing.clone()));
        lifecycle
            .tasks
            .spawn(services.bookkeeping().run(lifecycle.closing.clone()));
        lifecycle
            .tasks
            .spawn(services.retention().run(lifecycle.closing.clone()));
    }

    /// Serves on a listener until `lifecycle.closing`, then drains and closes.
    pub async fn run(mut self, listener: TcpListener, metrics_listener: Option<TcpListener>) -> anyhow::Result<()> {
        self.start();
        let closing = self.lifecycle.closing.clone();
        if let Some(listener) = metrics_listener {
            let router = metrics::routes(
                metrics::install()?,
                self.services.dispatchers(),
                self.services.expiries(),
            );
            let serving = listener::serve(listener, router, self.limits.clone(), None, closing.clone());
            self.lifecycle.tasks.spawn(serving);
        }
        if let Some(tls) = self.tls.clone() {
            self.lifecycle.tasks.spawn(tls.keep_current(closing.clone()));
        }
        let (router, limits, tls) = (self.router.clone(), self.limits.clone(), self.tls.clone());
        listener::serve(listener, router, limits, tls, closing).await;
        self.stop().await
    }

    /// Ends everything in order: streams, dispatchers, databases.
    pub async fn stop(self) -> anyhow::Result<()> {
        let Self {
            services,
            lifecycle,
            router,
            ..
        } = self;
        lifecycle.closing.cancel();
        lifecycle.draining.cancel();
        lifecycle.tasks.close();
        lifecycle.tasks.wait().await;
        // The doors hold the services.
        drop(router);
        services.close().await
    }

    /// The one-time token for `/setup`, when the server has no account yet.
    pub async fn offer_set_up(&self) -> anyhow::Result<Option<domain::Secret>> {
        self.services
            .control
            .accounts
            .offer_set_up()
            .await
            .context("the set-up token cannot be made")
    }
}

/// Carries the changes of one plane to the event streams.
async fn forward(mut changes: broadcast::Receiver<PlanId>, streams: Changes, lifecycle: Lifecycle) {
    loop {
        tokio::select! {
            () = lifecycle.closing.cancelled() => return,
            change = changes.recv() => match change {
                // Nobody may be listening.
                Ok(plan) => _ = streams.send(plan),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }
}
