//! Seeing a channel work: asking the vendor about the credential, and sending a test message through it.

use super::{credentials::CredentialService, directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, PackageId, Problem, Result, SdkAppId,
    account::{Action, Actor},
    audit::{Deed, Entry, Kind},
    certificate::Environment,
    channel::{Card, Channel, Verification},
    decision::{ApplicationRoute, ChannelRoute, Route},
    field::{self, FieldFault},
    im,
    message::{ApnsInfo, Element, OfflinePushInfo, Submission},
    parcel::LaneKey,
    ports::{ChannelChecks, CredentialGap, TestSent, Verifier},
    problem::What,
    product::ApplicationView,
    receipt::TestTarget,
    statistics::MessageKind,
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::{
    control::{Control, NewVerification},
    plane::{Only, Plane},
};

/// The length of our own device tokens; no `UserID` is as long.
const TOKEN_LENGTH: usize = 36;
/// A test that has not gone out after an hour is of no use.
const TEST_LIFE_SECS: u32 = 3600;
/// What the test shows. Plain words: vivo and others refuse texts of digits, brackets, or the word "test" in Chinese.
const TEST_TITLE: &str = "Homing";
const TEST_TEXT: &str = "Hello from the console: this channel works";

/// Checks over control plane, data planes and vendors.
pub struct ChannelCheckService {
    control: Control,
    directory: Arc<Directory>,
    credentials: Arc<CredentialService>,
    planes: Arc<Planes>,
    vendors: Arc<dyn Verifier>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for ChannelCheckService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelCheckService")
    }
}

impl ChannelCheckService {
    /// Checks of this control plane's channels.
    pub fn new(
        control: Control,
        directory: Arc<Directory>,
        credentials: Arc<CredentialService>,
        planes: Arc<Planes>,
        vendors: Arc<dyn Verifier>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            control,
            directory,
            credentials,
            planes,
            vendors,
            clock,
        }
    }

    /// The application, if the actor may verify and test it and it has such a channel.
    async fn configured(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<ApplicationView> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        actor.require_on(Action::VerifyAndTest, application.id)?;
        if Channel::of(application.platform).any(|offered| offered == card.channel) {
            Ok(application)
        } else {
            Err(Problem::NotFound(What::VendorChannel))
        }
    }

    fn entry(&self, actor: &Actor, deed: Deed, application: &ApplicationView, card: Card) -> Entry {
        self.control
            .entry(actor, deed)
            .to(Kind::Channel, card.channel.name(), card.channel.label())
            .within(application.access_id, &application.name)
    }

    /// Asks the vendor about the credential of an environment; `None` when there is none.
    async fn ask(&self, lane: LaneKey, environment: Environment, identifier: &str) -> Result<Option<Verification>> {
        let credential = match self.credentials.stored(lane, environment).await {
            Ok(credential) => credential,
            Err(CredentialGap::Unavailable) => return Err(Problem::Unavailable),
            Err(CredentialGap::Missing | CredentialGap::Disabled) => return Ok(None),
        };
        let asked = self.vendors.verify(lane, environment, &credential, identifier).await;
        let outcome = asked.ok_or(Problem::NotFound(What::VendorChannel))?;
        let new = NewVerification {
            lane,
            environment,
            version: credential.version,
            works: outcome.works,
            vendor_code: outcome.vendor_code.clone(),
            vendor_text: outcome.vendor_text.clone(),
            now: self.clock.now(),
        };
        // A vendor that could not be asked says nothing about the credential: the last answer stays.
        if outcome.works || outcome.refused {
            self.control.note_verification(&new).await.map_err(refuse)?;
        }
        Ok(Some(Verification {
            environment,
            at: new.now,
            works: new.works,
            refused: outcome.refused,
            vendor_code: new.vendor_code,
            vendor_text: new.vendor_text,
            current: true,
        }))
    }

    /// The package name or Bundle ID of a card.
    async fn identifier(&self, actor: &Actor, application: &ApplicationView, package: PackageId) -> Result<String> {
        if package.is_main() {
            return Ok(application.identifier.clone().unwrap_or_default());
        }
        let packages = self
            .control
            .packages(actor, application.access_id)
            .await
            .map_err(refuse)?;
        let found = packages.into_iter().find(|(id, _)| *id == package);
        found.map(|(_, name)| name).ok_or(Problem::NotFound(What::PackageName))
    }

    /// The IM application behind an application and the part of its route that leads through one card.
    fn route(&self, application: &ApplicationView, card: Card) -> Result<(SdkAppId, Route)> {
        let unauthorised = Problem::NotFound(What::Authorisation);
        let entry = self
            .directory
            .of_application(application.id)
            .ok_or(unauthorised.clone())?;
        let whole = entry.route.application(application.platform).ok_or(unauthorised)?;
        let only = through(whole, card);
        let route = Route {
            applications: vec![only],
            ..Route::clone(&entry.route)
        };
        Ok((route.sdk_app_id, route))
    }
}

