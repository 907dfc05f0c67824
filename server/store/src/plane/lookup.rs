//! What a batch of messages needs to know: repeats, devices, nicknames; one question each for the whole batch.

use super::accept::{Acceptance, Earlier};
use super::sql::{Found, Prepared, Rows};
use crate::Result;
use domain::{
    DeviceId, MessageId, certificate::Environment, channel::Channel, decision::DeviceFacts, device::DeviceState,
    product::Platform,
};
use sea_orm::{ConnectionTrait, DbBackend};
use std::{collections::HashMap, ops::Range};

/// A device with the token that people see.
#[derive(Clone, Debug)]
pub(super) struct Device {
    pub(super) facts: DeviceFacts,
    pub(super) token: String,
}

/// The columns that [`Device::read`] reads, of devices `v`.
pub(super) const DEVICE: &str = "v.id, v.token, v.platform, v.channel, v.vendor_token, v.identifier, v.environment, \
     (v.notifications_on AND v.switched_off_at IS NULL), v.state, v.reported_at, v.registered_at, v.dead_since, v.badge, \
     v.harmony_os, v.fcm_token";

impl Device {
    /// Reads the columns of [`DEVICE`], the first of which stands at `at`.
    pub(super) fn read(row: &Found, at: usize, user: &str) -> Result<Self> {
        let badge: i64 = row.get(at + 12)?;
        Ok(Self {
            token: row.get(at + 1)?,
            facts: DeviceFacts {
                id: DeviceId(row.get(at)?),
                user: user.to_owned(),
                platform: row.named(at + 2, "devices.platform", Platform::from_name)?,
                channel: row.named(at + 3, "devices.channel", Channel::from_name)?,
                vendor_token: row.get(at + 4)?,
                identifier: row.get(at + 5)?,
                environment: row.named(at + 6, "devices.environment", Environment::from_name)?,
                notifications_on: row.get(at + 7)?,
                state: row.named(at + 8, "devices.state", DeviceState::from_name)?,
                reported_at: row.time(at + 9)?,
                registered_at: row.time(at + 10)?,
                dead: row.get::<Option<i64>>(at + 11)?.is_some(),
                badge: u32::try_from(badge).unwrap_or_default(),
                harmony_os: row.get(at + 13)?,
                fcm_token: row.get(at + 14)?,
            },
        })
    }
}

/// Somebody a message goes to.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) user: String,
    pub(super) known: bool,
    pub(super) devices: Vec<Device>,
}

pub(super) struct Sql {
    earlier: Prepared,
    devices: Prepared,
    left: Prepared,
    users: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, &text.replace("{device}", DEVICE));
        Self {
            earlier: sql(
                "dedupe:t",
                "SELECT m.dedupe, m.id, m.msg_key, m.sent_secs, m.accepted_at, m.expires_at
                 FROM {rows} AS j CROSS JOIN messages m WHERE m.dedupe = j.dedupe",
            ),
            devices: sql(
                "place:i sdk_app_id:i user_id:t",
                "SELECT j.place, {device} FROM {rows} AS j CROSS JOIN devices v
                 WHERE v.sdk_app_id = j.sdk_app_id AND v.user_id = j.user_id ORDER BY v.id",
            ),
            left: sql(
                "place:i sdk_app_id:i user_id:t",
                "SELECT j.place, {device} FROM {rows} AS j CROSS JOIN devices v
                 WHERE v.sdk_app_id = j.sdk_app_id AND v.last_user_id = j.user_id AND v.user_id IS NULL ORDER BY v.id",
            ),
            users: sql(
                "place:i sdk_app_id:i user_id:t",
                "SELECT j.place, u.nickname FROM {rows} AS j CROSS JOIN im_users u
                 WHERE u.sdk_app_id = j.sdk_app_id AND u.user_id = j.user_id",
            ),
        }
    }
}

/// What was found for a batch.
#[derive(Debug)]
pub(super) struct Lookup {
    /// Messages accepted before, by their dedupe key.
    pub(super) earlier: HashMap<String, Earlier>,
    receivers: Vec<Receiver>,
    ranges: Vec<Range<usize>>,
    nicknames: Vec<Option<String>>,
}

