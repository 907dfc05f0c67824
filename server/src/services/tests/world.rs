//! A world of its own for each test.

use crate::services::{control::ControlServices, passwords::Cost, plans::PlanCounts};
use async_trait::async_trait;
use domain::{
    AccessId, AccountId, ApplicationId, PlanId, ProductId, Result, SdkAppId, Secret, Timestamp,
    account::{Actor, Grants, NewRoot, Preset, SubAccountDraft},
    channel::{Channel, ChannelChange},
    delivery::Reason,
    im::NewImApplication,
    ports::{Accounts, Applications, ImApplications, Products, SubAccounts},
    product::{AccessPoint, ApplicationView, NewProduct, Platform},
    time::MockClock,
};
use migrations::{Control as Schema, MigratorTrait};
use std::{collections::HashMap, sync::Arc};
use store::{Connections, control::Control, vault::MasterKey};

pub(super) const NOW: Timestamp = Timestamp(1_795_000_000_000);
pub(super) const PASSWORD: &str = "correct horse battery";
pub(super) const HERE: &str = "ap-guangzhou";
pub(super) const RECEIPTS: &str = "https://push.example.com";
pub(super) const CONSOLE: &str = "https://push.example.com";
pub(super) const ELSEWHERE: &str = "ap-singapore";

/// The services over an empty database.
pub(super) struct World {
    pub services: ControlServices,
    pub control: Control,
    pub clock: Arc<MockClock>,
    _folder: tempfile::TempDir,
}

/// Counts 3 messages, 1 of them in the last day, and 7 deliveries to vivo held back for a spent quota, under plans of the
/// first access point.
struct Counts;

#[async_trait]
impl PlanCounts for Counts {
    async fn plan_messages(&self, access_point: &str, plans: &[PlanId]) -> Result<HashMap<PlanId, (u64, u64)>> {
        let counted = plans.iter().filter(|_| access_point == HERE);
        Ok(counted.map(|plan| (*plan, (3, 1))).collect())
    }

    async fn held_back(
        &self,
        access_point: &str,
        plans: &[PlanId],
        reason: Reason,
    ) -> Result<HashMap<(PlanId, Channel), u64>> {
        let counted = plans
            .iter()
            .filter(|_| access_point == HERE && reason == Reason::QuotaSpent);
        Ok(counted.map(|plan| ((*plan, Channel::Vivo), 7)).collect())
    }
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let connections = Connections::open_file(&folder.path().join("control.db"))
            .await
            .expect("opens");
        Schema::up(&connections.write, None).await.expect("migrates");
        let key = MasterKey::File(folder.path().join("master.key"));
        let opened = Control::open(connections, &key, vec![access_point(HERE), access_point(ELSEWHERE)]);
        let control = opened.await.expect("opens").control;
        let clock = Arc::new(MockClock::new(NOW));
        let started = ControlServices::start(
            control.clone(),
            Cost::cheapest(),
            clock.clone(),
            Arc::new(Counts),
            RECEIPTS,
            CONSOLE,
        );
        Self {
            services: started.await.expect("starts"),
            control,
            clock,
            _folder: folder,
        }
    }

    /// A root account that activated the service.
    pub async fn root(&self, name: &str) -> Actor {
        let root = NewRoot {
            name: name.into(),
            password: Secret::new(PASSWORD),
        };
        let account = self.services.accounts.create_root(root).await.expect("created");
        let actor = self.actor(account).await;
        self.services.accounts.activate(&actor).await.expect("activated");
        actor
    }

    /// A sub-account of a root account, as it is now.
    pub async fn sub(&self, root: &Actor, name: &str, on: &[(ApplicationId, Preset)]) -> Actor {
        let made = self.services.sub_accounts.create(root, draft(name, on)).await;
        self.actor(made.expect("created")).await
    }

    pub async fn actor(&self, account: AccountId) -> Actor {
        self.services
            .accounts
            .actor(account)
            .await
            .expect("answers")
            .expect("exists")
    }

    pub async fn product(&self, actor: &Actor, name: &str, access_point: &str, platforms: &[Platform]) -> ProductId {
        let new = new_product(name, access_point, platforms);
        self.services.products.create(actor, new).await.expect("created")
    }

    /// The application of a platform of a new product.
    pub async fn application(&self, actor: &Actor, name: &str, platform: Platform) -> ApplicationView {
        let product = self.product(actor, name, HERE, &[platform]).await;
        let view = self.services.products.get(actor, product).await.expect("exists");
        view.applications.into_iter().next().expect("one application")
    }

    pub async fn im(&self, actor: &Actor, name: &str) -> SdkAppId {
        self.im_at(actor, name, HERE).await
    }

    pub async fn im_at(&self, actor: &Actor, name: &str, access_point: &str) -> SdkAppId {
        let new = NewImApplication {
            name: name.into(),
            access_point: access_point.into(),
            form_key: String::new(),
        };
        self.services.im_applications.create(actor, new).await.expect("created")
    }

    pub async fn view(&self, actor: &Actor, access_id: AccessId) -> ApplicationView {
        self.services.applications.get(actor, access_id).await.expect("visible")
    }
}

fn access_point(id: &str) -> AccessPoint {
    AccessPoint {
        id: id.into(),
        name_en: id.into(),
        name_zh: id.into(),
        mainland: id == HERE,
        served: true,
    }
}

pub(super) fn draft(name: &str, on: &[(ApplicationId, Preset)]) -> SubAccountDraft {
    SubAccountDraft {
        name: name.into(),
        password: Secret::new(PASSWORD),
        grants: Grants::of(
            on.iter().map(|(id, preset)| (*id, preset.actions().iter().copied())),
            [],
        ),
    }
}

pub(super) fn new_product(name: &str, access_point: &str, platforms: &[Platform]) -> NewProduct {
    NewProduct {
        name: name.into(),
        category: "social".into(),
        access_point: access_point.into(),
        platforms: platforms.iter().map(|p| p.name().to_owned()).collect(),
        form_key: String::new(),
    }
}

pub(super) fn card(enabled: bool, values: &[(&str, &str)]) -> ChannelChange {
    ChannelChange {
        enabled,
        values: values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Secret::new(*value)))
            .collect(),
    }
}
