//! Where a request comes from: the peer of the connection, or what a trusted proxy says.

use axum::extract::ConnectInfo;
use http::{HeaderName, request::Parts};
use std::net::SocketAddr;

/// How client addresses are found, from `http.client_address_header`.
#[derive(Clone, Debug, Default)]
pub struct Addresses(Option<HeaderName>);

impl Addresses {
    /// From the setting; empty means the peer of the connection.
    pub fn from_setting(header: &str) -> Self {
        Self(header.parse().ok().filter(|_| !header.is_empty()))
    }

    /// The client's address without port; empty when nothing is known of it (in-process tests).
    pub fn of(&self, parts: &Parts) -> String {
        // Entries in front of the last one were sent by the client and can say anything.
        let told = self
            .0
            .as_ref()
            .and_then(|name| parts.headers.get_all(name).iter().next_back());
        let told = told.and_then(|value| value.to_str().ok()?.rsplit(',').next());
        if let Some(address) = told.map(str::trim).filter(|address| !address.is_empty()) {
            return address.chars().take(64).collect();
        }
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        peer.map(|ConnectInfo(peer)| peer.ip().to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn parts(forwarded: &str) -> Parts {
        let request = Request::builder().header("x-forwarded-for", forwarded).body(());
        let mut parts = request.expect("a request").into_parts().0;
        parts
            .extensions
            .insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 9], 4711))));
        parts
    }

    #[test]
    fn only_the_last_entry_of_the_trusted_header_counts() {
        let addresses = Addresses::from_setting("x-forwarded-for");
        assert_eq!(addresses.of(&parts("1.1.1.1, 203.0.113.7")), "203.0.113.7");
        assert_eq!(addresses.of(&parts("")), "10.0.0.9");
    }

    #[test]
    fn without_a_trusted_header_the_peer_counts() {
        assert_eq!(Addresses::from_setting("").of(&parts("1.1.1.1")), "10.0.0.9");
    }
}
