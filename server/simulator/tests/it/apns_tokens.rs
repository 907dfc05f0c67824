//! Provider tokens and client certificates.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::KeyPair;
use simulator::{ApnsKey, ClientCertificate, Environment, Filter, Simulator, TOPIC, Vendor};

use crate::senders::{Apns, DEVICE, client_with_certificate, provider_token, signed, simulator, verdict};

/// Registers another key and returns its private half.
fn another_key(
    simulator: &Simulator,
    key_id: &str,
    team_id: &str,
    topics: &[&str],
    environments: &[Environment],
) -> String {
    let pair = KeyPair::generate().unwrap();
    let key = ApnsKey {
        key_id: key_id.to_owned(),
        team_id: team_id.to_owned(),
        public_key_pem: pair.public_key_pem(),
        topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
        environments: environments.to_vec(),
    };
    simulator.register_apns_key(key).unwrap();
    pair.serialize_pem()
}

async fn first_push(simulator: &Simulator, token: String) -> (u16, String) {
    Apns {
        token,
        ..Apns::new(simulator)
    }
    .send(DEVICE)
    .await
}

#[tokio::test]
async fn only_a_registered_key_with_a_right_signature_is_let_in() {
    let simulator = simulator().await;
    let own = simulator.credentials().unwrap().apns.clone();
    let now = simulator.now_ms() / 1000;
    let invalid = (403, "InvalidProviderToken".to_owned());
    let stranger = KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(
        first_push(&simulator, signed(&stranger, &own.key_id, &own.team_id, now)).await,
        invalid
    );
    assert_eq!(
        first_push(&simulator, signed(&own.p8, "UNKNOWNKEY", &own.team_id, now)).await,
        invalid
    );
    assert_eq!(
        first_push(&simulator, signed(&own.p8, &own.key_id, "OTHERTEAM1", now)).await,
        invalid
    );
    // Milliseconds in place of seconds.
    assert_eq!(
        first_push(&simulator, signed(&own.p8, &own.key_id, &own.team_id, now * 1000)).await,
        invalid
    );
    assert_eq!(
        first_push(&simulator, signed(&own.p8, &own.key_id, &own.team_id, now))
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn padded_base64_is_read_as_apple_reads_it() {
    let simulator = simulator().await;
    let padded: Vec<String> = provider_token(&simulator, 0)
        .split('.')
        .map(|part| STANDARD.encode(URL_SAFE_NO_PAD.decode(part).unwrap()))
        .collect();
    // The signature covers the text as sent, so only its own part may change its spelling.
    let mixed = provider_token(&simulator, 0);
    let (message, _) = mixed.rsplit_once('.').unwrap();
    let signature = STANDARD.encode(URL_SAFE_NO_PAD.decode(mixed.rsplit_once('.').unwrap().1).unwrap());
    assert_eq!(first_push(&simulator, format!("{message}.{signature}")).await.0, 200);
    assert_eq!(first_push(&simulator, padded.join(".")).await.0, 403);
}

#[tokio::test]
async fn a_token_lives_for_an_hour() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    simulator.advance_clock_ms(3_590_000);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    simulator.advance_clock_ms(20_000);
    assert_eq!(apns.send(DEVICE).await, (403, "ExpiredProviderToken".to_owned()));
    let fresh = Apns {
        token: provider_token(&simulator, 0),
        ..apns
    };
    assert_eq!(fresh.send(DEVICE).await.0, 200);
}

#[tokio::test]
async fn a_new_token_every_minute_is_too_often() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    let old = apns.token.clone();
    simulator.advance_clock_ms(60_000);
    let mut apns = Apns {
        token: provider_token(&simulator, 0),
        ..apns
    };
    assert_eq!(apns.send(DEVICE).await, (429, "TooManyProviderTokenUpdates".to_owned()));
    let fresh = std::mem::replace(&mut apns.token, old);
    assert_eq!(apns.send(DEVICE).await.0, 200, "the old one is still good");
    simulator.advance_clock_ms(20 * 60_000);
    apns.token = fresh;
    assert_eq!(apns.send(DEVICE).await.0, 200);
}

