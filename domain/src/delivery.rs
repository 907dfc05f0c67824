//! The life of a delivery: one message for one device.
//!
//! An accepted message ends in exactly one terminal state within its time to live. The reasons are closed lists, so
//! that the console has a sentence for each in both languages.

use crate::{Timestamp, product::named_enum};
use serde::{Deserialize, Serialize};

named_enum! {
    /// Where a delivery stands.
    DeliveryState {
        /// Accepted, waiting for its lane.
        Queued = "queued",
        /// With a vendor now.
        Sending = "sending",
        /// Tried without success; will be tried again.
        Retrying = "retrying",
        /// The vendor accepted it.
        Sent = "sent",
        /// The vendor or the device reports that it arrived.
        Reached = "reached",
        /// The device reports that it was clicked.
        Clicked = "clicked",
        /// Decided not to be sent.
        Skipped = "skipped",
        /// Refused for good.
        Failed = "failed",
        /// Its time to live ran out first.
        Expired = "expired",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl DeliveryState {
    /// Whether nothing more will be tried.
    pub const fn is_terminal(self) -> bool {
        !matches!(self, Self::Queued | Self::Sending | Self::Retrying)
    }

    /// Whether a delivery may go from this state to `next`.
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Queued | Self::Retrying => {
                matches!(
                    next,
                    Self::Sending | Self::Sent | Self::Retrying | Self::Failed | Self::Expired | Self::Cancelled
                )
            }
            Self::Sending => {
                matches!(
                    next,
                    Self::Sent | Self::Retrying | Self::Failed | Self::Expired | Self::Queued
                )
            }
            // A vendor that took it may report later that the device did not.
            Self::Sent => matches!(next, Self::Reached | Self::Clicked | Self::Failed),
            Self::Reached => matches!(next, Self::Clicked),
            Self::Clicked | Self::Skipped | Self::Failed | Self::Expired | Self::Cancelled => false,
        }
    }
}

named_enum! {
    /// Why a delivery stands where it stands: decisions first, then what came of trying.
    Reason {
        /// The sender asked for no offline push (`PushFlag` 1).
        PushDisabled = "push_disabled",
        /// An online-only message (`MsgLifeTime` 0) is never pushed offline.
        OnlineOnly = "online_only",
        /// No such user has been imported or has registered a device.
        ReceiverUnknown = "receiver_unknown",
        /// The user has no device registered.
        NoDevice = "no_device",
        /// The device has the application in the foreground.
        DeviceOnline = "device_online",
        /// The user logged out on the device.
        LoggedOut = "logged_out",
        /// The device has not been seen for 7 days.
        Inactive = "inactive",
        /// The token has not been seen for 90 days.
        TokenExpired = "token_expired",
        /// The vendor said earlier that the token is dead; the device has not registered anew.
        TokenDead = "token_dead",
        /// Notifications are switched off on the device.
        NotificationsOff = "notifications_off",
        /// The IM application is disabled.
        ImApplicationDisabled = "im_application_disabled",
        /// The IM application is not authorised to an application of the device's platform.
        NotAuthorised = "not_authorised",
        /// The device belongs to another package or bundle than the application.
        OtherIdentifier = "other_identifier",
        /// The vendor channel has no credential.
        NoCredential = "no_credential",
        /// The vendor channel is switched off.
        ChannelDisabled = "channel_disabled",
        /// Sending through this vendor channel was not available in the version of that time; in old histories only.
        ChannelUnavailable = "channel_unavailable",
        /// The certificate has expired.
        CredentialExpired = "credential_expired",
        /// No certificate for the device's environment.
        NoCredentialForEnvironment = "no_credential_for_environment",
        /// Nothing to show: a custom message without Desc.
        EmptyText = "empty_text",
        /// The vendor says the token is dead.
        RecipientGone = "recipient_gone",
        /// The vendor refuses the message for good.
        MessageRejected = "message_rejected",
        /// The vendor refuses the credential; the lane is paused until it is repaired.
        CredentialBroken = "credential_broken",
        /// The vendor's quota is spent.
        QuotaSpent = "quota_spent",
        /// The vendor asks to slow down.
        Throttled = "throttled",
        /// The vendor could not take it now, or could not be reached.
        VendorUnavailable = "vendor_unavailable",
        /// The settings do not allow to call the address that the vendor's host leads to.
        AddressRefused = "address_refused",
        /// The most tries were made.
        TriesSpent = "tries_spent",
        /// The time to live ran out.
        TimeToLive = "time_to_live",
        /// The vendor took it, and reports that the device did not show it.
        NotShown = "not_shown",
    }
}

