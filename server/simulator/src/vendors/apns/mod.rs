//! Apple Push Notification service: one listener per environment, HTTP/2 over TLS only.
//!
//! `connection` keeps one connection and its stream limit, `exchange` answers one request, `checks` says no in Apple's
//! order, `wire` does what `h2` cannot.

pub(crate) mod answers;
mod checks;
mod connection;
mod exchange;
mod peer;
mod provider_token;
pub(crate) mod tls;
mod wire;

pub(crate) use connection::serve;
