//! Applications and their Basic Config.

use crate::{
    AccessId, CertificateId, Result, Secret,
    account::Actor,
    certificate::{CertificateView, Upload},
    channel::{Channel, ChannelChange, ChannelView},
    product::ApplicationView,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Application Information.
#[async_trait]
pub trait Applications: Send + Sync {
    /// The application of an Access ID, if the actor may view it.
    async fn get(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView>;
    /// Every application that the actor may view, for the switcher and the sub-account form.
    async fn list(&self, actor: &Actor) -> Result<Vec<ApplicationView>>;
    /// Gives it another name.
    async fn rename(&self, actor: &Actor, access_id: AccessId, name: &str) -> Result<()>;
    /// Deletes it, after its name was typed as `confirmation`.
    async fn delete(&self, actor: &Actor, access_id: AccessId, confirmation: &str) -> Result<()>;
    /// The Secret Key, after the actor's password was given again.
    async fn reveal_secret_key(&self, actor: &Actor, access_id: AccessId, password: &Secret) -> Result<Secret>;
}

/// What Basic Config shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct BasicConfig {
    /// The application.
    pub application: ApplicationView,
    /// Whether devices or an authorisation depend on the identifier (the warning before a change).
    pub identifier_in_use: bool,
    /// The vendor channels of the platform.
    pub channels: Vec<ChannelView>,
    /// The certificates in force.
    pub certificates: Vec<CertificateView>,
}

/// Basic Config.
#[async_trait]
pub trait BasicConfigs: Send + Sync {
    /// Everything on the page; secrets only as notes.
    async fn get(&self, actor: &Actor, access_id: AccessId) -> Result<BasicConfig>;
    /// Saves package name or Bundle ID.
    async fn save_identifier(&self, actor: &Actor, access_id: AccessId, identifier: &str) -> Result<()>;
    /// Saves a vendor channel's card.
    async fn save_channel(
        &self,
        actor: &Actor,
        access_id: AccessId,
        channel: Channel,
        change: ChannelChange,
    ) -> Result<()>;
    /// Checks a certificate or key and puts it in force; the one it replaces works until then.
    async fn upload(&self, actor: &Actor, access_id: AccessId, upload: Upload) -> Result<CertificateView>;
    /// Takes a certificate out of force.
    async fn remove_certificate(&self, actor: &Actor, access_id: AccessId, certificate: CertificateId) -> Result<()>;
}
