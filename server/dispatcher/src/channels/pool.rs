//! Connections to one vendor under one identity, growing with the requests in flight.
//!
//! A client of [`crate::client`] is one HTTP/2 connection, and a connection carries as many requests as the vendor
//! allows streams: the ceiling is connections × streams ÷ round trip. How many streams a vendor allows cannot be asked
//! of the client, so a number is assumed; too low a guess costs a connection, too high a one only queueing.

use crate::client::ClientFault;
use serde::{Deserialize, Serialize};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// How a pool grows.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct PoolSettings {
    /// The most connections under one identity.
    pub max_connections: usize,
    /// How many requests a connection is assumed to carry at once; the next one is opened at 80 % of it.
    pub streams_per_connection: usize,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            max_connections: 8,
            streams_per_connection: 200,
        }
    }
}

/// Makes the client of a new connection.
pub(crate) type Connect = Box<dyn Fn() -> Result<reqwest::Client, ClientFault> + Send + Sync>;

struct Line {
    client: reqwest::Client,
    in_flight: AtomicUsize,
}

/// Connections, the first one the busiest, so that those no longer needed fall idle and close.
pub(crate) struct Pool {
    connect: Connect,
    settings: PoolSettings,
    lines: Mutex<Vec<Arc<Line>>>,
}

/// A place on a connection, given back when dropped.
pub(crate) struct Place(Arc<Line>);

impl Place {
    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.0.client
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pool {
    pub(crate) fn new(settings: PoolSettings, connect: Connect) -> Self {
        Self {
            connect,
            settings,
            lines: Mutex::new(Vec::new()),
        }
    }

    /// A place on the first connection with room, on a new one, or on the least busy one when all are full.
    pub(crate) fn place(&self) -> Result<Place, ClientFault> {
        let full = (self.settings.streams_per_connection * 4 / 5).max(1);
        let load = |line: &Arc<Line>| line.in_flight.load(Ordering::Relaxed);
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let least_busy = || lines.iter().min_by_key(|line| load(line));
        let candidate = match lines.iter().find(|line| load(line) < full) {
            None if lines.len() >= self.settings.max_connections.max(1) => least_busy(),
            found => found,
        };
        let line = match candidate.cloned() {
            Some(line) => line,
            None => {
                let line = Arc::new(Line {
                    client: (self.connect)()?,
                    in_flight: AtomicUsize::new(0),
                });
                lines.push(line.clone());
                line
            }
        };
        line.in_flight.fetch_add(1, Ordering::Relaxed);
        Ok(Place(line))
    }

    /// Gives no more places on this connection; it closes when its last request is answered.
    pub(crate) fn retire(&self, place: &Place) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|line| !Arc::ptr_eq(line, &place.0));
    }

    /// How many connections there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
