//! What is known under a clue: devices by user or token, messages by key, number, user, device or a vendor's number.
//!
//! Everything is found through an index, so that a search costs the same with ten million deliveries as with ten; only
//! a vendor's number is looked for among a fixed number of tries.

mod device;
mod vendor;

pub use device::DeviceStory;
pub(super) use device::story;

use super::{
    history, ids,
    lookup::{DEVICE, Device},
    receipts::hash,
    sql::Found,
};
use crate::Result;
use domain::{
    MessageId, PlanId, SdkAppId, Timestamp,
    channel::Channel,
    decision::DeviceFacts,
    plan::{MessageDetails, MessageView},
    trace::{MOST_DEVICES, MOST_MESSAGES},
};
use sea_orm::{DatabaseConnection, DbBackend, Value};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

/// A `MsgKey` says its second; the message may have been accepted so much earlier or later, in milliseconds.
const KEY_DRIFT_MS: i64 = 60_000;

/// Deliveries of a message that are told to its IM back end, for each plan.
const MOST_INSTANCES: i64 = 500;

/// Where is looked: an IM application, and the plans of one application of those it is authorised to.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The IM application, whose devices and messages these are.
    pub sdk_app_id: SdkAppId,
    /// The plans that messages are booked under.
    pub plans: Vec<PlanId>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Whether the clue is a user that was imported or has registered a device.
    pub user: bool,
    /// Devices, the newest first.
    pub devices: Vec<KnownDevice>,
    /// Messages with their tries, the newest first.
    pub messages: Vec<(PlanId, MessageDetails)>,
}

/// A device as it is stored.
#[derive(Clone, Debug)]
pub struct KnownDevice {
    /// The 36-character token.
    pub token: String,
    /// What decisions are made from.
    pub facts: DeviceFacts,
    /// Whether its user is signed in; else it is who was the last.
    pub signed_in: bool,
    /// What the device itself said of notifications.
    pub notifications_on: bool,
    /// Since when a vendor says that they are off.
    pub switched_off_at: Option<Timestamp>,
    /// Since when a vendor says that the token is dead.
    pub dead_since: Option<Timestamp>,
}

/// Looks everywhere.
pub(super) async fn find(on: &DatabaseConnection, scope: &Scope, clue: &str, now: Timestamp) -> Result<Known> {
    let devices = devices(on, scope.sdk_app_id, clue).await?;
    let mut named = by_key(on, scope.sdk_app_id, clue).await?;
    named.extend(by_number(on, scope.sdk_app_id, clue).await?);
    let user = is_user(on, scope.sdk_app_id, clue).await?;
    if !user && devices.is_empty() && named.is_empty() {
        named = vendor::by_vendor_id(on, scope.sdk_app_id, clue, now).await?;
    }
    let receivers = receivers(clue, &devices);
    let mut messages = vec![];
    for plan in &scope.plans {
        let mut found = vec![];
        if named.is_empty() {
            for receiver in &receivers {
                found.extend(receiver.messages(on, *plan, now).await?);
            }
        } else {
            found = history::numbered(on, *plan, &named, "", now).await?;
        }
        messages.extend(found.into_iter().map(|message| (*plan, message)));
    }
    Ok(Known {
        user,
        devices,
        messages: newest(on, messages).await?,
    })
}

/// The newest of messages, with their tries.
async fn newest(
    on: &DatabaseConnection,
    mut messages: Vec<(PlanId, MessageView)>,
) -> Result<Vec<(PlanId, MessageDetails)>> {
    messages.sort_by_key(|(_, message)| std::cmp::Reverse(message.id));
    messages.truncate(MOST_MESSAGES as usize);
    let (plans, messages): (Vec<_>, Vec<_>) = messages.into_iter().unzip();
    let messages = history::with_tries(on, messages).await?;
    Ok(plans.into_iter().zip(messages).collect())
}

/// The columns that [`read_device`] reads, of devices `v`.
fn columns() -> String {
    format!("{DEVICE}, v.last_user_id, v.notifications_on, v.switched_off_at, v.user_id")
}

/// The messages with a `MsgKey`, or with a number of their own or of a delivery, each with the deliveries of all plans of
/// the scope and their tries.
pub(super) async fn named(
    on: &DatabaseConnection,
    scope: &Scope,
    named: &str,
    now: Timestamp,
) -> Result<Vec<MessageDetails>> {
    let mut ids = by_key(on, scope.sdk_app_id, named).await?;
    ids.extend(by_number(on, scope.sdk_app_id, named).await?);
    let mut messages: BTreeMap<MessageId, MessageView> = BTreeMap::new();
    for plan in &scope.plans {
        for found in history::at_most(on, *plan, (&ids, MOST_INSTANCES), "", now).await? {
            match messages.entry(found.id) {
                Entry::Vacant(vacant) => {
                    vacant.insert(found);
                }
                Entry::Occupied(mut known) => known.get_mut().deliveries.extend(found.deliveries),
            }
        }
    }
    history::with_tries(on, messages.into_values().collect()).await
}

async fn devices(on: &DatabaseConnection, sdk_app_id: SdkAppId, clue: &str) -> Result<Vec<KnownDevice>> {
    let channels: Vec<String> = Channel::ALL.iter().map(|c| format!("'{}'", c.name())).collect();
    let columns = columns();
    // Each by an index of its own; a device that is found twice is one.
    let sql = format!(
        "SELECT {columns} FROM devices v WHERE v.sdk_app_id = $1 AND v.user_id = $2
         UNION SELECT {columns} FROM devices v WHERE v.sdk_app_id = $1 AND v.last_user_id = $2 AND v.user_id IS NULL
         UNION SELECT {columns} FROM devices v WHERE v.token = $2 AND v.sdk_app_id = $1
         UNION SELECT {columns} FROM devices v WHERE v.sdk_app_id = $1 AND v.channel IN ({}) AND v.vendor_hash = $3
         ORDER BY 1 DESC LIMIT {MOST_DEVICES}",
        channels.join(", ")
    );
    let values = vec![sdk_app_id.0.into(), clue.into(), hash(clue).into()];
    let found = history::ask(on, sql, values).await?;
    found.iter().map(read_device).collect()
}

