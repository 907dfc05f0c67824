//! Headers that keep browsers strict. A page sets its own content policy with its nonce (`app::backend`); everything
//! else gets one that allows nothing.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
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

/// Adds them to whatever is answered.
pub async fn add(request: Request, next: Next) -> Response {
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
pub async fn add_transport_security(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let value = HeaderValue::from_static("max-age=15768000");
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, value);
    response
}
