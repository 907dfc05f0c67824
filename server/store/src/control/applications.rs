//! Applications: finding them for a reader, and changing them.

use super::{
    Control,
    entity::{application, authorisation, im_application, product},
    ids, packages, rows,
};
use crate::{Fault, Result, vault::Place};
use domain::{
    AccessId, ApplicationId, Problem, ProductId, SdkAppId, Secret, Timestamp,
    account::Actor,
    audit::{Deed, Entry, Kind},
    field::{FieldFault, comparable},
    problem::{Conflict, What},
    product::{ApplicationStatus, ApplicationView, Platform, ServiceDetails},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use std::collections::HashMap;

/// An application to be stored, with freshly drawn numbers and keys.
#[derive(Clone, Debug)]
pub struct NewApplicationRow {
    /// Its platform.
    pub platform: Platform,
    /// Checked and trimmed.
    pub name: String,
    /// Drawn; [`Fault::Taken`] when another application has it.
    pub access_id: AccessId,
    /// For the client SDK; not secret.
    pub access_key: String,
    /// For servers.
    pub secret_key: Secret,
}

/// An application with its product, as read.
pub(super) type Pair = (application::Model, product::Model);

/// Where a Secret Key is sealed for: the Access ID never changes.
pub(super) fn secret_key_place(row: &str) -> Place<'_> {
    Place {
        column: "applications.secret_key",
        row,
    }
}

/// What a reader may find: the tenant's applications, and of these what was granted.
pub(super) fn visible(actor: &Actor) -> Condition {
    let tenant = Condition::all().add(product::Column::AccountId.eq(actor.tenant.0));
    match actor.visible_applications() {
        None => tenant,
        Some(granted) => tenant.add(application::Column::Id.is_in(granted.into_iter().map(|id| id.0))),
    }
}

/// The application of a reader that a condition picks, or that there is none.
pub(super) async fn one(db: &impl ConnectionTrait, actor: &Actor, which: Expr) -> Result<Pair> {
    let found = application::Entity::find()
        .find_also_related(product::Entity)
        .filter(visible(actor))
        .filter(which)
        .one(db)
        .await?;
    match found {
        Some((application, Some(product))) => Ok((application, product)),
        _ => Err(Fault::missing(What::Application)),
    }
}

pub(super) async fn by_access_id(db: &impl ConnectionTrait, actor: &Actor, access_id: AccessId) -> Result<Pair> {
    one(db, actor, application::Column::AccessId.eq(access_id.0)).await
}

impl Control {
    /// The application of an Access ID, if the actor may view it.
    pub async fn application(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        let pair = by_access_id(&self.connections.read, actor, access_id).await?;
        let mut views = self.application_views(actor, vec![pair]).await?;
        views.pop().ok_or(Fault::missing(What::Application))
    }

    /// Access ID and name of an application that the actor may view, by its inner number.
    pub async fn application_named(&self, actor: &Actor, application: ApplicationId) -> Result<(AccessId, String)> {
        let which = application::Column::Id.eq(application.0);
        let (row, _) = one(&self.connections.read, actor, which).await?;
        Ok((AccessId(row.access_id), row.name))
    }

    /// Every application that the actor may view, by product and platform.
    pub async fn applications(&self, actor: &Actor) -> Result<Vec<ApplicationView>> {
        let found = application::Entity::find()
            .find_also_related(product::Entity)
            .filter(visible(actor))
            .order_by_asc(product::Column::NameKey)
            .order_by_asc(application::Column::Platform)
            .all(&self.connections.read)
            .await?;
        let pairs = found.into_iter().filter_map(|(a, p)| Some((a, p?))).collect();
        self.application_views(actor, pairs).await
    }

    /// Completes rows to what the console shows, with one further query for all of them.
    pub(super) async fn application_views(&self, actor: &Actor, pairs: Vec<Pair>) -> Result<Vec<ApplicationView>> {
        let ids = pairs.iter().map(|(application, _)| application.id);
        let found = authorisation::Entity::find()
            .find_also_related(im_application::Entity)
            .filter(authorisation::Column::RevokedAt.is_null())
            .filter(authorisation::Column::ApplicationId.is_in(ids))
            .all(&self.connections.read)
            .await?;
        let mut im_names: HashMap<i64, String> = HashMap::new();
        im_names.extend(
            found
                .into_iter()
                .filter_map(|(a, im)| Some((a.application_id, im?.name))),
        );
        let view = |pair: Pair| self.application_view(actor, pair, &mut im_names);
        pairs.into_iter().map(view).collect()
    }

    fn application_view(
        &self,
        actor: &Actor,
        (row, product): Pair,
        im_names: &mut HashMap<i64, String>,
    ) -> Result<ApplicationView> {
        let id = ApplicationId(row.id);
        Ok(ApplicationView {
            id,
            product: ProductId(row.product_id),
            product_name: product.name,
            name: row.name,
            platform: rows::platform(&row.platform)?,
            access_id: AccessId(row.access_id),
            access_key: row.access_key,
            secret_key_hint: row.secret_key_hint,
            identifier: row.identifier,
            status: rows::status(&row.status)?,
            service_details: rows::service_details(&row.service_details)?,
            im_application: im_names.remove(&row.id),
            access_point: self.access_point(&product.access_point),
            created_at: Timestamp(row.created_at),
            days_left: None,
            rights: actor.rights_on(id),
        })
    }

