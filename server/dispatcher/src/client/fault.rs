//! Why no answer came, read off the chain of causes.

use super::AddressRefused;
use std::{error::Error, io};

/// Why no answer came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TransportFault {
    /// No connection: refused, unreachable, name unknown, or too slow to stand.
    Connect(String),
    /// The settings do not allow to call the address.
    AddressRefused(String),
    /// The TLS handshake failed.
    Tls(String),
    /// The other side refuses our client certificate.
    IdentityRefused(String),
    /// No answer in time.
    Timeout,
    /// The vendor did not process it: GOAWAY or `REFUSED_STREAM`, again after the client's own replays.
    NotProcessed(String),
    /// The connection or stream broke in the middle: whether the vendor processed it is not known.
    Broken(String),
}

impl TransportFault {
    /// The word that stands in the attempt in place of a vendor's code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Connect(_) => "connect_failed",
            Self::AddressRefused(_) => "address_refused",
            Self::Tls(_) => "tls_failed",
            Self::IdentityRefused(_) => "certificate_refused",
            Self::Timeout => "timeout",
            Self::NotProcessed(_) => "not_processed",
            Self::Broken(_) => "connection_broken",
        }
    }

    /// What the machine said, without addresses of ours or secrets.
    pub fn text(&self) -> &str {
        match self {
            Self::Timeout => "",
            Self::Connect(text)
            | Self::AddressRefused(text)
            | Self::Tls(text)
            | Self::IdentityRefused(text)
            | Self::NotProcessed(text)
            | Self::Broken(text) => text,
        }
    }

    /// Whether a second try over another connection may help at once.
    pub const fn is_worth_another_connection(&self) -> bool {
        matches!(self, Self::NotProcessed(_) | Self::Broken(_))
    }
}

impl From<AddressRefused> for TransportFault {
    fn from(refused: AddressRefused) -> Self {
        Self::AddressRefused(refused.to_string())
    }
}

impl From<reqwest::Error> for TransportFault {
    fn from(error: reqwest::Error) -> Self {
        // The URL of an APNs request holds the device token.
        let error = error.without_url();
        if let Some(refused) = find::<AddressRefused>(&error) {
            return refused.clone().into();
        }
        let text = root(&error);
        if let Some(tls) = find::<rustls::Error>(&error) {
            return of_tls(tls);
        }
        if let Some(h2) = find::<h2::Error>(&error) {
            return of_h2(h2, text);
        }
        match () {
            () if error.is_connect() => Self::Connect(text),
            () if error.is_timeout() => Self::Timeout,
            () => Self::Broken(text),
        }
    }
}

fn of_tls(error: &rustls::Error) -> TransportFault {
    use rustls::AlertDescription as Alert;
    let text = error.to_string();
    match error {
        rustls::Error::AlertReceived(
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::CertificateRequired,
        ) => TransportFault::IdentityRefused(text),
        _ => TransportFault::Tls(text),
    }
}

fn of_h2(error: &h2::Error, text: String) -> TransportFault {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    if error.is_remote() && (refused || error.is_go_away()) {
        TransportFault::NotProcessed(text)
    } else {
        TransportFault::Broken(text)
    }
}

/// The first cause of a type. An `io::Error` hides what it wraps from `source`, so it is opened by hand.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = inner(error).or_else(|| error.source());
    }
    None
}

fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>()?.get_ref()?;
    Some(wrapped)
}

/// The text of the innermost cause: the outer ones only say "error sending request".
fn root(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(next) = inner(last).or_else(|| last.source()) {
        last = next;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::{AlertDescription as Alert, CertificateError};

    #[test]
    fn a_refused_client_certificate_is_told_from_a_server_we_do_not_trust() {
        for alert in [
            Alert::CertificateRevoked,
            Alert::CertificateExpired,
            Alert::CertificateRequired,
        ] {
            let error = io::Error::other(rustls::Error::AlertReceived(alert));
            let found = find::<rustls::Error>(&error).expect("opened the io error");
            assert_eq!(of_tls(found).code(), "certificate_refused", "{alert:?}");
        }
        let untrusted = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        assert_eq!(of_tls(&untrusted).code(), "tls_failed");
        assert_eq!(
            of_tls(&rustls::Error::AlertReceived(Alert::HandshakeFailure)).code(),
            "tls_failed"
        );
    }

    #[test]
    fn only_what_the_vendor_refused_to_process_counts_as_not_processed() {
        let own = h2::Error::from(h2::Reason::REFUSED_STREAM);
        assert_eq!(
            of_h2(&own, String::new()).code(),
            "connection_broken",
            "our own refusal is not the vendor's"
        );
    }
}
