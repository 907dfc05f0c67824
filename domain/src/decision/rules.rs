//! The single questions of the decision, each with its answer: what decides, and what tells people how it was decided.
//!
//! Answers come in small groups that hold no text and need no memory, so that deciding costs what it cost as one chain
//! of conditions.

use super::{ChannelRoute, DeviceFacts, MessageFacts, Route};
use crate::{
    Timestamp,
    channel::Channel,
    delivery::Reason,
    device::{Presence, TOKEN_LIFE_MS, presence},
    product::named_enum,
};
use serde::{Deserialize, Serialize};

named_enum! {
    /// A question of the decision, in the order in which they are asked.
    Rule {
        /// The sender did not ask for no push.
        PushWanted = "push_wanted",
        /// The message is kept for receivers who are offline.
        KeptOffline = "kept_offline",
        /// The receiver is known.
        ReceiverKnown = "receiver_known",
        /// The receiver has a device.
        DeviceRegistered = "device_registered",
        /// The application is not in the foreground.
        NotInForeground = "not_in_foreground",
        /// The receiver has not logged out on the device.
        LoggedIn = "logged_in",
        /// The device was seen lately.
        SeenLately = "seen_lately",
        /// No vendor has called the token dead.
        TokenAlive = "token_alive",
        /// Notifications are allowed on the device.
        NotificationsOn = "notifications_on",
        /// The IM application is enabled.
        ImApplicationEnabled = "im_application_enabled",
        /// It is authorised to an application of the device's platform.
        Authorised = "authorised",
        /// The device runs a package or bundle of that application.
        PackageKnown = "package_known",
        /// The vendor channel is not switched off.
        ChannelEnabled = "channel_enabled",
        /// The vendor channel has a credential.
        CredentialThere = "credential_there",
        /// One of them is for the device's environment.
        CredentialFits = "credential_fits",
        /// And is still valid.
        CredentialValid = "credential_valid",
        /// There is something to show.
        TextThere = "text_there",
    }
}

impl Rule {
    /// The question whose "no" a reason is; none where a reason is no decision but came of trying.
    pub const fn of(reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::PushDisabled => Self::PushWanted,
            Reason::OnlineOnly => Self::KeptOffline,
            Reason::ReceiverUnknown => Self::ReceiverKnown,
            Reason::NoDevice => Self::DeviceRegistered,
            Reason::DeviceOnline => Self::NotInForeground,
            Reason::LoggedOut => Self::LoggedIn,
            Reason::Inactive | Reason::TokenExpired => Self::SeenLately,
            Reason::TokenDead => Self::TokenAlive,
            Reason::NotificationsOff => Self::NotificationsOn,
            Reason::ImApplicationDisabled => Self::ImApplicationEnabled,
            Reason::NotAuthorised => Self::Authorised,
            Reason::OtherIdentifier => Self::PackageKnown,
            Reason::ChannelDisabled | Reason::ChannelUnavailable => Self::ChannelEnabled,
            Reason::NoCredential => Self::CredentialThere,
            Reason::NoCredentialForEnvironment => Self::CredentialFits,
            Reason::CredentialExpired => Self::CredentialValid,
            Reason::EmptyText => Self::TextThere,
            Reason::RecipientGone
            | Reason::MessageRejected
            | Reason::CredentialBroken
            | Reason::QuotaSpent
            | Reason::Throttled
            | Reason::VendorUnavailable
            | Reason::AddressRefused
            | Reason::TriesSpent
            | Reason::TimeToLive
            | Reason::NotShown => return None,
        })
    }
}

/// A question that was asked, and what it answered.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Asked {
    /// Which.
    pub rule: Rule,
    /// The channel it was asked of, where it is asked of one.
    pub channel: Option<Channel>,
    /// `None` for yes, else why not.
    pub refused: Option<Reason>,
}

/// An answer: yes unless there is a reason.
pub(super) type Answer = (Rule, Option<Reason>);

/// The first "no" of a group.
pub(super) fn first_no(answers: &[Answer]) -> Result<(), Reason> {
    answers.iter().find_map(|(_, no)| *no).map_or(Ok(()), Err)
}

fn no(is: bool, reason: Reason) -> Option<Reason> {
    is.then_some(reason)
}

pub(super) fn wishes(message: MessageFacts) -> [Answer; 2] {
    [
        (Rule::PushWanted, no(message.push_disabled, Reason::PushDisabled)),
        (Rule::KeptOffline, no(message.online_only, Reason::OnlineOnly)),
    ]
}

