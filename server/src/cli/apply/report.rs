//! What `homing apply` prints: the numbers and keys of everything in the file, in the file's order.

use domain::{
    AccessId, AccountId, ApplicationId, AuthorisationId, PlanId, ProductId, SdkAppId, account::Actor, product::Platform,
};
use serde::Serialize;

/// The whole report. It holds keys: it is for the operator's eyes.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the names are those of the description")]
pub struct Report {
    pub root: Root,
    pub products: Vec<Product>,
    pub im_applications: Vec<ImApplication>,
    pub authorisations: Vec<Authorisation>,
    pub sub_accounts: Vec<SubAccount>,
    pub devices: Vec<Device>,
}

impl Report {
    /// A report of nothing yet.
    pub fn of(actor: &Actor) -> Self {
        Self {
            root: Root {
                id: actor.account,
                name: actor.name.clone(),
            },
            products: Vec::new(),
            im_applications: Vec::new(),
            authorisations: Vec::new(),
            sub_accounts: Vec::new(),
            devices: Vec::new(),
        }
    }
}

macro_rules! rows {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty,)+ })+) => {$(
        $(#[$meta])*
        #[derive(Serialize)]
        #[expect(missing_docs, reason = "the names are those of the description")]
        pub struct $name { $(pub $field: $type,)+ }
    )+};
}

rows! {
    /// The root account.
    Root { id: AccountId, name: String, }
    /// A product.
    Product { id: ProductId, name: String, access_point: String, applications: Vec<Application>, }
    /// An application with its keys.
    Application {
        id: ApplicationId,
        name: String,
        platform: Platform,
        access_id: AccessId,
        access_key: String,
        secret_key: String,
        identifier: Option<String>,
        packages: Vec<String>,
        certificates: Vec<String>,
    }
    /// An IM application with its key.
    ImApplication {
        sdk_app_id: SdkAppId,
        name: String,
        access_point: String,
        administrators: Vec<String>,
        key: String,
    }
    /// An authorisation and the plan "IM message" it made.
    Authorisation { id: AuthorisationId, sdk_app_id: SdkAppId, access_id: AccessId, plan: PlanId, }
    /// A sub-account.
    SubAccount { id: AccountId, name: String, sign_in_name: String, }
    /// A device with its token of 36 characters.
    Device { sdk_app_id: SdkAppId, user: String, token: String, authorised: bool, }
}
