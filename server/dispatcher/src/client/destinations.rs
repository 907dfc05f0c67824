//! Which addresses may be called: the Internet's public ones, and what the settings list besides.
//!
//! A name that leads to this machine, its network or the metadata service of its cloud would turn a push into a request
//! behind the firewall. A name is judged by the addresses it has at the moment of the connection, which are then the
//! ones connected to, so that it cannot lead elsewhere between the check and the use.

mod place;
mod resolver;

pub use place::Place;
pub(super) use resolver::Resolver;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, str::FromStr, sync::Arc};
use thiserror::Error;

/// What may be called besides public addresses: `outbound.allow` of the settings. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Destinations(Arc<[Listed]>);

/// An entry of the list.
#[derive(Clone, PartialEq, Eq)]
enum Listed {
    Net(IpNet),
    /// In lower case: whatever addresses it has.
    Host(String),
}

/// An entry of the list that cannot be read.
#[derive(Clone, PartialEq, Eq, Error, Debug)]
#[error("{0:?} is neither an address such as 10.1.2.3, nor a net such as 10.0.0.0/8, nor the name of a host")]
pub struct UnreadableDestination(pub String);

/// An address that is not called.
#[derive(Clone, PartialEq, Eq, Error, Debug)]
#[error(
    "{host} is at {address}, {place}; Homing calls such an address only if outbound.allow in its settings lists it"
)]
pub struct AddressRefused {
    /// The host of the URL.
    pub host: String,
    /// The address it stands for.
    pub address: IpAddr,
    /// What is there.
    pub place: Place,
}

impl Destinations {
    /// Reads a list of addresses, nets and host names.
    pub fn new<T: AsRef<str>>(entries: impl IntoIterator<Item = T>) -> Result<Self, UnreadableDestination> {
        let read = entries.into_iter().map(|entry| entry.as_ref().parse());
        Ok(Self(read.collect::<Result<_, _>>()?))
    }

    /// The same and this machine, where a simulator listens.
    #[must_use]
    pub fn and_loopback(&self) -> Self {
        let loopback = ["127.0.0.0/8", "::1/128"]
            .into_iter()
            .flat_map(str::parse)
            .map(Listed::Net);
        Self(self.0.iter().cloned().chain(loopback).collect())
    }

    /// Whether an address that a host has may be called.
    pub fn check(&self, host: &str, address: IpAddr) -> Result<(), AddressRefused> {
        let Some((meant, place)) = Place::of(address) else {
            return Ok(());
        };
        let listed = self.0.iter().any(|listed| match listed {
            Listed::Net(net) => net.contains(&address) || net.contains(&meant),
            Listed::Host(name) => name.eq_ignore_ascii_case(host),
        });
        if listed {
            return Ok(());
        }
        Err(AddressRefused {
            host: host.to_owned(),
            address,
            place,
        })
    }

    /// The same for a host as it stands in a URL; a name other than localhost is judged later, by its addresses.
    pub fn check_host(&self, host: &str) -> Result<(), AddressRefused> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let address = match bare.parse() {
            Ok(address) => Some(address),
            Err(_) if bare.eq_ignore_ascii_case("localhost") => Some(IpAddr::from([127, 0, 0, 1])),
            Err(_) => None,
        };
        address.map_or(Ok(()), |address| self.check(bare, address))
    }
}

impl FromStr for Listed {
    type Err = UnreadableDestination;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(net) = text.parse::<IpNet>() {
            return Ok(Self::Net(net.trunc()));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Net(address.into()));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        // A name whose last label is a number is a misspelt address.
        let last = text.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        if last.is_empty() || last.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(fits) {
            return Err(UnreadableDestination(text.to_owned()));
        }
        Ok(Self::Host(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Net(net) => net.fmt(f),
            Self::Host(name) => name.fmt(f),
        }
    }
}

impl fmt::Debug for Destinations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(ToString::to_string)).finish()
    }
}

impl TryFrom<Vec<String>> for Destinations {
    type Error = UnreadableDestination;

    fn try_from(entries: Vec<String>) -> Result<Self, Self::Error> {
        Self::new(entries)
    }
}

impl From<Destinations> for Vec<String> {
    fn from(destinations: Destinations) -> Self {
        destinations.0.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allow: &[&str], host: &str, address: &str) -> Result<(), AddressRefused> {
        let destinations = Destinations::new(allow).expect("a list");
        destinations.check(host, address.parse().expect("an address"))
    }

    #[test]
    fn a_private_address_is_called_only_when_it_its_net_or_its_host_is_listed() {
        let (host, address) = ("Proxy.internal", "10.1.2.3");
        assert!(check(&[], host, address).is_err());
        for listed in ["10.1.2.3", "10.0.0.0/8", "10.200.0.1/8", "proxy.internal"] {
            assert_eq!(check(&[listed], host, address), Ok(()), "{listed}");
        }
        for other in ["10.1.2.4", "192.168.0.0/16", "internal", "evil-proxy.internal"] {
            assert!(check(&[other], host, address).is_err(), "{other}");
        }
        assert_eq!(
            check(&["10.0.0.0/8"], host, "::ffff:10.1.2.3"),
            Ok(()),
            "the same address"
        );
    }

    #[test]
    fn a_host_that_is_an_address_is_judged_at_once_and_a_name_later() {
        let strict = Destinations::default();
        for host in [
            "127.0.0.1",
            "[::1]",
            "localhost",
            "LOCALHOST",
            "169.254.169.254",
            "[fd00:ec2::254]",
        ] {
            assert!(strict.check_host(host).is_err(), "{host}");
            assert_eq!(strict.check_host("api.push.apple.com"), Ok(()));
        }
        let here = strict.and_loopback();
        assert_eq!(
            (here.check_host("127.8.9.1"), here.check_host("[::1]")),
            (Ok(()), Ok(()))
        );
        assert!(here.check_host("10.0.0.1").is_err());
    }

    #[test]
    fn what_is_refused_is_told_with_the_setting_that_allows_it() {
        let refused = check(&[], "push.example.com", "169.254.169.254").expect_err("refused");
        let text = refused.to_string();
        for part in [
            "push.example.com",
            "169.254.169.254",
            "metadata service",
            "outbound.allow",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_misspelt_entry_is_refused_by_name_and_a_list_reads_as_it_was_written() {
        for wrong in ["", "10.0.0.0/33", "10.0.0.256", "https://proxy.internal", "a b"] {
            assert_eq!(Destinations::new([wrong]), Err(UnreadableDestination(wrong.to_owned())));
        }
        let list = vec![
            "10.0.0.0/8".to_owned(),
            "::1/128".to_owned(),
            "proxy.internal".to_owned(),
        ];
        let read = Destinations::new(&list).expect("a list");
        assert_eq!(Vec::<String>::from(read), list);
    }
}
