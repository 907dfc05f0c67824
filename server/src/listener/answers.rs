//! The answers of one HTTP/2 connection, and whether somebody takes them off.
//!
//! A client of HTTP/2 says how much of each answer it has room for. One that says "nothing" keeps answers here while its
//! connection is lively, so the time limit of writes (`patience.rs`) never ends it.

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, sleep_until};

/// The answers under way.
#[derive(Debug)]
pub(super) struct Answers(Mutex<State>);

#[derive(Debug)]
struct State {
    next: u64,
    open: usize,
    /// When the last one ended.
    ended: Instant,
    /// Those of which a part is waiting to be taken, and since when.
    waiting: BTreeMap<u64, Instant>,
}

impl Answers {
    /// None yet.
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            next: 0,
            open: 0,
            ended: Instant::now(),
            waiting: BTreeMap::new(),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer's body, watched from here on.
    pub(super) fn watch(self: &Arc<Self>, body: Body) -> Body {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        state.open += 1;
        // Nobody asks for its first part before there is room for it.
        state.waiting.insert(number, Instant::now());
        drop(state);
        Body::new(Watched {
            body,
            number,
            answers: Arc::clone(self),
        })
    }

    /// Ends when a part of an answer has waited for so long.
    pub(super) async fn left_lying(&self, limit: Duration) {
        loop {
            let oldest = self.lock().waiting.values().min().copied();
            let now = Instant::now();
            match oldest {
                Some(since) if now >= since + limit => return,
                since => sleep_until(since.unwrap_or(now) + limit).await,
            }
        }
    }

    /// Ends when all answers have been made for so long: what is still to be sent then, nobody takes.
    pub(super) async fn all_made(&self, limit: Duration) {
        loop {
            let (open, ended) = {
                let state = self.lock();
                (state.open, state.ended)
            };
            let now = Instant::now();
            if open == 0 && now >= ended + limit {
                return;
            }
            let since = if open == 0 { ended } else { now };
            sleep_until(since + limit).await;
        }
    }
}

struct Watched {
    body: Body,
    number: u64,
    answers: Arc<Answers>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    /// Asked for when there is room, so whatever was made before has been taken.
    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        let mut state = self.answers.lock();
        if matches!(frame, Poll::Ready(Some(Ok(_)))) {
            state.waiting.insert(self.number, Instant::now());
        } else {
            state.waiting.remove(&self.number);
        }
        drop(state);
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let mut state = self.answers.lock();
        state.waiting.remove(&self.number);
        state.open -= 1;
        state.ended = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{StreamExt, stream};
    use http_body_util::BodyExt;
    use std::convert::Infallible;
    use tokio::time::timeout;

    const LIMIT: Duration = Duration::from_mins(1);
    const LONG: Duration = Duration::from_hours(1);

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_asks_for_is_left_lying() {
        let answers = Answers::new();
        let began = Instant::now();
        let body = answers.watch(Body::from("a page"));
        answers.left_lying(LIMIT).await;
        assert_eq!(began.elapsed(), LIMIT);
        drop(body);
        assert!(timeout(LONG, answers.left_lying(LIMIT)).await.is_err(), "it is gone");
    }

    #[tokio::test(start_paused = true)]
    async fn so_is_one_of_which_the_second_part_is_not_asked_for() {
        let answers = Answers::new();
        let parts = stream::iter(["a", "b"]).map(Ok::<_, Infallible>);
        let mut body = answers.watch(Body::from_stream(parts));
        tokio::time::sleep(LIMIT / 2).await;
        assert!(body.frame().await.is_some());
        let began = Instant::now();
        answers.left_lying(LIMIT).await;
        assert!(began.elapsed() >= LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_without_news_is_waited_for() {
        let answers = Answers::new();
        let mut events = answers.watch(Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()));
        tokio::select! {
            _ = events.frame() => unreachable!("there are none"),
            () = answers.left_lying(LIMIT) => panic!("given up"),
            () = answers.all_made(LIMIT) => panic!("not all are made"),
            () = tokio::time::sleep(LONG) => {}
        }
        drop(events);
        let began = Instant::now();
        answers.all_made(LIMIT).await;
        assert_eq!(began.elapsed(), LIMIT);
    }
}
