//! The rows of the control plane. They never leave the crate: what leaves it are the words of `domain`.

pub(crate) mod account;
pub(crate) mod api_key;
pub(crate) mod application;
pub(crate) mod application_grant;
pub(crate) mod audit_chain;
pub(crate) mod audit_entry;
pub(crate) mod authorisation;
pub(crate) mod certificate;
pub(crate) mod channel_trouble;
pub(crate) mod channel_verification;
pub(crate) mod form_key;
pub(crate) mod grant;
pub(crate) mod im_administrator;
pub(crate) mod im_application;
pub(crate) mod invitation;
pub(crate) mod one_time_code;
pub(crate) mod package_name;
pub(crate) mod plan;
pub(crate) mod product;
pub(crate) mod receipt_door;
pub(crate) mod recovery_code;
pub(crate) mod session;
pub(crate) mod setting;
pub(crate) mod spent_quota;
pub(crate) mod vendor_channel;
pub(crate) mod version;
