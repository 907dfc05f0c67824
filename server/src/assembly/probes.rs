//! What `/readyz` asks of the parts.

use crate::rest::health::Probe;
use async_trait::async_trait;
use dispatcher::Dispatch;
use std::sync::Arc;
use store::Connections;

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
