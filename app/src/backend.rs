//! What a server function may reach: the services behind their ports, who is asking, and the session.
//!
//! The server hands a [`Backend`] over as Leptos context (`provide_context`) for every route and server function, and
//! puts [`CurrentActor`], [`ClientAddress`] and the tower-sessions `Session` into the request's extensions. This module
//! is the only user of `leptos_axum`'s redirect and status: version 0.9 changes both.

mod ceremony;

pub use ceremony::{keep_ceremony, take_ceremony};

use crate::{error::UiError, flash};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use domain::{
    AccountId, Problem, Result,
    account::Actor,
    ports::{
        Accounts, AlarmRecipients, Alarms, ApiKeys, Applications, Audit, Authorisations, BasicConfigs, ChannelChecks,
        Factors, History, IdentityProvider, ImApplications, Links, Packages, Passkeys, Plans, Products, Pushes,
        Security, Statistics, SubAccounts, Traces, WebhookCalls, Webhooks,
    },
    sign_in::{HalfWay, SessionMark},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tower_sessions::Session;

/// The services, one port per area.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is the port of its name")]
pub struct Backend {
    pub accounts: Arc<dyn Accounts>,
    pub security: Arc<dyn Security>,
    pub factors: Arc<dyn Factors>,
    pub provider: Arc<dyn IdentityProvider>,
    pub passkeys: Arc<dyn Passkeys>,
    pub links: Arc<dyn Links>,
    pub sub_accounts: Arc<dyn SubAccounts>,
    pub products: Arc<dyn Products>,
    pub applications: Arc<dyn Applications>,
    pub basic_configs: Arc<dyn BasicConfigs>,
    pub packages: Arc<dyn Packages>,
    pub channel_checks: Arc<dyn ChannelChecks>,
    pub im_applications: Arc<dyn ImApplications>,
    pub api_keys: Arc<dyn ApiKeys>,
    pub authorisations: Arc<dyn Authorisations>,
    pub plans: Arc<dyn Plans>,
    pub pushes: Arc<dyn Pushes>,
    pub history: Arc<dyn History>,
    pub traces: Arc<dyn Traces>,
    /// Conversion Funnel.
    pub statistics: Arc<dyn Statistics>,
    pub recipients: Arc<dyn AlarmRecipients>,
    pub webhooks: Arc<dyn Webhooks>,
    pub webhook_calls: Arc<dyn WebhookCalls>,
    pub audit: Arc<dyn Audit>,
    pub alarms: Arc<dyn Alarms>,
}

/// Who is signed in, as the server's middleware found out for this request.
#[derive(Clone, Debug)]
pub struct CurrentActor(pub Option<Actor>);

/// Who is signed in and must set up a second step before anything else; [`CurrentActor`] is nobody then.
#[derive(Clone, Debug)]
pub struct OwingActor(pub Option<Actor>);

/// The session of the request, by its mark.
#[derive(Clone, Debug)]
pub struct CurrentSession(pub Option<SessionMark>);

/// Where the request comes from; slows guessing of passwords down.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

/// The session key of the signed-in account (an `i64`, [`AccountId`]).
pub const SESSION_ACCOUNT: &str = "account";

/// The session key of a [`Proof`] that was given in this request; the server's middleware notes when.
pub const SESSION_PROOF: &str = "proof";

/// How somebody proved who they are.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Proof {
    /// By signing in.
    SignedIn,
    /// Once more, while signed in.
    Confirmed,
}

/// The services. `Internal` when the server forgot to provide them, which no request can cause.
pub fn backend() -> Result<Backend> {
    use_context::<Backend>().ok_or_else(|| missing("backend"))
}

/// Who is asking, or `Unauthenticated`.
pub fn actor() -> Result<Actor> {
    extension::<CurrentActor>()
        .and_then(|current| current.0)
        .ok_or(Problem::Unauthenticated)
}

/// The services and who is asking: how nearly every server function begins.
pub fn signed_in() -> Result<(Backend, Actor)> {
    Ok((backend()?, actor()?))
}

