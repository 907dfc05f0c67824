//! Somebody with a browser, who reads pages.

use anyhow::{Context, Result, ensure};
use reqwest::{
    Client,
    header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE},
    redirect,
};
use std::time::{Duration, Instant};

/// Signed in.
pub struct Visitor {
    client: Client,
    url: String,
    cookies: String,
}

impl Visitor {
    /// Signs in.
    pub async fn sign_in(url: &str, name: &str, password: &str) -> Result<Self> {
        let client = Client::builder()
            .timeout(Duration::from_mins(1))
            .redirect(redirect::Policy::none())
            .build()?;
        let answer = client
            .post(format!("{url}/ui/session/sign-in"))
            .header(ORIGIN, url)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .form(&[("name", name), ("password", password), ("next", "/products")])
            .send()
            .await?;
        let cookies = answer.headers().get_all(SET_COOKIE).iter();
        let cookies: Vec<&str> = cookies
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        let went = answer.headers().get(LOCATION).and_then(|at| at.to_str().ok());
        ensure!(went == Some("/products"), "signing in led to {went:?}");
        Ok(Self {
            cookies: cookies.join("; "),
            url: url.to_owned(),
            client,
        })
    }

    /// Reads a page to its end; how many milliseconds it took. A page without what it should show is none.
    pub async fn read(&self, path: &str, shows: &str) -> Result<f64> {
        let started = Instant::now();
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .header(COOKIE, &self.cookies)
            .header("accept", "text/html")
            .send()
            .await?
            .error_for_status()
            .with_context(|| path.to_owned())?;
        let text = answer.text().await?;
        let took = started.elapsed().as_secs_f64() * 1000.0;
        ensure!(text.contains(shows), "{path} does not show {shows}");
        Ok(took)
    }
}
