//! Users of an IM application, as its back end records and asks for them.

use super::{directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    Problem, Result, SdkAppId, field,
    ports::{ImUsers, OnlineStatus},
    problem::Faults,
};
use std::sync::Arc;

/// Users over the data planes.
#[derive(Debug)]
pub struct ImUserService {
    directory: Arc<Directory>,
    planes: Arc<Planes>,
}

impl ImUserService {
    /// Users of the directory's IM applications.
    pub fn new(directory: Arc<Directory>, planes: Arc<Planes>) -> Self {
        Self { directory, planes }
    }
}

#[async_trait]
impl ImUsers for ImUserService {
    async fn import(&self, sdk_app_id: SdkAppId, user: &str, nickname: &str) -> Result<()> {
        let (_, plane) = self.planes.of(&self.directory, sdk_app_id)?;
        let user = field::user_id(user).map_err(|fault| Problem::field("UserID", fault))?;
        plane.import_user(sdk_app_id, &user, nickname).await.map_err(refuse)
    }

    async fn online_status(&self, sdk_app_id: SdkAppId, users: Vec<String>) -> Result<Vec<OnlineStatus>> {
        let (_, plane) = self.planes.of(&self.directory, sdk_app_id)?;
        let mut faults = Faults::default();
        for user in &users {
            faults.check("To_Account", field::user_id(user));
        }
        faults.finish()?;
        plane.online_status(sdk_app_id, users).await.map_err(refuse)
    }
}
