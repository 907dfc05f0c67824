//! What there is, in the form of a description: secrets as fingerprints, which a description may hold in their place.

use super::Ports;
use domain::{
    account::Actor,
    basic_config::BasicConfig,
    certificate::CertificateView,
    channel::{Channel, ChannelView},
    im::ImApplicationView,
    plan::{PlanSource, PlanView},
    product::ApplicationView,
};
use serde_json::{Map, Value, json};

impl Ports {
    /// Everything of the account that a description can hold. Applied again it changes nothing.
    pub async fn state(&self, actor: &Actor) -> domain::Result<Value> {
        let (mut products, mut authorisations) = (Vec::new(), Vec::new());
        for product in self.products(actor).await? {
            let mut applications = Vec::new();
            for application in &product.applications {
                applications.push(self.application_state(actor, application).await?);
                if let Some(im) = &application.im_application {
                    let platform = application.platform.name();
                    authorisations.push(json!({ "im_application": im, "product": product.name, "platform": platform }));
                }
            }
            products.push(json!({
                "name": product.name, "category": product.category.name(), "access_point": product.access_point.id,
                "applications": applications,
            }));
        }
        let mut im_applications = Vec::new();
        for im in self.im_applications(actor).await? {
            im_applications.push(self.im_state(actor, &im).await?);
        }
        Ok(json!({
            "products": products, "im_applications": im_applications, "authorisations": authorisations,
        }))
    }

    async fn application_state(&self, actor: &Actor, application: &ApplicationView) -> domain::Result<Value> {
        let access_id = application.access_id;
        let config: BasicConfig = self.backend.basic_configs.get(actor, access_id).await?;
        let plans = self.backend.plans.list(actor, access_id).await?;
        let plans = plans.iter().filter(|plan| plan.source != PlanSource::Im);
        let mut state = json!({
            "platform": application.platform.name(), "name": application.name,
            "identifier": application.identifier.clone().unwrap_or_default(),
            "channels": cards(&config.channels),
            "plans": plans.map(plan).collect::<Vec<_>>(),
        });
        if application.platform.is_apple() {
            state["certificates"] = config.certificates.iter().map(certificate).collect();
        } else {
            let package = |package: &domain::basic_config::PackageView| json!({ "name": package.name, "channels": cards(&package.channels) });
            state["packages"] = config.packages.iter().map(package).collect();
        }
        Ok(state)
    }

    async fn im_state(&self, actor: &Actor, im: &ImApplicationView) -> domain::Result<Value> {
        let channels = self.backend.im_applications.channels(actor, im.sdk_app_id).await?;
        let channels: Vec<ChannelView> = channels.into_iter().map(|kept| kept.view).collect();
        Ok(json!({
            "name": im.name, "access_point": im.access_point.id, "administrators": im.administrators,
            "enabled": im.enabled, "channels": cards(&channels),
        }))
    }
}

/// The cards on which something was saved. Apple's have certificates instead.
fn cards(channels: &[ChannelView]) -> Value {
    let saved = channels
        .iter()
        .filter(|view| view.configured && view.channel != Channel::Apns);
    let cards = saved.map(|view| (view.channel.name().to_owned(), card(view)));
    Value::Object(cards.collect())
}

fn card(view: &ChannelView) -> Value {
    let mut card = Map::new();
    card.insert("enabled".into(), view.enabled.into());
    for field in view.channel.fields() {
        let value = match (view.secrets.get(field.name), view.values.get(field.name)) {
            (Some(note), _) => json!({ "fingerprint": note.fingerprint }),
            (None, Some(value)) => value.as_str().into(),
            (None, None) => continue,
        };
        card.insert(field.name.to_owned(), value);
    }
    Value::Object(card)
}

fn certificate(view: &CertificateView) -> Value {
    let facts = &view.facts;
    let environments: Vec<_> = facts.environments.iter().map(|one| one.name()).collect();
    json!({ "kind": facts.kind.name(), "fingerprint": facts.fingerprint, "environments": environments })
}

fn plan(view: &PlanView) -> Value {
    json!({ "name": view.name, "description": view.description })
}
