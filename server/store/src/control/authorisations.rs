//! Third-party Authorization: what can be chosen, and the transaction with all its effects.

use super::{
    Control, applications,
    entity::{application, authorisation, im_application},
    ids, im_applications, plans, rows, versions,
};
use crate::{Fault, Result};
use domain::{
    AccessId, ApplicationId, AuthorisationId, Problem, ProductId, SdkAppId, Timestamp,
    account::Actor,
    audit::{Deed, Entry, Kind},
    authorisation::{
        ActiveAuthorisation, ApplicationChoice, AuthorisationRow, ImChoice, ProductChoice, Unavailable, unavailable,
    },
    channel::Channel,
    problem::{Conflict, What},
    product::{Platform, ServiceDetails},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use std::collections::HashMap;

impl Control {
    /// The applications of a product that the actor may view, each with its authorisation in force.
    pub async fn authorisation_rows(&self, actor: &Actor, product: ProductId) -> Result<Vec<AuthorisationRow>> {
        let db = &self.connections.read;
        let applications = self.product(actor, product).await?.applications;
        let ids = applications.iter().map(|view| view.id.0);
        let found = authorisation::Entity::find()
            .find_also_related(im_application::Entity)
            .filter(authorisation::Column::RevokedAt.is_null())
            .filter(authorisation::Column::ApplicationId.is_in(ids))
            .all(db)
            .await?;
        let mut active: HashMap<i64, ActiveAuthorisation> = HashMap::new();
        for (row, im) in found {
            let authorised = ActiveAuthorisation {
                id: AuthorisationId(row.id),
                sdk_app_id: SdkAppId(row.sdk_app_id),
                im_application_name: im.map(|im| im.name).unwrap_or_default(),
                since: Timestamp(row.created_at),
                by: row.created_by,
            };
            active.insert(row.application_id, authorised);
        }
        let row = |view: domain::product::ApplicationView| AuthorisationRow {
            authorised: active.remove(&view.id.0),
            application: view.id,
            application_name: view.name,
            access_id: view.access_id,
            platform: view.platform,
        };
        Ok(applications.into_iter().map(row).collect())
    }

    /// The IM applications to choose from, with the platforms that are taken.
    pub async fn im_choices(&self, actor: &Actor) -> Result<Vec<ImChoice>> {
        let views = self.im_applications(actor).await?;
        let choice = |view: domain::im::ImApplicationView| ImChoice {
            sdk_app_id: view.sdk_app_id,
            name: view.name,
            access_point_name: (view.access_point.name_en, view.access_point.name_zh),
            access_point: view.access_point.id,
            enabled: view.enabled,
            taken: view
                .authorised_to
                .into_iter()
                .map(|to| (to.platform, to.application_name))
                .collect(),
        };
        Ok(views.into_iter().map(choice).collect())
    }

    /// The products and applications to choose from, by name.
    pub async fn product_choices(&self, actor: &Actor) -> Result<Vec<ProductChoice>> {
        let mut choices: Vec<ProductChoice> = Vec::new();
        for view in self.applications(actor).await? {
            let application = ApplicationChoice {
                id: view.id,
                name: view.name,
                platform: view.platform,
                authorised_to: view.im_application,
            };
            match choices.iter_mut().find(|choice| choice.id == view.product) {
                Some(choice) => choice.applications.push(application),
                None => choices.push(ProductChoice {
                    id: view.product,
                    name: view.product_name,
                    access_point_name: (view.access_point.name_en, view.access_point.name_zh),
                    access_point: view.access_point.id,
                    applications: vec![application],
                }),
            }
        }
        Ok(choices)
    }

    /// Authorises an IM application to an application, with all effects in one transaction. Whoever comes second is
    /// told who was first, whether the check here or the unique index noticed.
    pub async fn authorise(
        &self,
        actor: &Actor,
        sdk_app_id: SdkAppId,
        application: ApplicationId,
        now: Timestamp,
    ) -> Result<AuthorisationId> {
        match self.try_authorise(actor, sdk_app_id, application, now).await {
            Err(Fault::Taken(_)) => {
                self.check_choice(&self.connections.write, actor, sdk_app_id, application)
                    .await?;
                Err(Fault::conflict(Conflict::ChangedMeanwhile))
            }
            other => other,
        }
    }

    async fn try_authorise(
        &self,
        actor: &Actor,
        sdk_app_id: SdkAppId,
        application: ApplicationId,
        now: Timestamp,
    ) -> Result<AuthorisationId> {
        let transaction = self.connections.begin().await?;
        let (platform, entry) = self.check_choice(&transaction, actor, sdk_app_id, application).await?;
        let row = authorisation::ActiveModel {
            id: ids::drawn(now),
            application_id: Set(application.0),
            sdk_app_id: Set(sdk_app_id.0),
            platform: Set(platform.name().to_owned()),
            created_at: Set(now.0),
            created_by: Set(actor.name.clone()),
            revoked_at: Set(None),
            revoked_by: Set(None),
        };
        let made = row.insert(&transaction).await?;
        set_service_details(&transaction, application, ServiceDetails::ImPushOnly).await?;
        plans::activate_im_plan(&transaction, application.0, now).await?;
        let version = versions::bump(&transaction).await?;
        let copied = self
            .copy_channels(&transaction, sdk_app_id, application, Channel::of(platform), version)
            .await?;
        let entry = entry.numbered(made.id).has("copied_channels", copied.join(", "));
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(AuthorisationId(made.id))
    }

    /// Asks the same question as the form: can these two be put together? Answers the platform, and the entry of it.
    async fn check_choice(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        sdk_app_id: SdkAppId,
        application: ApplicationId,
    ) -> Result<(Platform, Entry)> {
        let im = im_applications::one(db, actor, sdk_app_id).await?;
        let (row, product) = applications::one(db, actor, application::Column::Id.eq(application.0)).await?;
        let platform = rows::platform(&row.platform)?;
        let entry = self.of_authorisation(actor, Deed::Authorise, &im, &row);
        let mut taken = Vec::new();
        for (_, other, _) in im_applications::in_force(db, authorisation::Column::SdkAppId.eq(im.sdk_app_id)).await? {
            taken.push((rows::platform(&other.platform)?, other.name));
        }
        let im_choice = ImChoice {
            sdk_app_id,
            name: im.name,
            access_point: im.access_point,
            access_point_name: (String::new(), String::new()),
            enabled: im.enabled,
            taken,
        };
        let choice = ApplicationChoice {
            id: application,
            name: row.name,
            platform,
            authorised_to: authorised_to(db, application).await?,
        };
        let product_choice = ProductChoice {
            id: ProductId(product.id),
            name: product.name,
            access_point: product.access_point,
            access_point_name: (String::new(), String::new()),
            applications: vec![],
        };
        match unavailable(Some(&im_choice), &product_choice, &choice) {
            None => Ok((platform, entry.has("im_application", sdk_app_id.to_string()))),
            Some(reason) => Err(Fault::conflict(conflict(reason, &choice, product_choice.id))),
        }
    }

    /// Takes an authorisation back: the application is not enabled any more, its plan inactive; history stays.
    pub async fn revoke(&self, actor: &Actor, authorisation: AuthorisationId, now: Timestamp) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let absent = || Fault::missing(What::Authorisation);
        let found = authorisation::Entity::find_by_id(authorisation.0)
            .filter(authorisation::Column::RevokedAt.is_null())
            .one(&transaction)
            .await?;
        let row = found.ok_or_else(absent)?;
        let whose = application::Column::Id.eq(row.application_id);
        let (application, _) = match applications::one(&transaction, actor, whose).await {
            Err(Fault::Refused(Problem::NotFound(_))) => return Err(absent()),
            other => other?,
        };
        let im = im_applications::one(&transaction, actor, SdkAppId(row.sdk_app_id)).await?;
        let change = authorisation::ActiveModel {
            id: Unchanged(row.id),
            revoked_at: Set(Some(now.0)),
            revoked_by: Set(Some(actor.name.clone())),
            ..Default::default()
        };
        change.update(&transaction).await?;
        set_service_details(
            &transaction,
            ApplicationId(row.application_id),
            ServiceDetails::NotEnabled,
        )
        .await?;
        plans::set_im_plan_active(&transaction, row.application_id, false).await?;
        versions::bump(&transaction).await?;
        let entry = self
            .of_authorisation(actor, Deed::RevokeAuthorisation, &im, &application)
            .numbered(row.id)
            .had("im_application", row.sdk_app_id.to_string());
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    fn of_authorisation(
        &self,
        actor: &Actor,
        deed: Deed,
        im: &im_application::Model,
        application: &application::Model,
    ) -> Entry {
        self.entry(actor, deed)
            .to(Kind::Authorisation, "", &im.name)
            .within(AccessId(application.access_id), &application.name)
    }

    /// Whether an application is authorised to an IM application.
    pub async fn is_authorised(&self, actor: &Actor, access_id: AccessId) -> Result<bool> {
        let db = &self.connections.read;
        let (row, _) = applications::by_access_id(db, actor, access_id).await?;
        Ok(authorised_to(db, ApplicationId(row.id)).await?.is_some())
    }
}

/// The name of the IM application that an application is authorised to.
async fn authorised_to(db: &impl ConnectionTrait, application: ApplicationId) -> Result<Option<String>> {
    let found = authorisation::Entity::find()
        .find_also_related(im_application::Entity)
        .filter(authorisation::Column::RevokedAt.is_null())
        .filter(authorisation::Column::ApplicationId.eq(application.0))
        .one(db)
        .await?;
    Ok(found.map(|(_, im)| im.map(|im| im.name).unwrap_or_default()))
}

async fn set_service_details(
    db: &impl ConnectionTrait,
    application: ApplicationId,
    details: ServiceDetails,
) -> Result<()> {
    let change = application::ActiveModel {
        id: Unchanged(application.0),
        service_details: Set(details.name().to_owned()),
        ..Default::default()
    };
    change.update(db).await?;
    Ok(())
}

fn conflict(reason: Unavailable, choice: &ApplicationChoice, product: ProductId) -> Conflict {
    match reason {
        Unavailable::AuthorisedTo(im_application) => Conflict::ApplicationAuthorised {
            application: choice.name.clone(),
            im_application,
            product,
        },
        Unavailable::OtherAccessPoint => Conflict::AccessPointsDiffer,
        Unavailable::PlatformTaken(application) => Conflict::ImPlatformTaken {
            platform: choice.platform,
            application,
        },
        Unavailable::Disabled => Conflict::ImApplicationDisabled,
    }
}
