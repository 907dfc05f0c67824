//! One device with its past: what it went through, who was signed in on it, and the messages for it.

use super::{KnownDevice, Receiver, Scope, columns, newest, read_device};
use crate::{
    Result,
    plane::{device_history, history, ids},
};
use domain::{
    PlanId, Timestamp,
    device::{DeviceChange, DeviceEvent},
    plan::MessageDetails,
    product::Platform,
};
use sea_orm::{DatabaseConnection, Value};
use std::collections::BTreeSet;

/// Users before the last one whose messages are shown too.
const MOST_FORMER: usize = 4;

/// A device as it is stored, with its past.
#[derive(Clone, Debug)]
pub struct DeviceStory {
    /// The device.
    pub device: KnownDevice,
    /// When it registered for the first time.
    pub first_seen: Timestamp,
    /// What changed, the newest first.
    pub history: Vec<DeviceEvent>,
    /// Messages for it with their tries, the newest first.
    pub messages: Vec<(PlanId, MessageDetails)>,
}

/// The device of a platform with a 36-character token, or a number.
pub(in crate::plane) async fn story(
    on: &DatabaseConnection,
    sql: &device_history::Sql,
    scope: &Scope,
    platform: Platform,
    named: &str,
    now: Timestamp,
) -> Result<Option<DeviceStory>> {
    let columns = columns();
    // No device has the number 0.
    let number = named.parse::<i64>().unwrap_or(0);
    let query = format!(
        "SELECT {columns} FROM devices v WHERE v.token = $1 AND v.sdk_app_id = $2 AND v.platform = $4
         UNION SELECT {columns} FROM devices v WHERE v.id = $3 AND v.sdk_app_id = $2 AND v.platform = $4"
    );
    let values: Vec<Value> = vec![
        named.into(),
        scope.sdk_app_id.0.into(),
        number.into(),
        platform.name().into(),
    ];
    let found = history::ask(on, query, values).await?;
    let Some(device) = found.first().map(read_device).transpose()? else {
        return Ok(None);
    };
    let history = sql.read(on, device.facts.id).await?;
    let mut messages = vec![];
    for user in users(&device, &history) {
        let receiver = Receiver {
            user,
            tokens: BTreeSet::from([device.token.clone()]),
        };
        for plan in &scope.plans {
            let found = receiver.messages(on, *plan, now).await?;
            messages.extend(found.into_iter().map(|message| (*plan, message)));
        }
    }
    Ok(Some(DeviceStory {
        first_seen: ids::time_of(device.facts.id.0),
        messages: newest(on, messages).await?,
        history,
        device,
    }))
}

/// Its user, and those before.
fn users(device: &KnownDevice, history: &[DeviceEvent]) -> Vec<String> {
    let mut users = vec![device.facts.user.clone()];
    let signed_in = |event: &&DeviceEvent| matches!(event.what, DeviceChange::Registered | DeviceChange::SignedIn);
    for event in history.iter().filter(signed_in) {
        if users.len() <= MOST_FORMER && !users.contains(&event.user) {
            users.push(event.user.clone());
        }
    }
    users
}
