//! Spans to a collector: OTLP over HTTP, in protobuf, in batches beside the work.

use crate::settings::Opentelemetry;
use anyhow::Context;
use async_trait::async_trait;
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use reqwest::redirect::Policy;
use std::time::Duration;
use tokio::runtime::Handle;

/// A collector that takes longer loses a batch.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nothing where no collector is named.
pub(super) fn provider(settings: &Opentelemetry, runtime: &Handle) -> anyhow::Result<Option<SdkTracerProvider>> {
    if settings.endpoint.is_empty() {
        return Ok(None);
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Collector::new(runtime)?)
        .with_endpoint(format!("{}/v1/traces", settings.endpoint.trim_end_matches('/')))
        .with_timeout(PATIENCE)
        .build()
        .context("opentelemetry.endpoint")?;
    let resource = Resource::builder_empty()
        .with_service_name(settings.service_name.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    let share = f64::from(settings.sample_percent) / 100.0;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        // Who calls may name its trace, and not decide that it is kept.
        .with_sampler(Sampler::TraceIdRatioBased(share))
        .with_resource(resource)
        .build();
    Ok(Some(provider))
}

/// Calls the collector on the server's runtime: batches come from a thread of their own, which has none.
#[derive(Clone, Debug)]
struct Collector {
    client: reqwest::Client,
    runtime: Handle,
}

impl Collector {
    fn new(runtime: &Handle) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .context("the collector of opentelemetry.endpoint cannot be called")?;
        Ok(Self {
            client,
            runtime: runtime.clone(),
        })
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), reqwest::Request::try_from(request)?);
        let called = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            let status = answer.status();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?))
        });
        let (status, body) = called.await??;
        Ok(Response::builder().status(status).body(body)?)
    }
}
