//! From a vendor's verdict to what is written: a pure step between the channel and the outbox.

use crate::channel::Outcome;
use domain::{
    Timestamp,
    delivery::{Attempt, DeliveryState, Reason, Verdict},
    parcel::{Parcel, Settlement},
    retry::{self, Next, Policy},
};

/// The circumstances of a try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances<'a> {
    /// The rule of retrying.
    pub(crate) policy: &'a Policy,
    /// When the call began.
    pub(crate) began_at: Timestamp,
    /// The time now.
    pub(crate) now: Timestamp,
    /// A draw from 0 to 1.
    pub(crate) jitter: f64,
}

/// What follows a try.
pub(crate) fn tried(parcel: Parcel, outcome: Outcome, of: Circumstances<'_>) -> Settlement {
    let number = parcel.attempts.saturating_add(1);
    let said = outcome.verdict.reason();
    let (verdict, token_dead_since) = read_gone(outcome.verdict, &parcel, of.began_at);
    let (state, reason, due_at) = match retry::next(of.policy, number, verdict, of.now, parcel.expires_at, of.jitter) {
        Next::Done => (DeliveryState::Sent, None, None),
        Next::At(at) | Next::Hold(at) => (DeliveryState::Retrying, said, Some(at)),
        Next::GiveUp(reason) => (DeliveryState::Failed, Some(reason), None),
        Next::Expire => (DeliveryState::Expired, Some(Reason::TimeToLive), None),
    };
    let attempt = Attempt {
        number,
        at: of.began_at,
        duration_ms: outcome.duration_ms,
        vendor_status: outcome.vendor_status,
        vendor_code: outcome.vendor_code,
        vendor_text: outcome.vendor_text,
        vendor_id: outcome.vendor_id,
        reason: said,
    };
    Settlement {
        attempt: Some(attempt),
        token_dead_since,
        ..untried(parcel, state, reason, due_at)
    }
}

/// What follows when no try was made.
pub(crate) fn untried(
    parcel: Parcel,
    state: DeliveryState,
    reason: Option<Reason>,
    due_at: Option<Timestamp>,
) -> Settlement {
    Settlement {
        delivery: parcel.delivery,
        plan: parcel.plan,
        lane: parcel.lane,
        device: parcel.device,
        vendor_token: parcel.vendor_token,
        attempt: None,
        state,
        reason,
        due_at,
        token_dead_since: None,
    }
}

/// APNs says since when a token is dead; one registered after that moment may live again (vendors 1.4). The first try
/// that meets such an answer is repeated, a later one gives the push up; the token is left alone either way.
fn read_gone(verdict: Verdict, parcel: &Parcel, tried_at: Timestamp) -> (Verdict, Option<Timestamp>) {
    match verdict {
        Verdict::RecipientGone { as_of: Some(as_of) } if as_of <= parcel.registered_at => {
            let repeated = if parcel.attempts == 0 {
                Verdict::RetryLater { after_ms: None }
            } else {
                verdict
            };
            (repeated, None)
        }
        Verdict::RecipientGone { as_of } => (verdict, Some(as_of.unwrap_or(tried_at))),
        verdict => (verdict, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        ApplicationId, DeliveryId, DeviceId, MessageId, PlanId,
        certificate::Environment,
        channel::Channel,
        message::{AndroidInfo, ApnsInfo, Notification},
        parcel::LaneKey,
    };
    use std::sync::Arc;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn parcel(attempts: u32) -> Parcel {
        let notification = Notification {
            title: String::new(),
            body: "hello".into(),
            ext: String::new(),
            from: "alice".into(),
            key: "1_2_3".into(),
            android: AndroidInfo::default(),
            apns: ApnsInfo::default(),
        };
        Parcel {
            delivery: DeliveryId(1),
            message: MessageId(1),
            plan: PlanId(2),
            lane: LaneKey::main(ApplicationId(3), Channel::Apns),
            device: DeviceId(4),
            vendor_token: "aa".into(),
            identifier: "org.example.chat".into(),
            environment: Environment::Production,
            harmony_os: false,
            registered_at: NOW.plus_secs(-100),
            attempts,
            badge: None,
            accepted_at: NOW,
            expires_at: NOW.plus_secs(3600),
            leased_until: NOW.plus_secs(120),
            notification: Arc::new(notification),
        }
    }

    fn settle(attempts: u32, verdict: Verdict) -> Settlement {
        let outcome = Outcome {
            verdict,
            vendor_status: Some(410),
            vendor_code: "Unregistered".into(),
            vendor_text: String::new(),
            vendor_id: "id".into(),
            duration_ms: 12,
        };
        let policy = Policy::default();
        let of = Circumstances {
            policy: &policy,
            began_at: NOW,
            now: NOW.plus_ms(12),
            jitter: 0.5,
        };
        tried(parcel(attempts), outcome, of)
    }

    #[test]
    fn a_token_dead_since_after_its_registration_is_retired() {
        let as_of = Some(NOW.plus_secs(-99));
        let settlement = settle(0, Verdict::RecipientGone { as_of });
        assert_eq!(settlement.state, DeliveryState::Failed);
        assert_eq!(settlement.token_dead_since, as_of);
    }

    #[test]
    fn a_token_registered_since_the_vendor_s_news_is_tried_once_more_and_never_retired() {
        for as_of in [NOW.plus_secs(-100), NOW.plus_secs(-101)] {
            let gone = Verdict::RecipientGone { as_of: Some(as_of) };
            let first = settle(0, gone);
            assert_eq!((first.state, first.token_dead_since), (DeliveryState::Retrying, None));
            assert_eq!(first.reason, Some(Reason::RecipientGone));
            let second = settle(1, gone);
            assert_eq!((second.state, second.token_dead_since), (DeliveryState::Failed, None));
        }
    }

    #[test]
    fn a_token_dead_without_a_date_is_dead_since_the_try() {
        let settlement = settle(0, Verdict::RecipientGone { as_of: None });
        assert_eq!(settlement.token_dead_since, Some(NOW));
    }

    #[test]
    fn the_attempt_keeps_what_the_vendor_said_and_counts_from_one() {
        let attempt = settle(2, Verdict::MessageRejected).attempt.expect("it was tried");
        assert_eq!((attempt.number, attempt.vendor_status), (3, Some(410)));
        assert_eq!(attempt.reason, Some(Reason::MessageRejected));
    }
}
