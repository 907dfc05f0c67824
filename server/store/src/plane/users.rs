//! Users of IM applications: that they are known, and how their devices stand.

use super::accept::Only;
use super::devices::Of;
use super::lookup::{DEVICE, Device};
use super::sql::{Prepared, Rows};
use super::work::Work;
use crate::Result;
use domain::{SdkAppId, Timestamp, device::presence, ports::OnlineStatus, product::Platform};
use sea_orm::{ConnectionTrait, DbBackend};

/// A user as the IM back end describes it.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) nickname: String,
}

pub(super) struct Sql {
    pub(super) know: Prepared,
    import: Prepared,
    user_of: Prepared,
    of_users: Prepared,
    known: Prepared,
    of_package: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, &text.replace("{device}", DEVICE));
        Self {
            know: sql(
                "sdk_app_id:i user_id:t at:i",
                "INSERT INTO im_users (sdk_app_id, user_id, nickname, known_since)
                 SELECT sdk_app_id, user_id, '', at FROM {rows} AS j WHERE true
                 ON CONFLICT (sdk_app_id, user_id) DO NOTHING",
            ),
            import: sql(
                "sdk_app_id:i user_id:t nickname:t at:i",
                "INSERT INTO im_users (sdk_app_id, user_id, nickname, known_since)
                 SELECT sdk_app_id, user_id, nickname, at FROM {rows} AS j WHERE true
                 ON CONFLICT (sdk_app_id, user_id) DO UPDATE SET nickname = excluded.nickname",
            ),
            user_of: sql("", "SELECT user_id FROM devices WHERE token = $1 AND sdk_app_id = $2"),
            of_users: sql(
                "place:i sdk_app_id:i user_id:t",
                "SELECT j.place, {device} FROM {rows} AS j CROSS JOIN devices v
                 WHERE v.sdk_app_id = j.sdk_app_id AND v.user_id = j.user_id ORDER BY v.id",
            ),
            known: sql(
                "place:i sdk_app_id:i user_id:t",
                "SELECT j.place FROM {rows} AS j CROSS JOIN im_users u
                 WHERE u.sdk_app_id = j.sdk_app_id AND u.user_id = j.user_id",
            ),
            of_package: sql(
                "",
                "SELECT COUNT(*) FROM (SELECT 1 FROM devices WHERE sdk_app_id = $1 AND identifier = $2
                     AND platform = $3 AND user_id IS NOT NULL LIMIT $4) AS d",
            ),
        }
    }
}

impl Work<'_> {
    /// Records a user; a repeat changes the nickname.
    pub(super) async fn import(&mut self, call: &Of<Import>) -> Result<()> {
        let rows = Rows::from_iter([(call.sdk_app_id.0, &call.user, &call.what.nickname, self.now.0)]);
        self.shared.users.import.run_rows(self.tx, rows).await?;
        Ok(())
    }
}

impl Sql {
    pub(super) async fn user_of(
        &self,
        on: &impl ConnectionTrait,
        sdk_app_id: SdkAppId,
        token: &str,
    ) -> Result<Option<String>> {
        let found = self.user_of.one(on, vec![token.into(), sdk_app_id.0.into()]).await?;
        found.map_or(Ok(None), |row| row.get(0))
    }

    pub(super) async fn has_device(
        &self,
        on: &impl ConnectionTrait,
        sdk_app_id: SdkAppId,
        user: &str,
        only: &Only,
    ) -> Result<bool> {
        let rows = Rows::from_iter([(0, sdk_app_id.0, user)]);
        for row in self.of_users.all_rows(on, rows).await? {
            if only.takes(&Device::read(&row, 1, user)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many devices are registered under a package name, `limit` at most.
    pub(super) async fn of_package(
        &self,
        on: &impl ConnectionTrait,
        sdk_app_id: SdkAppId,
        package: &str,
        limit: u32,
    ) -> Result<u32> {
        let values = vec![
            sdk_app_id.0.into(),
            package.into(),
            Platform::Android.name().into(),
            i64::from(limit).into(),
        ];
        let found = self.of_package.one(on, values).await?;
        let counted = found.map_or(Ok(0), |row| row.get::<i64>(0))?;
        Ok(u32::try_from(counted).unwrap_or(limit))
    }

    /// How users stand, in the order asked.
    pub(super) async fn online_status(
        &self,
        on: &impl ConnectionTrait,
        sdk_app_id: SdkAppId,
        users: Vec<String>,
        now: Timestamp,
    ) -> Result<Vec<OnlineStatus>> {
        let pairs = || {
            users
                .iter()
                .enumerate()
                .map(|(place, user)| (place, sdk_app_id.0, user))
        };
        let known = self.known.all_rows(on, pairs().collect()).await?;
        let devices = self.of_users.all_rows(on, pairs().collect()).await?;
        let mut answer: Vec<OnlineStatus> = users
            .iter()
            .map(|user| OnlineStatus {
                user: user.clone(),
                known: false,
                devices: vec![],
            })
            .collect();
        for row in known {
            let place = usize::try_from(row.get::<i64>(0)?).unwrap_or(usize::MAX);
            if let Some(status) = answer.get_mut(place) {
                status.known = true;
            }
        }
        for row in devices {
            let place = usize::try_from(row.get::<i64>(0)?).unwrap_or(usize::MAX);
            if let Some(status) = answer.get_mut(place) {
                let facts = Device::read(&row, 1, &status.user)?.facts;
                let presence = presence(facts.state, facts.reported_at, now);
                status.devices.push((facts.platform, facts.state, presence));
            }
        }
        Ok(answer)
    }
}
