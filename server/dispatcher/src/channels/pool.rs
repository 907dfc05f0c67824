//! Connections to one vendor under one identity, growing with the requests in flight.
//!
//! A client of [`crate::client`] is one HTTP/2 connection, and a connection carries as many requests as the vendor
//! allows streams: the ceiling is connections × streams ÷ round trip. How many streams a vendor allows cannot be asked
//! of the client, so a number is assumed; too low a guess costs a connection, too high a one only queueing.

use crate::client::{Client, ClientFault};
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
pub(crate) type Connect = Box<dyn Fn() -> Result<Client, ClientFault> + Send + Sync>;

struct Line {
    client: Client,
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
    pub(crate) fn client(&self) -> &Client {
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
        let line = if let Some(line) = candidate.cloned() {
            line
        } else {
            let line = Arc::new(Line {
                client: (self.connect)()?,
                in_flight: AtomicUsize::new(0),
            });
            lines.push(line.clone());
            line
        };
        line.in_flight.fetch_add(1, Ordering::Relaxed);
        Ok(Place(line))
    }

    /// Gives no more places on this connection; it closes when its last request is answered.
    pub(crate) fn retire(&self, place: &Place) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|line| !Arc::ptr_eq(line, &place.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{self, Destinations, Times, Trust, Wire};
    use std::time::Duration;

    fn pool(max_connections: usize, streams_per_connection: usize) -> Pool {
        let second = Duration::from_secs(1);
        let times = Times {
            connect: second,
            ping: second,
            idle: second,
        };
        let trust = Trust::load("", &Destinations::default()).unwrap();
        let connect = move || client::build(&trust, None, Wire::Http2, times);
        let settings = PoolSettings {
            max_connections,
            streams_per_connection,
        };
        Pool::new(settings, Box::new(connect))
    }

    fn lines(pool: &Pool) -> Vec<usize> {
        let lines = pool.lines.lock().unwrap();
        lines
            .iter()
            .map(|line| line.in_flight.load(Ordering::Relaxed))
            .collect()
    }

    #[test]
    fn a_connection_is_added_at_four_fifths_of_the_streams_and_never_more_than_allowed() {
        let pool = pool(2, 10);
        let mut places: Vec<_> = (0..8).map(|_| pool.place().unwrap()).collect();
        assert_eq!(lines(&pool), [8]);
        places.extend((0..8).map(|_| pool.place().unwrap()));
        assert_eq!(lines(&pool), [8, 8]);
        places.extend((0..3).map(|_| pool.place().unwrap()));
        assert_eq!(lines(&pool).iter().sum::<usize>(), 19);
        assert_eq!(lines(&pool).len(), 2, "beyond that they queue on the least busy one");
        drop(places);
        assert_eq!(lines(&pool), [0, 0]);
    }

    #[test]
    fn the_first_connection_is_filled_first_so_that_the_others_can_fall_idle() {
        let pool = pool(2, 5);
        let first: Vec<_> = (0..5).map(|_| pool.place().unwrap()).collect();
        drop(first);
        let _place = pool.place().unwrap();
        assert_eq!(lines(&pool), [1, 0]);
    }

    #[test]
    fn a_retired_connection_gets_nothing_more() {
        let pool = pool(2, 5);
        let place = pool.place().unwrap();
        pool.retire(&place);
        pool.retire(&place);
        let _other = pool.place().unwrap();
        assert_eq!(lines(&pool), [1]);
    }
}
