//! Everything visual, and the server functions behind it.

#[cfg(feature = "ssr")]
pub mod backend;
pub mod error;
pub mod flash;

use leptos::prelude::*;

/// The console.
#[component]
pub fn App() -> impl IntoView {
    view! { <main></main> }
}

/// The document around the console, rendered on the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <HydrationScripts options=options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
