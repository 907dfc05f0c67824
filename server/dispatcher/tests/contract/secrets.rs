//! No secret in what is recorded, logged or printed.

use crate::world::World;
use domain::{channel::Channel, parcel::Credential};
use simulator::{Cut, Filter, Rule};
use std::{
    fmt::Write as _,
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

/// A grant that was cut off: no JSON, but half a secret.
const CUT_GRANT: &str = r#"{"access_token":"ya29.half-a-secret"#;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Pieces of every secret that was used: keys, tokens made from them, access tokens.
fn secrets(world: &World) -> Vec<String> {
    let middle = |pem: &str| pem.lines().nth(2).unwrap().to_owned();
    let mut found = vec!["half-a-secret".to_owned()];
    for credential in [world.apns_token(), world.apns_certificate(), world.service_account()] {
        match &*credential.credential {
            Credential::ApnsToken { key, .. } => found.push(middle(key.reveal())),
            Credential::ApnsCertificate { pem, .. } => {
                found.push(middle(pem.reveal().split("PRIVATE KEY").nth(1).unwrap()));
            }
            Credential::Fcm { service_account, .. } => {
                let file: serde_json::Value = serde_json::from_str(service_account.reveal()).unwrap();
                found.push(middle(file["private_key"].as_str().unwrap()));
            }
            Credential::Huawei {
                app_secret: secret,
                service_account,
                ..
            } => {
                found.push(secret.reveal().to_owned());
                found.push(middle(service_account.reveal()));
            }
            Credential::Honor {
                client_secret: secret, ..
            }
            | Credential::Oppo {
                master_secret: secret, ..
            }
            | Credential::Xiaomi { app_secret: secret, .. }
            | Credential::Vivo { app_secret: secret, .. }
            | Credential::Meizu { app_secret: secret, .. } => found.push(secret.reveal().to_owned()),
        }
    }
    for record in world.simulator.inbox(&Filter::default()) {
        found.extend(
            record
                .headers
                .get("authorization")
                .and_then(|h| h.split_once(' '))
                .map(|(_, t)| t.to_owned()),
        );
        found.extend(
            record
                .body
                .split_once("assertion=")
                .map(|(_, assertion)| assertion.to_owned()),
        );
    }
    found
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::start().await;
    let mut printed = String::new();
    for rule in [
        None,
        Some((Rule::apns().reason("InvalidProviderToken"), Rule::fcm().status(401))),
        Some((Rule::apns().cut(Cut::After), Rule::oauth().cut(Cut::After))),
        Some((
            Rule::apns().status(500).body("<html>"),
            Rule::oauth().status(200).body(CUT_GRANT),
        )),
    ] {
        if let Some((apns, fcm)) = rule {
            world.script(apns.times(1));
            world.script(fcm.times(1));
        }
        for credential in [world.apns_token(), world.apns_certificate()] {
            let outcome = world
                .send(&world.apns, &credential, world.parcel(Channel::Apns, 1))
                .await;
            write!(printed, "{outcome:?} {credential:?}").unwrap();
        }
        let outcome = world.push_fcm(1).await;
        write!(printed, "{outcome:?} {:?}", world.service_account()).unwrap();
        world.advance_secs(3600);
    }
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.contains(" h2::"), "the log reaches down to the frames");
    printed += &logged;
    let secrets = secrets(&world);
    assert!(secrets.len() > 8, "there is something to look for");
    for secret in secrets {
        assert!(
            !printed.contains(&secret),
            "a secret was printed: {}…",
            &secret[..12.min(secret.len())]
        );
    }
    assert!(
        printed.contains("InvalidProviderToken"),
        "what is not secret is printed"
    );
}
