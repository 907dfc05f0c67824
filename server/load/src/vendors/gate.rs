//! A port in front of one vendor that can be closed, so that connecting to it is refused as it is when a host is down.
//!
//! It hands bytes through, so the vendor's TLS is untouched.

use anyhow::{Context, Result};
use std::net::SocketAddr;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// The port.
pub struct Gate {
    vendor: SocketAddr,
    own: SocketAddr,
    open: JoinHandle<()>,
}

impl Gate {
    /// Opens a port before the vendor at `url`. Answers it with the URL to use instead.
    pub async fn before(url: &str) -> Result<(Self, String)> {
        let (scheme, rest) = url.split_once("://").context("not a URL")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, _) = authority.rsplit_once(':').context("a URL without a port")?;
        let vendor = tokio::net::lookup_host(authority).await?.next();
        let vendor = vendor.with_context(|| format!("{authority} has no address"))?;
        let listener = TcpListener::bind((vendor.ip(), 0)).await?;
        let own = listener.local_addr()?;
        let url = format!("{scheme}://{host}:{}/{path}", own.port());
        let open = tokio::spawn(hand_through(listener, vendor));
        Ok((Self { vendor, own, open }, url))
    }

    /// From now on connecting is refused, and what was connected ends.
    pub async fn close(&mut self) {
        self.open.abort();
        // Cancelled, as it was told to be.
        let _ = (&mut self.open).await;
    }

    /// Opens the port again.
    pub async fn open(&mut self) -> Result<()> {
        let listener = TcpListener::bind(self.own)
            .await
            .context("the port was taken meanwhile")?;
        self.open = tokio::spawn(hand_through(listener, self.vendor));
        Ok(())
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.open.abort();
    }
}

/// Dropping it drops the connections with it.
async fn hand_through(listener: TcpListener, vendor: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((mut client, _)) = accepted else { continue };
                connections.spawn(async move {
                    let mut vendor = TcpStream::connect(vendor).await?;
                    copy_bidirectional(&mut client, &mut vendor).await
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    #[tokio::test]
    async fn a_closed_gate_refuses_and_an_opened_one_hands_through_again() {
        let vendor = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/x", vendor.local_addr().unwrap());
        let (mut gate, url) = Gate::before(&url).await.unwrap();
        let address = url
            .strip_prefix("http://")
            .unwrap()
            .strip_suffix("/x")
            .unwrap()
            .to_owned();
        gate.close().await;
        assert!(TcpStream::connect(&address).await.is_err());
        gate.open().await.unwrap();
        let mut client = TcpStream::connect(&address).await.unwrap();
        let (mut served, _) = vendor.accept().await.unwrap();
        served.write_all(b"hello").await.unwrap();
        let mut said = [0; 5];
        client.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"hello");
    }
}
