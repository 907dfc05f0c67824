//! The gate of the console: who is not signed in is led to `/login`, on a server without accounts to `/setup`.
//!
//! It is a convenience for people, not the lock: every server function and service checks the actor itself.

use super::WebState;
use app::backend::{CurrentActor, OwingActor};
use axum::{
    extract::{Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the server has accounts; once it has, it is not asked again.
#[derive(Debug, Default)]
pub struct SetUpDone(AtomicBool);

impl SetUpDone {
    async fn ask(&self, web: &WebState) -> domain::Result<bool> {
        if self.0.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let done = !web.backend.accounts.needs_set_up().await?;
        self.0.store(done, Ordering::Relaxed);
        Ok(done)
    }
}

/// All that is open to an account that must set up a second step; the first is where it is led.
const SETTING_UP: [&str; 5] = [
    "/account/second-step",
    "/account/codes",
    "/account/passkeys/new",
    "/confirm",
    "/logout",
];

/// Lets a request pass or leads it to where it can be let in.
pub async fn check(State(web): State<WebState>, request: Request, next: Next) -> Response {
    let actor = request.extensions().get::<CurrentActor>();
    let signed_in = actor.is_some_and(|actor| actor.0.is_some());
    let path = request.uri().path();
    let owing = request.extensions().get::<OwingActor>();
    if owing.is_some_and(|owing| owing.0.is_some()) {
        return if SETTING_UP.contains(&path) || path.starts_with("/ui/") {
            next.run(request).await
        } else if path == "/events" {
            StatusCode::UNAUTHORIZED.into_response()
        } else {
            see_other(SETTING_UP[0])
        };
    }
    if path == SETTING_UP[0] && signed_in {
        return see_other("/account");
    }
    // Server functions answer 401 by themselves; a redirect would be taken for an answer.
    let signs_in = path == "/login" || path.starts_with("/login/") || path.starts_with("/set-password/");
    if signed_in || path.starts_with("/ui/") || signs_in {
        if signs_in && !signed_in && !web.set_up_done.ask(&web).await.unwrap_or(true) {
            return see_other("/setup");
        }
        return next.run(request).await;
    }
    let set_up_done = match web.set_up_done.ask(&web).await {
        Ok(done) => done,
        Err(problem) => return crate::rest::problem::ProblemResponse::from(problem).into_response(),
    };
    match path {
        "/setup" if !set_up_done => next.run(request).await,
        "/setup" => see_other("/login"),
        _ if !set_up_done => see_other("/setup"),
        "/events" => StatusCode::UNAUTHORIZED.into_response(),
        _ => see_other(&login_for(request.method(), request.uri())),
    }
}

/// `/login`, with the page to go on to when it is one.
fn login_for(method: &Method, uri: &Uri) -> String {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    if method != Method::GET || wanted == "/" || !is_own_page(wanted) {
        return "/login".into();
    }
    let encoded: String = wanted.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => text.push(byte.into()),
            _ => {
                use std::fmt::Write;
                // Writing into a String cannot fail.
                _ = write!(text, "%{byte:02X}");
            }
        }
        text
    });
    format!("/login?next={encoded}")
}

/// Whether a path stays on this server whatever a browser makes of it: `//host` and `/\host` lead away.
pub fn is_own_page(path: &str) -> bool {
    let mut rest = path.chars();
    rest.next() == Some('/') && !matches!(rest.next(), Some('/' | '\\')) && !path.contains(|c: char| c.is_control())
}

/// A redirect after which the browser asks with GET.
pub fn see_other(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_target_that_leads_away_is_refused() {
        for away in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "evil",
            "",
            "/a\nb",
            "\\/x",
        ] {
            assert!(!is_own_page(away), "{away:?}");
        }
        assert!(is_own_page("/products?page=2"));
        assert!(is_own_page("/"));
    }

    #[test]
    fn the_wanted_page_comes_back_encoded() {
        let uri: Uri = "/products?search=a%26b&page=2".parse().expect("a path");
        assert_eq!(
            login_for(&Method::GET, &uri),
            "/login?next=/products%3Fsearch%3Da%2526b%26page%3D2"
        );
        assert_eq!(login_for(&Method::POST, &uri), "/login");
        let away: Uri = "//evil.example/x".parse().expect("a path");
        assert_eq!(login_for(&Method::GET, &away), "/login");
    }
}
