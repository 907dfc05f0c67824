//! A data plane.
