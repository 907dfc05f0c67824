//! IM applications and their administrators.

use super::{
    Control,
    applications::{confirmed, hint},
    entity::{application, authorisation, im_administrator, im_application, product},
    products::{made_by_form, note_form},
    rows, versions,
};
use crate::{Fault, Result, vault::Place};
use domain::{
    AccessId, ProductId, SdkAppId, Secret, Timestamp,
    account::Actor,
    audit::{Deed, Entry, Kind},
    field::comparable,
    im::{AuthorisedTo, DEFAULT_ADMINISTRATOR, ImApplicationView},
    problem::{Conflict, What},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use std::collections::HashMap;

/// An IM application to be stored.
#[derive(Clone, Debug)]
pub struct NewImApplicationRow {
    /// Drawn; [`Fault::Taken`] when another one has it.
    pub sdk_app_id: SdkAppId,
    /// Checked and trimmed.
    pub name: String,
    /// One of the configured access points.
    pub access_point: String,
    /// 64 hexadecimal digits.
    pub key: Secret,
    /// As many as the tenant may have.
    pub most: u32,
    /// The form's one-time key; empty when there is no form.
    pub form_key: String,
    /// When it is made.
    pub now: Timestamp,
}

/// Where a key is sealed for.
pub(super) fn key_place(row: &str) -> Place<'_> {
    Place {
        column: "im_applications.key",
        row,
    }
}

impl Control {
    /// The tenant's IM applications, newest first.
    pub async fn im_applications(&self, actor: &Actor) -> Result<Vec<ImApplicationView>> {
        let found = im_application::Entity::find()
            .filter(im_application::COLUMN.account_id.eq(actor.tenant.0))
            .order_by_desc(im_application::Column::CreatedAt)
            .order_by_desc(im_application::Column::SdkAppId)
            .all(&self.connections.read)
            .await?;
        self.im_views(found).await
    }

