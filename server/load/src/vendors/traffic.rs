//! The messages: each goes to a group of users whose phones are of one vendor, and the vendors take turns.

use super::{VENDORS, scene};
use crate::{scene::Applied, traffic::Message, usersig};
use anyhow::{Context, Result};
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

const ADMINISTRATOR: &str = "administrator";

/// What all messages have in common.
#[derive(Clone)]
pub struct Traffic {
    door: String,
    devices: usize,
    receivers: usize,
}

impl Traffic {
    /// To groups of `receivers` out of `devices` users of each vendor.
    pub fn new(applied: &Applied, devices: usize, receivers: usize) -> Result<Self> {
        let application = applied.im_applications.first().context("no IM application was made")?;
        let id = application.sdk_app_id;
        let now_secs = u64::try_from(now_ms()? / 1000)?;
        let usersig = usersig::sign(id, &application.key, ADMINISTRATOR, now_secs)?;
        Ok(Self {
            door: format!(
                "/v4/openim/batchsendmsg?sdkappid={id}&identifier={ADMINISTRATOR}&usersig={usersig}&contenttype=json"
            ),
            devices,
            receivers,
        })
    }

    /// The message of this number in a part of the run.
    pub fn message(&self, part: u32, number: u64) -> Message {
        let turn = VENDORS.len() as u64;
        let vendor = VENDORS[usize::try_from(number % turn).unwrap_or_default()];
        // Group after group through all users.
        let first = usize::try_from(number / turn).unwrap_or_default() * self.receivers;
        let to: Vec<String> = (first..first + self.receivers)
            .map(|user| scene::user(vendor, user % self.devices))
            .collect();
        let random = u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
        let text = format!("Message {number}: tickets and photos are in the shared folder 🛬");
        let body = json!({
            "SyncOtherMachine": 2,
            "From_Account": ADMINISTRATOR,
            "To_Account": to,
            "MsgSeq": part,
            "MsgRandom": random,
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": text } }],
            "OfflinePushInfo": {
                "PushFlag": 0, "Title": "New message", "Desc": text, "Ext": r#"{"entity":{"chatType":2,"action":1}}"#,
            },
        });
        Message {
            door: format!("{}&random={random}", self.door),
            body: body.to_string().into_bytes(),
            pushes: true,
        }
    }
}

/// As the server counts time.
pub fn now_ms() -> Result<i64> {
    Ok(i64::try_from(
        SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis(),
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::ImApplication;
    use serde_json::Value;
    use std::collections::HashSet;

    fn receivers(number: u64) -> Vec<String> {
        let application = ImApplication {
            sdk_app_id: 1_400_000_001,
            key: "k".into(),
        };
        let applied = Applied {
            im_applications: vec![application],
        };
        let traffic = Traffic::new(&applied, 250, 100).unwrap();
        let body: Value = serde_json::from_slice(&traffic.message(1, number).body).unwrap();
        serde_json::from_value(body["To_Account"].clone()).unwrap()
    }

    #[test]
    fn a_message_goes_to_different_users_of_one_vendor() {
        let to = receivers(18);
        assert!(to.iter().all(|user| user.starts_with("huawei-")), "{to:?}");
        assert_eq!(to.iter().collect::<HashSet<_>>().len(), 100);
    }

    #[test]
    fn groups_go_through_all_users() {
        let users: HashSet<String> = (0..3).flat_map(|turn| receivers(turn * 8)).collect();
        assert_eq!(users.len(), 250);
    }
}
