//! The comparison: a loop that does nothing but send pushes with reqwest. It repeats requests that the server has sent
//! (address, headers, body, provider token), over as many connections as the server had open.

use crate::{
    process::{Span, Usage},
    simulator::{Record, Simulator},
};
use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Method, Request, Url};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;
use uuid::Uuid;

const APNS_ID: &str = "apns-id";

/// A push to repeat.
#[derive(Clone)]
pub struct Template {
    url: Url,
    headers: HeaderMap,
    body: Bytes,
}

/// The pushes of one vendor and how to send them.
pub struct Vendor {
    /// What is repeated, round and round.
    pub templates: Vec<Template>,
    /// Connections.
    pub connections: usize,
}

impl Template {
    /// From a request that the simulator has kept.
    pub fn of(record: &Record, base: &str) -> Result<Self> {
        let mut headers = HeaderMap::new();
        let kept = record.headers.iter().filter(|(name, _)| !is_of_the_connection(name));
        for (name, value) in kept {
            headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        Ok(Self {
            url: Url::parse(&format!("{}{}", base.trim_end_matches('/'), record.path))?,
            headers,
            body: Bytes::from(record.body.clone()),
        })
    }

    fn request(&self) -> Result<Request> {
        let mut request = Request::new(Method::POST, self.url.clone());
        *request.headers_mut() = self.headers.clone();
        if self.headers.contains_key(APNS_ID) {
            let id = Uuid::new_v4().to_string();
            request.headers_mut().insert(APNS_ID, HeaderValue::try_from(id)?);
        }
        *request.body_mut() = Some(self.body.clone().into());
        Ok(request)
    }
}

fn is_of_the_connection(name: &str) -> bool {
    name.starts_with(':') || ["host", "content-length", "connection", "te"].contains(&name)
}

/// Sends `pushes` and answers what this process has used for it; half of them go to each of two vendors.
pub async fn run(vendors: Vec<Vendor>, pushes: u64, in_flight: usize, simulator: &Simulator) -> Result<Span> {
    let ca = Certificate::from_pem(&std::fs::read(&simulator.ca)?)?;
    let mut senders = JoinSet::new();
    let share = pushes / (vendors.len().max(1) as u64);
    let before = simulator.accepted().await?;
    let mut lanes = Vec::new();
    for vendor in vendors {
        let clients = (0..vendor.connections.max(1))
            .map(|_| client(&ca))
            .collect::<Result<Vec<_>>>()?;
        ensure!(!vendor.templates.is_empty(), "no push was kept that could be repeated");
        let left = Arc::new(AtomicU64::new(share));
        lanes.push((Arc::new(vendor.templates), clients, left));
    }
    let started = Usage::of(std::process::id())?;
    for (templates, clients, left) in lanes {
        for number in 0..in_flight {
            let (templates, left) = (Arc::clone(&templates), Arc::clone(&left));
            let client = clients[number % clients.len()].clone();
            senders.spawn(async move {
                let take = |left: u64| left.checked_sub(1);
                while let Ok(number) = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
                    let place = usize::try_from(number).unwrap_or_default() % templates.len();
                    send(&client, templates[place].request()?).await?;
                }
                Ok::<_, anyhow::Error>(())
            });
        }
    }
    while let Some(ended) = senders.join_next().await {
        ended??;
    }
    let used = Usage::of(std::process::id())?.since(&started);
    let arrived = simulator.accepted().await? - before;
    ensure!(
        arrived > 0 && arrived.is_multiple_of(share),
        "{arrived} bare pushes arrived"
    );
    Ok(used)
}

async fn send(client: &Client, request: Request) -> Result<()> {
    let answer = client.execute(request).await.context("a bare push was not answered")?;
    let status = answer.status();
    let body = answer.bytes().await?;
    ensure!(
        status.is_success(),
        "a bare push was refused: {status} {}",
        String::from_utf8_lossy(&body)
    );
    Ok(())
}

/// One HTTP/2 connection, as the server's own client makes it.
fn client(ca: &Certificate) -> Result<Client> {
    let client = Client::builder()
        .tls_certs_only([ca.clone()])
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .http2_prior_knowledge()
        .tcp_nodelay(true)
        .timeout(Duration::from_secs(30))
        .build()?;
    Ok(client)
}
