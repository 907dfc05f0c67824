//! TLS 1.2 and 1.3 by rustls, with a certificate from files that are read again when they change or on SIGHUP.
//!
//! A certificate that cannot be used leaves the one in force: connections go on, the log says why.

use arc_swap::ArcSwap;
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    signal::unix::{SignalKind, signal},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(30);

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
pub enum TlsFault {
    /// A file is missing or not ours to read.
    #[error("{setting}: {} cannot be read", path.display())]
    File {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file holds something else.
    #[error("{setting}: {} holds no {what} as PEM", path.display())]
    Content {
        /// The setting that names it.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What should be there.
        what: &'static str,
    },
    /// Certificate and key do not belong together, or are of a kind that cannot be used.
    #[error("http.tls_key: the key does not belong to the certificate in http.tls_certificate, or cannot be used")]
    Pair(#[source] rustls::Error),
}

/// The certificate in force, and what accepts connections with it. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    files: Arc<Files>,
    current: Arc<Current>,
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

/// What the files held.
struct Pair {
    certified: Arc<CertifiedKey>,
    digest: [u8; 32],
}

#[derive(Debug)]
struct Current(ArcSwap<CertifiedKey>, ArcSwap<[u8; 32]>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

impl Tls {
    /// Reads certificate (with its chain) and key.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsFault> {
        let files = Files {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        };
        let pair = files.read()?;
        let current = Arc::new(Current(
            ArcSwap::new(pair.certified),
            ArcSwap::from_pointee(pair.digest),
        ));
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsFault::Pair)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            files: Arc::new(files),
            current,
        })
    }

    pub(super) async fn accept<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> std::io::Result<TlsStream<S>> {
        self.acceptor.accept(stream).await
    }

    /// Reads the files again; whether something else is in force now.
    pub fn reload(&self) -> Result<bool, TlsFault> {
        let pair = self.files.read()?;
        if **self.current.1.load() == pair.digest {
            return Ok(false);
        }
        self.current.0.store(pair.certified);
        self.current.1.store(Arc::new(pair.digest));
        Ok(true)
    }

    /// Reads the files again on SIGHUP and when they have changed.
    pub async fn keep_current(self, closing: CancellationToken) {
        let mut hang_up = match signal(SignalKind::hangup()) {
            Ok(hang_up) => hang_up,
            Err(error) => return tracing::error!(%error, "SIGHUP cannot be watched"),
        };
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                _ = hang_up.recv() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            let tls = self.clone();
            match tokio::task::spawn_blocking(move || tls.reload()).await {
                Ok(Ok(true)) => tracing::info!("a new TLS certificate is in force"),
                Ok(Ok(false)) => {}
                Ok(Err(fault)) => tracing::error!("the TLS certificate stays as it was: {fault}"),
                Err(error) => tracing::error!(%error, "the TLS certificate stays as it was"),
            }
        }
    }
}

impl Files {
    fn read(&self) -> Result<Pair, TlsFault> {
        let read = |setting, path: &PathBuf| {
            std::fs::read(path).map_err(|source| TlsFault::File {
                setting,
                path: path.clone(),
                source,
            })
        };
        let content = |setting, path: &PathBuf, what| TlsFault::Content {
            setting,
            path: path.clone(),
            what,
        };
        let chain_pem = read("http.tls_certificate", &self.certificate)?;
        let key_pem = read("http.tls_key", &self.key)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&chain_pem).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty());
        let chain = chain.ok_or_else(|| content("http.tls_certificate", &self.certificate, "certificate"))?;
        let key =
            PrivateKeyDer::from_pem_slice(&key_pem).map_err(|_| content("http.tls_key", &self.key, "private key"))?;
        let certified = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(TlsFault::Pair)?;
        let digest = Sha256::new().chain_update(&chain_pem).chain_update(&key_pem).finalize();
        Ok(Pair {
            certified: Arc::new(certified),
            digest: digest.into(),
        })
    }
}
