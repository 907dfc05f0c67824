//! Devices: who has which vendor token, what the client reported last, what it acknowledged.
//!
//! A vendor token has one owner: registering it takes it from whoever had it, in the same transaction.

use super::lookup::{DEVICE, Device};
use super::moves::{Move, STANDING, Standing};
use super::receipts::{hash, proven};
use super::sql::{Found, Prepared, Rows};
use super::work::Work;
use crate::{Fault, Result};
use domain::{
    DeviceId, PlanId, SdkAppId,
    decision::DeviceFacts,
    delivery::DeliveryState,
    device::{Ack, AckKind, DeviceChange, DeviceState, Presence, Registration, StateReport, presence},
};
use sea_orm::DbBackend;

/// A call of a client application on behalf of a user.
#[derive(Debug)]
pub(super) struct Of<T> {
    pub(super) sdk_app_id: SdkAppId,
    pub(super) user: String,
    pub(super) what: T,
}

/// A registration, with the 36-character token to give should the installation be new.
#[derive(Debug)]
pub(super) struct Register {
    pub(super) registration: Registration,
    pub(super) new_token: String,
}

/// What a device acknowledges, and the plans that its messages can be booked under.
#[derive(Debug)]
pub(super) struct Acknowledge {
    pub(super) ack: Ack,
    pub(super) plans: Vec<PlanId>,
}

pub(super) struct Sql {
    by_token: Prepared,
    by_vendor_token: Prepared,
    insert: Prepared,
    rebind: Prepared,
    delete: Prepared,
    report: Prepared,
    delivery: Prepared,
    of_message: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| {
            let text = text.replace("{device}", DEVICE).replace("{standing}", STANDING);
            Prepared::new(backend, columns, &text)
        };
        Self {
            by_token: sql(
                "",
                "SELECT v.user_id, v.last_user_id, {device} FROM devices v
                 WHERE v.token = $1 AND v.sdk_app_id = $2 {lock:v}",
            ),
            by_vendor_token: sql(
                "",
                "SELECT v.user_id, v.last_user_id, {device} FROM devices v
                 WHERE v.sdk_app_id = $1 AND v.channel = $2 AND v.vendor_hash = $3 {lock:v}",
            ),
            insert: sql(
                "id:i token:t sdk_app_id:i user_id:t platform:t channel:t vendor_token:t vendor_hash:t identifier:t \
                 environment:t notifications_on:b harmony_os:b fcm_token:t state:t at:i",
                "INSERT INTO devices (id, token, sdk_app_id, user_id, last_user_id, platform, channel, vendor_token,
                        vendor_hash, identifier, environment, notifications_on, harmony_os, fcm_token, state,
                        reported_at, registered_at, dead_since, badge)
                 SELECT id, token, sdk_app_id, user_id, user_id, platform, channel, vendor_token,
                        vendor_hash, identifier, environment, notifications_on, harmony_os, fcm_token, state,
                        at, at, NULL, 0
                 FROM {rows} AS j",
            ),
            rebind: sql(
                "id:i user_id:t platform:t channel:t vendor_token:t vendor_hash:t identifier:t environment:t \
                 notifications_on:b harmony_os:b fcm_token:t state:t at:i badge:i",
                "UPDATE devices SET user_id = j.user_id, last_user_id = j.user_id, platform = j.platform,
                        channel = j.channel, vendor_token = j.vendor_token, vendor_hash = j.vendor_hash,
                        identifier = j.identifier, environment = j.environment, notifications_on = j.notifications_on,
                        harmony_os = j.harmony_os, fcm_token = j.fcm_token, switched_off_at = NULL,
                        state = j.state, reported_at = j.at, registered_at = j.at, dead_since = NULL, badge = j.badge
                 FROM {rows} AS j WHERE devices.id = j.id",
            ),
            delete: sql("", "DELETE FROM devices WHERE id = $1"),
            report: sql(
                "id:i user_id:t state:t at:i badge:i",
                "UPDATE devices SET user_id = j.user_id, state = j.state, reported_at = j.at, badge = j.badge,
                        switched_off_at = CASE WHEN j.state = 'foreground' THEN NULL ELSE devices.switched_off_at END
                 FROM {rows} AS j WHERE devices.id = j.id",
            ),
            delivery: sql(
                "",
                "SELECT {standing}, o.lease_until, d.cleared_at FROM deliveries d LEFT JOIN outbox o ON o.delivery_id = d.id
                 WHERE d.id = $1 AND d.device_id = $2 AND d.user_id = $3 {lock:d}",
            ),
            of_message: sql(
                "plan_id:i user_id:t message_id:i device_id:i",
                "SELECT {standing}, o.lease_until, d.cleared_at FROM {rows} AS j CROSS JOIN deliveries d
                 LEFT JOIN outbox o ON o.delivery_id = d.id
                 WHERE d.plan_id = j.plan_id AND d.user_id = j.user_id AND d.message_id = j.message_id
                   AND d.device_id = j.device_id {lock:d}",
            ),
        }
    }
}