/// Reads [`DEVICE`] and the columns behind it.
fn read_device(row: &Found) -> Result<KnownDevice> {
    const BEHIND: usize = 15;
    let user: String = row.get(BEHIND)?;
    let Device { token, facts } = Device::read(row, 0, &user)?;
    Ok(KnownDevice {
        token,
        notifications_on: row.get(BEHIND + 1)?,
        switched_off_at: row.get::<Option<i64>>(BEHIND + 2)?.map(Timestamp),
        signed_in: row.get::<Option<String>>(BEHIND + 3)?.is_some(),
        dead_since: row.get::<Option<i64>>(11)?.map(Timestamp),
        facts,
    })
}

async fn is_user(on: &DatabaseConnection, sdk_app_id: SdkAppId, clue: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM im_users WHERE sdk_app_id = $1 AND user_id = $2".to_owned();
    let found = history::ask(on, sql, vec![sdk_app_id.0.into(), clue.into()]).await?;
    Ok(!found.is_empty())
}

/// Messages by `MsgKey`. It ends with the second in which the message was sent, which narrows the search: on SQLite
/// through the index of what makes messages the same, which begins with that second too.
async fn by_key(on: &DatabaseConnection, sdk_app_id: SdkAppId, clue: &str) -> Result<Vec<MessageId>> {
    let second = clue.rsplit_once('_').and_then(|(_, second)| second.parse::<u32>().ok());
    let Some(second) = second.map(i64::from) else {
        return Ok(vec![]);
    };
    let (between, low, high): (_, Value, Value) = if on.get_database_backend() == DbBackend::Sqlite {
        let (low, high) = (format!("{second:x}-"), format!("{second:x}."));
        ("dedupe >= $3 AND dedupe < $4", low.into(), high.into())
    } else {
        let at = |drift: i64| ids::first_at(Timestamp(second * 1000 + drift));
        let (low, high) = (at(-KEY_DRIFT_MS), at(1000 + KEY_DRIFT_MS));
        ("id >= $3 AND id < $4", low.into(), high.into())
    };
    let sql = format!("SELECT id FROM messages WHERE sdk_app_id = $1 AND msg_key = $2 AND {between} ORDER BY id DESC");
    let values = vec![sdk_app_id.0.into(), clue.into(), low, high];
    numbers(&history::ask(on, sql, values).await?)
}

/// A message by its own number, or that of one of its deliveries.
async fn by_number(on: &DatabaseConnection, sdk_app_id: SdkAppId, clue: &str) -> Result<Vec<MessageId>> {
    let Ok(number) = clue.parse::<i64>() else {
        return Ok(vec![]);
    };
    let sql = "SELECT m.id FROM messages m WHERE m.sdk_app_id = $1 AND m.id = $2
               UNION SELECT m.id FROM deliveries d CROSS JOIN messages m
               WHERE d.id = $2 AND m.id = d.message_id AND m.sdk_app_id = $1";
    let values = vec![sdk_app_id.0.into(), number.into()];
    numbers(&history::ask(on, sql.to_owned(), values).await?)
}

fn numbers(found: &[Found]) -> Result<Vec<MessageId>> {
    found.iter().map(|row| row.get(0).map(MessageId)).collect()
}

/// Somebody whose messages are meant; those for certain devices only, unless there are none.
struct Receiver {
    user: String,
    tokens: BTreeSet<String>,
}

/// The owners of the devices that a token named, or else a user.
fn receivers(clue: &str, devices: &[KnownDevice]) -> Vec<Receiver> {
    let mut owners: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for device in devices.iter().filter(|device| device.facts.user != clue) {
        owners
            .entry(&device.facts.user)
            .or_default()
            .insert(device.token.clone());
    }
    if owners.is_empty() {
        owners.insert(clue, BTreeSet::new());
    }
    let receiver = |(user, tokens): (&str, _)| Receiver {
        user: user.to_owned(),
        tokens,
    };
    owners.into_iter().map(receiver).collect()
}

impl Receiver {
    /// The newest messages for them under a plan.
    async fn messages(&self, on: &DatabaseConnection, plan: PlanId, now: Timestamp) -> Result<Vec<MessageView>> {
        let places: Vec<String> = (0..self.tokens.len()).map(|n| format!("${}", n + 3)).collect();
        let of_devices = if places.is_empty() {
            String::new()
        } else {
            format!(" AND d.device_token IN ({})", places.join(", "))
        };
        let sql = format!(
            "SELECT DISTINCT d.message_id FROM deliveries d WHERE d.plan_id = $1 AND d.user_id = $2{of_devices}
             ORDER BY d.message_id DESC LIMIT {MOST_MESSAGES}"
        );
        let mut values: Vec<Value> = vec![plan.0.into(), self.user.as_str().into()];
        values.extend(self.tokens.iter().map(|token| Value::from(token.as_str())));
        let ids = numbers(&history::ask(on, sql, values).await?)?;
        let mut messages = history::numbered(on, plan, &ids, &self.user, now).await?;
        if !self.tokens.is_empty() {
            for message in &mut messages {
                let meant = |token: &Option<String>| token.as_ref().is_some_and(|token| self.tokens.contains(token));
                message.deliveries.retain(|delivery| meant(&delivery.device_token));
            }
        }
        Ok(messages)
    }
}
