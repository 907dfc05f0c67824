//! IM applications and their authorisations.

use super::{Run, description, explain, report, secrets};
use anyhow::{Context, bail};
use domain::{SdkAppId, field, im::NewImApplication};

impl Run<'_> {
    pub(super) async fn im_application(
        &self,
        wanted: &description::ImApplication,
    ) -> anyhow::Result<report::ImApplication> {
        let im_applications = &self.services.backend.im_applications;
        let known = im_applications.list(&self.actor).await?;
        let known = known
            .iter()
            .find(|known| field::comparable(&known.name) == field::comparable(&wanted.name));
        let sdk_app_id = match known {
            Some(known) if known.access_point.id != wanted.access_point => {
                bail!(
                    "it exists at {}, and a service access point cannot be changed",
                    known.access_point.id
                )
            }
            Some(known) => known.sdk_app_id,
            None => {
                let new = NewImApplication {
                    name: wanted.name.clone(),
                    access_point: wanted.access_point.clone(),
                    form_key: secrets::one_time_key(),
                };
                let created = im_applications.create(&self.actor, new).await;
                created.map_err(|problem| explain("IM application", &problem))?
            }
        };
        let view = im_applications.get(&self.actor, sdk_app_id).await?;
        if view.enabled != wanted.enabled {
            im_applications
                .set_enabled(&self.actor, sdk_app_id, wanted.enabled)
                .await?;
        }
        if !wanted.administrators.is_empty() && view.administrators != wanted.administrators {
            let names = wanted.administrators.clone();
            let saved = im_applications.set_administrators(&self.actor, sdk_app_id, names).await;
            saved.map_err(|problem| explain("administrators", &problem))?;
        }
        self.im_channels(sdk_app_id, wanted).await?;
        let view = im_applications.get(&self.actor, sdk_app_id).await?;
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

    async fn im_channels(&self, sdk_app_id: SdkAppId, wanted: &description::ImApplication) -> anyhow::Result<()> {
        let im_applications = &self.services.backend.im_applications;
        let stored = im_applications.channels(&self.actor, sdk_app_id).await?;
        for (channel, card) in &wanted.channels {
            let view = stored
                .iter()
                .map(|kept| &kept.view)
                .find(|view| view.channel == *channel);
            let view = view.with_context(|| format!("{} takes no settings here", channel.label()))?;
            if let Some(change) = self.change(view, card).with_context(|| channel.label())? {
                let saved = im_applications
                    .save_channel(&self.actor, sdk_app_id, *channel, change)
                    .await;
                saved.map_err(|problem| explain(channel.label(), &problem))?;
            }
        }
        Ok(())
    }

    pub(super) async fn authorisation(
        &self,
        wanted: &description::Authorisation,
    ) -> anyhow::Result<report::Authorisation> {
        let authorisations = &self.services.backend.authorisations;
        let sdk_app_id = self.find_im_application(&wanted.im_application).await?;
        let application = self.find_application(&wanted.product, wanted.platform).await?;
        let page = authorisations.page(&self.actor, application.product).await?;
        let row = page.applications.iter().find(|row| row.application == application.id);
        let id = match row.and_then(|row| row.authorised.as_ref()) {
            Some(active) if active.sdk_app_id == sdk_app_id => active.id,
            Some(active) => bail!(
                "the application is authorised to {:?}: unauthorise it first",
                active.im_application_name
            ),
            None => {
                let added = authorisations.add(&self.actor, sdk_app_id, application.id).await;
                added.map_err(|problem| explain("authorisation", &problem))?
            }
        };
        let plans = self
            .services
            .backend
            .plans
            .list(&self.actor, application.access_id)
            .await?;
        let plan = plans.first().context("the plan \"IM message\" is missing")?.id;
        Ok(report::Authorisation {
            id,
            sdk_app_id,
            access_id: application.access_id,
            plan,
        })
    }
}
