//! Users of an IM application and their devices.

use super::{Run, description, explain, report};
use domain::device::{Registration, StateReport};

impl Run<'_> {
    pub(super) async fn user(&self, wanted: &description::User) -> anyhow::Result<()> {
        let sdk_app_id = self.find_im_application(&wanted.im_application).await?;
        let imported = self
            .services
            .im_users
            .import(sdk_app_id, &wanted.user, &wanted.nickname)
            .await;
        imported.map_err(|problem| explain("user", &problem))
    }

    pub(super) async fn device(&self, wanted: &description::Device) -> anyhow::Result<report::Device> {
        let sdk_app_id = self.find_im_application(&wanted.im_application).await?;
        let registration = Registration {
            platform: wanted.platform,
            channel: wanted.channel,
            vendor_token: wanted.vendor_token.clone(),
            identifier: wanted.identifier.clone(),
            environment: wanted.environment,
            notifications_on: true,
            harmony_os: wanted.harmony_os,
            fcm_token: wanted.fcm_token.clone(),
            token: None,
        };
        let registered = self
            .services
            .devices
            .register(sdk_app_id, &wanted.user, registration)
            .await;
        let registered = registered.map_err(|problem| explain("device", &problem))?;
        let report = StateReport {
            token: registered.token.clone(),
            state: wanted.state,
            unread: Some(wanted.unread),
        };
        let reported = self
            .services
            .devices
            .report_state(sdk_app_id, &wanted.user, report)
            .await;
        reported.map_err(|problem| explain("state of the device", &problem))?;
        Ok(report::Device {
            sdk_app_id,
            user: wanted.user.clone(),
            token: registered.token,
            authorised: registered.authorised,
        })
    }
}