/// Who must set up a second step before anything else, if that is who asks.
pub fn owing() -> Option<Actor> {
    extension::<OwingActor>().and_then(|owing| owing.0)
}

/// As [`signed_in`], also for who must set up a second step first. Only what that takes may begin so.
pub fn setting_up() -> Result<(Backend, Actor)> {
    match owing() {
        Some(actor) => Ok((backend()?, actor)),
        None => signed_in(),
    }
}

/// The session of this request.
pub fn session() -> Result<Session> {
    extension::<Session>().ok_or_else(|| missing("session"))
}

/// The client's address; empty when the server did not tell.
pub fn client_address() -> String {
    extension::<ClientAddress>()
        .map(|address| address.0)
        .unwrap_or_default()
}

/// Makes the account the one signed in, under a new session id.
pub async fn remember(account: AccountId) -> Result<()> {
    remember_in(&session()?, account).await
}

/// [`remember`] in a session at hand.
pub async fn remember_in(session: &Session, account: AccountId) -> Result<()> {
    session.cycle_id().await.map_err(|_| Problem::Unavailable)?;
    _ = session.remove_value(HALF_WAY).await;
    session
        .insert(SESSION_ACCOUNT, account.0)
        .await
        .map_err(|_| Problem::Unavailable)?;
    let proof = session.insert(SESSION_PROOF, Proof::SignedIn).await;
    proof.map_err(|_| Problem::Unavailable)
}

/// The session key of a [`HalfWay`].
const HALF_WAY: &str = "half-way";

/// Keeps that somebody gave the right password and owes the second step, under a new session id.
pub async fn wait_for_second_step(half_way: HalfWay) -> Result<()> {
    let session = session()?;
    session.cycle_id().await.map_err(|_| Problem::Unavailable)?;
    session
        .insert(HALF_WAY, half_way)
        .await
        .map_err(|_| Problem::Unavailable)
}

/// Who owes the second step here; `Unauthenticated` when nobody does.
pub async fn half_way() -> Result<HalfWay> {
    let kept = session()?.get(HALF_WAY).await.map_err(|_| Problem::Unavailable)?;
    kept.ok_or(Problem::Unauthenticated)
}

/// Notes that somebody has just proved who they are.
pub async fn prove(proof: Proof) -> Result<()> {
    let inserted = session()?.insert(SESSION_PROOF, proof).await;
    inserted.map_err(|_| Problem::Unavailable)
}

/// The mark of this request's session; `Unauthenticated` where there is none.
pub fn session_mark() -> Result<SessionMark> {
    let current = extension::<CurrentSession>().and_then(|current| current.0);
    current.ok_or(Problem::Unauthenticated)
}

/// Ends the session and everything kept in it.
pub async fn forget() -> Result<()> {
    session()?.flush().await.map_err(|_| Problem::Unavailable)
}

/// Sends the browser to a path of the console: with a 302 after a plain form post, by the router otherwise.
#[expect(clippy::disallowed_methods, reason = "this is the wrapper that the rule asks for")]
pub fn redirect(path: &str) {
    leptos_axum::redirect(path);
}

/// The headers of the request; empty where there is none (the router's listing of routes).
pub fn headers() -> HeaderMap {
    use_context::<Parts>().map(|parts| parts.headers).unwrap_or_default()
}

/// Whether a browser posted a form by itself: no script is there to show the answer.
pub fn is_plain_form() -> bool {
    let accepted = headers();
    let accepted = accepted.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    in_server_function() && accepted.is_some_and(|types| types.contains("text/html"))
}

/// Turns a refusal into the answer of a server function. With script, the status is the problem's. Without, the
/// answer is a redirect to the form, and the problem waits there in the session (`flash`). Who has to prove first who
/// they are is led to the page for that, and from there back to the form with what was typed.
pub async fn refuse(form: &str, typed: flash::Typed, problem: Problem) -> UiError {
    refuse_at(&form_page(), form, typed, problem).await
}

