//! What the client application is handed with a notification, as JSON text in the vendor's own field for it.
//!
//! A call may carry many devices, so nothing of one device is in it: the message's number and its `MsgKey` let the
//! client report what became of it.

use domain::parcel::Parcel;
use serde::Serialize;

/// The members; those that are empty are left out.
#[derive(Serialize, Debug)]
pub(crate) struct ClientData<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    ext: &'a str,
    homing_message: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    homing_key: &'a str,
}

impl<'a> ClientData<'a> {
    /// The data of a parcel; the same for all devices of its message.
    pub(crate) fn of(parcel: &'a Parcel) -> Self {
        Self {
            ext: &parcel.notification.ext,
            homing_message: own_id(parcel),
            homing_key: &parcel.notification.key,
        }
    }

    /// The data as names and values.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("ext", self.ext),
            ("homing_message", &self.homing_message),
            ("homing_key", self.homing_key),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
    }

    /// The data as JSON text.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The id of ours that comes back in a receipt: the message's number, at most 19 digits.
pub(crate) fn own_id(parcel: &Parcel) -> String {
    parcel.message.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::channel::Channel;

    #[test]
    fn the_client_gets_ext_and_the_names_of_the_message() {
        let parcel = sample::parcel(Channel::Huawei, |n| n.ext = r#"{"a":1}"#.into());
        let expected = r#"{"ext":"{\"a\":1}","homing_message":"1","homing_key":"1_2_3"}"#;
        assert_eq!(ClientData::of(&parcel).json(), expected);
        let parcel = sample::parcel(Channel::Huawei, |n| n.key = String::new());
        assert_eq!(ClientData::of(&parcel).json(), r#"{"homing_message":"1"}"#);
    }
}