#[tokio::test]
async fn a_connection_belongs_to_its_first_team_and_key() {
    let simulator = simulator().await;
    let apns = Apns::new(&simulator);
    let now = simulator.now_ms() / 1000;
    let team = simulator.credentials().unwrap().apns.team_id.clone();
    let sister = another_key(&simulator, "SISTERKEY1", &team, &[], &[]);
    let foreign = another_key(&simulator, "FOREIGNKEY", "OTHERTEAM1", &[], &[]);
    assert_eq!(apns.send(DEVICE).await.0, 200);
    let apns = Apns {
        token: signed(&foreign, "FOREIGNKEY", "OTHERTEAM1", now),
        ..apns
    };
    assert_eq!(apns.send(DEVICE).await, (403, "InvalidProviderToken".to_owned()));
    let apns = Apns {
        token: signed(&sister, "SISTERKEY1", &team, now),
        ..apns
    };
    assert_eq!(apns.send(DEVICE).await, (403, "UnrelatedKeyIdInToken".to_owned()));
    assert_eq!(
        first_push(&simulator, apns.token).await.0,
        200,
        "on a connection of its own it is good"
    );
}

#[tokio::test]
async fn a_key_keeps_to_its_topics_and_its_environment() {
    let simulator = simulator().await;
    let now = simulator.now_ms() / 1000;
    let narrow = another_key(&simulator, "NARROWKEY1", "NARROWTEAM", &["com.example.other"], &[]);
    assert_eq!(
        first_push(&simulator, signed(&narrow, "NARROWKEY1", "NARROWTEAM", now)).await,
        (400, "TopicDisallowed".to_owned())
    );
    let sandbox = another_key(
        &simulator,
        "SANDBOXKEY",
        "SANDBOXTEA",
        &[TOPIC],
        &[Environment::Sandbox],
    );
    let token = signed(&sandbox, "SANDBOXKEY", "SANDBOXTEA", now);
    assert_eq!(
        first_push(&simulator, token).await,
        (403, "BadEnvironmentKeyIdInToken".to_owned())
    );
}

#[tokio::test]
async fn a_registered_certificate_needs_neither_token_nor_topic() {
    let simulator = simulator().await;
    let own = simulator.credentials().unwrap().apns_certificate.clone();
    let client = client_with_certificate(&simulator, &own.certificate_pem, &own.private_key_pem);
    let url = format!("{}/3/device/{DEVICE}", simulator.apns_url());
    let answer = client.post(&url).body("{}").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        simulator.inbox(&Filter::vendor(Vendor::Apns))[0].topic.as_deref(),
        Some(TOPIC)
    );
    let other = client
        .post(&url)
        .header("apns-topic", "com.example.other")
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(verdict(other).await, (400, "TopicDisallowed".to_owned()));

    let narrowed = ClientCertificate {
        fingerprint_sha256: Some(own.fingerprint_sha256.to_uppercase()),
        environments: vec![Environment::Sandbox],
        ..ClientCertificate::default()
    };
    simulator.register_client_certificate(narrowed).unwrap();
    let answer = client.post(&url).body("{}").send().await.unwrap();
    assert_eq!(verdict(answer).await, (403, "BadCertificateEnvironment".to_owned()));
}

#[tokio::test]
async fn a_certificate_nobody_registered_is_refused_with_a_reason() {
    let simulator = simulator().await;
    let key = KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["stranger.example".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let client = client_with_certificate(&simulator, &certificate.pem(), &key.serialize_pem());
    let url = format!("{}/3/device/{DEVICE}", simulator.apns_url());
    let answer = client
        .post(url)
        .header("apns-topic", TOPIC)
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(verdict(answer).await, (403, "BadCertificate".to_owned()));
}
