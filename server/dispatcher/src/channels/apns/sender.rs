//! Sends a push under one credential in one environment, and repeats it where that is safe and may help at once.

use super::{
    request::Push,
    token::{ProviderToken, Signed},
    verdict::{self, Reading},
};
use crate::{
    channels::{judgement::Judgement, pool::Pool},
    client,
};
use domain::{delivery::Verdict, time::Clock};
use http::HeaderValue;
use std::sync::Arc;

/// How Apple knows us.
pub(super) enum Auth {
    /// By a token in every request.
    Token(Arc<ProviderToken>),
    /// By the certificate of the connection.
    Certificate,
}

/// A credential ready for use.
pub(super) struct Sender {
    auth: Auth,
    topic: HeaderValue,
    pool: Arc<Pool>,
}

/// What was tried already; each remedy is tried once.
#[derive(Default)]
struct Remedies {
    resent: bool,
    renewed: bool,
}

impl Sender {
    pub(super) fn new(auth: Auth, topic: &str, pool: Arc<Pool>) -> Result<Self, String> {
        let topic = HeaderValue::from_str(topic).map_err(|_| "the Bundle ID cannot be sent as a header".to_owned())?;
        Ok(Self { auth, topic, pool })
    }

    /// Sends until there is a judgement: at most once more after a broken connection and once more with a new token.
    pub(super) async fn send(&self, push: &Push, clock: &dyn Clock) -> Judgement {
        let mut remedies = Remedies::default();
        loop {
            if let Some(judgement) = self.send_once(push, clock, &mut remedies).await {
                return judgement;
            }
        }
    }

    /// `None` asks for another round.
    async fn send_once(&self, push: &Push, clock: &dyn Clock, remedies: &mut Remedies) -> Option<Judgement> {
        let token = match self.token(clock) {
            Ok(token) => token,
            Err(judgement) => return Some(judgement),
        };
        let place = match self.pool.place() {
            Ok(place) => place,
            Err(fault) => {
                let text = fault.to_string();
                return Some(Judgement::local(Verdict::CredentialBroken, "credential_unusable", text));
            }
        };
        let request = push.request(&self.topic, token.as_deref().map(|signed| &signed.header));
        let answer = match client::exchange(place.client(), request).await {
            Ok(answer) => answer,
            Err(fault) if fault.is_worth_another_connection() && !remedies.resent => {
                // The id is the same, so Apple and the device can tell that it is a repeat.
                remedies.resent = true;
                return None;
            }
            Err(fault) => return Some(Judgement::unanswered(&fault)),
        };
        match verdict::read(&answer, clock.now()) {
            Reading::Final(judgement) => Some(judgement),
            Reading::LeaveConnection(judgement) => {
                self.pool.retire(&place);
                Some(judgement)
            }
            Reading::NewConnection(judgement) | Reading::NewToken(judgement) if remedies.renewed => Some(judgement),
            Reading::NewConnection(_) => {
                remedies.renewed = true;
                self.pool.retire(&place);
                None
            }
            Reading::NewToken(judgement) => {
                remedies.renewed = true;
                self.pool.retire(&place);
                if self.renew(token.as_ref(), clock) {
                    None
                } else {
                    Some(judgement)
                }
            }
        }
    }

    fn token(&self, clock: &dyn Clock) -> Result<Option<Arc<Signed>>, Judgement> {
        match &self.auth {
            Auth::Certificate => Ok(None),
            Auth::Token(token) => token
                .current(clock.now())
                .map(Some)
                .map_err(|fault| Judgement::local(Verdict::CredentialBroken, "credential_unusable", fault.to_string())),
        }
    }

    /// Whether there is a token other than the refused one.
    fn renew(&self, refused: Option<&Arc<Signed>>, clock: &dyn Clock) -> bool {
        match (&self.auth, refused) {
            (Auth::Token(token), Some(refused)) => matches!(token.after(refused, clock.now()), Ok(Some(_))),
            _ => false,
        }
    }
}
