//! The built site: `/pkg` with hashed names for ever, a few well-known files for an hour, compressed as built.
//!
//! Without a site the console still works, from plain HTML; one warning says so.

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use leptos::config::{Env, LeptosOptions};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use tower_http::services::{ServeDir, ServeFile};

/// Where the site is, if it was built.
#[derive(Clone, Debug)]
pub struct Assets(Option<PathBuf>);

impl Assets {
    /// Looks for the site.
    pub fn find(http: &crate::settings::Http) -> Self {
        let root = http.site_root().filter(|root| root.join("manifest.json").is_file());
        if root.is_none() {
            tracing::warn!(
                "the built site was not found: pages work, but without styles and scripts. \
                 Build it with `cargo xtask build`, or set http.site_root"
            );
        }
        Self(root)
    }

    /// What Leptos has to know: names and hashes of the files.
    pub fn options(&self, listening_on: SocketAddr) -> LeptosOptions {
        let root = self.0.clone().unwrap_or_else(|| PathBuf::from("site"));
        let hash_file = std::path::absolute(root.join("hash.txt")).unwrap_or_default();
        LeptosOptions::builder()
            .output_name("homing")
            .site_root(root.display().to_string())
            .site_pkg_dir("pkg")
            .site_addr(listening_on)
            .env(Env::PROD)
            .hash_files(self.0.is_some())
            // Joined to the executable's folder by Leptos, which an absolute path overrides.
            .hash_file(hash_file.display().to_string().into())
            .build()
    }

    /// `/pkg`, whose names carry a hash of their content, and the files beside it (favicon, robots.txt).
    pub fn routes(&self) -> Router {
        let Some(root) = &self.0 else { return Router::new() };
        let files = ServeDir::new(root.join("pkg")).precompressed_br().precompressed_gzip();
        let built = Router::new()
            .nest_service("/pkg", files)
            .layer(middleware::from_fn(for_ever));
        let mut others = Router::new();
        for name in beside_pkg(root) {
            let file = ServeFile::new(root.join(&name)).precompressed_br().precompressed_gzip();
            others = others.route_service(&format!("/{name}"), file);
        }
        built.merge(others.layer(middleware::from_fn(for_an_hour)))
    }
}

/// Names of the files in the site's folder that are meant to be asked for.
fn beside_pkg(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let names = files.filter_map(|entry| entry.file_name().into_string().ok());
    let own = |name: &String| {
        let compressed = Path::new(name)
            .extension()
            .is_some_and(|kind| kind == "br" || kind == "gz");
        !compressed && name != "manifest.json" && name != "hash.txt" && !name.contains(['{', '}'])
    };
    names.filter(own).collect()
}

async fn for_an_hour(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let an_hour = HeaderValue::from_static("public, max-age=3600");
    response.headers_mut().insert(header::CACHE_CONTROL, an_hour);
    response
}

async fn for_ever(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let keep = if response.status().is_success() {
        "public, max-age=31536000, immutable"
    } else {
        "no-store"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
