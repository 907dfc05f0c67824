//! Basic Config of an application, as its page shows it (tpns-and-im 1.4).

use crate::{
    PackageId,
    certificate::CertificateView,
    channel::{Channel, ChannelView},
    product::ApplicationView,
    quota::QuotaNotice,
};
use serde::{Deserialize, Serialize};

/// What Basic Config shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct BasicConfig {
    /// The application.
    pub application: ApplicationView,
    /// Whether devices or an authorisation depend on the identifier (the warning before a change).
    pub identifier_in_use: bool,
    /// The vendor channels of the platform.
    pub channels: Vec<ChannelView>,
    /// The further package names of an Android application, in the order in which they were added.
    pub packages: Vec<PackageView>,
    /// Channels whose card holds something else than that of the IM application, which therefore is not followed.
    pub differing: Vec<Channel>,
    /// The certificates in force.
    pub certificates: Vec<CertificateView>,
    /// What vendors say of spent quotas; channels without any are left out.
    pub quotas: Vec<QuotaNotice>,
}

/// The most package names of an application, its own among them (tpns-and-im 1.4).
pub const MAX_PACKAGES: u32 = 50;

/// One more package name of an application, with vendor keys of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PackageView {
    /// Which.
    pub id: PackageId,
    /// The package name.
    pub name: String,
    /// The vendor channels.
    pub channels: Vec<ChannelView>,
}

/// How many devices are counted at most: enough to know that there are many.
pub const MAX_DEVICES_COUNTED: u32 = 1000;

/// What depends on a package name, for the warning before it is removed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PackageUse {
    /// The application.
    pub application: ApplicationView,
    /// Which.
    pub id: PackageId,
    /// The package name.
    pub name: String,
    /// Devices that are registered under it; [`MAX_DEVICES_COUNTED`] stands for so many or more.
    pub devices: u32,
    /// The vendors that it has keys of.
    pub channels: Vec<Channel>,
}