/// What a vendor's answer (or its absence) means. The runner decides what follows.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Verdict {
    /// The vendor accepted it.
    Accepted,
    /// Try again; not before `after_ms` where the vendor asked for it.
    RetryLater {
        /// Milliseconds to wait at least.
        after_ms: Option<i64>,
    },
    /// Our settings forbid to call the address that the vendor's host leads to: an operator must change one of them.
    AddressRefused,
    /// The device token is dead. With `as_of`, only if the device has not registered since.
    RecipientGone {
        /// Since when the vendor knows.
        as_of: Option<Timestamp>,
    },
    /// The message itself is wrong: no try will help.
    MessageRejected,
    /// The credential is refused: an operator must repair it.
    CredentialBroken,
    /// The quota of the day or class is spent.
    QuotaSpent {
        /// When it is full again.
        until: Timestamp,
    },
    /// The whole lane must slow down.
    Throttled {
        /// Milliseconds to wait.
        after_ms: i64,
    },
    /// Only this device must not be sent to so fast; the lane goes on.
    DeviceThrottled {
        /// Milliseconds to wait.
        after_ms: i64,
    },
}

impl Verdict {
    /// The reason it leaves on a delivery that was not accepted.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Accepted => None,
            Self::RetryLater { .. } => Some(Reason::VendorUnavailable),
            Self::AddressRefused => Some(Reason::AddressRefused),
            Self::RecipientGone { .. } => Some(Reason::RecipientGone),
            Self::MessageRejected => Some(Reason::MessageRejected),
            Self::CredentialBroken => Some(Reason::CredentialBroken),
            Self::QuotaSpent { .. } => Some(Reason::QuotaSpent),
            Self::Throttled { .. } | Self::DeviceThrottled { .. } => Some(Reason::Throttled),
        }
    }
}

/// One try, as it is recorded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// How long the vendor took, in milliseconds.
    pub duration_ms: u32,
    /// HTTP status; `None` when no answer came.
    pub vendor_status: Option<u16>,
    /// The vendor's own code or reason, empty on success.
    pub vendor_code: String,
    /// The vendor's own text, at most [`Attempt::MAX_TEXT`] characters.
    pub vendor_text: String,
    /// The id under which the vendor knows the message.
    pub vendor_id: String,
    /// Whether it was accepted, else the reason.
    pub reason: Option<Reason>,
}

impl Attempt {
    /// How much of a vendor's text is kept.
    pub const MAX_TEXT: usize = 500;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_state_never_goes_back_to_a_waiting_one() {
        for state in DeliveryState::ALL.iter().filter(|s| s.is_terminal()) {
            for next in [DeliveryState::Queued, DeliveryState::Sending, DeliveryState::Retrying] {
                assert!(!state.may_become(next), "{state:?} -> {next:?}");
            }
        }
    }

    #[test]
    fn only_what_was_sent_can_be_reached_or_clicked() {
        for state in DeliveryState::ALL {
            let reachable = state.may_become(DeliveryState::Reached);
            assert_eq!(reachable, *state == DeliveryState::Sent, "{state:?}");
        }
    }

    #[test]
    fn what_was_sent_can_still_turn_out_to_have_failed_but_not_what_was_reached() {
        assert!(DeliveryState::Sent.may_become(DeliveryState::Failed));
        assert!(!DeliveryState::Reached.may_become(DeliveryState::Failed));
    }

    #[test]
    fn every_refusal_leaves_a_reason() {
        assert_eq!(Verdict::Accepted.reason(), None);
        assert_eq!(Verdict::Throttled { after_ms: 1 }.reason(), Some(Reason::Throttled));
    }
}
