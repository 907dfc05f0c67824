//! Verify and Send test message, from the cards of Basic Config.

use super::{Outcome, packages::card_name};
use crate::error::UiError;
use domain::{
    AccessId, PackageId,
    channel::{Card, Channel},
};
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

/// The name of a card's test form: each has one.
pub fn test_form(card: Card) -> String {
    card_name("test", card)
}

/// The name of a card's form with the button Verify.
pub fn verify_form(card: Card) -> String {
    card_name("verify", card)
}

/// Asks the vendor whether the credential works.
#[server(prefix = "/ui", endpoint = "channel-checks/verify")]
pub async fn verify(
    access_id: AccessId,
    #[server(default)] package: Option<PackageId>,
    channel: Channel,
) -> Result<Outcome, UiError> {
    let card = card_of(package, channel);
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.channel_checks.verify(&actor, access_id, card).await
    };
    match work.await {
        Ok(answers) => {
            let (what, name) = told(channel, &answers);
            Ok(done(Section::BasicConfig.of(access_id), what, &name).await)
        }
        Err(problem) => Err(refuse(&verify_form(card), Typed::default(), problem).await),
    }
}

/// Sends a test message to a user's devices, or to one device.
#[server(prefix = "/ui", endpoint = "channel-checks/send-test")]
pub async fn send_test(
    access_id: AccessId,
    #[server(default)] package: Option<PackageId>,
    channel: Channel,
    to: String,
) -> Result<Outcome, UiError> {
    let card = card_of(package, channel);
    let typed = Typed::from_pairs([("to", to.as_str())]);
    let work = async {
        let (backend, actor) = signed_in()?;
        let target = TestTarget { access_id, card, to };
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
        Err(problem) => Err(refuse(&test_form(card), typed, problem).await),
    }
}

#[cfg(feature = "ssr")]
fn card_of(package: Option<PackageId>, channel: Channel) -> Card {
    let package = package.unwrap_or(PackageId::MAIN);
    Card { package, channel }
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
