//! Basic Config. Files come by the door's own multipart routes; everything else is here.

use super::Outcome;
use crate::error::UiError;
use domain::{
    AccessId, CertificateId, PackageId, Secret,
    basic_config::PackageView,
    certificate::CertificateView,
    channel::{Channel, ChannelView},
    product::ApplicationView,
    quota::QuotaNotice,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{refuse, refuse_read, signed_in},
        flash::{Done, Typed},
    },
    domain::{
        Problem,
        channel::{Card, ChannelChange},
        ports::BasicConfig,
        problem::What,
    },
};

/// What Basic Config shows; secrets only as notes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ConfigView {
    /// The application.
    pub application: ApplicationView,
    /// Whether somebody depends on the identifier.
    pub identifier_in_use: bool,
    /// The vendor channels of the platform.
    pub channels: Vec<ChannelView>,
    /// The further package names.
    pub packages: Vec<PackageView>,
    /// Channels whose card holds something else than that of the IM application.
    pub differing: Vec<Channel>,
    /// The certificates in force.
    pub certificates: Vec<CertificateView>,
    /// What vendors say of spent quotas.
    pub quotas: Vec<QuotaNotice>,
}

/// One vendor channel, to be edited.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ChannelForm {
    /// The application.
    pub application: ApplicationView,
    /// The channel.
    pub view: ChannelView,
}

/// One certificate, to be removed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct StoredCertificate {
    /// The application.
    pub application: ApplicationView,
    /// The certificate.
    pub certificate: CertificateView,
}

/// The page.
#[server(prefix = "/ui", endpoint = "basic-configs/get", input = GetUrl)]
pub async fn get(access_id: AccessId) -> Result<ConfigView, UiError> {
    let config = read(access_id).await.map_err(refuse_read)?;
    Ok(ConfigView {
        application: config.application,
        identifier_in_use: config.identifier_in_use,
        channels: config.channels,
        packages: config.packages,
        differing: config.differing,
        certificates: config.certificates,
        quotas: config.quotas,
    })
}

/// One vendor channel of an application that the reader may configure.
#[server(prefix = "/ui", endpoint = "basic-configs/channel", input = GetUrl)]
pub async fn channel_to_edit(access_id: AccessId, channel: String) -> Result<ChannelForm, UiError> {
    let work = async {
        let config = to_configure(access_id).await?;
        let mut views = config.channels.into_iter();
        let view = views.find(|view| view.channel.name() == channel && view.channel != Channel::Apns);
        Ok(ChannelForm {
            application: config.application,
            view: view.ok_or(Problem::NotFound(What::VendorChannel))?,
        })
    };
    work.await.map_err(refuse_read)
}

/// The application for which a certificate is to be uploaded.
#[server(prefix = "/ui", endpoint = "basic-configs/upload", input = GetUrl)]
pub async fn upload_form(access_id: AccessId) -> Result<ApplicationView, UiError> {
    let work = async {
        let application = to_configure(access_id).await?.application;
        if application.platform.is_apple() {
            Ok(application)
        } else {
            Err(Problem::NotFound(What::Page))
        }
    };
    work.await.map_err(refuse_read)
}

/// One certificate.
#[server(prefix = "/ui", endpoint = "basic-configs/certificate", input = GetUrl)]
pub async fn certificate(access_id: AccessId, certificate: CertificateId) -> Result<StoredCertificate, UiError> {
    let work = async {
        let config = to_configure(access_id).await?;
        let found = config.certificates.into_iter().find(|view| view.id == certificate);
        Ok(StoredCertificate {
            application: config.application,
            certificate: found.ok_or(Problem::NotFound(What::Certificate))?,
        })
    };
    work.await.map_err(refuse_read)
}

/// Saves package name or Bundle ID.
#[server(prefix = "/ui", endpoint = "basic-configs/save-identifier")]
pub async fn save_identifier(access_id: AccessId, identifier: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend
            .basic_configs
            .save_identifier(&actor, access_id, &identifier)
            .await
    };
    match work.await {
        Ok(()) => Ok(done(page(access_id), Done::IdentifierSaved, identifier.trim()).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("identifier", identifier.as_str())]);
            Err(refuse("basic-configs/save-identifier", typed, problem).await)
        }
    }
}

