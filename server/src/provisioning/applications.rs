//! Name, identifier, certificates and push plans of an application.

use super::{At, Fault, MAX_NAME, Outcome, Walk, description, inputs, products::in_product};
use crate::services::channel_cards;
use domain::{
    AccessId, Problem,
    audit::Kind,
    basic_config::PackageView,
    certificate::CertificateView,
    channel::{Channel, ChannelView},
    field::{self, FieldFault, comparable},
    plan::{MAX_DESCRIPTION, MAX_NAME as MAX_PLAN_NAME, PlanDraft, PlanSource, PlanView},
    product::Platform,
};

/// An application as it is now; in a dry run also one that only would be.
pub(super) struct Present {
    pub(super) name: String,
    pub(super) platform: Platform,
    /// None while it only would be.
    pub(super) access_id: Option<AccessId>,
    application_name: Option<String>,
    identifier: Option<String>,
    pub(super) channels: Vec<ChannelView>,
    pub(super) packages: Vec<PackageView>,
    certificates: Vec<CertificateView>,
    plans: Vec<PlanView>,
}

impl Walk<'_> {
    /// Brings one application to what is described.
    pub(super) async fn application(
        &mut self,
        index: usize,
        product: &str,
        wanted: &description::Application,
    ) -> Result<(), Fault> {
        let present = self.present(index, product, wanted.platform).await?;
        self.names(&present, wanted).await?;
        let whose = (domain::PackageId::MAIN, present.name.as_str());
        self.cards(&present, whose, &present.channels, &wanted.channels).await?;
        for package in &wanted.packages {
            let at = format!("package {:?}", package.name);
            self.package(&present, package).await.at(at)?;
        }
        for (number, certificate) in wanted.certificates.iter().enumerate() {
            let at = format!("certificate {}", number + 1);
            self.certificate(&present, wanted, certificate).await.at(at)?;
        }
        for plan in &wanted.plans {
            self.plan(&present, plan).await.at(format!("plan {:?}", plan.name))?;
        }
        Ok(())
    }

    async fn present(&self, index: usize, product: &str, platform: Platform) -> Result<Present, Fault> {
        let name = in_product(product, platform);
        let Some(view) = self.products[index].application(platform) else {
            return Ok(Present {
                name,
                platform,
                access_id: None,
                application_name: None,
                identifier: None,
                channels: Channel::of(platform).map(channel_cards::empty).collect(),
                packages: Vec::new(),
                certificates: Vec::new(),
                plans: Vec::new(),
            });
        };
        let (backend, access_id) = (&self.ports.backend, view.access_id);
        let config = backend.basic_configs.get(self.actor, access_id).await?;
        Ok(Present {
            name,
            platform,
            access_id: Some(access_id),
            application_name: Some(config.application.name),
            identifier: config.application.identifier,
            channels: config.channels,
            packages: config.packages,
            certificates: config.certificates,
            plans: backend.plans.list(self.actor, access_id).await?,
        })
    }

    /// Where changes go: nowhere in a dry run.
    pub(super) fn acts_on(&self, present: &Present) -> Option<AccessId> {
        present.access_id.filter(|_| !self.dry())
    }

    async fn names(&mut self, present: &Present, wanted: &description::Application) -> Result<(), Fault> {
        let identifier = Some(wanted.identifier.as_str()).filter(|new| !new.is_empty());
        let identifier = identifier.filter(|new| present.identifier.as_deref() != Some(*new));
        let name = wanted.name.as_deref();
        let name = name.filter(|new| present.application_name.as_deref() != Some(new.trim()));
        let backend = &self.ports.backend;
        if let Some(identifier) = identifier {
            let checked = match present.platform {
                Platform::Android => field::package_name(identifier),
                Platform::Ios | Platform::Macos => field::bundle_id(identifier),
            };
            checked.map_err(|fault| Problem::field("identifier", fault))?;
            if let Some(access_id) = self.acts_on(present) {
                let saved = backend.basic_configs.save_identifier(self.actor, access_id, identifier);
                saved.await?;
            }
        }
        if let Some(name) = name {
            field::name(name, MAX_NAME).map_err(|fault| Problem::field("name", fault))?;
            if let Some(access_id) = self.acts_on(present) {
                backend.applications.rename(self.actor, access_id, name).await?;
            }
        }
        // One that was made just now has its step.
        let step = self
            .steps
            .iter()
            .any(|step| step.kind == Kind::Application.name() && step.name == present.name);
        if !step {
            let outcome = Outcome::of(identifier.is_some() || name.is_some());
            self.note(Kind::Application, &present.name, outcome, present.access_id);
        }
        Ok(())
    }

    async fn certificate(
        &mut self,
        present: &Present,
        application: &description::Application,
        wanted: &description::Certificate,
    ) -> Result<(), Fault> {
        if !present.platform.is_apple() {
            let detail = "only an application of a platform of Apple has certificates";
            return Err(Fault::new(
                Problem::field("certificates", FieldFault::NotAChoice),
                detail,
            ));
        }
        let name = |fingerprint: &str| format!("{} > certificate {fingerprint}", present.name);
        if !wanted.fingerprint.is_empty() {
            let known = &wanted.fingerprint;
            if present.certificates.iter().any(|one| one.facts.fingerprint == *known) {
                self.note(Kind::Certificate, name(known), Outcome::Unchanged, None::<String>);
                return Ok(());
            }
            let detail = "no certificate of this fingerprint is in force here: give the file itself";
            return Err(Fault::new(
                Problem::field("fingerprint", FieldFault::NotAChoice),
                detail,
            ));
        }
        let upload = inputs::upload(wanted, self.manner.files)?;
        let bundle = Some(application.identifier.clone()).filter(|given| !given.is_empty());
        let bundle = bundle.or_else(|| present.identifier.clone());
        let facts = self.ports.basic_configs.inspect(upload.clone(), bundle).await?;
        let same = |known: &CertificateView| {
            known.facts.fingerprint == facts.fingerprint && known.facts.environments == facts.environments
        };
        let is_there = present.certificates.iter().any(same);
        if !is_there && let Some(access_id) = self.acts_on(present) {
            self.ports
                .backend
                .basic_configs
                .upload(self.actor, access_id, upload)
                .await?;
        }
        let outcome = if is_there { Outcome::Unchanged } else { Outcome::Created };
        self.note(Kind::Certificate, name(&facts.fingerprint), outcome, None::<String>);
        Ok(())
    }

    async fn plan(&mut self, present: &Present, wanted: &description::Plan) -> Result<(), Fault> {
        let name = field::name(&wanted.name, MAX_PLAN_NAME).map_err(|fault| Problem::field("name", fault))?;
        let description = wanted.description.as_deref();
        let description = description.map(|text| field::description(text, MAX_DESCRIPTION));
        let description = description
            .transpose()
            .map_err(|fault| Problem::field("description", fault))?;
        let own = present.plans.iter().filter(|plan| plan.source != PlanSource::Im);
        let known = own.clone().find(|plan| comparable(&plan.name) == comparable(&name));
        let differs = known.is_some_and(|known| description.as_ref().is_some_and(|new| *new != known.description));
        let mut number = known.map(|known| known.id);
        if let Some(access_id) = self.acts_on(present) {
            let plans = &self.ports.backend.plans;
            let draft = |name: &str| PlanDraft {
                name: name.to_owned(),
                description: description.clone().unwrap_or_default(),
            };
            match known {
                None => number = Some(plans.create(self.actor, access_id, draft(&name)).await?),
                Some(known) if differs => {
                    plans
                        .change(self.actor, access_id, known.id, draft(&known.name))
                        .await?;
                }
                Some(_) => {}
            }
        }
        let outcome = if known.is_some() {
            Outcome::of(differs)
        } else {
            Outcome::Created
        };
        self.note(Kind::Plan, format!("{} > plan {name}", present.name), outcome, number);
        Ok(())
    }
}
