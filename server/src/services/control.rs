//! The services of the control plane, put together.

use super::{
    accounts::AccountService,
    api_keys::ApiKeyService,
    applications::ApplicationService,
    audit::AuditService,
    authorisations::AuthorisationService,
    basic_configs::BasicConfigService,
    credentials::CredentialService,
    directory::Directory,
    factors::FactorService,
    im_applications::ImApplicationService,
    links::LinkService,
    passkeys::PasskeyService,
    passwords::{Cost, Passwords},
    plans::{PlanCounts, PlanService},
    products::ProductService,
    provisioning::Provisioning,
    security::SecurityService,
    sub_accounts::SubAccountService,
};
use domain::{Result, time::Clock};
use std::sync::Arc;
use store::{control::Control, sessions::Sessions};

/// One of each. Doors take what they need as `Arc<dyn …>` of `domain::ports`.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each field is the service of its name")]
pub struct ControlServices {
    pub accounts: Arc<AccountService>,
    pub audit: Arc<AuditService>,
    pub security: Arc<SecurityService>,
    pub factors: Arc<FactorService>,
    pub passkeys: Arc<PasskeyService>,
    pub links: Arc<LinkService>,
    pub sub_accounts: Arc<SubAccountService>,
    pub products: Arc<ProductService>,
    pub applications: Arc<ApplicationService>,
    pub basic_configs: Arc<BasicConfigService>,
    pub im_applications: Arc<ImApplicationService>,
    pub api_keys: Arc<ApiKeyService>,
    pub authorisations: Arc<AuthorisationService>,
    pub plans: Arc<PlanService>,
    /// Call [`Directory::run`] beside the doors.
    pub directory: Arc<Directory>,
    /// For the dispatcher.
    pub credentials: Arc<CredentialService>,
    /// For `homing apply` only.
    pub provisioning: Arc<Provisioning>,
    /// For the session layer; call [`Sessions::sweep`] every few minutes.
    pub sessions: Sessions,
}

impl ControlServices {
    /// Puts them together over an opened control plane. Vendors reach this server at the origin `receipts_at`,
    /// people at `console_at`. Computes one password hash and reads the directory.
    pub async fn start(
        control: Control,
        cost: Cost,
        clock: Arc<dyn Clock>,
        counts: Arc<dyn PlanCounts>,
        receipts_at: &str,
        console_at: &str,
    ) -> Result<Self> {
        let control = control.dated_by(Arc::clone(&clock));
        let passwords = Arc::new(Passwords::new(cost, receipts_at)?);
        let directory = Arc::new(Directory::load(control.clone()).await?);
        let new_accounts = AccountService::new(control.clone(), Arc::clone(&passwords), Arc::clone(&clock));
        let accounts = Arc::new(new_accounts);
        let of = || (control.clone(), Arc::clone(&directory), Arc::clone(&clock));
        let (its_control, its_directory, its_clock) = of();
        let its_counts = Arc::clone(&counts);
        let basic_configs = BasicConfigService::new(its_control, its_directory, its_counts, its_clock, receipts_at);
        let authorisations = in_order(of(), AuthorisationService::new);
        let (its_control, its_directory, its_clock) = of();
        let credentials = CredentialService::new(its_control, its_directory, its_clock, receipts_at);
        let im_applications = ImApplicationService::new(control.clone(), Arc::clone(&directory), Arc::clone(&clock));
        let sessions = Sessions::new(control.connections().clone(), Arc::clone(&clock));
        let security = SecurityService::new(
            control.clone(),
            sessions.clone(),
            Arc::clone(&accounts),
            Arc::clone(&passwords),
        );
        let (its_accounts, its_clock) = (Arc::clone(&accounts), Arc::clone(&clock));
        let factors = FactorService::new(control.clone(), its_accounts, its_clock, receipts_at);
        let (its_accounts, its_clock) = (Arc::clone(&accounts), Arc::clone(&clock));
        let passkeys = PasskeyService::new(control.clone(), its_accounts, its_clock, console_at);
        let links = LinkService::new(control.clone(), Arc::clone(&passwords), Arc::clone(&clock));
        let provisioning = Provisioning::new(control.clone(), Arc::clone(&accounts));
        Ok(Self {
            audit: Arc::new(AuditService::new(control.clone())),
            sub_accounts: Arc::new(SubAccountService::new(control.clone(), passwords, Arc::clone(&clock))),
            products: Arc::new(ProductService::new(control.clone(), Arc::clone(&clock))),
            applications: Arc::new(ApplicationService::new(control.clone())),
            basic_configs: Arc::new(basic_configs),
            im_applications: Arc::new(im_applications),
            api_keys: Arc::new(in_order(of(), ApiKeyService::new)),
            authorisations: Arc::new(authorisations),
            plans: Arc::new(PlanService::new(control.clone(), counts, Arc::clone(&clock))),
            credentials: Arc::new(credentials),
            provisioning: Arc::new(provisioning),
            security: Arc::new(security),
            factors: Arc::new(factors),
            passkeys: Arc::new(passkeys),
            links: Arc::new(links),
            sessions,
            directory,
            accounts,
        })
    }
}

type Parts = (Control, Arc<Directory>, Arc<dyn Clock>);

fn in_order<T>((control, directory, clock): Parts, new: fn(Control, Arc<Directory>, Arc<dyn Clock>) -> T) -> T {
    new(control, directory, clock)
}
