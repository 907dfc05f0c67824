//! A server in a folder of its own, with a small world in it, and clients that speak its doors' languages.

pub mod authenticator;
pub mod browser;
pub mod im;
pub mod messages;
pub mod process;
pub mod vendors;
pub mod world;

pub use authenticator::Authenticator;
pub use browser::{Answer, Browser};
pub use im::{DeviceClient, ImClient};
pub use world::{PACKAGE, World, a_recipient, a_webhook, description};

use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use domain::{
    AccountId, Timestamp,
    time::{Clock, MockClock, SystemClock},
};
use server::{
    assembly::Server,
    cli::apply::{Report, apply, report::Root},
    settings::Settings,
};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tempfile::TempDir;
use tower::ServiceExt;

/// A server without a listener: requests go straight into its router.
pub struct TestApp {
    pub server: Server,
    pub clock: Arc<MockClock>,
    /// What the clock showed at first.
    pub started: Timestamp,
    pub router: Router,
    pub report: Report,
    _folder: TempDir,
}

/// A clock that stands still. It begins near the machine's time, because the cookie layer reads that one.
fn clock() -> (Arc<MockClock>, Timestamp) {
    let started = Timestamp::from_secs(SystemClock.now().secs());
    (Arc::new(MockClock::new(started)), started)
}

/// Settings for a server in a folder: two access points, of which this node serves the first.
pub fn settings(folder: &Path) -> Settings {
    let mut settings = Settings::defaults().unwrap();
    settings.data.dir = folder.join("data");
    settings.http.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    settings.metrics.listen = None;
    settings.outbound.allow = settings.outbound.allow.and_loopback();
    // The machine that tests run on may have a full disk.
    settings.alarms.disk_free_percent = 0;
    settings.access_points.truncate(2);
    settings.node.serve = vec!["ap-guangzhou".into()];
    settings.access_points[1].host = "shanghai.example.com".into();
    settings
}

impl TestApp {
    /// A server with [`World`], its clock standing still.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let (clock, started) = clock();
        let folder = TempDir::new().unwrap();
        let mut settings = settings(folder.path());
        change(&mut settings);
        let server = assemble(&settings, clock.clone()).await;
        let report = apply(&server.services, &description(), folder.path()).await.unwrap();
        Self {
            router: server.router.clone(),
            server,
            clock,
            started,
            report,
            _folder: folder,
        }
    }

    /// A server without any account.
    pub async fn empty() -> Self {
        Self::empty_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn empty_with(change: impl FnOnce(&mut Settings)) -> Self {
        let (clock, started) = clock();
        let folder = TempDir::new().unwrap();
        let mut settings = settings(folder.path());
        change(&mut settings);
        let server = assemble(&settings, clock.clone()).await;
        let report = nothing();
        Self {
            router: server.router.clone(),
            server,
            clock,
            started,
            report,
            _folder: folder,
        }
    }

    /// An administrator's back end.
    pub fn im(&self) -> ImClient<'_> {
        ImClient::of(self, &self.report.im_applications[0], "administrator")
    }

    /// A user's client application.
    pub fn device(&self, user: &str) -> DeviceClient<'_> {
        DeviceClient(ImClient::of(self, &self.report.im_applications[0], user))
    }

    /// Somebody with a browser.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A request straight into the router.
    pub async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }
}

/// The report of a server without anything.
fn nothing() -> Report {
    Report {
        root: Root {
            id: AccountId(0),
            name: String::new(),
        },
        products: Vec::new(),
        im_applications: Vec::new(),
        authorisations: Vec::new(),
        sub_accounts: Vec::new(),
        devices: Vec::new(),
    }
}

/// A server with real time, as dispatching needs it.
pub async fn running(settings: &Settings) -> Server {
    let mut server = assemble(settings, Arc::new(SystemClock)).await;
    server.start();
    server
}

async fn assemble(settings: &Settings, clock: Arc<dyn Clock>) -> Server {
    Server::assemble(settings, clock, SocketAddr::from(([127, 0, 0, 1], 8090)))
        .await
        .unwrap()
}
