//! What the accepting side must know of every IM application, read at once.

use super::{
    Control, certificates,
    entity::{
        application, authorisation, certificate, im_administrator, im_application, plan, product, vendor_channel,
    },
    im_applications::{in_force, key_place},
    rows,
};
use crate::Result;
use domain::{
    AccountId, ApplicationId, PackageId, PlanId, SdkAppId, Secret, Timestamp,
    certificate::Environment,
    channel::Channel,
    decision::{ApplicationRoute, ChannelRoute, PackageRoute, Route},
    plan::PlanSource,
    product::ApplicationStatus,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use std::collections::{BTreeSet, HashMap};

/// An IM application with everything that a call of its back end is checked against.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImRoute {
    /// Whose it is.
    pub tenant: AccountId,
    /// Where its messages go.
    pub route: Route,
    /// The key of its `UserSig`s.
    pub key: Secret,
    /// Who may call as administrator.
    pub administrators: BTreeSet<String>,
    /// Where its users, devices and messages are stored.
    pub access_point: String,
}

impl Control {
    /// Every IM application of every tenant. Read [`Control::routes_version`] first: what changes meanwhile then has a
    /// higher version and is read again.
    pub async fn routes(&self) -> Result<Vec<ImRoute>> {
        let db = &self.connections.read;
        let mut administrators: HashMap<i64, BTreeSet<String>> = HashMap::new();
        for row in im_administrator::Entity::find().all(db).await? {
            administrators.entry(row.sdk_app_id).or_default().insert(row.name);
        }
        let mut applications = self.application_routes().await?;
        let mut routes = Vec::new();
        for row in im_application::Entity::find().all(db).await? {
            let key = self
                .vault
                .open(key_place(&row.sdk_app_id.to_string()), &row.key_sealed)?;
            routes.push(ImRoute {
                tenant: AccountId(row.account_id),
                route: Route {
                    sdk_app_id: SdkAppId(row.sdk_app_id),
                    enabled: row.enabled,
                    applications: applications.remove(&row.sdk_app_id).unwrap_or_default(),
                },
                key,
                administrators: administrators.remove(&row.sdk_app_id).unwrap_or_default(),
                access_point: row.access_point,
            });
        }
        Ok(routes)
    }

    /// The authorised applications, by IM application.
    async fn application_routes(&self) -> Result<HashMap<i64, Vec<ApplicationRoute>>> {
        let db = &self.connections.read;
        let found = in_force(db, authorisation::Column::Id.is_not_null()).await?;
        let mut plans = self.plans_by_application().await?;
        let mut channels = self.channel_routes().await?;
        let mut packages = self.package_names().await?;
        let mut routes: HashMap<i64, Vec<ApplicationRoute>> = HashMap::new();
        for (authorisation, application, _) in found {
            let works = rows::status(&application.status)? == ApplicationStatus::InUse;
            let (Some(plan), other_plans) = plans.remove(&application.id).unwrap_or_default() else {
                continue;
            };
            if !works {
                continue;
            }
            let mut of_package = |package| channels.remove(&(application.id, package)).unwrap_or_default();
            let further = packages.remove(&application.id).unwrap_or_default();
            let further = further.into_iter().map(|(package, name)| PackageRoute {
                package,
                name,
                channels: of_package(package),
            });
            let packages = further.collect();
            let route = ApplicationRoute {
                application: ApplicationId(application.id),
                platform: rows::platform(&application.platform)?,
                plan,
                other_plans,
                channels: of_package(PackageId::MAIN),
                packages,
                identifier: application.identifier,
            };
            routes.entry(authorisation.sdk_app_id).or_default().push(route);
        }
        Ok(routes)
    }

    /// The plan "IM message" of each application, and its other ones.
    async fn plans_by_application(&self) -> Result<HashMap<i64, (Option<PlanId>, Vec<PlanId>)>> {
        let mut plans: HashMap<i64, (Option<PlanId>, Vec<PlanId>)> = HashMap::new();
        for row in plan::Entity::find().all(&self.connections.read).await? {
            let (of_im, others) = plans.entry(row.application_id).or_default();
            if row.source == PlanSource::Im.name() {
                *of_im = Some(PlanId(row.id));
            } else {
                others.push(PlanId(row.id));
            }
        }
        Ok(plans)
    }

    /// The configured channels of authorised applications. APNs is configured by its certificates; its card holds the
    /// switch only.
    async fn channel_routes(&self) -> Result<HashMap<(i64, PackageId), Vec<ChannelRoute>>> {
        let db = &self.connections.read;
        let authorised = || {
            authorisation::Entity::find()
                .select_only()
                .column(authorisation::Column::ApplicationId)
                .filter(authorisation::Column::RevokedAt.is_null())
                .into_query()
        };
        let mut routes: HashMap<(i64, PackageId), Vec<ChannelRoute>> = HashMap::new();
        let cards = vendor_channel::Entity::find()
            .filter(vendor_channel::Column::ApplicationId.in_subquery(authorised()))
            .all(db)
            .await?;
        for row in cards {
            let channel = rows::channel(&row.channel)?;
            let credentials = match channel {
                Channel::Apns => vec![],
                _ => vec![(Environment::Production, None)],
            };
            let package = (row.application_id.unwrap_or_default(), PackageId(row.package_id));
            let its = routes.entry(package).or_default();
            its.push(ChannelRoute {
                channel,
                enabled: row.enabled,
                credentials,
            });
        }
        let in_force = certificate::Entity::find()
            .filter(certificate::Column::ReplacedAt.is_null())
            .filter(certificate::Column::ApplicationId.in_subquery(authorised()))
            .all(db)
            .await?;
        for row in in_force {
            let its = routes.entry((row.application_id, PackageId::MAIN)).or_default();
            let served = certificates::environments(&row);
            let credentials = served.into_iter().map(|e| (e, row.not_after.map(Timestamp)));
            match its.iter_mut().find(|route| route.channel == Channel::Apns) {
                Some(route) => route.credentials.extend(credentials),
                None => its.push(ChannelRoute {
                    channel: Channel::Apns,
                    enabled: true,
                    credentials: credentials.collect(),
                }),
            }
        }
        Ok(routes)
    }

    /// The access point of an application, whose data plane holds its history.
    pub async fn access_point_of(&self, application: ApplicationId) -> Result<Option<String>> {
        let found = application::Entity::find_by_id(application.0)
            .find_also_related(product::Entity)
            .one(&self.connections.read)
            .await?;
        Ok(found
            .and_then(|(_, product)| product)
            .map(|product| product.access_point))
    }
}