/// Saves a vendor channel. The fields are those of [`Channel::fields`], each under its own name.
#[server(prefix = "/ui", endpoint = "basic-configs/save-channel")]
pub async fn save_channel(
    access_id: AccessId,
    #[server(default)] package: Option<PackageId>,
    channel: Channel,
    #[server(default)] enabled: String,
    #[server(flatten)] values: BTreeMap<String, Secret>,
) -> Result<Outcome, UiError> {
    let typed = typed_into(channel, &enabled, &values);
    let change = ChannelChange {
        enabled: enabled == "on",
        values,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        let package = package.unwrap_or(PackageId::MAIN);
        let card = Card { package, channel };
        backend
            .basic_configs
            .save_channel(&actor, access_id, card, change)
            .await
    };
    match work.await {
        Ok(()) => Ok(done(page(access_id), Done::ChannelSaved, channel.label()).await),
        Err(problem) => Err(refuse("basic-configs/save-channel", typed, problem).await),
    }
}

/// Takes a certificate out of force.
#[server(prefix = "/ui", endpoint = "basic-configs/remove-certificate")]
pub async fn remove_certificate(access_id: AccessId, certificate: CertificateId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend
            .basic_configs
            .remove_certificate(&actor, access_id, certificate)
            .await
    };
    match work.await {
        Ok(()) => Ok(done(page(access_id), Done::CertificateRemoved, "").await),
        Err(problem) => Err(refuse("basic-configs/remove-certificate", Typed::default(), problem).await),
    }
}

#[cfg(feature = "ssr")]
fn page(access_id: AccessId) -> String {
    crate::paths::Section::BasicConfig.of(access_id)
}

#[cfg(feature = "ssr")]
async fn read(access_id: AccessId) -> domain::Result<BasicConfig> {
    let (backend, actor) = signed_in()?;
    backend.basic_configs.get(&actor, access_id).await
}

/// As [`read`], refused with the missing right where the reader may only look.
#[cfg(feature = "ssr")]
pub(super) async fn to_configure(access_id: AccessId) -> domain::Result<BasicConfig> {
    let (_, actor) = signed_in()?;
    let config = read(access_id).await?;
    actor.require_on(domain::account::Action::Configure, config.application.id)?;
    Ok(config)
}

/// What may be shown again. The switch stands there even when it is off, so that it is known to have been typed.
#[cfg(feature = "ssr")]
pub(super) fn typed_into(channel: Channel, enabled: &str, values: &BTreeMap<String, Secret>) -> Typed {
    let fields = channel.fields().iter().filter(|field| !field.secret);
    let shown = fields.filter_map(|field| Some((field.name, values.get(field.name)?.reveal())));
    Typed::from_pairs(std::iter::once(("enabled", enabled)).chain(shown))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const BODY: &str = "access_id=1500000001&channel=oppo&enabled=on&app_key=k&master_secret=m+1&channel_id=";

    #[test]
    fn a_card_comes_with_its_fields_under_their_own_names() {
        let args: SaveChannel = serde_qs::Config::new(5, false).deserialize_str(BODY).expect("a form");
        assert_eq!((args.access_id, args.channel), (AccessId(1_500_000_001), Channel::Oppo));
        assert_eq!(args.package, None);
        let of_package = BODY.replace("&channel=", "&package=31&channel=");
        let of_package: SaveChannel = serde_qs::Config::new(5, false)
            .deserialize_str(&of_package)
            .expect("a form");
        assert_eq!(of_package.package, Some(PackageId(31)));
        assert_eq!(args.values.get("master_secret").map(Secret::reveal), Some("m 1"));
        let again = serde_qs::to_string(&args).expect("the same form");
        let again: SaveChannel = serde_qs::Config::new(5, false).deserialize_str(&again).expect("a form");
        assert_eq!(again.values, args.values);
    }

    #[test]
    fn a_switch_that_is_off_is_not_sent_and_secrets_are_not_shown_again() {
        let body = BODY.replace("&enabled=on", "");
        let args: SaveChannel = serde_qs::Config::new(5, false).deserialize_str(&body).expect("a form");
        let typed = typed_into(args.channel, &args.enabled, &args.values);
        assert_eq!(typed.first("enabled"), Some(""));
        assert_eq!(typed.first("app_key"), Some("k"));
        assert_eq!(typed.first("master_secret"), None);
    }
}
