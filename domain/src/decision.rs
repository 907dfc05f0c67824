//! Whether a message goes to a device: the order of questions of tpns-and-im section 6, each "no" a recorded reason.

use crate::{
    ApplicationId, DeviceId, PackageId, PlanId, SdkAppId, Timestamp, certificate::Environment, channel::Channel,
    delivery::Reason, device::DeviceState, product::Platform,
};

mod rules;

pub use rules::{Asked, Rule, explain, past};

/// What the control plane knows of an IM application when a message comes in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Route {
    /// Which.
    pub sdk_app_id: SdkAppId,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The applications it is authorised to, at most one per platform.
    pub applications: Vec<ApplicationRoute>,
}

impl Route {
    /// The application that serves a platform.
    pub fn application(&self, platform: Platform) -> Option<&ApplicationRoute> {
        self.applications.iter().find(|route| route.platform == platform)
    }
}

/// An authorised application and what it can send through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApplicationRoute {
    /// Which.
    pub application: ApplicationId,
    /// Its platform.
    pub platform: Platform,
    /// Package name or Bundle ID, once set.
    pub identifier: Option<String>,
    /// The plan that a message is booked under: "IM message", or another one for what is sent from the console.
    pub plan: PlanId,
    /// Its other plans, for devices that acknowledge what was booked under them.
    pub other_plans: Vec<PlanId>,
    /// The vendor channels that were configured.
    pub channels: Vec<ChannelRoute>,
    /// Its further package names.
    pub packages: Vec<PackageRoute>,
}

/// One more package name of an application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackageRoute {
    /// Which.
    pub package: PackageId,
    /// The package name.
    pub name: String,
    /// The vendor channels that were configured for it.
    pub channels: Vec<ChannelRoute>,
}

impl ApplicationRoute {
    /// The package that a device runs; `None` stands for the main one. As long as that has no name, every device that
    /// no other package claims is its.
    fn package_of<'a>(&'a self, device: &DeviceFacts) -> Result<Option<&'a PackageRoute>, Reason> {
        let further = self.packages.iter().find(|package| package.name == device.identifier);
        let main = |name: &String| *name == device.identifier;
        if further.is_some() || self.identifier.as_ref().is_none_or(main) {
            Ok(further)
        } else {
            Err(Reason::OtherIdentifier)
        }
    }

    /// The vendor channel that serves a package, and whose it is: its own, or the main one's where the vendor's
    /// credential serves several packages.
    fn channel<'a>(
        &'a self,
        package: Option<&'a PackageRoute>,
        channel: Channel,
    ) -> Option<(PackageId, &'a ChannelRoute)> {
        let among = |channels: &'a [ChannelRoute]| channels.iter().find(|route| route.channel == channel);
        let main = || Some((PackageId::MAIN, among(&self.channels)?));
        match package {
            None => main(),
            Some(package) => match among(&package.channels) {
                Some(route) => Some((package.package, route)),
                None if channel.serves_several_packages() => main(),
                None => None,
            },
        }
    }
}

/// A vendor channel of an application.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChannelRoute {
    /// Which.
    pub channel: Channel,
    /// The enable switch.
    pub enabled: bool,
    /// Environments with a credential, and when it expires. Vendors without environments have one for production.
    pub credentials: Vec<(Environment, Option<Timestamp>)>,
}

/// What is asked of the message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MessageFacts {
    /// `PushFlag` 1.
    pub push_disabled: bool,
    /// `MsgLifeTime` 0.
    pub online_only: bool,
    /// Nothing to show.
    pub text_empty: bool,
}

/// What is asked of the device.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are those of device.rs")]
pub struct DeviceFacts {
    pub id: DeviceId,
    pub user: String,
    pub platform: Platform,
    pub channel: Channel,
    pub vendor_token: String,
    pub identifier: String,
    pub environment: Environment,
    pub notifications_on: bool,
    pub state: DeviceState,
    pub reported_at: Timestamp,
    pub registered_at: Timestamp,
    /// HarmonyOS 5 or later.
    pub harmony_os: bool,
    /// A token of FCM beside the vendor's own.
    pub fcm_token: Option<String>,
    /// The vendor said that the token is dead, and the device has not registered since.
    pub dead: bool,
    /// The badge after the last push or report.
    pub badge: u32,
}

impl DeviceFacts {
    /// The token under which a channel reaches the device: its own vendor's, or that of FCM beside it.
    pub fn token_for(&self, channel: Channel) -> Option<&str> {
        match channel {
            own if own == self.channel => Some(&self.vendor_token),
            Channel::Fcm => self.fcm_token.as_deref(),
            _ => None,
        }
    }
}

/// The outcome for one device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Push through this application, booked under this plan.
    Send {
        /// The application.
        application: ApplicationId,
        /// The package whose credential is used.
        package: PackageId,
        /// Its plan "IM message".
        plan: PlanId,
        /// The vendor's channel, or FCM in its place.
        channel: Channel,
    },
    /// Do not push.
    Skip(Reason),
}

/// Decides for one device.
pub fn decide(message: MessageFacts, route: &Route, device: &DeviceFacts, now: Timestamp) -> Decision {
    match refusal(message, route, device, now) {
        Err(reason) => Decision::Skip(reason),
        Ok((application, package, channel)) => Decision::Send {
            application: application.application,
            package,
            plan: application.plan,
            channel,
        },
    }
}

/// The reason for a receiver without any device. The sender's wishes come first, as for a device.
pub fn decide_without_device(message: MessageFacts, receiver_known: bool) -> Reason {
    match rules::first_no(&rules::wishes(message)) {
        Err(reason) => reason,
        Ok(()) if receiver_known => Reason::NoDevice,
        Ok(()) => Reason::ReceiverUnknown,
    }
}

fn refusal<'a>(
    message: MessageFacts,
    route: &'a Route,
    device: &DeviceFacts,
    now: Timestamp,
) -> Result<(&'a ApplicationRoute, PackageId, Channel), Reason> {
    rules::first_no(&rules::wishes(message))?;
    rules::first_no(&rules::reachable(device, now))?;
    rules::first_no(&[rules::enabled(route)])?;
    let application = route.application(device.platform).ok_or(Reason::NotAuthorised)?;
    let (package, channel) = way(application, device, now)?;
    rules::first_no(&[rules::text(message)])?;
    Ok((application, package, channel))
}

/// The vendor's own channel; FCM where that cannot send and the device has a token for it. A refusal names what the
/// vendor's own channel lacks.
fn way(application: &ApplicationRoute, device: &DeviceFacts, now: Timestamp) -> Result<(PackageId, Channel), Reason> {
    let package = application.package_of(device)?;
    let through = |channel: Channel| {
        let found = application.channel(package, channel);
        rules::first_no(&rules::sendable(found.map(|(_, route)| route), device, now))?;
        // What has no route has been refused.
        let (whose, _) = found.ok_or(Reason::NoCredential)?;
        Ok((whose, channel))
    };
    through(device.channel).or_else(|reason| {
        let stand_in = device.fcm_token.as_ref().and_then(|_| through(Channel::Fcm).ok());
        stand_in.ok_or(reason)
    })
}

#[cfg(test)]
mod tests;
