//! What surrounds every page: who is signed in, language, theme, zone, the applications to switch to, and messages.
//!
//! The server prepares a [`Frame`] before rendering (`prepare`, an axum middleware), and the page carries it to the
//! browser. There it lives on as signals in [`Console`]; a change made in the page refreshes it from the server.

use crate::{
    api::session::{CurrentFrame, ReaderFrame},
    flash::{Flash, Notice, RefusedForm},
    i18n::Locale,
    wire,
};
use domain::{
    AccessId, ProductId, Timestamp,
    account::{Action, Identity},
    product::{ApplicationView, Platform},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Light, dark, or what the system has.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value of the cookie, of the form and of `html[data-theme]`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads [`Theme::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// An application in the switcher.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "as in ApplicationView")]
pub struct FrameApplication {
    pub access_id: AccessId,
    pub name: String,
    pub platform: Platform,
    pub product: ProductId,
    pub product_name: String,
}

impl From<ApplicationView> for FrameApplication {
    fn from(view: ApplicationView) -> Self {
        Self {
            access_id: view.access_id,
            name: view.name,
            platform: view.platform,
            product: view.product,
            product_name: view.product_name,
        }
    }
}

/// What the server knows before it renders a page.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct Frame {
    /// The language of the page.
    pub locale: Locale,
    /// The theme of the page.
    pub theme: Theme,
    /// The reader's offset from UTC in minutes, once the browser has told it.
    pub zone: Option<i32>,
    /// Who is signed in.
    pub identity: Option<Identity>,
    /// The applications that the reader may view, by product.
    pub applications: Vec<FrameApplication>,
    /// Messages and the refused form that waited for this page.
    pub flash: Flash,
    /// What people call the identity provider, where one signs in by it.
    pub provider: Option<String>,
    /// The path of the page.
    pub path: String,
    /// How many alarms nobody has acknowledged.
    pub alarms: u64,
    /// When the page was made, for what counts down to a date.
    pub now: Timestamp,
}

/// A message on the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The message.
    pub notice: Notice,
    /// The path it belongs to; it goes when the reader moves on.
    pub path: String,
}

/// The frame as the components see it: from context, by [`console`].
#[derive(Clone, Copy)]
pub struct Console {
    /// The language of the page; fixed until it is loaded anew.
    pub locale: Locale,
    /// The theme of the page; fixed until it is loaded anew.
    pub theme: Theme,
    /// The reader's offset from UTC in minutes; 0 until the browser has told it.
    pub zone: RwSignal<i32>,
    /// Who is signed in.
    pub identity: RwSignal<Option<Identity>>,
    /// The applications to switch to.
    pub applications: RwSignal<Vec<FrameApplication>>,
    /// How many alarms nobody had acknowledged when the page was made.
    pub alarms: u64,
    /// Messages on the page.
    pub notices: RwSignal<Vec<Shown>>,
    /// The form that was refused before the page was made.
    pub refused: RwSignal<Option<RefusedForm>>,
    /// Counts changes made in this page; data on it is fetched again when it moves.
    pub changes: RwSignal<u32>,
    /// What people call the identity provider, where one signs in by it.
    pub provider: StoredValue<Option<String>>,
    /// When the page was made.
    pub made_at: Timestamp,
}

impl Console {
    /// Takes the frame apart.
    pub fn new(frame: Frame) -> Self {
        let path = frame.path;
        let shown = |notice| Shown {
            notice,
            path: path.clone(),
        };
        Self {
            locale: frame.locale,
            theme: frame.theme,
            zone: RwSignal::new(frame.zone.unwrap_or_default()),
            identity: RwSignal::new(frame.identity),
            applications: RwSignal::new(frame.applications),
            alarms: frame.alarms,
            notices: RwSignal::new(frame.flash.notices.into_iter().map(shown).collect()),
            refused: RwSignal::new(frame.flash.form),
            changes: RwSignal::new(0),
            provider: StoredValue::new(frame.provider),
            made_at: frame.now,
        }
    }

    /// Whether the reader may do something on the tenant as a whole; the server checks again.
    pub fn may(self, action: Action) -> bool {
        self.identity
            .with(|identity| identity.as_ref().is_some_and(|identity| identity.may(action)))
    }

    /// [`Console::may`] once, for a view that is made anew with its data anyway.
    pub fn may_now(self, action: Action) -> bool {
        self.identity
            .with_untracked(|identity| identity.as_ref().is_some_and(|identity| identity.may(action)))
    }

    /// Notes that something was changed: data on the page and the switcher are fetched again.
    pub fn changed(self) {
        self.changes.update(|count| *count += 1);
        self.refresh();
    }

    /// Fetches the switcher's applications and the identity again.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            let answer = wire::ask(CurrentFrame {}).await;
            if let Ok(ReaderFrame { identity, applications }) = answer.and_then(|frame| wire::read(&frame)) {
                self.identity.set(identity);
                self.applications.set(applications);
            }
        });
    }
}

/// The frame of the page.
pub fn console() -> Console {
    expect_context()
}

/// The language of the page.
pub fn locale() -> Locale {
    console().locale
}

#[cfg(feature = "ssr")]
pub use server::{prepare, read, requested};

#[cfg(feature = "ssr")]
mod server {
    use super::{Flash, Frame, FrameApplication, Locale, Theme};
    use crate::{
        backend::{Backend, CurrentActor},
        flash,
    };
    use axum::{
        extract::{Request, State},
        http::{HeaderMap, Method, header},
        middleware::Next,
        response::Response,
    };
    use domain::{
        account::Actor,
        time::{Clock, SystemClock},
    };
    use leptos::prelude::use_context;
    use tower_sessions::Session;

    /// Middleware: reads the frame of a page before it is rendered, and puts it into the request's extensions.
    /// Stands inside the layers that put `Session` and [`CurrentActor`] there:
    /// `axum::middleware::from_fn_with_state(backend, app::frame::prepare)`.
    pub async fn prepare(State(backend): State<Backend>, mut request: Request, next: Next) -> Response {
        if !is_page(&request) {
            return next.run(request).await;
        }
        let actor = request
            .extensions()
            .get::<CurrentActor>()
            .and_then(|current| current.0.clone());
        let session = request.extensions().get::<Session>().cloned();
        let mut frame = requested(request.headers());
        request.uri().path().clone_into(&mut frame.path);
        frame.now = SystemClock.now();
        frame.provider = backend.provider.label();
        if let Some(session) = &session {
            frame.flash = flash::peek(session).await;
        }
        if let Some(actor) = actor {
            add_reader(&mut frame, &backend, &actor).await;
        }
        let something_waited = frame.flash != Flash::default();
        request.extensions_mut().insert(frame);
        let response = next.run(request).await;
        // A page that only leads on has shown nothing.
        if let (true, Some(session)) = (something_waited && !response.status().is_redirection(), session) {
            flash::clear(&session).await;
        }
        response
    }

    /// The frame of the request that is being rendered; the default one while routes are listed.
    pub fn read() -> Frame {
        use_context::<http::request::Parts>()
            .and_then(|parts| parts.extensions.get::<Frame>().cloned())
            .unwrap_or_default()
    }

    /// Language, theme and zone as the request's headers ask for them.
    pub fn requested(headers: &HeaderMap) -> Frame {
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        let locale = cookie(headers, "lang").and_then(Locale::from_name);
        Frame {
            locale: locale
                .or_else(|| accepted.and_then(Locale::negotiate))
                .unwrap_or_default(),
            theme: cookie(headers, "theme").and_then(Theme::from_name).unwrap_or_default(),
            zone: cookie(headers, "zone")
                .and_then(|text| text.parse().ok())
                .filter(|minutes| is_zone(*minutes)),
            ..Frame::default()
        }
    }

    async fn add_reader(frame: &mut Frame, backend: &Backend, actor: &Actor) {
        // A frame without them still carries the page, which then tells what is wrong.
        frame.identity = backend.accounts.identity(actor).await.ok();
        let applications = backend.applications.list(actor).await.unwrap_or_default();
        frame.applications = applications.into_iter().map(FrameApplication::from).collect();
        frame.alarms = backend.alarms.waiting(actor).await.unwrap_or_default();
    }

    fn is_page(request: &Request) -> bool {
        let accept = request
            .headers()
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        let path = request.uri().path();
        let posted_to_itself = ["/secret-key", "/recovery-codes", "/sign-in"];
        let is_form = path.starts_with("/ui/");
        let shows =
            request.method() == Method::GET || !is_form && posted_to_itself.iter().any(|end| path.ends_with(end));
        shows && accept.is_some_and(|types| types.contains("text/html"))
    }

    fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let lines = headers
            .get_all(header::COOKIE)
            .into_iter()
            .filter_map(|line| line.to_str().ok());
        let mut pairs = lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// From UTC-12:00 to UTC+14:00.
    fn is_zone(minutes: i32) -> bool {
        (-720..=840).contains(&minutes)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn headers(cookie: &'static str, language: &'static str) -> HeaderMap {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            headers.insert(header::ACCEPT_LANGUAGE, language.parse().unwrap());
            headers
        }

        #[test]
        fn the_cookie_wins_over_the_browser_s_languages() {
            assert_eq!(requested(&headers("a=b; lang=en", "zh-CN")).locale, Locale::En);
            assert_eq!(requested(&headers("lang=xx", "zh-CN")).locale, Locale::Zh);
            assert_eq!(requested(&HeaderMap::new()).locale, Locale::En);
        }

        #[test]
        fn a_zone_that_no_place_has_is_not_believed() {
            assert_eq!(requested(&headers("zone=480; theme=dark", "")).zone, Some(480));
            assert_eq!(requested(&headers("zone=480; theme=dark", "")).theme, Theme::Dark);
            assert_eq!(requested(&headers("zone=9000", "")).zone, None);
            assert_eq!(requested(&headers("zone=x", "")).zone, None);
        }
    }
}
