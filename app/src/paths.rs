//! Paths of the console: building them, reading the current one, and not being led out of it.

use domain::{AccessId, ProductId};
use leptos::prelude::*;

/// Where to go after sign-in: `next` when it is a path of this console, else the start page. What a browser could take
/// for another host (`//host`, `/\host`, control characters) is refused.
#[cfg(any(feature = "ssr", test))]
pub fn safe_next(next: &str) -> &str {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/login");
    let plain = !next.contains('\\') && !next.chars().any(char::is_control);
    if inside && plain { next } else { "/" }
}

/// The kind of page inside an application, which the switcher keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// Application Information.
    Information,
    /// Basic Config.
    BasicConfig,
    /// Push Plan.
    Plans,
    /// Troubleshooting.
    Troubleshooting,
    /// Conversion Funnel.
    Funnel,
    /// Webhooks.
    Webhooks,
}

impl Section {
    /// The section's page of an application.
    pub fn of(self, application: AccessId) -> String {
        match self {
            Self::Information => format!("/applications/{application}"),
            Self::BasicConfig => format!("/applications/{application}/basic-config"),
            Self::Plans => format!("/applications/{application}/plans"),
            Self::Troubleshooting => format!("/applications/{application}/troubleshooting"),
            Self::Funnel => format!("/applications/{application}/funnel"),
            Self::Webhooks => format!("/applications/{application}/webhooks"),
        }
    }
}

/// Where in the console a path is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Product Management and the forms of products.
    Products,
    /// A page of one product.
    Product(ProductId),
    /// Third-party Authorization of a product.
    Authorisation(ProductId),
    /// A page of an application.
    Application(AccessId, Section),
    /// IM Applications.
    ImApplications,
    /// Sub-accounts.
    SubAccounts,
    /// The audit log.
    Audit,
    /// Anywhere else.
    Elsewhere,
}

/// Finds out where a path is.
pub fn place(path: &str) -> Place {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    match *parts.as_slice() {
        ["products"] | ["products", "new"] => Place::Products,
        ["products", id, "authorisation", ..] => id.parse().map_or(Place::Elsewhere, Place::Authorisation),
        ["products", id, ..] => id.parse().map_or(Place::Elsewhere, Place::Product),
        ["applications", id, ref rest @ ..] => {
            let section = match rest.first().copied() {
                Some("basic-config") => Section::BasicConfig,
                Some("plans") => Section::Plans,
                Some("troubleshooting") => Section::Troubleshooting,
                Some("funnel") => Section::Funnel,
                Some("webhooks") => Section::Webhooks,
                _ => Section::Information,
            };
            id.parse()
                .map_or(Place::Elsewhere, |id| Place::Application(id, section))
        }
        ["im-applications" | "api-keys", ..] => Place::ImApplications,
        ["sub-accounts", ..] => Place::SubAccounts,
        ["audit"] => Place::Audit,
        _ => Place::Elsewhere,
    }
}

/// A query string out of names and values, percent-encoded; empty values are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(mark);
        address.push_str(name);
        address.push('=');
        percent_encode(value, &mut address);
        mark = '&';
    }
    address
}

/// The query string of the page's address. The router's own map decodes every value a second time, so that "50%25" or
/// an encoded address would come out as something else than was asked for.
pub fn use_query() -> Memo<Query> {
    let search = leptos_router::hooks::use_location().search;
    Memo::new(move |_| Query::read(&search.get()))
}

/// Names and values of a query string.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string, with or without the question mark before it.
    pub fn read(text: &str) -> Self {
        let pairs = text.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        let decoded = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name), percent_decode(value))
        });
        Self(decoded.collect())
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value of a name, without spaces around it; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().trim().to_owned()
    }
}

fn percent_decode(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let pair = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        match (byte, pair) {
            (b'%', (Some(high), Some(low))) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (b'+', _) => {
                decoded.push(b' ');
                at += 1;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn percent_encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
            into.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_never_leads_out_of_the_console() {
        for bad in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/a\nb",
            "",
            "evil",
            "/login?next=/",
        ] {
            assert_eq!(safe_next(bad), "/", "{bad:?}");
        }
        assert_eq!(safe_next("/products?page=2"), "/products?page=2");
    }

    #[test]
    fn a_path_tells_product_application_and_section() {
        assert_eq!(place("/products/new"), Place::Products);
        assert_eq!(place("/products/7/edit"), Place::Product(ProductId(7)));
        assert_eq!(
            place("/products/7/authorisation/add"),
            Place::Authorisation(ProductId(7))
        );
        let app = AccessId(1_500_000_001);
        assert_eq!(
            place("/applications/1500000001/plans/9"),
            Place::Application(app, Section::Plans)
        );
        assert_eq!(
            place("/applications/1500000001/edit"),
            Place::Application(app, Section::Information)
        );
        assert_eq!(place("/applications/x"), Place::Elsewhere);
    }

    #[test]
    fn a_query_reads_back_what_was_put_into_it_decoded_once() {
        for value in ["a b&归", "50%25", "/products?search=a%26b", "%zz", "1+1=2", "100%"] {
            let address = with_query("/p", &[("q", value), ("page", "2")]);
            let query = Query::read(address.trim_start_matches("/p"));
            assert_eq!(
                (query.get("q"), query.get("page"), query.get("x")),
                (Some(value), Some("2"), None)
            );
        }
        assert_eq!(Query::read("?q=a+b").get("q"), Some("a b"));
        assert_eq!(Query::read("q=%").get("q"), Some("%"));
    }

    #[test]
    fn queries_are_encoded_and_empty_values_left_out() {
        assert_eq!(
            with_query("/p", &[("q", "a b&归"), ("page", "")]),
            "/p?q=a%20b%26%E5%BD%92"
        );
        assert_eq!(with_query("/p", &[]), "/p");
    }
}
