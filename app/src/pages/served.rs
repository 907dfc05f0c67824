//! Pages that only the server makes: plain HTML without the browser's half.

/// Names pages that only the server has; in the browser's half each is [`Served`].
macro_rules! pages {
    ($($module:ident::$page:ident),+ $(,)?) => {$(
        #[cfg(feature = "ssr")]
        use $module::$page;
        #[cfg(not(feature = "ssr"))]
        use $crate::pages::served::Served as $page;
    )+};
}
pub(crate) use pages;

/// Paths of such pages, and where a slash ends them everything below.
#[cfg(feature = "ssr")]
const PLAIN: [&str; 13] = [
    "/account",
    "/account/",
    "/alarms",
    "/alarms/",
    "/api-keys",
    "/api-keys/",
    "/audit",
    "/confirm",
    "/login/code",
    "/login/passkey",
    "/login/refused",
    "/set-password/",
    "/sub-accounts/second-step",
];
/// How paths of such pages end.
#[cfg(feature = "ssr")]
const PLAIN_ENDS: [&str; 6] = [
    "/funnel",
    "/secret-key",
    "/send",
    "/sign-in",
    "/troubleshooting",
    "/webhooks",
];
/// What stands inside the paths of such pages.
#[cfg(feature = "ssr")]
const PLAIN_WITHIN: [&str; 2] = ["/troubleshooting/", "/webhooks/"];

/// Whether the page at a path is plain HTML.
#[cfg(feature = "ssr")]
pub fn is_plain(path: &str) -> bool {
    let listed = PLAIN
        .iter()
        .any(|plain| path == *plain || plain.ends_with('/') && path.starts_with(plain));
    listed || PLAIN_ENDS.iter().any(|end| path.ends_with(end)) || PLAIN_WITHIN.iter().any(|part| path.contains(part))
}

/// What the browser's half has in place of such a page: it loads it.
#[cfg(not(feature = "ssr"))]
#[leptos::component]
pub fn Served() -> impl leptos::IntoView {
    use leptos::prelude::GetUntracked;
    let here = leptos_router::hooks::use_location();
    crate::erased::effect(move || {
        let (path, query) = (here.pathname.get_untracked(), here.search.get_untracked());
        let sign = if query.is_empty() { "" } else { "?" };
        crate::browser::load(&format!("{path}{sign}{query}"));
    });
}