    /// One of them.
    pub async fn im_application(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<ImApplicationView> {
        let row = one(&self.connections.read, actor, sdk_app_id).await?;
        let mut views = self.im_views(vec![row]).await?;
        views.pop().ok_or(Fault::missing(What::ImApplication))
    }

    async fn im_views(&self, found: Vec<im_application::Model>) -> Result<Vec<ImApplicationView>> {
        let db = &self.connections.read;
        let ids: Vec<i64> = found.iter().map(|row| row.sdk_app_id).collect();
        let mut administrators: HashMap<i64, Vec<String>> = HashMap::new();
        let named = im_administrator::Entity::find()
            .filter(im_administrator::COLUMN.sdk_app_id.is_in(ids.clone()))
            .order_by_asc(im_administrator::Column::Name);
        for row in named.all(db).await? {
            administrators.entry(row.sdk_app_id).or_default().push(row.name);
        }
        let mut authorised: HashMap<i64, Vec<AuthorisedTo>> = HashMap::new();
        for (row, application, product) in in_force(db, authorisation::Column::SdkAppId.is_in(ids)).await? {
            let to = authorised_to(&application, &product)?;
            authorised.entry(row.sdk_app_id).or_default().push(to);
        }
        let view = |row: im_application::Model| ImApplicationView {
            sdk_app_id: SdkAppId(row.sdk_app_id),
            name: row.name,
            access_point: self.access_point(&row.access_point),
            enabled: row.enabled,
            administrators: administrators.remove(&row.sdk_app_id).unwrap_or_default(),
            key_hint: row.key_hint,
            authorised_to: authorised.remove(&row.sdk_app_id).unwrap_or_default(),
            created_at: Timestamp(row.created_at),
        };
        Ok(found.into_iter().map(view).collect())
    }

    /// Creates one, enabled, with its first administrator. A form that was used already answers what it made.
    /// [`Fault::Taken`]: the name, or the number drawn.
    pub async fn create_im_application(&self, actor: &Actor, new: &NewImApplicationRow) -> Result<SdkAppId> {
        let transaction = self.connections.begin().await?;
        if let Some(made) = made_by_form(&transaction, actor, &new.form_key).await? {
            return Ok(SdkAppId(made));
        }
        let theirs = im_application::Entity::find().filter(im_application::COLUMN.account_id.eq(actor.tenant.0));
        if theirs.count(&transaction).await? >= u64::from(new.most) {
            return Err(Fault::conflict(Conflict::ImApplicationsFull { max: new.most }));
        }
        let place = new.sdk_app_id.to_string();
        let entry = self
            .entry(actor, Deed::CreateImApplication)
            .to(Kind::ImApplication, new.sdk_app_id, &new.name)
            .has("name", &new.name)
            .has("access_point", &new.access_point)
            .has("administrators", DEFAULT_ADMINISTRATOR)
            .has("key", self.fingerprint(&new.key));
        let row = im_application::ActiveModel {
            sdk_app_id: Set(new.sdk_app_id.0),
            account_id: Set(actor.tenant.0),
            name: Set(new.name.clone()),
            name_key: Set(comparable(&new.name)),
            access_point: Set(new.access_point.clone()),
            enabled: Set(true),
            key_sealed: Set(self.vault.seal(key_place(&place), &new.key)?),
            key_hint: Set(hint(&new.key)),
            created_at: Set(new.now.0),
        };
        im_application::Entity::insert(row)
            .exec_without_returning(&transaction)
            .await?;
        name_administrators(&transaction, new.sdk_app_id, &[DEFAULT_ADMINISTRATOR.to_owned()]).await?;
        note_form(&transaction, actor, &new.form_key, new.sdk_app_id.0, new.now).await?;
        versions::bump(&transaction).await?;
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(new.sdk_app_id)
    }

    /// Whether the tenant has an IM application of this name.
    pub async fn im_name_taken(&self, actor: &Actor, name: &str) -> Result<bool> {
        let same = im_application::Entity::find()
            .filter(im_application::COLUMN.account_id.eq(actor.tenant.0))
            .filter(im_application::COLUMN.name_key.eq(comparable(name)));
        Ok(same.count(&self.connections.read).await? > 0)
    }

    /// Enables or disables one.
    pub async fn enable_im_application(&self, actor: &Actor, sdk_app_id: SdkAppId, enabled: bool) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, sdk_app_id).await?;
        let change = im_application::ActiveModel {
            sdk_app_id: Unchanged(row.sdk_app_id),
            enabled: Set(enabled),
            ..Default::default()
        };
        change.update(&transaction).await?;
        versions::bump(&transaction).await?;
        let entry = self.of_im(actor, Deed::EnableImApplication, &row);
        let entry = entry.changed("enabled", row.enabled, enabled);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Replaces the administrators.
    pub async fn set_administrators(&self, actor: &Actor, sdk_app_id: SdkAppId, names: &[String]) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, sdk_app_id).await?;
        let present = im_administrator::Entity::find()
            .filter(im_administrator::COLUMN.sdk_app_id.eq(row.sdk_app_id))
            .order_by_asc(im_administrator::Column::Name)
            .all(&transaction)
            .await?;
        let present: Vec<String> = present.into_iter().map(|row| row.name).collect();
        im_administrator::Entity::delete_many()
            .filter(im_administrator::COLUMN.sdk_app_id.eq(row.sdk_app_id))
            .exec(&transaction)
            .await?;
        name_administrators(&transaction, sdk_app_id, names).await?;
        versions::bump(&transaction).await?;
        let entry = self.of_im(actor, Deed::SetAdministrators, &row).changed(
            "administrators",
            present.join(", "),
            names.join(", "),
        );
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes one, if it is disabled, not authorised, and the confirmation is its name.
    pub async fn delete_im_application(&self, actor: &Actor, sdk_app_id: SdkAppId, confirmation: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let row = one(&transaction, actor, sdk_app_id).await?;
        let mine = authorisation::Column::SdkAppId.eq(row.sdk_app_id);
        if let Some((_, application, product)) = in_force(&transaction, mine).await?.into_iter().next() {
            return Err(Fault::conflict(Conflict::ImApplicationAuthorised {
                im_application: row.name,
                application: application.name,
                product: ProductId(product.id),
            }));
        }
        if row.enabled {
            return Err(Fault::conflict(Conflict::ImApplicationEnabled));
        }
        confirmed(&row.name, confirmation)?;
        authorisation::Entity::delete_many()
            .filter(authorisation::COLUMN.sdk_app_id.eq(row.sdk_app_id))
            .exec(&transaction)
            .await?;
        im_application::Entity::delete_by_id(row.sdk_app_id)
            .exec(&transaction)
            .await?;
        versions::bump(&transaction).await?;
        let entry = self
            .of_im(actor, Deed::DeleteImApplication, &row)
            .had("name", &row.name)
            .had("access_point", &row.access_point);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// An entry of what is done with an IM application itself.
    pub(super) fn of_im(&self, actor: &Actor, deed: Deed, row: &im_application::Model) -> Entry {
        self.entry(actor, deed)
            .to(Kind::ImApplication, row.sdk_app_id, &row.name)
    }

    /// The key with which the IM back end signs; that it was shown is on record before it is.
    pub async fn im_key(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Secret> {
        let row = one(&self.connections.read, actor, sdk_app_id).await?;
        let key = self
            .vault
            .open(key_place(&row.sdk_app_id.to_string()), &row.key_sealed)?;
        let entry = self.of_im(actor, Deed::RevealImKey, &row);
        self.record(&entry.has("key", self.fingerprint(&key))).await?;
        Ok(key)
    }
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    actor: &Actor,
    sdk_app_id: SdkAppId,
) -> Result<im_application::Model> {
    let found = im_application::Entity::find_by_id(sdk_app_id.0)
        .filter(im_application::COLUMN.account_id.eq(actor.tenant.0))
        .one(db)
        .await?;
    found.ok_or(Fault::missing(What::ImApplication))
}

pub(super) fn authorised_to(application: &application::Model, product: &product::Model) -> Result<AuthorisedTo> {
    Ok(AuthorisedTo {
        product: ProductId(product.id),
        product_name: product.name.clone(),
        application_name: application.name.clone(),
        access_id: AccessId(application.access_id),
        platform: rows::platform(&application.platform)?,
    })
}

/// The authorisations in force that a condition picks, with their applications and products.
pub(super) async fn in_force(
    db: &impl ConnectionTrait,
    which: sea_orm::sea_query::Expr,
) -> Result<Vec<(authorisation::Model, application::Model, product::Model)>> {
    let found = authorisation::Entity::find()
        .find_also_related(application::Entity)
        .filter(authorisation::Column::RevokedAt.is_null())
        .filter(which)
        .order_by_asc(authorisation::Column::Id)
        .all(db)
        .await?;
    let pairs: Vec<_> = found.into_iter().filter_map(|(a, app)| Some((a, app?))).collect();
    let ids = pairs.iter().map(|(_, application)| application.product_id);
    let products = product::Entity::find()
        .filter(product::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let products: HashMap<i64, product::Model> = products.into_iter().map(|row| (row.id, row)).collect();
    let complete = pairs.into_iter().filter_map(|(a, app)| {
        let product = products.get(&app.product_id)?.clone();
        Some((a, app, product))
    });
    Ok(complete.collect())
}

async fn name_administrators(db: &impl ConnectionTrait, sdk_app_id: SdkAppId, names: &[String]) -> Result<()> {
    let rows = names.iter().map(|name| im_administrator::ActiveModel {
        sdk_app_id: Set(sdk_app_id.0),
        name: Set(name.clone()),
    });
    im_administrator::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
