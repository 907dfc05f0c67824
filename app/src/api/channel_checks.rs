//! Verify and Send test message, from the cards of Basic Config.

use super::Outcome;
use crate::error::UiError;
use domain::{AccessId, channel::Channel};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{refuse, signed_in},
        flash::{Done, Typed},
        paths::Section,
    },
    domain::{channel::Verification, receipt::TestTarget},
};

/// The name of a channel's test form: each card has one.
pub const fn test_form(channel: Channel) -> &'static str {
    match channel {
        Channel::Apns => "test-apns",
        Channel::Huawei => "test-huawei",
        Channel::Honor => "test-honor",
        Channel::Xiaomi => "test-xiaomi",
        Channel::Oppo => "test-oppo",
        Channel::Vivo => "test-vivo",
        Channel::Meizu => "test-meizu",
        Channel::Fcm => "test-fcm",
    }
}

/// The name of a channel's form with the button Verify.
pub const fn verify_form(channel: Channel) -> &'static str {
    match channel {
        Channel::Apns => "verify-apns",
        Channel::Huawei => "verify-huawei",
        Channel::Honor => "verify-honor",
        Channel::Xiaomi => "verify-xiaomi",
        Channel::Oppo => "verify-oppo",
        Channel::Vivo => "verify-vivo",
        Channel::Meizu => "verify-meizu",
        Channel::Fcm => "verify-fcm",
    }
}

/// Asks the vendor whether the credential works.
#[server(prefix = "/ui", endpoint = "channel-checks/verify")]
pub async fn verify(access_id: AccessId, channel: Channel) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.channel_checks.verify(&actor, access_id, channel).await
    };
    match work.await {
        Ok(answers) => {
            let (what, name) = told(channel, &answers);
            Ok(done(Section::BasicConfig.of(access_id), what, &name).await)
        }
        Err(problem) => Err(refuse(verify_form(channel), Typed::default(), problem).await),
    }
}

/// Sends a test message to a user's devices, or to one device.
#[server(prefix = "/ui", endpoint = "channel-checks/send-test")]
pub async fn send_test(access_id: AccessId, channel: Channel, to: String) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("to", to.as_str())]);
    let work = async {
        let (backend, actor) = signed_in()?;
        let target = TestTarget { access_id, channel, to };
        backend.channel_checks.send_test(&actor, target).await
    };
    match work.await {
        Ok(sent) => {
            let trace = format!(
                "{}/{}/messages/{}",
                Section::Plans.of(access_id),
                sent.plan,
                sent.message
            );
            Ok(done(trace, Done::TestSent, channel.label()).await)
        }
        Err(problem) => Err(refuse(test_form(channel), typed, problem).await),
    }
}

/// The worst of the answers, in one sentence.
#[cfg(feature = "ssr")]
fn told(channel: Channel, answers: &[Verification]) -> (Done, String) {
    let Some(bad) = answers.iter().find(|answer| !answer.works) else {
        return (Done::ChannelVerified, channel.label().to_owned());
    };
    let what = if bad.refused {
        Done::ChannelRefused
    } else {
        Done::VendorNotAsked
    };
    (what, format!("{} ({})", channel.label(), bad.vendor_code))
}