/// A device and whose it is or was.
struct Bound {
    user: Option<String>,
    last_user: String,
    device: Device,
}

impl Work<'_> {
    /// Binds a vendor token to a user. Returns the 36-character token of the installation.
    pub(super) async fn register(&mut self, call: &Of<Register>) -> Result<String> {
        let Of { sdk_app_id, user, what } = call;
        let wanted = &what.registration;
        let vendor_hash = hash(&wanted.vendor_token);
        let own = match &wanted.token {
            Some(token) => self.device_by_token(*sdk_app_id, token).await?,
            None => None,
        };
        let holder = self.device_by_vendor_token(*sdk_app_id, wanted, &vendor_hash).await?;
        let known = (*user).clone();
        let rows = Rows::from_iter([(sdk_app_id.0, known, self.now.0)]);
        self.shared.users.know.run_rows(self.tx, rows).await?;
        let kept = match (own, holder) {
            (Some(own), Some(holder)) if own.device.facts.id != holder.device.facts.id => {
                // The vendor's token has moved to this installation; a row without one is no device.
                let gone = holder.device.facts.id;
                let sql = &self.shared.devices;
                sql.delete.run(self.tx, vec![gone.0.into()]).await?;
                self.forget_changes(gone).await?;
                own
            }
            (Some(kept), _) | (None, Some(kept)) => kept,
            (None, None) => return self.insert_device(call, &vendor_hash).await,
        };
        let same_user = kept.user.as_ref() == Some(user);
        let facts = &kept.device.facts;
        let online = presence(facts.state, facts.reported_at, self.now) == Presence::Online;
        let state = if same_user && online {
            DeviceState::Foreground
        } else {
            DeviceState::Background
        };
        let rows = Rows::from_iter([(
            facts.id.0,
            user,
            wanted.platform.name(),
            wanted.channel.name(),
            &wanted.vendor_token,
            &vendor_hash,
            &wanted.identifier,
            wanted.environment.name(),
            wanted.notifications_on,
            wanted.harmony_os,
            &wanted.fcm_token,
            state.name(),
            self.now.0,
            if same_user { facts.badge } else { 0 },
        )]);
        self.shared.devices.rebind.run_rows(self.tx, rows).await?;
        self.note(facts.id, &changes(facts, wanted, state, (!same_user).then_some(user)))
            .await?;
        Ok(kept.device.token)
    }

    async fn insert_device(&mut self, call: &Of<Register>, vendor_hash: &str) -> Result<String> {
        let wanted = &call.what.registration;
        let id = DeviceId(self.ids.next(self.now));
        let rows = Rows::from_iter([(
            id.0,
            &call.what.new_token,
            call.sdk_app_id.0,
            &call.user,
            wanted.platform.name(),
            wanted.channel.name(),
            &wanted.vendor_token,
            vendor_hash,
            &wanted.identifier,
            wanted.environment.name(),
            wanted.notifications_on,
            wanted.harmony_os,
            &wanted.fcm_token,
            DeviceState::Background.name(),
            self.now.0,
        )]);
        self.shared.devices.insert.run_rows(self.tx, rows).await?;
        self.note(id, &[(DeviceChange::Registered, &call.user)]).await?;
        Ok(call.what.new_token.clone())
    }

    /// Records a state; logging out unbinds the device.
    pub(super) async fn report_state(&mut self, call: &Of<StateReport>) -> Result<()> {
        let report = &call.what;
        let bound = self.device_by_token(call.sdk_app_id, &report.token).await?;
        let bound = bound.ok_or(Fault::Missing)?;
        let leaving = report.state == DeviceState::LoggedOut;
        if bound.user.as_ref() != Some(&call.user) {
            // A log-out that is sent twice has been done.
            let done = leaving && bound.user.is_none() && bound.last_user == call.user;
            return if done { Ok(()) } else { Err(Fault::Missing) };
        }
        let facts = &bound.device.facts;
        let badge = report.unread.unwrap_or(facts.badge).min(i32::MAX.unsigned_abs());
        let user = (!leaving).then_some(&call.user);
        let rows = Rows::from_iter([(facts.id.0, user, report.state.name(), self.now.0, badge)]);
        self.shared.devices.report.run_rows(self.tx, rows).await?;
        if facts.state == report.state {
            return Ok(());
        }
        let left = if leaving { call.user.as_str() } else { "" };
        self.note(facts.id, &[(report.state.into(), left)]).await
    }

    /// Moves a delivery on to reached or clicked, whatever the order in which reports come.
    pub(super) async fn acknowledge(&mut self, call: &Of<Acknowledge>) -> Result<()> {
        let Acknowledge { ack, plans } = &call.what;
        let bound = self.device_by_token(call.sdk_app_id, &ack.token).await?;
        let bound = bound.filter(|bound| bound.user.as_ref() == Some(&call.user));
        let device = bound.ok_or(Fault::Missing)?.device.facts.id;
        let sql = &self.shared.devices;
        let found = if let Ok(delivery) = ack.delivery.parse::<i64>() {
            let values = vec![delivery.into(), device.0.into(), call.user.as_str().into()];
            sql.delivery.one(self.tx, values).await?
        } else if let Ok(message) = ack.message.parse::<i64>() {
            let row = |plan: &PlanId| (plan.0, &call.user, message, device.0);
            let rows: Rows = plans.iter().map(row).collect();
            sql.of_message.all_rows(self.tx, rows).await?.into_iter().next()
        } else {
            None
        };
        let Some(row) = found else {
            return Ok(());
        };
        let was = Standing::read(&row)?;
        let to = match ack.kind {
            AckKind::Reached => DeliveryState::Reached,
            AckKind::Clicked => DeliveryState::Clicked,
            AckKind::Cleared => return self.clear(was, &row).await,
        };
        let leased = row.get::<Option<i64>>(Standing::COLUMNS)?.is_some();
        if proven(&was, leased).may_become(to) {
            self.apply(&[Move::to(was, to, None)]).await?;
        }
        Ok(())
    }

    /// What was cleared away had arrived. It counts once, and not after a click.
    async fn clear(&mut self, was: Standing, row: &Found) -> Result<()> {
        let leased = row.get::<Option<i64>>(Standing::COLUMNS)?.is_some();
        let cleared = row.get::<Option<i64>>(Standing::COLUMNS + 1)?.is_some();
        let from = proven(&was, leased);
        if cleared || !matches!(from, DeliveryState::Sent | DeliveryState::Reached) {
            return Ok(());
        }
        let mut step = Move::to(was, DeliveryState::Reached, None);
        step.cleared = true;
        self.apply(&[step]).await
    }

    async fn device_by_token(&self, sdk_app_id: SdkAppId, token: &str) -> Result<Option<Bound>> {
        self.bound(&self.shared.devices.by_token, vec![token.into(), sdk_app_id.0.into()])
            .await
    }

    async fn device_by_vendor_token(
        &self,
        sdk_app_id: SdkAppId,
        wanted: &Registration,
        vendor_hash: &str,
    ) -> Result<Option<Bound>> {
        let values = vec![sdk_app_id.0.into(), wanted.channel.name().into(), vendor_hash.into()];
        self.bound(&self.shared.devices.by_vendor_token, values).await
    }

    async fn bound(&self, query: &Prepared, values: Vec<sea_orm::Value>) -> Result<Option<Bound>> {
        let Some(row) = query.one(self.tx, values).await? else {
            return Ok(None);
        };
        let (user, last_user): (Option<String>, String) = (row.get(0)?, row.get(1)?);
        let device = Device::read(&row, 2, &last_user)?;
        Ok(Some(Bound {
            user,
            last_user,
            device,
        }))
    }
}

/// What a registration changes of a device that is known; `signed_in` is its new user, should it have another one.
fn changes<'a>(
    was: &DeviceFacts,
    is: &Registration,
    state: DeviceState,
    signed_in: Option<&'a String>,
) -> Vec<(DeviceChange, &'a str)> {
    let build = was.platform == is.platform
        && was.channel == is.channel
        && was.identifier == is.identifier
        && was.environment == is.environment;
    let switch = if is.notifications_on {
        DeviceChange::NotificationsOn
    } else {
        DeviceChange::NotificationsOff
    };
    [
        signed_in.map(|user| (DeviceChange::SignedIn, user.as_str())),
        (was.vendor_token != is.vendor_token).then_some((DeviceChange::NewToken, "")),
        (!build).then_some((DeviceChange::NewBuild, "")),
        was.dead.then_some((DeviceChange::Revived, "")),
        (was.notifications_on != is.notifications_on).then_some((switch, "")),
        (was.state != state).then_some((state.into(), "")),
    ]
    .into_iter()
    .flatten()
    .collect()
}
