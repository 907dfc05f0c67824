//! What the report tells of the things in the file: read back after they were brought into being.

use super::{Run, report};
use crate::provisioning::description;
use anyhow::Context;
use domain::product::ProductView;

impl Run<'_> {
    pub(super) async fn product(&self, wanted: &description::Product) -> anyhow::Result<report::Product> {
        let product = self.find_product(&wanted.name).await?;
        let mut applications = Vec::new();
        for application in &wanted.applications {
            applications.push(self.application(&product, application).await?);
        }
        Ok(report::Product {
            id: product.id,
            name: product.name,
            access_point: product.access_point.id,
            applications,
        })
    }

    async fn application(
        &self,
        product: &ProductView,
        wanted: &description::Application,
    ) -> anyhow::Result<report::Application> {
        let mut applications = product.applications.iter();
        let found = applications.find(|application| application.platform == wanted.platform);
        let access_id = found.context("its application is missing")?.access_id;
        let configs = &self.services.backend.basic_configs;
        let now = configs.get(&self.actor, access_id).await?;
        let provisioning = &self.services.control.provisioning;
        let secret_key = provisioning.secret_key(&self.actor, access_id).await?;
        Ok(report::Application {
            id: now.application.id,
            name: now.application.name,
            platform: now.application.platform,
            access_id,
            access_key: now.application.access_key,
            secret_key: secret_key.reveal().to_owned(),
            identifier: now.application.identifier,
            packages: now.packages.into_iter().map(|package| package.name).collect(),
            certificates: now.certificates.into_iter().map(|c| c.facts.fingerprint).collect(),
        })
    }

    pub(super) async fn im_application(
        &self,
        wanted: &description::ImApplication,
    ) -> anyhow::Result<report::ImApplication> {
        let sdk_app_id = self.find_im_application(&wanted.name).await?;
        let view = self
            .services
            .backend
            .im_applications
            .get(&self.actor, sdk_app_id)
            .await?;
        let key = self
            .services
            .control
            .provisioning
            .im_key(&self.actor, sdk_app_id)
            .await?;
        Ok(report::ImApplication {
            sdk_app_id,
            name: view.name,
            access_point: view.access_point.id,
            administrators: view.administrators,
            key: key.reveal().to_owned(),
        })
    }

    pub(super) async fn authorisation(
        &self,
        wanted: &description::Authorisation,
    ) -> anyhow::Result<report::Authorisation> {
        let sdk_app_id = self.find_im_application(&wanted.im_application).await?;
        let application = self.find_application(&wanted.product, wanted.platform).await?;
        let backend = &self.services.backend;
        let page = backend.authorisations.page(&self.actor, application.product).await?;
        let row = page
            .applications
            .into_iter()
            .find(|row| row.application == application.id);
        let active = row
            .and_then(|row| row.authorised)
            .context("the authorisation is missing")?;
        let plans = backend.plans.list(&self.actor, application.access_id).await?;
        let plan = plans.first().context("the plan \"IM message\" is missing")?.id;
        Ok(report::Authorisation {
            id: active.id,
            sdk_app_id,
            access_id: application.access_id,
            plan,
        })
    }
}
