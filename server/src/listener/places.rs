//! How many connections come from one address.

use ipnet::IpNet;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// The connections of each address that has some.
#[derive(Clone)]
pub(super) struct Places {
    most: usize,
    proxies: Arc<[IpNet]>,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A connection's place, given back when dropped.
pub(super) struct Place {
    of: Option<(Places, IpAddr)>,
}

impl Places {
    /// So many for each address; proxies stand for many people and are not counted.
    pub(super) fn new(most: usize, proxies: Vec<IpNet>) -> Self {
        Self {
            most,
            proxies: proxies.into(),
            taken: Arc::default(),
        }
    }

    /// A place, unless the address has them all.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        if self.proxies.iter().any(|net| net.contains(&address)) {
            return Some(Place { of: None });
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place {
            of: Some((self.clone(), address)),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((places, address)) = self.of.take() else {
            return;
        };
        let mut taken = places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_a_proxy_all_it_needs() {
        let places = Places::new(2, vec!["10.0.0.0/8".parse().expect("a net")]);
        let (one, other, proxy) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into(), [10, 0, 0, 9].into());
        let first = places.take(one);
        let _second = places.take(one);
        assert!(first.is_some() && places.take(one).is_none());
        assert!(places.take("::ffff:192.0.2.1".parse().expect("an address")).is_none());
        assert!(places.take(other).is_some());
        let many: Vec<_> = (0..9).map(|_| places.take(proxy)).collect();
        assert!(many.iter().all(Option::is_some));
        drop(first);
        assert!(places.take(one).is_some());
    }

    #[test]
    fn who_has_gone_is_not_remembered() {
        let places = Places::new(2, Vec::new());
        drop(places.take([192, 0, 2, 1].into()));
        assert_eq!(places.taken.lock().expect("not poisoned").len(), 0);
    }
}
