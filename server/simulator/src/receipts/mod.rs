//! Receipts out: what the vendors tell of messages they took, late, lost, twice and in batches as they were told to.
//!
//! Exchanges hand in what is to be told (`Told`); one task holds it until its time, gathers what is due for an address,
//! and posts it in the vendor's shape (`shapes`). As real vendors do, it tries again when it is not answered with 2xx.

mod shapes;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::application::Application;
use crate::chance::Chance;
use crate::vendors::Vendor;
use crate::vendors::desk::{News, Told};
use crate::world::World;
use shapes::Letter;

const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);
const AT_ONCE: usize = 8;

/// What is told of one device.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    told: Arc<Told>,
    token: String,
    news: News,
    /// When it happened, milliseconds since 1970 by the vendor's clock.
    at_ms: i64,
}

/// Lines on their way, each with its time.
type Due = Vec<(Instant, Line)>;

/// Where exchanges leave what is to be told.
#[derive(Debug)]
pub(crate) struct Outbox {
    sender: mpsc::UnboundedSender<Due>,
    began: Instant,
}

/// What the outbox is emptied from.
pub(crate) type Tray = mpsc::UnboundedReceiver<Due>;

impl Outbox {
    pub(crate) fn new() -> (Self, Tray) {
        let (sender, tray) = mpsc::unbounded_channel();
        let began = Instant::now();
        (Self { sender, began }, tray)
    }

    /// Draws what becomes of each line, and lets those that are not lost go.
    /// `now` is the same for everything one call tells of, so that it stays together.
    pub(crate) fn tell(&self, told: Told, chance: &Chance, (now, now_ms): (Instant, i64)) {
        let told = Arc::new(told);
        let manner = &told.application.receipts;
        let mut due = Vec::with_capacity(told.devices.len());
        for (token, news) in &told.devices {
            let opened = *news == News::Delivered && chance.happens(manner.clicked);
            for news in [Some(news.clone()), opened.then_some(News::Clicked)]
                .into_iter()
                .flatten()
            {
                if !told.wants(&news) || chance.happens(manner.lost) {
                    continue;
                }
                let copies = if chance.happens(manner.repeated) { 2 } else { 1 };
                for _ in 0..copies {
                    let delay = manner
                        .delay_ms
                        .as_ref()
                        .map_or(Duration::ZERO, |latency| chance.delay(latency));
                    let line = Line {
                        told: Arc::clone(&told),
                        token: token.clone(),
                        news: news.clone(),
                        at_ms: now_ms.saturating_add(i64::try_from(delay.as_millis()).unwrap_or(i64::MAX)),
                    };
                    due.push((self.tick(now + delay, manner.batch_wait_ms), line));
                }
            }
        }
        if !due.is_empty() {
            // The tray is gone when the simulator stops; then nobody listens any more.
            let _ = self.sender.send(due);
        }
    }

    /// The next full wait after a time: what falls into the same wait goes out together.
    fn tick(&self, at: Instant, wait_ms: u64) -> Instant {
        let past = u64::try_from((at - self.began).as_millis()).unwrap_or(u64::MAX);
        match past.checked_div(wait_ms) {
            Some(waits) => self.began + Duration::from_millis((waits + 1).saturating_mul(wait_ms)),
            None => at,
        }
    }
}

/// Empties the tray until `stop`.
pub(crate) async fn run(mut tray: Tray, world: Arc<World>, tasks: TaskTracker, stop: CancellationToken) {
    let mut due: BTreeMap<Instant, Vec<Line>> = BTreeMap::new();
    let post = Arc::new(Post::new(world));
    loop {
        let next = due.first_key_value().map(|(at, _)| *at);
        tokio::select! {
            () = stop.cancelled() => return,
            handed = tray.recv() => match handed {
                Some(lines) => lines.into_iter().for_each(|(at, line)| due.entry(at).or_default().push(line)),
                None => return,
            },
            () = tokio::time::sleep_until(next.unwrap_or_else(Instant::now)), if next.is_some() => {
                let later = due.split_off(&(Instant::now() + Duration::from_nanos(1)));
                let ripe = std::mem::replace(&mut due, later);
                for letter in letters(ripe.into_values().flatten(), &post.world) {
                    let (post, stop) = (Arc::clone(&post), stop.clone());
                    tasks.spawn(async move {
                        tokio::select! {
                            () = stop.cancelled() => {}
                            () = post.deliver(letter) => {}
                        }
                    });
                }
            }
        }
    }
}

/// Puts lines into letters: per application and address, as many as one call takes.
fn letters(lines: impl Iterator<Item = Line>, world: &World) -> Vec<Letter> {
    let mut piles: BTreeMap<(Vendor, String, String), Vec<Line>> = BTreeMap::new();
    for line in lines {
        let told = &line.told;
        let name = (told.application.vendor, told.application.id.clone(), told.url.clone());
        piles.entry(name).or_default().push(line);
    }
    piles
        .values()
        .flat_map(|pile| {
            let most = batch_of(&pile[0].told.application);
            pile.chunks(most)
                .flat_map(|lines| shapes::letters(lines, world.clock.now_ms()))
        })
        .collect()
}

fn batch_of(application: &Application) -> usize {
    match (application.receipts.batch, application.vendor) {
        (0, Vendor::Huawei | Vendor::Honor) => 100,
        (0, _) => 1000,
        (batch, _) => batch,
    }
}

/// The way to the receivers.
struct Post {
    world: Arc<World>,
    client: OnceLock<Option<reqwest::Client>>,
    places: Semaphore,
}

impl Post {
    fn new(world: Arc<World>) -> Self {
        Self {
            world,
            client: OnceLock::new(),
            places: Semaphore::new(AT_ONCE),
        }
    }

    async fn deliver(&self, letter: Letter) {
        // The semaphore is never closed; were it, nothing more should leave.
        let Ok(_place) = self.places.acquire().await else {
            return;
        };
        let Some(client) = self.client.get_or_init(client) else {
            return;
        };
        for attempt in 1..=TRIES {
            let mut request = client.post(&letter.url).header("content-type", letter.content_type);
            for (name, value) in &letter.headers {
                request = request.header(*name, value);
            }
            let answer = request.body(letter.body.clone()).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return self.world.counters.told(letter.vendor, letter.lines, true);
            }
            tokio::time::sleep(PAUSE * attempt).await;
        }
        self.world.counters.told(letter.vendor, letter.lines, false);
    }
}

/// Receivers on loopback show whatever certificate they have.
fn client() -> Option<reqwest::Client> {
    let built = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .tls_danger_accept_invalid_certs(true)
        .build();
    built
        .inspect_err(|error| tracing::error!(%error, "no receipts: the HTTP client cannot be made"))
        .ok()
}
