//! `homing account …`: letting somebody in again from the machine itself.

use crate::support::process::{Served, client, homing, output};
use std::path::Path;
use tempfile::TempDir;

const FIRST: &str = "twelve letters";
const NEW: &str = "the kettle sings at noon";

/// Runs `homing account …` and answers what it printed.
async fn account(folder: &Path, arguments: &[&str], password: &str) -> Result<String, String> {
    let mut command = homing(folder, &[]);
    command.arg("account").args(arguments).env("HOMING_PASSWORD", password);
    let done = output(command).await;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if done.status.success() {
        Ok(text(&done.stdout))
    } else {
        Err(text(&done.stderr))
    }
}

async fn signs_in(served: &Served, password: &str) -> bool {
    let form = [("name", "owner"), ("password", password), ("next", "/")];
    let asked = client().post(format!("{}/ui/session/sign-in", served.url));
    asked.form(&form).send().await.unwrap().status().is_success()
}

#[tokio::test]
async fn a_password_is_reset_beside_a_running_server() {
    let folder = TempDir::new().unwrap();
    account(folder.path(), &["create-root", "owner"], FIRST).await.unwrap();
    let served = Served::start(folder.path(), &[]).await;
    assert!(signs_in(&served, FIRST).await);
    let weak = account(folder.path(), &["reset-password", "owner"], "password1234").await;
    assert!(weak.unwrap_err().contains("is easy to guess"));
    let nobody = account(folder.path(), &["reset-password", "nobody"], NEW).await;
    assert!(nobody.unwrap_err().contains("there is no account nobody"));
    account(folder.path(), &["reset-password", "owner"], NEW).await.unwrap();
    assert!(!signs_in(&served, FIRST).await);
    assert!(signs_in(&served, NEW).await);
}

#[tokio::test]
async fn a_link_made_on_the_command_line_sets_a_password_once() {
    let folder = TempDir::new().unwrap();
    account(folder.path(), &["create-root", "owner"], FIRST).await.unwrap();
    let served = Served::start(folder.path(), &[]).await;
    let link = account(folder.path(), &["reset-link", "owner"], "").await.unwrap();
    let (_, token) = link.split_once("/set-password/").unwrap();
    assert_eq!(token.len(), 43, "{link}");
    let set = async || {
        let form = [("token", token), ("password", NEW), ("repeat", NEW)];
        let asked = client().post(format!("{}/ui/links/set-password", served.url));
        asked.form(&form).send().await.unwrap().status()
    };
    assert!(set().await.is_success());
    assert!(signs_in(&served, NEW).await);
    assert_eq!(set().await.as_u16(), 404, "used up");
    account(folder.path(), &["remove-factors", "owner"], "").await.unwrap();
    let verified = homing(folder.path(), &[])
        .args(["audit", "verify"])
        .output()
        .await
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
}
