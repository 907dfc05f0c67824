//! The desk every vendor of JSON and forms sits behind: one TLS listener each, and the same way of a request through it.
//!
//! `connection` is the socket, `exchange` the way of one request, `answer` what is written. A vendor gives a `Desk`: how
//! to read a call, and how to check it. `grants`, `limits`, `devices`, `repeats`, `schema` and `form` are what they check
//! with; `state` keeps what lasts between requests.

mod answer;
pub(crate) mod connection;
mod devices;
mod exchange;
mod form;
mod grants;
mod limits;
mod repeats;
mod schema;
mod signing;
mod state;
mod told;

pub(crate) use answer::Answer;
pub(crate) use devices::{Fate, fate, fates};
pub(crate) use exchange::{Call, Desk, Done, Settle, serve};
pub(crate) use form::Form;
pub(crate) use grants::Spent;
pub(crate) use limits::china_hour;
pub(crate) use schema::{Fault, Fields, Kind, find_fault};
pub(crate) use signing::{hex, is_timely, md5_hex};
pub(crate) use state::DeskState;
pub(crate) use told::{News, Told};