    /// Gives an application another name.
    pub async fn rename_application(&self, actor: &Actor, access_id: AccessId, name: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, _) = by_access_id(&transaction, actor, access_id).await?;
        let change = application::ActiveModel {
            id: Unchanged(row.id),
            name: Set(name.to_owned()),
            name_key: Set(comparable(name)),
            ..Default::default()
        };
        change.update(&transaction).await?;
        let entry = self.of_application(actor, Deed::RenameApplication, &row);
        self.append(&transaction, &entry.changed("name", &row.name, name))
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes an application with what belongs to it, unless it is authorised or the confirmation is not its name.
    pub async fn delete_application(&self, actor: &Actor, access_id: AccessId, confirmation: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, _) = by_access_id(&transaction, actor, access_id).await?;
        confirmed(&row.name, confirmation)?;
        let entry = self.deleted(actor, &row);
        delete(&transaction, &[row]).await?;
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// The Secret Key of an application; that it was shown is on record before it is.
    pub async fn secret_key(&self, actor: &Actor, access_id: AccessId) -> Result<Secret> {
        let (row, _) = by_access_id(&self.connections.read, actor, access_id).await?;
        let place = row.access_id.to_string();
        let key = self.vault.open(secret_key_place(&place), &row.secret_key_sealed)?;
        let entry = self.of_application(actor, Deed::RevealSecretKey, &row);
        self.record(&entry.has("secret_key", self.fingerprint(&key))).await?;
        Ok(key)
    }

    /// Saves package name or Bundle ID.
    pub async fn save_identifier(&self, actor: &Actor, access_id: AccessId, identifier: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (row, _) = by_access_id(&transaction, actor, access_id).await?;
        if packages::named(&transaction, row.id, identifier).await? {
            return Err(Fault::Refused(Problem::field("identifier", FieldFault::Taken)));
        }
        let change = application::ActiveModel {
            id: Unchanged(row.id),
            identifier: Set(Some(identifier.to_owned())),
            ..Default::default()
        };
        change.update(&transaction).await?;
        super::versions::bump(&transaction).await?;
        let entry = self.of_application(actor, Deed::SaveIdentifier, &row).changed(
            "identifier",
            row.identifier.unwrap_or_default(),
            identifier,
        );
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// An entry of what is done with an application itself.
    pub(super) fn of_application(&self, actor: &Actor, deed: Deed, row: &application::Model) -> Entry {
        let access_id = AccessId(row.access_id);
        self.entry(actor, deed)
            .to(Kind::Application, access_id, &row.name)
            .within(access_id, &row.name)
    }

    pub(super) fn added(&self, actor: &Actor, row: &application::Model, new: &NewApplicationRow) -> Entry {
        self.of_application(actor, Deed::AddApplication, row)
            .has("name", &row.name)
            .has("platform", &row.platform)
            .has("secret_key", self.fingerprint(&new.secret_key))
    }

    pub(super) fn deleted(&self, actor: &Actor, row: &application::Model) -> Entry {
        self.of_application(actor, Deed::DeleteApplication, row)
            .had("name", &row.name)
            .had("platform", &row.platform)
            .had("identifier", row.identifier.clone().unwrap_or_default())
    }

    /// The row of a new application.
    pub(super) fn application_row(
        &self,
        product: i64,
        new: &NewApplicationRow,
        now: Timestamp,
    ) -> Result<application::ActiveModel> {
        let place = new.access_id.to_string();
        Ok(application::ActiveModel {
            id: ids::drawn(now),
            product_id: Set(product),
            platform: Set(new.platform.name().to_owned()),
            name: Set(new.name.clone()),
            name_key: Set(comparable(&new.name)),
            access_id: Set(new.access_id.0),
            access_key: Set(new.access_key.clone()),
            secret_key_sealed: Set(self.vault.seal(secret_key_place(&place), &new.secret_key)?),
            secret_key_hint: Set(hint(&new.secret_key)),
            identifier: Set(None),
            status: Set(ApplicationStatus::InUse.name().to_owned()),
            service_details: Set(ServiceDetails::NotEnabled.name().to_owned()),
            created_at: Set(now.0),
        })
    }
}

/// The last four characters of a key, by which people recognise it.
pub(super) fn hint(key: &Secret) -> String {
    let text = key.reveal();
    text.get(text.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// Type-to-confirm: blanks around the name do not count.
pub(super) fn confirmed(name: &str, confirmation: &str) -> Result<()> {
    if name == confirmation.trim() {
        Ok(())
    } else {
        let fault = FieldFault::ConfirmationDiffers;
        Err(Fault::Refused(Problem::field("confirmation", fault)))
    }
}

/// Deletes applications; plans, channels, certificates and grants go with them by foreign key, past authorisations
/// here. An authorisation in force refuses and says which.
pub(super) async fn delete(db: &impl ConnectionTrait, applications: &[application::Model]) -> Result<()> {
    let ids: Vec<i64> = applications.iter().map(|row| row.id).collect();
    let in_force = authorisation::Entity::find()
        .find_also_related(im_application::Entity)
        .filter(authorisation::Column::RevokedAt.is_null())
        .filter(authorisation::Column::ApplicationId.is_in(ids.clone()))
        .one(db)
        .await?;
    if let Some((authorisation, im)) = in_force {
        let blocking = applications.iter().find(|row| row.id == authorisation.application_id);
        return Err(Fault::conflict(Conflict::ApplicationAuthorised {
            application: blocking.map(|row| row.name.clone()).unwrap_or_default(),
            im_application: im.map_or_else(|| SdkAppId(authorisation.sdk_app_id).to_string(), |im| im.name),
            product: ProductId(blocking.map(|row| row.product_id).unwrap_or_default()),
        }));
    }
    authorisation::Entity::delete_many()
        .filter(authorisation::Column::ApplicationId.is_in(ids.clone()))
        .exec(db)
        .await?;
    application::Entity::delete_many()
        .filter(application::Column::Id.is_in(ids))
        .exec(db)
        .await?;
    Ok(())
}
