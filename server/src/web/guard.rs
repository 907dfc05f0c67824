//! The guard against cross-site requests: what changes something must come from a page of ours.
//!
//! Browsers say where a request comes from (Sec-Fetch-Site, Origin). Programs say nothing and carry no cookie of a
//! victim, so they pass. With SameSite=Lax cookies this is the second of two locks.

use crate::settings::Http;
use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use tower_http::csrf::{ConfigError, CsrfLayer, ProtectionError};

/// What a cross-site request is told.
const REFUSAL: &str = "This request came from another site, so it was refused. Open the console and try again.\n\
    该请求来自其他网站，已被拒绝。请打开控制台后重试。\n";

/// Answers a refused request.
type Refusal = fn(ProtectionError) -> Response<Body>;

/// The layer. A proxy may change the Host header, therefore `http.public_url` is trusted by name.
pub fn layer(http: &Http) -> Result<CsrfLayer<Refusal>, ConfigError> {
    let layer = CsrfLayer::new().with_rejection_response(refuse as Refusal);
    match http.public_url.trim_end_matches('/') {
        "" => Ok(layer),
        origin => layer.add_trusted_origin(origin),
    }
}

fn refuse(_: ProtectionError) -> Response<Body> {
    let mut response = Response::new(Body::from(REFUSAL));
    *response.status_mut() = StatusCode::FORBIDDEN;
    let kind = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