#[async_trait]
impl ChannelChecks for ChannelCheckService {
    async fn verify(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<Vec<Verification>> {
        let application = self.configured(actor, access_id, card).await?;
        let lane = card.lane(application.id);
        let environments: &[Environment] = match card.channel {
            Channel::Apns => Environment::ALL,
            _ => &[Environment::Production],
        };
        let identifier = self.identifier(actor, &application, card.package).await?;
        let mut answers = Vec::new();
        for environment in environments {
            answers.extend(self.ask(lane, *environment, &identifier).await?);
        }
        self.directory.refresh().await;
        if answers.is_empty() {
            return Err(Problem::NotFound(What::VendorChannel));
        }
        let mut entry = self.entry(actor, Deed::VerifyChannel, &application, card);
        for answer in &answers {
            entry = entry
                .has("environment", answer.environment.name())
                .has("works", answer.works)
                .has("vendor_code", &answer.vendor_code);
        }
        self.control.record(&entry).await.map_err(refuse)?;
        Ok(answers)
    }

    async fn send_test(&self, actor: &Actor, target: TestTarget) -> Result<TestSent> {
        let TestTarget { access_id, card, to } = target;
        let application = self.configured(actor, access_id, card).await?;
        let mut only = Only {
            channel: Some(card.channel),
            ..Only::default()
        };
        if !card.package.is_main() {
            only.identifier = Some(self.identifier(actor, &application, card.package).await?);
        }
        let (sdk_app_id, route) = self.route(&application, card)?;
        let plan = route.applications[0].plan;
        let plane = self.planes.get(&application.access_point.id)?;
        let (user, only) = receiver(plane, sdk_app_id, only, to.trim()).await?;
        let entry = self.entry(actor, Deed::SendTest, &application, card).has("to", &user);
        self.control.record(&entry).await.map_err(refuse)?;
        let accepted = plane
            .accept_for(test_message(sdk_app_id, user), Arc::new(route), only)
            .await
            .map_err(refuse)?;
        Ok(TestSent {
            plan,
            message: accepted.message,
        })
    }
}

/// The part of a route that is served by one card: a test shows that these keys work, and no others.
fn through(whole: &ApplicationRoute, card: Card) -> ApplicationRoute {
    let meant = |channels: &[ChannelRoute]| -> Vec<ChannelRoute> {
        let meant = channels.iter().filter(|route| route.channel == card.channel);
        meant.cloned().collect()
    };
    let mut packages = whole.packages.clone();
    for package in &mut packages {
        package.channels = meant(&package.channels);
    }
    let channels = if card.package.is_main() {
        packages.retain(|package| package.channels.is_empty());
        meant(&whole.channels)
    } else {
        packages.retain(|package| package.package == card.package);
        vec![]
    };
    ApplicationRoute {
        channels,
        packages,
        ..whole.clone()
    }
}

/// Whose devices are meant: those of a user, or one by its token.
async fn receiver(plane: &Plane, sdk_app_id: SdkAppId, mut only: Only, to: &str) -> Result<(String, Only)> {
    let wrong = |fault| Problem::field("to", fault);
    let by_token = match to.len() {
        0 => return Err(wrong(FieldFault::Required)),
        TOKEN_LENGTH => plane.user_of_device(sdk_app_id, to).await.map_err(refuse)?,
        _ => None,
    };
    let user = if let Some(user) = by_token {
        only.device_tokens.insert(user.clone(), [to.to_owned()].into());
        user
    } else {
        field::user_id(to).map_err(wrong)?;
        to.to_owned()
    };
    let found = plane.has_device(sdk_app_id, &user, &only).await.map_err(refuse)?;
    if found {
        Ok((user, only))
    } else {
        Err(wrong(FieldFault::NoSuchDevice))
    }
}

fn test_message(sdk_app_id: SdkAppId, user: String) -> Submission {
    Submission {
        sdk_app_id,
        kind: MessageKind::Test,
        from: im::DEFAULT_ADMINISTRATOR.into(),
        to: vec![user],
        seq: None,
        random: rand::random(),
        time: None,
        life_secs: TEST_LIFE_SECS,
        elements: vec![Element::Text(TEST_TEXT.into())],
        offline_push: Some(OfflinePushInfo {
            title: TEST_TITLE.into(),
            desc: TEST_TEXT.into(),
            // A test is no unread message.
            apns_info: ApnsInfo {
                badge_mode: 1,
                ..ApnsInfo::default()
            },
            ..OfflinePushInfo::default()
        }),
    }
}
