//! Names to addresses, without those that are not called.

use super::{AddressRefused, Destinations};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;

/// The machine's own resolver behind a check.
pub(in crate::client) struct Resolver(pub(in crate::client) Destinations);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let destinations = self.0.clone();
        Box::pin(async move {
            let host = name.as_str();
            let found = tokio::net::lookup_host((host, 0)).await?;
            let callable = callable(&destinations, host, found)?;
            Ok(Box::new(callable.into_iter()) as Addrs)
        })
    }
}

/// The addresses that may be called; the first refusal when there is none. A name with a public and a private address
/// is reached at the public one.
fn callable(
    destinations: &Destinations,
    host: &str,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, AddressRefused> {
    let mut refusal = None;
    let mut callable = Vec::new();
    for address in found {
        match destinations.check(host, address.ip()) {
            Ok(()) => callable.push(address),
            Err(refused) => _ = refusal.get_or_insert(refused),
        }
    }
    match refusal {
        Some(refused) if callable.is_empty() => Err(refused),
        _ => Ok(callable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(of: &[&str]) -> impl Iterator<Item = SocketAddr> {
        let parsed = of
            .iter()
            .map(|text| SocketAddr::new(text.parse().expect("an address"), 0));
        parsed.collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn a_name_keeps_its_public_addresses_only() {
        let strict = Destinations::default();
        let found = addresses(&["10.0.0.1", "8.8.8.8", "::1"]);
        assert_eq!(
            callable(&strict, "a.example", found),
            Ok(addresses(&["8.8.8.8"]).collect())
        );
    }

    #[test]
    fn a_name_that_leads_to_private_addresses_only_is_refused_with_the_first() {
        let strict = Destinations::default();
        let refused = callable(&strict, "a.example", addresses(&["192.168.0.7", "::1"])).expect_err("refused");
        assert_eq!(
            (refused.host.as_str(), refused.address.to_string().as_str()),
            ("a.example", "192.168.0.7")
        );
    }
}
