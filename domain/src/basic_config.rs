//! Basic Config of an application, as its page shows it (tpns-and-im 1.4).

use crate::{
    certificate::CertificateView,
    channel::{Channel, ChannelView},
    product::ApplicationView,
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
    /// Channels whose card holds something else than that of the IM application, which therefore is not followed.
    pub differing: Vec<Channel>,
    /// The certificates in force.
    pub certificates: Vec<CertificateView>,
}
