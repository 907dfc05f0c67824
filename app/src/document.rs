//! The HTML document around the console, and the pages that show a secret without script. Server only.

use crate::{App, backend, erased::view, frame, pages};
use axum::{Router, routing::post};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// The document. Sets the content policy with this response's nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    backend::set_content_policy();
    let frame = frame::read();
    // Plain pages are never hydrated; the mark tells tests that nothing is to be waited for.
    let plain = pages::served::is_plain(&frame.path);
    let script = if plain {
        view! { <script src="/plain.js" defer></script> }.into_any()
    } else {
        view! { <HydrationScripts options=options.clone() /> }.into_any()
    };
    view! {
        <!DOCTYPE html>
        <html lang=frame.locale.tag() data-theme=frame.theme.name() data-hydrated=plain.then_some("never")>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <HashedStylesheet id="style" options=options />
                {script}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Pages that are posted to themselves by a plain form, and then show a secret.
pub const SECRET_PAGES: [&str; 7] = [
    "/sub-accounts/{account}/sign-in",
    "/api-keys/{key}/secret-key",
    "/account/recovery-codes",
    "/alarms/recipients/{recipient}/secret-key",
    "/applications/{access_id}/webhooks/{webhook}/secret-key",
    "/applications/{access_id}/secret-key",
    "/im-applications/{sdk_app_id}/secret-key",
];

/// Adds the POST half of [`SECRET_PAGES`]; leptos' own routing adds only GET. `context` is the same that goes to
/// `leptos_routes_with_context`. The layer of `frame::prepare` must stand around them.
pub fn secret_pages<S>(
    router: Router<S>,
    options: &LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let mut router = router;
    for path in SECRET_PAGES {
        let options = options.clone();
        let page = leptos_axum::render_app_async_with_context(context.clone(), move || shell(options.clone()));
        router = router.route(path, post(page));
    }
    router
}
