//! A Huawei credential ready for use: the URLs of both interfaces, their tokens, the stored defaults.

use super::{
    account::{LIFE_SECS, ServiceAccount},
    is_plain_id,
    payload::Interface,
    settings::HuaweiSettings,
    wish::Defaults,
};
use crate::channels::{
    judgement::Judgement,
    oauth,
    shared::{Shared, digest},
    token::{Access, Grant, TokenCache},
    wire::{Caller, post_form},
};
use domain::{Secret, Timestamp, delivery::Verdict, parcel::Credential, time::Clock};
use reqwest::Url;
use std::sync::Arc;

/// Access tokens by the digest of what they are asked for with, so that applications with one credential share them.
pub(super) type Tokens = Shared<[u8; 32], TokenCache>;

/// A credential ready for use.
pub(super) struct Sender {
    pub(super) defaults: Defaults,
    hms: Way,
    harmony: Result<Way, Judgement>,
}

/// The way to the devices of one interface.
pub(super) struct Way {
    pub(super) url: Url,
    key: Key,
    tokens: Arc<TokenCache>,
}

enum Key {
    /// An access token is asked for.
    Client { url: Url, id: String, secret: Secret },
    /// A token is signed here.
    Account(Box<ServiceAccount>),
}

impl Sender {
    pub(super) fn new(settings: &HuaweiSettings, credential: &Credential, shared: &Tokens) -> Result<Self, Judgement> {
        let Credential::Huawei {
            app_id,
            app_secret,
            service_account,
            channel_id,
            category,
            badge_class,
        } = credential
        else {
            return Err(Judgement::unusable("this is a credential of another vendor"));
        };
        if !is_plain_id(app_id) {
            return Err(Judgement::unusable("the AppID is not one of Huawei's: digits only"));
        }
        let key = Key::Client {
            url: url(&settings.token_url, "oauth2/v3/token")?,
            id: app_id.clone(),
            secret: app_secret.clone(),
        };
        let margin = settings.wire.token_margin_secs;
        let cache = |parts: &[&str]| shared.get_or_make(digest(parts), || Ok::<_, Judgement>(TokenCache::new(margin)));
        Ok(Self {
            defaults: Defaults {
                channel_id: channel_id.clone(),
                category: category.clone(),
                badge_class: badge_class.clone(),
            },
            hms: Way {
                url: url(&settings.push_url, &format!("v1/{app_id}/messages:send"))?,
                key,
                tokens: cache(&[app_id, app_secret.reveal()])?,
            },
            harmony: match service_account.reveal() {
                "" => Err(no_service_account()),
                file => ServiceAccount::parse(file)
                    .map_err(|fault| Judgement::unusable(format!("the service account {fault}")))
                    .and_then(|account| {
                        Ok(Way {
                            url: url(&settings.push_url, &format!("v3/{}/messages:send", account.project_id))?,
                            key: Key::Account(Box::new(account)),
                            tokens: cache(&[file])?,
                        })
                    }),
            },
        })
    }

    /// The way to the devices of an interface. What lacks for one does not stand in the way of the other.
    pub(super) fn way(&self, interface: Interface) -> Result<&Way, Judgement> {
        match interface {
            Interface::Hms => Ok(&self.hms),
            Interface::Harmony => self.harmony.as_ref().map_err(Clone::clone),
        }
    }

    /// Whether devices with HarmonyOS 5 can be reached.
    pub(super) fn has_service_account(&self) -> bool {
        !matches!(&self.harmony, Err(judgement) if judgement.code == NO_ACCOUNT)
    }
}

const NO_ACCOUNT: &str = "no_service_account";

fn no_service_account() -> Judgement {
    let text = "devices with HarmonyOS 5 or later are reached by a service account only: create one for the project in \
                AppGallery Connect and add its JSON file to the Huawei channel";
    Judgement::local(Verdict::MessageRejected, NO_ACCOUNT, text)
}

fn url(base: &str, path: &str) -> Result<Url, Judgement> {
    Url::parse(&format!("{base}/{path}")).map_err(|_| Judgement::unusable("the AppID does not fit into a URL"))
}

impl Way {
    /// The access token in use, or a new one when it is the `refused` one.
    pub(super) async fn token(
        &self,
        caller: &Caller,
        refused: Option<&Arc<Access>>,
        clock: &dyn Clock,
    ) -> Result<Arc<Access>, Judgement> {
        self.tokens.get(refused, clock, self.ask(caller, clock.now())).await
    }

    async fn ask(&self, caller: &Caller, now: Timestamp) -> Result<Grant, Judgement> {
        match &self.key {
            Key::Client { url, id, secret } => {
                let fields = [
                    ("grant_type", "client_credentials"),
                    ("client_id", id),
                    ("client_secret", secret.reveal()),
                ];
                oauth::read(&caller.call(post_form(url, &fields)).await?, now)
            }
            Key::Account(account) => account
                .token(now)
                .and_then(|token| Grant::new(&format!("Bearer {token}"), LIFE_SECS))
                .ok_or_else(|| Judgement::unusable("the service account's key cannot sign")),
        }
    }
}
