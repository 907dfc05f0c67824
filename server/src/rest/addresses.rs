//! Where a request comes from: the peer of the connection, or what a trusted proxy says.

use crate::settings::Http;
use axum::extract::ConnectInfo;
use http::{HeaderName, request::Parts};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// How client addresses are found, from `http.client_address_header` and `http.trusted_proxies`.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    header: Option<HeaderName>,
    proxies: Arc<[IpNet]>,
}

impl Addresses {
    /// From the settings; without a header the peer of the connection counts.
    pub fn of_settings(http: &Http) -> Self {
        let header = http.client_address_header.as_str();
        Self {
            header: header.parse().ok().filter(|_| !header.is_empty()),
            proxies: http.trusted_proxies.clone().into(),
        }
    }

    /// The client's address without port; empty when nothing is known of it (in-process tests).
    pub fn of(&self, parts: &Parts) -> String {
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return String::new();
        };
        let peer = peer.ip().to_canonical();
        let told = self.header.as_ref().filter(|_| self.is_proxy(peer));
        let client = told.and_then(|name| self.told(parts, name));
        client.unwrap_or(peer).to_string()
    }

    /// Each proxy appends whom it heard: from the right, the first who is no proxy of ours. What stands left of that
    /// one was sent by it and can say anything.
    fn told(&self, parts: &Parts, name: &HeaderName) -> Option<IpAddr> {
        let lines = parts.headers.get_all(name).iter().rev();
        let entries = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(',').map(address));
        let mut last = None;
        for entry in entries {
            // An entry that is no address was made up, or by somebody who hides: who wrote it is the last one known.
            let Some(entry) = entry else { return last };
            last = Some(entry);
            if !self.is_proxy(entry) {
                return last;
            }
        }
        last
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|net| net.contains(&address))
    }
}

/// An address as proxies write it: bare, with a port, in brackets.
fn address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare.unwrap_or(entry).parse();
    let address = address.or_else(|_| entry.parse::<SocketAddr>().map(|socket| socket.ip()));
    Some(address.ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn addresses(header: &str) -> Addresses {
        let mut http = crate::settings::Settings::defaults().expect("the defaults").http;
        http.client_address_header = header.into();
        http.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a net")];
        Addresses::of_settings(&http)
    }

    fn parts(peer: [u8; 4], forwarded: &[&str]) -> Parts {
        let mut request = Request::builder();
        for line in forwarded {
            request = request.header("x-forwarded-for", *line);
        }
        let mut parts = request.body(()).expect("a request").into_parts().0;
        parts.extensions.insert(ConnectInfo(SocketAddr::from((peer, 4711))));
        parts
    }

    #[test]
    fn the_header_counts_from_a_trusted_proxy_only() {
        let addresses = addresses("x-forwarded-for");
        assert_eq!(addresses.of(&parts([10, 0, 0, 9], &["203.0.113.7"])), "203.0.113.7");
        assert_eq!(addresses.of(&parts([192, 0, 2, 9], &["203.0.113.7"])), "192.0.2.9");
    }

    #[test]
    fn of_several_entries_the_last_that_is_no_proxy_of_ours_counts() {
        let addresses = addresses("x-forwarded-for");
        let of = |lines: &[&str]| addresses.of(&parts([10, 0, 0, 9], lines));
        assert_eq!(of(&["1.1.1.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(of(&["1.1.1.1, 203.0.113.7, 10.1.1.1"]), "203.0.113.7");
        assert_eq!(of(&["1.1.1.1", "203.0.113.7", "10.1.1.1, 10.1.1.2"]), "203.0.113.7");
        assert_eq!(of(&["[2001:db8::7]:443"]), "2001:db8::7");
        assert_eq!(of(&["::ffff:203.0.113.7"]), "203.0.113.7");
    }

    #[test]
    fn an_entry_that_is_no_address_hides_nobody() {
        let addresses = addresses("x-forwarded-for");
        let of = |lines: &[&str]| addresses.of(&parts([10, 0, 0, 9], lines));
        assert_eq!(of(&[""]), "10.0.0.9");
        assert_eq!(of(&["unknown"]), "10.0.0.9");
        assert_eq!(of(&["1.1.1.1, <script>, 10.1.1.1"]), "10.1.1.1");
    }

    #[test]
    fn without_a_header_the_peer_counts() {
        let parts = parts([10, 0, 0, 9], &["1.1.1.1"]);
        assert_eq!(addresses("").of(&parts), "10.0.0.9");
    }
}
