//! Headers that keep browsers strict. A page sets its own content policy with its nonce (`app::backend`); everything
//! else gets one that allows nothing.

use crate::settings::Http;
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn},
    response::Response,
};

const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    // `no-referrer` would break forms without JavaScript, whose answer is a redirect to the Referer.
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
];

const UNLESS_SET: [(&str, &str); 2] = [
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("cache-control", "no-store"),
];

/// Puts them on whatever is answered, pages and REST alike.
pub fn layer(router: Router, http: &Http) -> Router {
    let strict = router.layer(from_fn(add));
    if http.is_https() {
        strict.layer(from_fn(add_transport_security))
    } else {
        strict
    }
}

async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    for (name, value) in UNLESS_SET {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// For https only: browsers then refuse plain http for half a year.
async fn add_transport_security(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let value = HeaderValue::from_static("max-age=15768000");
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
    response
}
