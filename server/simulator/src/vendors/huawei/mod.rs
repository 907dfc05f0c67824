//! Huawei Push Kit: HMS v1 and v2, HarmonyOS v3, and the token endpoint, on one listener (vendors' reference, section 3).
//!
//! `oauth` hands out access tokens, `service_account` checks the tokens of v3, `android` and `harmony` read the two
//! bodies, `send` is what both come to, `codes` writes Huawei's answers.

mod android;
mod codes;
mod harmony;
mod oauth;
mod send;
mod service_account;

use bytes::Bytes;
use http::Method;
use http::request::Parts;

use crate::application::Application;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Desk};
use crate::world::World;

/// Huawei at its desk.
pub(crate) const DESK: Desk = Desk {
    vendor: Vendor::Huawei,
    read,
    coded: codes::coded,
};

/// The token endpoint, as the address list shows it.
pub(crate) const TOKEN_PATH: &str = "/oauth2/v3/token";

fn read(world: &World, head: &Parts, body: &Bytes) -> Call {
    let path = head.uri.path();
    if head.method != Method::POST {
        return Call::refused(Answer::empty(404));
    }
    if matches!(path, TOKEN_PATH | "/oauth2/v2/token") {
        return oauth::read(head, body);
    }
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("v1"), Some(app_id), Some("messages:send")) => {
            android::read(android::Scope::Application, app_id, head, body)
        }
        (Some("v2"), Some(project), Some("messages:send")) => Call {
            application: by_project(world, project),
            ..android::read(android::Scope::Project, project, head, body)
        },
        (Some("v3"), Some(project), Some("messages:send")) => Call {
            application: by_project(world, project),
            ..harmony::read(project, head, body)
        },
        _ => Call::refused(Answer::empty(404)),
    }
}

/// The id of the application of a project.
fn by_project(world: &World, project: &str) -> Option<String> {
    let own = |application: &Application| application.project_id.as_deref() == Some(project);
    let application = world.registry.application_where(Vendor::Huawei, own)?;
    Some(application.id.clone())
}
