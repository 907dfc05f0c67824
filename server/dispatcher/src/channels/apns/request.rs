//! One push as an HTTP request (vendors 1.3).

use crate::channels::vendor_id;
use bytes::Bytes;
use domain::parcel::Parcel;
use http::{HeaderValue, Method, header::AUTHORIZATION};
use reqwest::{Request, Url};
use uuid::Uuid;

/// Everything of a request that does not depend on the connection.
pub(super) struct Push {
    url: Url,
    pub(super) id: Uuid,
    expiration: i64,
    collapse: bool,
    body: Bytes,
}

impl Push {
    /// `None` when the token is not one of Apple's: nothing but hexadecimal digits may get into the path.
    pub(super) fn new(base: &str, parcel: &Parcel, body: Vec<u8>, collapse: bool) -> Option<Self> {
        if !is_device_token(&parcel.vendor_token) {
            return None;
        }
        Some(Self {
            url: Url::parse(&format!("{base}/3/device/{}", parcel.vendor_token)).ok()?,
            id: vendor_id(parcel.delivery),
            // 0 would mean: try once and forget.
            expiration: parcel.expires_at.secs().max(1),
            collapse,
            body: body.into(),
        })
    }

    /// The request; the same each time but for the provider token.
    pub(super) fn request(&self, topic: &HeaderValue, token: Option<&HeaderValue>) -> Request {
        let mut request = Request::new(Method::POST, self.url.clone());
        let mut id = [0; uuid::fmt::Hyphenated::LENGTH];
        let id = &*self.id.hyphenated().encode_lower(&mut id);
        let headers = request.headers_mut();
        if let Ok(id) = HeaderValue::from_str(id) {
            if self.collapse {
                headers.insert("apns-collapse-id", id.clone());
            }
            headers.insert("apns-id", id);
        }
        headers.insert("apns-topic", topic.clone());
        headers.insert("apns-push-type", HeaderValue::from_static("alert"));
        headers.insert("apns-priority", HeaderValue::from_static("10"));
        headers.insert("apns-expiration", HeaderValue::from(self.expiration));
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token.clone());
        }
        *request.body_mut() = Some(self.body.clone().into());
        request
    }
}

/// 64 to 200 hexadecimal digits: Apple asks to take the length as variable.
fn is_device_token(text: &str) -> bool {
    (64..=200).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hexadecimal_digits_are_a_device_token() {
        assert!(is_device_token(&"aB".repeat(32)));
        assert!(is_device_token(&"0".repeat(160)));
        for wrong in [
            "",
            "abc",
            &"g".repeat(64),
            &format!("../{}", "a".repeat(64)),
            &"a".repeat(201),
        ] {
            assert!(!is_device_token(wrong), "{wrong}");
        }
    }
}