impl Lookup {
    pub(super) async fn of(on: &impl ConnectionTrait, sql: &Sql, batch: &[&Acceptance]) -> Result<Self> {
        let mut lookup = Self {
            earlier: HashMap::new(),
            receivers: vec![],
            ranges: vec![],
            nicknames: vec![None; batch.len()],
        };
        let mut pairs = Rows::default();
        for acceptance in batch {
            let (start, submission) = (lookup.receivers.len(), &acceptance.submission);
            for user in &submission.to {
                pairs.push(&(lookup.receivers.len(), submission.sdk_app_id.0, user));
                lookup.receivers.push(Receiver {
                    user: user.clone(),
                    known: false,
                    devices: vec![],
                });
            }
            lookup.ranges.push(start..lookup.receivers.len());
        }
        lookup.find_earlier(on, sql, batch).await?;
        lookup.find_devices(&sql.devices.all_rows(on, pairs).await?)?;
        // Whoever logged out everywhere is told from whoever never had a device. Rare, and so a question of its own.
        let left = lookup.without_device(batch);
        if !left.is_empty() {
            lookup.find_devices(&sql.left.all_rows(on, left).await?)?;
        }
        lookup.find_users(on, sql, batch).await?;
        Ok(lookup)
    }

    /// The receivers of the message at a place of the batch.
    pub(super) fn receivers(&self, index: usize) -> &[Receiver] {
        &self.receivers[self.ranges[index].clone()]
    }

    /// The sender's nickname.
    pub(super) fn nickname(&self, index: usize) -> Option<&str> {
        self.nicknames[index].as_deref()
    }

    /// Receivers that nobody knows.
    pub(super) fn unknown(&self, index: usize) -> Vec<String> {
        let unknown = self.receivers(index).iter().filter(|r| !r.known);
        unknown.map(|r| r.user.clone()).collect()
    }

    async fn find_earlier(&mut self, on: &impl ConnectionTrait, sql: &Sql, batch: &[&Acceptance]) -> Result<()> {
        let keys: Rows = batch.iter().map(|acceptance| (&acceptance.dedupe,)).collect();
        for row in sql.earlier.all_rows(on, keys).await? {
            let earlier = Earlier {
                message: MessageId(row.get(1)?),
                key: row.get(2)?,
                time_secs: row.get(3)?,
                accepted_at: row.time(4)?,
                expires_at: row.time(5)?,
            };
            self.earlier.insert(row.get(0)?, earlier);
        }
        Ok(())
    }

    fn find_devices(&mut self, rows: &[Found]) -> Result<()> {
        for row in rows {
            let place: i64 = row.get(0)?;
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            if let Some(receiver) = self.receivers.get_mut(place) {
                receiver.devices.push(Device::read(row, 1, &receiver.user)?);
                // Registering makes a user known.
                receiver.known = true;
            }
        }
        Ok(())
    }

    fn without_device(&self, batch: &[&Acceptance]) -> Rows {
        let mut rows = Rows::default();
        for (acceptance, range) in batch.iter().zip(&self.ranges) {
            for place in range.clone() {
                let receiver = &self.receivers[place];
                if receiver.devices.is_empty() {
                    rows.push(&(place, acceptance.submission.sdk_app_id.0, &receiver.user));
                }
            }
        }
        rows
    }

    /// Nicknames of the senders, and whether receivers without a device are known.
    async fn find_users(&mut self, on: &impl ConnectionTrait, sql: &Sql, batch: &[&Acceptance]) -> Result<()> {
        let mut rows = self.without_device(batch);
        let senders_from = self.receivers.len();
        for (index, acceptance) in batch.iter().enumerate() {
            let submission = &acceptance.submission;
            rows.push(&(senders_from + index, submission.sdk_app_id.0, &submission.from));
        }
        for row in sql.users.all_rows(on, rows).await? {
            let place = usize::try_from(row.get::<i64>(0)?).unwrap_or(usize::MAX);
            if let Some(receiver) = self.receivers.get_mut(place) {
                receiver.known = true;
            } else if let Some(nickname) = self.nicknames.get_mut(place - senders_from) {
                *nickname = Some(row.get(1)?);
            }
        }
        Ok(())
    }
}
