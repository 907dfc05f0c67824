//! The services: what `domain::ports` promises, kept over the store.
//!
//! Doors (console, REST, command line) hold them as `Arc<dyn …>` and know nothing of the store. Rights are checked
//! here, in the first line of every method that takes an actor; faults of the store become problems here, once.
