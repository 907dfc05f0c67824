//! Alarms.

use crate::{
    AccessId, AlarmId, RecipientId, Result, Secret,
    account::Actor,
    alarm::{
        AlarmView,
        recipient::{RecipientDraft, RecipientView, Recipients, Tested},
    },
};
use async_trait::async_trait;

/// The alarms of the applications that the actor may view, and those of the server for who may manage products.
#[async_trait]
pub trait Alarms: Send + Sync {
    /// Those that go on, the newest first, then the newest that ended.
    async fn list(&self, actor: &Actor) -> Result<Vec<AlarmView>>;
    /// How many go on that nobody has acknowledged.
    async fn waiting(&self, actor: &Actor) -> Result<u64>;
    /// Notes that the actor knows of one. Who was first stays. Needs the right to configure the application.
    async fn acknowledge(&self, actor: &Actor, access_id: AccessId, id: AlarmId) -> Result<()>;
    /// The same for one of the server. Needs the right to manage products.
    async fn acknowledge_server(&self, actor: &Actor, id: AlarmId) -> Result<()>;
}

/// Who is told of the alarms of a root account. All of it needs the right to manage products.
#[async_trait]
pub trait AlarmRecipients: Send + Sync {
    /// All of them, oldest first.
    async fn list(&self, actor: &Actor) -> Result<Recipients>;
    /// One of them.
    async fn get(&self, actor: &Actor, id: RecipientId) -> Result<RecipientView>;
    /// Makes one; one that is called is told nothing before it has a secret. A form that was used already answers what it made.
    async fn create(&self, actor: &Actor, draft: RecipientDraft, form_key: &str) -> Result<RecipientId>;
    /// Changes it. What waits goes to the new address.
    async fn change(&self, actor: &Actor, id: RecipientId, draft: RecipientDraft) -> Result<()>;
    /// Gives it a new secret, which is answered now and never again; the one before signs nothing more.
    async fn issue(&self, actor: &Actor, id: RecipientId) -> Result<Secret>;
    /// Tells it something made up, whatever the hour, and answers what came of it.
    async fn test(&self, actor: &Actor, id: RecipientId) -> Result<Tested>;
    /// Deletes it with what waits for it.
    async fn delete(&self, actor: &Actor, id: RecipientId) -> Result<()>;
}
