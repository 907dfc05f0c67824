//! The HTTP client that every channel uses: trust, allowed addresses, time-outs, no redirects, capped answers, faults by
//! kind.
//!
//! reqwest keeps one HTTP/2 connection per host and client, so one client here stands for one connection to a vendor.
//! It replays by itself what the vendor certainly did not process (GOAWAY with `NO_ERROR`, `REFUSED_STREAM`).

mod destinations;
mod fault;

pub use destinations::{AddressRefused, Destinations, Place, UnreadableDestination};
pub use fault::TransportFault;

use bytes::{Bytes, BytesMut};
use destinations::Resolver;
use http::HeaderMap;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{sync::Arc, time::Duration};
use thiserror::Error;

/// No vendor's answer about one device is longer; what comes after is not read.
pub const MAX_ANSWER: usize = 64 * 1024;

/// No vendor's answer about a thousand devices, each token of which it may repeat, is longer.
pub const MAX_BATCH_ANSWER: usize = 1024 * 1024;

/// Why a client cannot be made. The texts name settings or certificates, never their secrets.
#[derive(Debug, Error)]
pub enum ClientFault {
    /// The extra root certificates of the settings cannot be read.
    #[error("the extra root certificates are not PEM certificates")]
    ExtraRoots,
    /// The client certificate or its key cannot be read or do not belong together.
    #[error("the client certificate cannot be used")]
    Identity,
    /// A base URL of the settings is not one.
    #[error("{0} is not an http or https URL")]
    Url(String),
    /// The TLS or HTTP machinery refuses its settings.
    #[error("the HTTP client cannot be built")]
    Build(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Which servers are called: certified by the machine's root certificates or those of the settings, at addresses that
/// the settings allow. Cheap to clone.
#[derive(Clone)]
pub struct Trust {
    roots: Arc<RootCertStore>,
    destinations: Destinations,
}

impl Trust {
    /// Reads the machine's root certificates once; `extra_pem` may add more, for a proxy or a simulator.
    pub fn load(extra_pem: &str, destinations: &Destinations) -> Result<Self, ClientFault> {
        let mut roots = RootCertStore::empty();
        let native = rustls_native_certs::load_native_certs();
        let (added, _) = roots.add_parsable_certificates(native.certs);
        if added == 0 && extra_pem.is_empty() {
            tracing::warn!(
                "no root certificates found on this machine: no vendor can be reached; install ca-certificates"
            );
        }
        for certificate in CertificateDer::pem_slice_iter(extra_pem.as_bytes()) {
            let certificate = certificate.map_err(|_| ClientFault::ExtraRoots)?;
            roots.add(certificate).map_err(|_| ClientFault::ExtraRoots)?;
        }
        Ok(Self {
            roots: Arc::new(roots),
            destinations: destinations.clone(),
        })
    }

    /// TLS 1.2 and 1.3 with these roots; `identity` is a client certificate with its chain and key as PEM.
    fn tls(&self, identity: Option<&str>, wire: Wire) -> Result<ClientConfig, ClientFault> {
        let build = |error: rustls::Error| ClientFault::Build(error.into());
        let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(build)?
            .with_root_certificates(self.roots.clone());
        let mut config = match identity {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let (chain, key) = read_identity(pem).ok_or(ClientFault::Identity)?;
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|_| ClientFault::Identity)?
            }
        };
        config.alpn_protocols = match wire {
            Wire::Http2 => vec![b"h2".to_vec()],
            Wire::Any => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        };
        Ok(config)
    }
}

fn read_identity(pem: &str) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty())?;
    Some((chain, PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()?))
}

/// What is spoken over the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wire {
    /// HTTP/2 only, one connection per client.
    Http2,
    /// What the server chooses.
    Any,
}

impl Wire {
    /// HTTP/2 over TLS; without TLS nothing can be negotiated and HTTP/1.1 is spoken.
    pub fn of(url: &str) -> Self {
        if url.starts_with("https:") {
            Self::Http2
        } else {
            Self::Any
        }
    }
}

/// The times that rule a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Times {
    /// TCP and TLS must stand within this.
    pub connect: Duration,
    /// A PING is sent after so long a silence.
    pub ping: Duration,
    /// A connection without requests is closed after this.
    pub idle: Duration,
}

/// One connection to a vendor that goes to allowed addresses only.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    destinations: Destinations,
}

/// Builds a client: one connection, no redirects, no proxy variables, no cookies.
pub fn build(trust: &Trust, identity: Option<&str>, wire: Wire, times: Times) -> Result<Client, ClientFault> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(trust.tls(identity, wire)?)
        .dns_resolver(Arc::new(Resolver(trust.destinations.clone())))
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(times.connect)
        .pool_idle_timeout(times.idle)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(times.ping)
        .http2_keep_alive_timeout(times.connect)
        .http2_keep_alive_while_idle(true)
        .user_agent(concat!("homing/", env!("CARGO_PKG_VERSION")));
    if wire == Wire::Http2 {
        builder = builder.http2_prior_knowledge();
    }
    let http = builder.build().map_err(|error| ClientFault::Build(error.into()))?;
    Ok(Client {
        http,
        destinations: trust.destinations.clone(),
    })
}

/// A base URL of the settings without its trailing slash.
pub fn base_url(text: &str) -> Result<String, ClientFault> {
    let bad = || ClientFault::Url(text.to_owned());
    let url = reqwest::Url::parse(text).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !url.username().is_empty() {
        return Err(bad());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// A vendor's answer, read to its end or to the most that is read.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; one that was cut is no longer JSON.
    pub body: Bytes,
}

/// Sends a request and reads the answer to [`MAX_ANSWER`].
pub async fn exchange(client: &Client, request: reqwest::Request) -> Result<Answer, TransportFault> {
    exchange_within(client, request, MAX_ANSWER).await
}

/// Sends a request and reads `most` bytes of the answer.
pub async fn exchange_within(
    client: &Client,
    request: reqwest::Request,
    most: usize,
) -> Result<Answer, TransportFault> {
    // An address in the URL is connected to without asking the resolver.
    let host = request.url().host_str().unwrap_or_default();
    client.destinations.check_host(host)?;
    let mut response = client.http.execute(request).await.map_err(TransportFault::from)?;
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(TransportFault::from)? {
        let room = most.saturating_sub(body.len());
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if chunk.len() > room {
            break;
        }
    }
    Ok(Answer {
        status: response.status().as_u16(),
        headers: std::mem::take(response.headers_mut()),
        body: body.freeze(),
    })
}
