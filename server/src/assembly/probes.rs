//! What `/readyz` and `/metrics` ask of the parts.

use crate::{metrics::Expiries, rest::health::Probe};
use async_trait::async_trait;
use dispatcher::Dispatch;
use domain::{AccessId, certificate::Environment, time::Clock};
use std::sync::Arc;
use store::{Connections, control::Control};

/// A database answers.
pub(super) struct DatabaseProbe {
    name: String,
    connections: Connections,
}

impl DatabaseProbe {
    pub(super) fn new(name: &str, connections: &Connections) -> Self {
        Self {
            name: format!("database {name}"),
            connections: connections.clone(),
        }
    }
}

#[async_trait]
impl Probe for DatabaseProbe {
    fn name(&self) -> &str {
        &self.name
    }

    async fn is_ready(&self) -> bool {
        self.connections.is_answering().await
    }
}

/// What vendors answered can be written down; otherwise nothing is sent.
pub(super) struct DispatchProbe {
    name: String,
    dispatch: Arc<Dispatch>,
}

impl DispatchProbe {
    pub(super) fn new(access_point: &str, dispatch: &Arc<Dispatch>) -> Self {
        Self {
            name: format!("dispatcher {access_point}"),
            dispatch: Arc::clone(dispatch),
        }
    }
}

#[async_trait]
impl Probe for DispatchProbe {
    fn name(&self) -> &str {
        &self.name
    }

    async fn is_ready(&self) -> bool {
        !self.dispatch.is_outbox_down()
    }
}

/// When the certificates in force end.
pub(super) struct CertificateEnds {
    pub(super) control: Control,
    pub(super) clock: Arc<dyn Clock>,
}

#[async_trait]
impl Expiries for CertificateEnds {
    async fn seconds_left(&self) -> Vec<(AccessId, Environment, i64)> {
        let now = self.clock.now();
        match self.control.certificate_ends().await {
            Ok(ends) => ends
                .into_iter()
                .map(|(access_id, environment, end)| (access_id, environment, end.ms_since(now).div_euclid(1000)))
                .collect(),
            Err(fault) => {
                tracing::warn!(%fault, "the ends of certificates cannot be read");
                Vec::new()
            }
        }
    }
}