pub(super) fn reachable(device: &DeviceFacts, now: Timestamp) -> [Answer; 5] {
    let presence = presence(device.state, device.reported_at, now);
    let silent = if now.ms_since(device.reported_at) >= TOKEN_LIFE_MS {
        Reason::TokenExpired
    } else {
        Reason::Inactive
    };
    [
        (
            Rule::NotInForeground,
            no(presence == Presence::Online, Reason::DeviceOnline),
        ),
        (Rule::LoggedIn, no(presence == Presence::LoggedOut, Reason::LoggedOut)),
        (Rule::SeenLately, no(presence == Presence::Inactive, silent)),
        (Rule::TokenAlive, no(device.dead, Reason::TokenDead)),
        (
            Rule::NotificationsOn,
            no(!device.notifications_on, Reason::NotificationsOff),
        ),
    ]
}

pub(super) fn enabled(route: &Route) -> Answer {
    (
        Rule::ImApplicationEnabled,
        no(!route.enabled, Reason::ImApplicationDisabled),
    )
}

/// Whether a channel can send to a device now; a channel that was never configured has no route.
pub(super) fn sendable(channel: Option<&ChannelRoute>, device: &DeviceFacts, now: Timestamp) -> [Answer; 4] {
    let credentials = channel.map_or(&[][..], |channel| &channel.credentials);
    let mut fitting = credentials
        .iter()
        .filter(|(environment, _)| *environment == device.environment)
        .peekable();
    let fits = fitting.peek().is_some();
    let valid = fitting.any(|(_, not_after)| not_after.is_none_or(|end| now < end));
    [
        (
            Rule::ChannelEnabled,
            no(channel.is_some_and(|channel| !channel.enabled), Reason::ChannelDisabled),
        ),
        (Rule::CredentialThere, no(credentials.is_empty(), Reason::NoCredential)),
        (Rule::CredentialFits, no(!fits, Reason::NoCredentialForEnvironment)),
        (Rule::CredentialValid, no(!valid, Reason::CredentialExpired)),
    ]
}

pub(super) fn text(message: MessageFacts) -> Answer {
    (Rule::TextThere, no(message.text_empty, Reason::EmptyText))
}

/// Every question for one device in order, and its answer. The first "no" is what [`super::decide`] answers; those behind
/// it are told too, as far as they can be asked: they stand in the way as well. Where FCM stands in for the vendor's own
/// channel, the own one's "no" decides nothing.
pub fn explain(message: MessageFacts, route: &Route, device: &DeviceFacts, now: Timestamp) -> Vec<Asked> {
    let mut asked = vec![];
    let mut tell = |answers: &[Answer], channel| {
        asked.extend(answers.iter().map(|&(rule, refused)| Asked { rule, channel, refused }));
    };
    tell(&wishes(message), None);
    tell(&[(Rule::ReceiverKnown, None), (Rule::DeviceRegistered, None)], None);
    tell(&reachable(device, now), None);
    tell(&[enabled(route)], None);
    let application = route.application(device.platform);
    let unauthorised = no(application.is_none(), Reason::NotAuthorised);
    tell(&[(Rule::Authorised, unauthorised)], None);
    if let Some(application) = application {
        let package = application.package_of(device);
        tell(&[(Rule::PackageKnown, package.err())], None);
        if let Ok(package) = package {
            let stand_in = device.fcm_token.as_ref().map(|_| Channel::Fcm);
            for channel in std::iter::once(device.channel).chain(stand_in) {
                let found = application.channel(package, channel).map(|(_, route)| route);
                let answers = sendable(found, device, now);
                // A credential that is not there is neither the right one nor valid.
                let end = answers.iter().position(|(_, no)| no.is_some());
                tell(&answers[..end.map_or(answers.len(), |end| end + 1)], Some(channel));
                if end.is_none() {
                    break;
                }
            }
        }
    }
    tell(&[text(message)], None);
    asked
}

/// The questions that were asked of a delivery which was decided for this reason, or (`None`) was sent off, in order.
/// They are not stored: their order never changes, so what was answered "no" tells what was answered before.
pub fn past(refused: Option<Reason>) -> Vec<Asked> {
    let last = refused.and_then(Rule::of);
    let before = |rule: &&Rule| last.is_none_or(|last| **rule <= last);
    let asked = |rule: &Rule| Asked {
        rule: *rule,
        channel: None,
        refused: refused.filter(|_| last == Some(*rule)),
    };
    Rule::ALL.iter().filter(before).map(asked).collect()
}
