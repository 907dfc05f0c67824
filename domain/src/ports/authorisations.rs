//! IM applications and Third-party Authorization.

use crate::{
    ApplicationId, AuthorisationId, ProductId, Result, SdkAppId, Secret,
    account::Actor,
    authorisation::{AuthorisationChoices, AuthorisationPage},
    channel::{Channel, ChannelChange},
    im::{ImApplicationView, ImChannel, NewImApplication},
};
use async_trait::async_trait;

/// The IM Applications page.
#[async_trait]
pub trait ImApplications: Send + Sync {
    /// All of the tenant, newest first.
    async fn list(&self, actor: &Actor) -> Result<Vec<ImApplicationView>>;
    /// One of them.
    async fn get(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<ImApplicationView>;
    /// Creates one, enabled, with `administrator` as its administrator.
    async fn create(&self, actor: &Actor, new: NewImApplication) -> Result<SdkAppId>;
    /// Enables or disables it.
    async fn set_enabled(&self, actor: &Actor, sdk_app_id: SdkAppId, enabled: bool) -> Result<()>;
    /// Replaces its administrators: 1 to 10 `UserID`s.
    async fn set_administrators(&self, actor: &Actor, sdk_app_id: SdkAppId, names: Vec<String>) -> Result<()>;
    /// Its vendor channels: what every authorised application follows.
    async fn channels(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Vec<ImChannel>>;
    /// Saves a vendor channel's card, and with it those of the authorised applications that hold what it held.
    async fn save_channel(
        &self,
        actor: &Actor,
        sdk_app_id: SdkAppId,
        channel: Channel,
        change: ChannelChange,
    ) -> Result<()>;
    /// Deletes it, when disabled and not authorised, after its name was typed as `confirmation`.
    async fn delete(&self, actor: &Actor, sdk_app_id: SdkAppId, confirmation: &str) -> Result<()>;
    /// The key.
    async fn reveal_key(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Secret>;
}

/// Third-party Authorization of a product.
#[async_trait]
pub trait Authorisations: Send + Sync {
    /// What the page shows.
    async fn page(&self, actor: &Actor, product: ProductId) -> Result<AuthorisationPage>;
    /// What Add Authorization offers.
    async fn choices(&self, actor: &Actor) -> Result<AuthorisationChoices>;
    /// Authorises an IM application to an application, with all effects in one transaction.
    async fn add(&self, actor: &Actor, sdk_app_id: SdkAppId, application: ApplicationId) -> Result<AuthorisationId>;
    /// Takes an authorisation back; plan and history stay, inactive.
    async fn revoke(&self, actor: &Actor, authorisation: AuthorisationId) -> Result<()>;
    /// Notes that the actor closed the information dialog.
    async fn acknowledge_introduction(&self, actor: &Actor) -> Result<()>;
}
