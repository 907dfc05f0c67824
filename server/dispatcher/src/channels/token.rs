//! Access tokens of one credential: kept until shortly before they end, and asked for by one sender at a time however
//! many wait.

use crate::channels::judgement::Judgement;
use arc_swap::ArcSwapOption;
use domain::{Timestamp, time::Clock};
use http::HeaderValue;
use std::sync::Arc;

/// Senders that waited while a request failed take its failure for theirs for so long.
const FAILURE_LIFE_MS: i64 = 2_000;

/// No token is believed to live longer, whatever its grant says.
const LONGEST_LIFE_SECS: i64 = 86_400;

/// What a vendor granted.
pub(crate) struct Grant {
    header: HeaderValue,
    life_secs: i64,
}

impl Grant {
    /// A token as it goes over the wire (with its scheme, where the vendor wants one) and its life in seconds.
    /// `None` when it cannot be a header.
    pub(crate) fn new(text: &str, life_secs: i64) -> Option<Self> {
        let mut header = HeaderValue::from_str(text).ok()?;
        header.set_sensitive(true);
        Some(Self { header, life_secs })
    }
}

/// An access token in use.
pub(crate) struct Access {
    /// The header's value, marked as sensitive.
    pub(crate) header: HeaderValue,
    renew_at: Timestamp,
}

impl Access {
    /// The token as text, for vendors that want it in the body.
    pub(crate) fn text(&self) -> &str {
        self.header.to_str().unwrap_or_default()
    }
}

/// The access token of one credential.
pub(crate) struct TokenCache {
    margin_ms: i64,
    current: ArcSwapOption<Access>,
    /// Held by the one who asks; what it holds is the last failure.
    asking: tokio::sync::Mutex<Option<(Timestamp, Judgement)>>,
}

impl TokenCache {
    /// An empty one; tokens are renewed `margin_secs` before they end.
    pub(crate) fn new(margin_secs: u32) -> Self {
        Self {
            margin_ms: i64::from(margin_secs) * 1000,
            current: ArcSwapOption::empty(),
            asking: tokio::sync::Mutex::new(None),
        }
    }

    /// The token in use. When there is none, it comes to its end, or it is the `refused` one, `ask` is awaited for a new
    /// one, by one caller at a time; `ask` of the others is dropped unasked.
    pub(crate) async fn get(
        &self,
        refused: Option<&Arc<Access>>,
        clock: &dyn Clock,
        ask: impl Future<Output = Result<Grant, Judgement>>,
    ) -> Result<Arc<Access>, Judgement> {
        if let Some(access) = self.usable(refused, clock.now()) {
            return Ok(access);
        }
        let mut failure = self.asking.lock().await;
        let asked_at = clock.now();
        if let Some(access) = self.usable(refused, asked_at) {
            return Ok(access);
        }
        if let Some((at, judgement)) = &*failure
            && asked_at.ms_since(*at) < FAILURE_LIFE_MS
        {
            return Err(judgement.clone());
        }
        match ask.await {
            Ok(grant) => {
                let access = Arc::new(self.access(grant, asked_at));
                self.current.store(Some(access.clone()));
                *failure = None;
                Ok(access)
            }
            Err(judgement) => {
                *failure = Some((clock.now(), judgement.clone()));
                Err(judgement)
            }
        }
    }

    fn usable(&self, refused: Option<&Arc<Access>>, now: Timestamp) -> Option<Arc<Access>> {
        let access = self.current.load_full()?;
        let is_refused = refused.is_some_and(|refused| Arc::ptr_eq(refused, &access));
        (now < access.renew_at && !is_refused).then_some(access)
    }

    fn access(&self, grant: Grant, asked_at: Timestamp) -> Access {
        let life_ms = grant.life_secs.clamp(0, LONGEST_LIFE_SECS) * 1000;
        // A token that lives no longer than the margin is used for half its life.
        let useful_ms = (life_ms - self.margin_ms).max(life_ms / 2);
        Access {
            header: grant.header,
            renew_at: asked_at.plus_ms(useful_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{delivery::Verdict, time::MockClock};
    use futures_util::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    const T: Timestamp = Timestamp(1_795_000_000_000);

    struct World {
        cache: TokenCache,
        clock: MockClock,
        asked: AtomicUsize,
    }

    impl World {
        fn new() -> Self {
            Self {
                cache: TokenCache::new(300),
                clock: MockClock::new(T),
                asked: AtomicUsize::new(0),
            }
        }

        async fn grant(&self) -> Result<Grant, Judgement> {
            let number = self.asked.fetch_add(1, SeqCst) + 1;
            tokio::task::yield_now().await;
            Ok(Grant::new(&format!("token-{number}"), 3600).unwrap())
        }

        async fn get(&self, refused: Option<&Arc<Access>>) -> Arc<Access> {
            self.cache.get(refused, &self.clock, self.grant()).await.ok().unwrap()
        }
    }

    #[tokio::test]
    async fn however_many_wait_one_asks() {
        let world = World::new();
        let all = join_all((0..50).map(|_| world.get(None))).await;
        assert!(all.iter().all(|access| access.text() == "token-1"));
        world.clock.advance_ms(3_299_999);
        assert_eq!(world.get(None).await.text(), "token-1");
        world.clock.advance_ms(1);
        assert_eq!(world.get(None).await.text(), "token-2", "five minutes before its end");
        assert_eq!(format!("{:?}", all[0].header), "Sensitive");
    }

    #[tokio::test]
    async fn a_refused_token_is_replaced_once_by_all_who_were_refused() {
        let world = World::new();
        let first = world.get(None).await;
        let all = join_all((0..10).map(|_| world.get(Some(&first)))).await;
        assert!(all.iter().all(|access| access.text() == "token-2"));
        assert_eq!(world.asked.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn those_who_waited_for_a_failure_share_it_and_the_next_one_asks_again() {
        let world = World::new();
        let failure = Judgement::local(Verdict::RetryLater { after_ms: None }, "timeout", "");
        let fail = async || {
            world.asked.fetch_add(1, SeqCst);
            Err(failure.clone())
        };
        let all = join_all((0..10).map(|_| world.cache.get(None, &world.clock, fail()))).await;
        assert!(all.into_iter().all(|answer| answer.err() == Some(failure.clone())));
        assert_eq!(world.asked.load(SeqCst), 1);
        world.clock.advance_ms(FAILURE_LIFE_MS);
        assert_eq!(world.get(None).await.text(), "token-2");
    }

    #[test]
    fn odd_lives_are_bounded() {
        let cache = TokenCache::new(300);
        let renew_at = |life: i64| cache.access(Grant::new("x", life).unwrap(), T).renew_at;
        assert_eq!(renew_at(-5), T, "asked for anew with the next push");
        assert_eq!(renew_at(100), T.plus_secs(50), "used for half its life");
        assert_eq!(renew_at(i64::MAX), T.plus_secs(86_400 - 300));
        assert!(Grant::new("x\n", 1).is_none());
    }
}
