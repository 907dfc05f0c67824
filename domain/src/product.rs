//! Products and applications (tpns-and-im 1.1 to 1.3).

use crate::{AccessId, ApplicationId, ProductId, Timestamp, account::Action, page::PageRequest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

macro_rules! named_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, Debug)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// All of them, in the order they are listed.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name in the database, in URLs and in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads the stable name back.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use named_enum;

named_enum! {
    /// The platform of an application.
    Platform {
        /// Android, through the vendor channels.
        Android = "android",
        /// iOS, through APNs.
        Ios = "ios",
        /// macOS, through APNs.
        Macos = "macos",
    }
}

impl Platform {
    /// The first two digits of an Access ID of this platform.
    pub const fn access_id_prefix(self) -> i64 {
        match self {
            Self::Android => 15,
            Self::Ios => 16,
            Self::Macos => 17,
        }
    }

    /// Whether Apple's rules hold: Bundle ID and push certificate instead of package name and vendor channels.
    pub const fn is_apple(self) -> bool {
        matches!(self, Self::Ios | Self::Macos)
    }
}

named_enum! {
    /// What a product is about. The original's list is not documented; this one is ours.
    #[expect(missing_docs, reason = "the names say it")]
    Category {
        Social = "social",
        Communication = "communication",
        News = "news",
        Shopping = "shopping",
        Finance = "finance",
        Games = "games",
        Education = "education",
        Entertainment = "entertainment",
        Travel = "travel",
        Health = "health",
        Business = "business",
        Tools = "tools",
        Other = "other",
    }
}

named_enum! {
    /// What an application has been enabled for.
    ServiceDetails {
        /// Nothing yet: authorise it to an IM application.
        NotEnabled = "not_enabled",
        /// Pushing for an authorised IM application, free of charge.
        ImPushOnly = "im_push_only",
        /// All kinds of pushes; reserved for a later version.
        FullPush = "full_push",
    }
}

named_enum! {
    /// Whether an application works.
    ApplicationStatus {
        /// It can register devices and push.
        InUse = "in_use",
        /// Switched off by an operator.
        Disabled = "disabled",
    }
}

/// A service access point: where the data of a product is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct AccessPoint {
    /// The identifier, such as `ap-guangzhou`.
    pub id: String,
    /// The English name shown, such as `Guangzhou`.
    pub name_en: String,
    /// The Chinese name shown.
    pub name_zh: String,
    /// Whether it is meant for services inside the Chinese mainland (the hint on the form).
    pub mainland: bool,
    /// Whether this node serves it.
    pub served: bool,
}

/// Create Product: field names `name`, `category`, `access_point`, `platforms`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct NewProduct {
    /// 1 to 60 characters, unique in the account.
    pub name: String,
    /// A [`Category`] by name.
    pub category: String,
    /// The identifier of a service access point; cannot be changed later.
    pub access_point: String,
    /// [`Platform`]s by name; each creates an application.
    pub platforms: Vec<String>,
    /// The form's one-time key: a second submit of the same form makes nothing new.
    pub form_key: String,
}

/// Edit of a product: field names `name`, `category`.
#[derive(Clone, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "as in NewProduct")]
pub struct ProductChange {
    pub name: String,
    pub category: String,
}

/// How the product list is asked for; all of it stands in the query string.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct ProductQuery {
    /// Part of a product's or application's name, or an Access ID.
    pub search: String,
    /// The order.
    pub sort: ProductSort,
    /// Which page.
    pub page: PageRequest,
}

named_enum! {
    /// Orders of the product list.
    #[derive(Default)]
    ProductSort {
        /// Newest first.
        #[default]
        Newest = "newest",
        /// Oldest first.
        Oldest = "oldest",
        /// By name.
        Name = "name",
        /// By name, backwards.
        NameDescending = "name_desc",
    }
}

/// A product with its applications, as the list shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the list")]
pub struct ProductView {
    pub id: ProductId,
    pub name: String,
    pub category: Category,
    pub access_point: AccessPoint,
    pub created_at: Timestamp,
    /// By platform, in the order of [`Platform::ALL`]; a sub-account sees only its own.
    pub applications: Vec<ApplicationView>,
}

impl ProductView {
    /// The platforms for which an application can still be added.
    pub fn free_platforms(&self) -> Vec<Platform> {
        let taken = |p: &Platform| self.applications.iter().any(|a| a.platform == *p);
        Platform::ALL.iter().copied().filter(|p| !taken(p)).collect()
    }
}

/// An application without its secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct ApplicationView {
    pub id: ApplicationId,
    pub product: ProductId,
    pub product_name: String,
    pub name: String,
    pub platform: Platform,
    pub access_id: AccessId,
    /// The client SDK's key; not secret.
    pub access_key: String,
    /// The last four characters of the Secret Key.
    pub secret_key_hint: String,
    /// Package name or Bundle ID, once set.
    pub identifier: Option<String>,
    pub status: ApplicationStatus,
    pub service_details: ServiceDetails,
    /// The IM application it is authorised to.
    pub im_application: Option<String>,
    pub access_point: AccessPoint,
    pub created_at: Timestamp,
    /// Whole days until the first of its certificates in force ends, negative once it has; told by lists of products.
    pub days_left: Option<i64>,
    /// What the reader may do with it.
    pub rights: BTreeSet<Action>,
}

impl ApplicationView {
    /// Whether the console should offer an action on it; the server checks again.
    pub fn may(&self, action: Action) -> bool {
        self.rights.contains(&action)
    }
}

/// Add Application: field names `platform`, `name`.
#[derive(Clone, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct NewApplication {
    pub product: ProductId,
    pub platform: String,
    pub name: String,
}
