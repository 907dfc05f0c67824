//! The console's mount: sessions, gate, guard, headers, the Leptos pages and what stands beside them.
//!
//! From outside in: headers, body limit, cross-site guard, session, actor, gate; then server functions and pages.

pub mod assets;
pub mod audit;
pub mod browsers;
pub mod events;
pub mod gate;
pub mod guard;
pub mod provider;
pub mod security_headers;
pub mod service_account;
pub mod session;
pub mod statistics;
pub mod traces;
pub mod uploads;

use crate::{permissions, rest::addresses::Addresses, settings::Settings};
use app::backend::{Backend, CurrentActor, OwingActor};
use assets::Assets;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{Method, StatusCode},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::time::Clock;
use gate::{SetUpDone, see_other};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use std::sync::Arc;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};
use tower_sessions::{Session, SessionStore};

/// The largest body of a form of the console, service account files included.
const MAX_FORM: usize = 256 * 1024;

/// What the console's doors hold.
#[derive(Clone)]
#[expect(missing_docs, reason = "the names and types say it")]
pub struct WebState {
    pub backend: Arc<Backend>,
    pub clock: Arc<dyn Clock>,
    pub addresses: Addresses,
    pub session_limits: session::Limits,
    pub set_up_done: Arc<SetUpDone>,
    pub changes: events::Changes,
    pub assets: Assets,
    pub options: LeptosOptions,
    /// Ends streams that would keep the server from stopping.
    pub closing: CancellationToken,
    pub tasks: TaskTracker,
}

impl FromRef<WebState> for LeptosOptions {
    fn from_ref(state: &WebState) -> Self {
        state.options.clone()
    }
}

/// The console with everything around it.
pub fn routes(state: WebState, sessions: impl SessionStore + Clone, settings: &Settings) -> anyhow::Result<Router> {
    let context = {
        let backend = Arc::clone(&state.backend);
        move || provide_context(Backend::clone(&backend))
    };
    permissions::check_complete(leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path))?;
    let posted = leptos::server_fn::axum::server_fn_paths().filter(|(_, method)| *method == Method::POST);
    permissions::check_recorded(posted.map(|(path, _)| path).chain(app::SECRET_PAGES))?;
    let options = state.options.clone();
    let pages = generate_route_list(app::App);
    let pages =
        Router::new().leptos_routes_with_context(&state, pages, context.clone(), move || app::shell(options.clone()));
    // Without script a secret is shown by the page that the password is posted to.
    let console = app::secret_pages(pages, &state.options, context)
        .route("/logout", post(sign_out))
        .fallback(not_found)
        .layer(RequestBodyLimitLayer::new(MAX_FORM));
    let uploads = Router::new()
        .route(
            "/applications/{access_id}/basic-config/certificates",
            post(uploads::upload_certificate),
        )
        .route(
            "/applications/{access_id}/basic-config/channels/fcm/file",
            post(service_account::upload),
        )
        .route(
            "/applications/{access_id}/basic-config/packages/{package}/channels/fcm/file",
            post(service_account::upload_for_package),
        )
        .route(
            "/im-applications/{sdk_app_id}/channels/fcm/file",
            post(service_account::upload_for_im),
        )
        .layer(DefaultBodyLimit::max(uploads::MAX_BODY));
    let gated = Router::new()
        .route("/events", get(events::stream))
        .route("/audit.csv", get(audit::export))
        .route("/applications/{access_id}/funnel.csv", get(statistics::export))
        .route("/applications/{access_id}/troubleshooting.json", get(traces::search))
        .route(
            "/applications/{access_id}/troubleshooting/device.json",
            get(traces::device),
        )
        .route("/login/oidc", get(provider::sign_in))
        .route("/login/oidc/callback", get(provider::arrive))
        .route("/confirm/oidc", get(provider::confirm))
        .merge(uploads)
        .merge(console)
        .layer(from_fn_with_state(Backend::clone(&state.backend), app::frame::prepare))
        .layer(from_fn_with_state(state.clone(), gate::check))
        .layer(from_fn_with_state(state.clone(), audit::record_refusals))
        .layer(from_fn_with_state(state.clone(), session::identify))
        .layer(session::layer(sessions, settings))
        .layer(guard::layer(&settings.http)?)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            settings.http.request_timeout(),
        ))
        .with_state(state.clone());
    Ok(state.assets.routes().merge(gated))
}

/// Ends the session, whoever asks.
async fn sign_out(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    Extension(OwingActor(owing)): Extension<OwingActor>,
    session: Session,
) -> Response {
    if let Some(actor) = actor.or(owing)
        && let Err(problem) = web.backend.audit.signed_out(&actor).await
    {
        return crate::rest::problem::ProblemResponse::from(problem).into_response();
    }
    match session.flush().await {
        Ok(()) => see_other("/login"),
        Err(fault) => crate::rest::problem::ProblemResponse::from(session::unavailable(fault)).into_response(),
    }
}

/// The console's page for what does not exist, with its status.
async fn not_found(State(state): State<WebState>, request: Request) -> Response {
    let backend = Arc::clone(&state.backend);
    let context = move || provide_context(Backend::clone(&backend));
    let options = state.options.clone();
    let render = leptos_axum::render_app_async_with_context(context, move || app::shell(options.clone()));
    let mut response = render(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
