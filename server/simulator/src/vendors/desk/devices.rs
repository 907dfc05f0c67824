//! What a vendor thinks of the device tokens of a call.

use std::sync::Arc;

use crate::registry::{Device, DeviceState};
use crate::settings::Unknown;
use crate::vendors::Vendor;
use crate::world::World;

/// What becomes of a message to one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It arrives.
    Living,
    /// It arrives and is not shown.
    SwitchedOff,
    /// The application was removed, or the token has been replaced.
    Dead,
    /// No token of this vendor.
    Malformed,
    /// Issued to another application.
    Foreign,
    /// Issued in another environment of the vendor.
    Elsewhere,
    /// The vendor has a word of its own for it.
    Says(String),
}

impl Fate {
    /// Whether the vendor takes the message for it.
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self, Self::Living | Self::SwitchedOff)
    }
}

/// The fate of one token, asked by one application.
pub(crate) fn fate(world: &World, vendor: Vendor, application: &str, token: &str) -> Fate {
    match world.registry.device(vendor, token) {
        Some(device) => known(&device, application),
        None if token.is_empty()
            || token
                .bytes()
                .any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control()) =>
        {
            Fate::Malformed
        }
        None if world.settings.get().unknown_devices == Unknown::Reject => Fate::Malformed,
        None => Fate::Living,
    }
}

/// The fates of all tokens of a call, in its order.
pub(crate) fn fates(world: &World, vendor: Vendor, application: &str, tokens: &Arc<[String]>) -> Vec<Fate> {
    tokens
        .iter()
        .map(|token| fate(world, vendor, application, token))
        .collect()
}

fn known(device: &Device, application: &str) -> Fate {
    if let Some(word) = &device.answer {
        return Fate::Says(word.clone());
    }
    let foreign = device.project.as_deref().is_some_and(|own| own != application);
    match device.state {
        DeviceState::Invalid => Fate::Malformed,
        DeviceState::Unregistered | DeviceState::Expired => Fate::Dead,
        DeviceState::OtherEnvironment => Fate::Elsewhere,
        DeviceState::OtherApplication => Fate::Foreign,
        DeviceState::Active | DeviceState::SwitchedOff if foreign => Fate::Foreign,
        DeviceState::SwitchedOff => Fate::SwitchedOff,
        DeviceState::Active => Fate::Living,
    }
}