/// [`refuse`] for a form that stands in a dialog of another page too: `page` is its own.
pub async fn refuse_at(page: &str, form: &str, typed: flash::Typed, problem: Problem) -> UiError {
    if is_plain_form() {
        let session = session().ok();
        // Leptos would put the error into the address; there it would outlive the next try.
        if problem == Problem::Unconfirmed {
            if let Some(session) = session {
                flash::set_aside(&session, page, form, typed).await;
            }
            redirect(&confirm_page(page));
        } else {
            if let Some(session) = session {
                flash::keep_form(&session, form, typed, problem.clone()).await;
            }
            redirect(page);
        }
    } else {
        set_status(&problem);
    }
    UiError(problem)
}

/// The path of the page that a plain form was sent from, without a host.
fn form_page() -> String {
    let headers = headers();
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let page = referer.and_then(|address| address.parse::<Uri>().ok());
    let path = page
        .as_ref()
        .and_then(|page| page.path_and_query())
        .map(ToString::to_string);
    path.filter(|path| path.starts_with('/') && !path.starts_with("//"))
        .unwrap_or_else(|| "/".into())
}

/// The page that asks for the password again and goes on to another one.
pub fn confirm_page(next: &str) -> String {
    crate::paths::with_query("/confirm", &[("next", next)])
}

/// What a page that shows a secret shows after it was posted; who has to prove first who they are is led there.
pub fn shown_or_confirm<T>(page: &str, secret: Result<T>) -> Result<Option<T>> {
    match secret {
        Err(Problem::Unconfirmed) => {
            redirect(&confirm_page(page));
            Ok(None)
        }
        shown => shown.map(Some),
    }
}

/// [`refuse`] for a read, which has no form. A page whose reader has to prove first who they are leads there.
pub fn refuse_read(problem: Problem) -> UiError {
    if problem == Problem::Unconfirmed && !in_server_function() {
        let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned());
        redirect(&confirm_page(&path.unwrap_or_default()));
    }
    set_status(&problem);
    UiError(problem)
}

/// Sets the page's own status: what the page for 403, 404 or 503 answers with. A page that leads on goes on leading.
pub fn page_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        let set = options.0.read().ok().and_then(|parts| parts.status);
        let leads_on = set.is_some_and(|status| status.is_redirection());
        if !leads_on {
            options.set_status(status);
        }
    }
}

/// During server rendering a resource runs the same body inside the page's request, whose status is not its to set.
fn set_status(problem: &Problem) {
    if in_server_function() {
        page_status(problem.status());
    }
}

fn in_server_function() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/ui/"))
}

fn extension<T: Clone + Send + Sync + 'static>() -> Option<T> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<T>().cloned())
}

fn missing(what: &str) -> Problem {
    Problem::Internal {
        reference: format!("no-{what}"),
    }
}

/// Keeps a preference of the reader for a year, and goes back to the page.
pub fn set_preference(name: &'static str, value: &'static str) {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    if let (Some(options), Ok(cookie)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie)) {
        options.append_header(header::SET_COOKIE, cookie);
    }
    if is_plain_form() {
        redirect(&form_page());
    }
}

/// The content policy of a page: scripts only ours, by the nonce that leptos stamps on its own.
pub fn set_content_policy() {
    let (Some(options), Some(nonce)) = (use_context::<ResponseOptions>(), leptos::nonce::use_nonce()) else {
        return;
    };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A key that nobody can guess, for a form that must make only one thing however often it is sent.
pub fn form_key() -> String {
    tower_sessions::session::Id::default().to_string()
}

/// Keeps caches from storing an answer that holds a secret.
pub fn forbid_storing() {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The console's address as the asking browser has it, when it posts a form; empty otherwise.
pub fn origin() -> String {
    let headers = headers();
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    origin.unwrap_or_default().to_owned()
}

/// Whether a plain form was posted to the page itself, which then shows a secret: without script only a page can. A
/// link alone shows none.
pub fn is_posted() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.method == Method::POST)
}
