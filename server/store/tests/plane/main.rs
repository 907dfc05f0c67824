//! The data plane on a database: small worlds with a clock that stands still and a dispatcher that only remembers.

mod accept;
mod counters;
mod device_history;
mod devices;
mod faults;
mod held;
mod history;
mod outbox;
mod postgres;
mod receipts;
mod retention;
mod schema;
mod skips;
mod statistics;
mod trace;
mod vendors;
mod webhooks;
mod world;
