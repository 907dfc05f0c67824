//! The binary: starting, applying beside a running server, stopping.

use crate::support::{
    im::ticket,
    process::{Served, apply, client, homing, output},
};
use domain::{SdkAppId, time::SystemClock};
use serde_json::json;
use std::{os::unix::fs::PermissionsExt, time::Duration};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn apply_works_beside_a_running_server_and_changes_nothing_the_second_time() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path(), &[]).await;
    let description = json!({
        "root": { "name": "root", "password": "correct horse battery" },
        "products": [{
            "name": "Messenger", "access_point": "ap-guangzhou",
            "applications": [{ "platform": "android", "identifier": "com.example.chat" }],
        }],
        "im_applications": [{ "name": "Chat", "access_point": "ap-guangzhou", "administrators": ["administrator", "ops"] }],
        "authorisations": [{ "im_application": "Chat", "product": "Messenger", "platform": "android" }],
        "devices": [{
            "im_application": "Chat", "user": "bob", "platform": "android", "channel": "fcm",
            "identifier": "com.example.chat", "vendor_token": "bob-token",
        }],
    });
    let first = apply(folder.path(), &[], &description).await;
    let second = apply(folder.path(), &[], &description).await;
    assert_eq!(first, second);
    assert_eq!(
        first["im_applications"][0]["administrators"],
        json!(["administrator", "ops"])
    );
    assert_eq!(first["im_applications"][0]["key"].as_str().unwrap().len(), 64);
    assert_eq!(
        first["products"][0]["applications"][0]["secret_key"]
            .as_str()
            .unwrap()
            .len(),
        32
    );
    // The server sees the new IM application within its one-second look.
    let made = &first["im_applications"][0];
    let sdk_app_id = SdkAppId(made["sdk_app_id"].as_i64().unwrap());
    let usersig = ticket(
        sdk_app_id,
        made["key"].as_str().unwrap(),
        "administrator",
        &SystemClock,
        600,
    );
    let address = format!(
        "{}/v4/openim/sendmsg?sdkappid={sdk_app_id}&identifier=administrator&usersig={usersig}",
        served.url
    );
    let seen = async {
        loop {
            let answer: serde_json::Value = client()
                .post(&address)
                .body("{}")
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            match answer["ErrorCode"].as_u64().unwrap() {
                70009 => tokio::time::sleep(Duration::from_millis(50)).await,
                code => return code,
            }
        }
    };
    assert_eq!(
        tokio::time::timeout(Duration::from_secs(15), seen).await.unwrap(),
        90003
    );
}

#[tokio::test]
async fn a_stop_signal_ends_the_server_although_an_event_stream_is_open() {
    let folder = TempDir::new().unwrap();
    let mut command = homing(folder.path(), &[]);
    command
        .args(["account", "create-root", "owner"])
        .env("HOMING_PASSWORD", "twelve letters");
    assert!(output(command).await.status.success());
    let mut served = Served::start(folder.path(), &[]).await;
    let ready: serde_json::Value = client()
        .get(format!("{}/readyz", served.url))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(ready["dispatcher ap-guangzhou"], true);
    let form = [("name", "owner"), ("password", "twelve letters"), ("next", "/")];
    let sign_in = client().post(format!("{}/ui/session/sign-in", served.url)).form(&form);
    let cookie = sign_in.send().await.unwrap().headers()["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let mut events = client()
        .get(format!("{}/events", served.url))
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(events.status(), 200);
    assert!(events.chunk().await.unwrap().is_some(), "the stream is open");
    served.signal("TERM").await;
    // Well before open requests would be cut off.
    let ended = tokio::time::timeout(Duration::from_secs(8), served.child.wait()).await;
    assert_eq!(ended.expect("the stream is closed").unwrap().code(), Some(0));
}

#[tokio::test]
async fn a_connection_that_never_finishes_its_request_does_not_keep_the_server() {
    let folder = TempDir::new().unwrap();
    let mut served = Served::start(folder.path(), &[]).await;
    let mut idle = tokio::net::TcpStream::connect(served.url.trim_start_matches("http://"))
        .await
        .unwrap();
    idle.write_all(b"GET /login HTTP/1.1\r\n").await.unwrap();
    served.signal("TERM").await;
    let ended = tokio::time::timeout(Duration::from_secs(40), served.child.wait())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test]
async fn the_data_folder_and_the_master_key_are_for_their_owner_only() {
    let folder = TempDir::new().unwrap();
    let mut command = homing(folder.path(), &[]);
    command.arg("migrate");
    assert!(output(command).await.status.success());
    let mut command = homing(folder.path(), &[]);
    command
        .args(["account", "create-root", "owner"])
        .env("HOMING_PASSWORD", "twelve letters");
    assert!(output(command).await.status.success());
    let mode = |path: &str| {
        std::fs::metadata(folder.path().join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!((mode("data"), mode("data/master.key")), (0o700, 0o600));
    let mut command = homing(folder.path(), &[]);
    command
        .args(["account", "create-root", "owner"])
        .env("HOMING_PASSWORD", "twelve letters");
    let again = output(command).await;
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("taken already"));
}

#[tokio::test]
async fn what_keeps_the_server_from_starting_is_named() {
    let folder = TempDir::new().unwrap();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let cases = [
        ("HOMING_HTTP__LISTEN", address.as_str(), "http.listen"),
        ("HOMING_HTTP__LISTEN", "nonsense", "http.listen"),
        ("HOMING_DATA__MASTER_KEY", "abc", "data.master_key"),
        ("HOMING_DATA__CONTROL", "mysql://somewhere", "control"),
        ("HOMING_SESSION__IDLE_MINUTES", "100000", "session.idle_minutes"),
        ("HOMING_HTTP__LISTENN", "x", "listenn"),
    ];
    for (name, value, word) in cases {
        let mut command = homing(folder.path(), &[(name, value.to_owned())]);
        command.arg("serve");
        let refused = output(command).await;
        let said = String::from_utf8_lossy(&refused.stderr).to_lowercase();
        assert_eq!(refused.status.code(), Some(1), "{name}={value}: {said}");
        assert!(said.contains(word), "{name}={value}: {said}");
    }
    let mut command = homing(folder.path(), &[]);
    command.args(["--config", "nowhere.toml", "serve"]);
    assert!(String::from_utf8_lossy(&output(command).await.stderr).contains("nowhere.toml"));
}

#[tokio::test]
async fn a_healthcheck_without_a_server_fails() {
    let folder = TempDir::new().unwrap();
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut command = homing(folder.path(), &[("HOMING_HTTP__LISTEN", free.to_string())]);
    command.arg("healthcheck");
    assert_eq!(output(command).await.status.code(), Some(1));
}

#[tokio::test]
async fn statistics_are_rebuilt_from_the_command_line_which_ends_when_it_is_done() {
    let folder = TempDir::new().unwrap();
    let mut rebuild = homing(folder.path(), &[]);
    rebuild.args(["stats", "rebuild"]);
    let done = output(rebuild).await;
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success() && told.contains("ap-guangzhou: 0 deliveries counted"),
        "{told}"
    );
    // Somebody who still held a plane would keep every command and every stop of the server waiting for its writer.
    let complained = String::from_utf8_lossy(&done.stderr);
    assert!(!complained.contains("had not ended"), "{complained}");
    let mut elsewhere = homing(folder.path(), &[]);
    elsewhere.args(["stats", "rebuild", "--access-point", "nowhere"]);
    let refused = output(elsewhere).await;
    let complained = String::from_utf8_lossy(&refused.stderr);
    assert!(
        !refused.status.success() && complained.contains("no such service access point"),
        "{complained}"
    );
}
