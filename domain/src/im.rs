//! IM applications: the IM back ends that hand messages over (tpns-and-im 3.1).

use crate::{AccessId, SdkAppId, Timestamp, channel::ChannelView, product::AccessPoint};
use serde::{Deserialize, Serialize};

/// The administrator every IM application has at first.
pub const DEFAULT_ADMINISTRATOR: &str = "administrator";
/// At most so many administrators (tpns-and-im 3.1).
pub const MAX_ADMINISTRATORS: u32 = 10;

/// At most so many IM applications in an account (tpns-and-im 3.1).
pub const MAX_IM_APPLICATIONS: u32 = 300;

/// Create IM application: field names `name`, `access_point`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct NewImApplication {
    /// 1 to 60 characters, unique in the account.
    pub name: String,
    /// The identifier of a service access point; cannot be changed later.
    pub access_point: String,
    /// The form's one-time key.
    pub form_key: String,
}

/// An IM application without its key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct ImApplicationView {
    pub sdk_app_id: SdkAppId,
    pub name: String,
    pub access_point: AccessPoint,
    pub enabled: bool,
    pub administrators: Vec<String>,
    /// The last four characters of the key.
    pub key_hint: String,
    /// The applications it is authorised to, as "product / application".
    pub authorised_to: Vec<AuthorisedTo>,
    pub created_at: Timestamp,
}

/// An application that an IM application is authorised to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct AuthorisedTo {
    pub product: crate::ProductId,
    pub product_name: String,
    pub application_name: String,
    pub access_id: AccessId,
    pub platform: crate::product::Platform,
}

/// A vendor channel kept with an IM application: copied to an application when it is authorised, and followed by its
/// card from then on, until that is changed by hand.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ImChannel {
    /// The card.
    pub view: ChannelView,
    /// The authorised applications whose card holds something else, and is left alone.
    pub differing: Vec<AuthorisedTo>,
}
