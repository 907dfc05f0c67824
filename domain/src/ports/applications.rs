//! Applications and their Basic Config.

use crate::{
    AccessId, CertificateId, MessageId, PackageId, PlanId, Result, Secret,
    account::Actor,
    basic_config::{BasicConfig, PackageUse},
    certificate::{CertificateView, Upload},
    channel::{Card, Channel, ChannelChange, Verification},
    product::ApplicationView,
    receipt::TestTarget,
};
use async_trait::async_trait;

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
    /// The Secret Key.
    async fn reveal_secret_key(&self, actor: &Actor, access_id: AccessId) -> Result<Secret>;
}

/// A test message on its way: where its trace is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub struct TestSent {
    pub plan: PlanId,
    pub message: MessageId,
}

/// Seeing a channel work before the first message depends on it.
#[async_trait]
pub trait ChannelChecks: Send + Sync {
    /// Asks the vendor whether the credential works, without showing anything to anybody, and stores what it said. One
    /// answer per environment that has a credential. Where it works, a paused lane goes on.
    async fn verify(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<Vec<Verification>>;
    /// Sends a test message through the channel, as a message of the IM application would go, to the devices of a user
    /// or to one device.
    async fn send_test(&self, actor: &Actor, target: TestTarget) -> Result<TestSent>;
}

/// Basic Config.
#[async_trait]
pub trait BasicConfigs: Send + Sync {
    /// Everything on the page; secrets only as notes.
    async fn get(&self, actor: &Actor, access_id: AccessId) -> Result<BasicConfig>;
    /// Saves package name or Bundle ID.
    async fn save_identifier(&self, actor: &Actor, access_id: AccessId, identifier: &str) -> Result<()>;
    /// Saves a vendor channel's card.
    async fn save_channel(&self, actor: &Actor, access_id: AccessId, card: Card, change: ChannelChange) -> Result<()>;
    /// Removes the keys of a card; what waits to be sent with them waits for others, within its time to live.
    async fn remove_channel(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<()>;
    /// Puts what the authorised IM application has for a vendor channel in the place of what the card holds.
    async fn take_over(&self, actor: &Actor, access_id: AccessId, channel: Channel) -> Result<()>;
    /// Checks a certificate or key and puts it in force; the one it replaces works until then.
    async fn upload(&self, actor: &Actor, access_id: AccessId, upload: Upload) -> Result<CertificateView>;
    /// Takes a certificate out of force.
    async fn remove_certificate(&self, actor: &Actor, access_id: AccessId, certificate: CertificateId) -> Result<()>;
}

/// The package names of an Android application beside its own.
#[async_trait]
pub trait Packages: Send + Sync {
    /// Adds one. Refused when the application has it already, or has as many as it may have.
    async fn add(&self, actor: &Actor, access_id: AccessId, name: &str) -> Result<PackageId>;
    /// What depends on one, for the warning before it is removed.
    async fn get(&self, actor: &Actor, access_id: AccessId, package: PackageId) -> Result<PackageUse>;
    /// Removes one with its vendor keys; what waits to be sent with them ends for want of a credential.
    async fn remove(&self, actor: &Actor, access_id: AccessId, package: PackageId) -> Result<()>;
}
