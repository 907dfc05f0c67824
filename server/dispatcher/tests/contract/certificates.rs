//! Uploads: what is read off good ones, and the fault of each bad one.

use crate::push_certificate::{Push, TOPIC, p12};
use dispatcher::certificates::{FcmFacts, StoredForm, apple_id, inspect, service_account};
use domain::{
    Secret, Timestamp,
    certificate::{
        CertificateFacts, CertificateFault, CertificateKind,
        Environment::{Production, Sandbox},
        Upload,
    },
    field::{FieldFault, Format},
    parcel::Credential,
};
use p12_keystore::{EncryptionAlgorithm, MacAlgorithm};
use serde_json::json;

/// Within every certificate's validity here: 2027-01-15.
const NOW: Timestamp = Timestamp(1_800_000_000_000);

type Judged = Result<(CertificateFacts, StoredForm), CertificateFault>;

fn upload(file: Vec<u8>) -> Upload {
    Upload::P12 {
        file,
        password: Secret::new("correct"),
        environments: vec![],
    }
}

fn judge(file: Vec<u8>) -> Judged {
    inspect(&upload(file), Some(TOPIC), NOW)
}

fn fault(judged: Judged) -> CertificateFault {
    judged.map(|(facts, _)| facts).unwrap_err()
}

fn modern(push: &Push) -> Vec<u8> {
    let (certificate, key) = push.make();
    p12(
        &certificate,
        &key,
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        MacAlgorithm::HmacSha256,
    )
}

#[test]
fn a_universal_certificate_shows_what_it_is_good_for() {
    let (facts, stored) = judge(modern(&Push::default())).unwrap();
    assert_eq!((facts.kind, facts.bundle.as_str()), (CertificateKind::P12, TOPIC));
    assert_eq!(facts.subject, "Apple Push Services: com.example.chat");
    assert_eq!(facts.issuer, facts.subject, "self-signed");
    assert_eq!(facts.environments, [Production, Sandbox]);
    assert_eq!(facts.not_before, Some(Timestamp::from_secs(1_767_225_600)));
    assert_eq!(facts.not_after, Some(Timestamp::from_secs(1_830_297_600)));
    assert_eq!(facts.fingerprint.len(), 59);
    let Credential::ApnsCertificate { pem, topic } = stored.credential(TOPIC) else {
        panic!("{stored:?}")
    };
    assert_eq!(topic, TOPIC);
    assert_eq!(pem.reveal().matches("BEGIN CERTIFICATE").count(), 1);
    assert!(pem.reveal().ends_with("-----END PRIVATE KEY-----\n"));
    assert!(!format!("{stored:?}").contains("PRIVATE"));
}

#[test]
fn the_legacy_forms_are_read() {
    let fixture = include_bytes!("fixtures/rc2-40.p12").to_vec();
    let (facts, _) = judge(fixture).unwrap();
    assert_eq!(
        facts.fingerprint, "C2:DC:DA:D1:70:E0:A1:30:A8:A3:34:44:C0:C7:E1:DC:3C:3A:F3:CF",
        "as openssl prints it"
    );
    let (certificate, key) = Push::default().make();
    for encryption in [
        EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
        EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
    ] {
        assert!(
            judge(p12(&certificate, &key, encryption, MacAlgorithm::HmacSha1)).is_ok(),
            "{encryption:?}"
        );
    }
}

#[test]
fn a_file_that_asks_for_millions_of_rounds_is_not_opened() {
    let fixture = include_bytes!("fixtures/million-rounds.p12").to_vec();
    assert_eq!(fault(judge(fixture)), CertificateFault::Unreadable);
}

#[test]
fn each_bad_file_has_its_own_fault() {
    assert_eq!(fault(judge(vec![])), CertificateFault::Empty);
    let (certificate, key) = Push::default().make();
    for other in [
        b"hello".to_vec(),
        certificate.pem().into_bytes(),
        certificate.der().to_vec(),
        vec![0x30],
    ] {
        assert_eq!(fault(judge(other)), CertificateFault::NotP12);
    }
    let good = modern(&Push::default());
    assert_eq!(
        fault(judge(good[..good.len() / 2].to_vec())),
        CertificateFault::Unreadable,
        "cut off"
    );
    let wrong = Upload::P12 {
        file: good,
        password: Secret::new("wrong"),
        environments: vec![],
    };
    assert_eq!(
        fault(inspect(&wrong, Some(TOPIC), NOW)),
        CertificateFault::WrongPassword
    );
    let (_, stranger) = Push::default().make();
    let (encryption, mac) = (
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        MacAlgorithm::HmacSha256,
    );
    assert_eq!(
        fault(judge(p12(&certificate, &stranger, encryption, mac))),
        CertificateFault::KeyDiffers
    );
    assert!(judge(p12(&certificate, &key, encryption, mac)).is_ok());
}

#[test]
fn each_bad_certificate_has_its_own_fault() {
    let ordinary = Push {
        topics: vec![],
        flags: vec![],
        ..Push::default()
    };
    assert_eq!(fault(judge(modern(&ordinary))), CertificateFault::NotForPush);
    let other = CertificateFault::OtherBundle {
        certificate: TOPIC.into(),
        application: "com.example.other".into(),
    };
    let file = modern(&Push::default());
    assert_eq!(
        fault(inspect(&upload(file.clone()), Some("com.example.other"), NOW)),
        other
    );
    assert_eq!(
        fault(inspect(&upload(file.clone()), None, NOW)),
        CertificateFault::NoBundle
    );
    let (before, after) = (Timestamp::from_secs(1_767_225_600), Timestamp::from_secs(1_830_297_600));
    let at = |now| inspect(&upload(file.clone()), Some(TOPIC), now);
    assert_eq!(
        fault(at(before.plus_ms(-1))),
        CertificateFault::NotYetValid { not_before: before }
    );
    assert!(at(before).is_ok());
    assert!(at(after.plus_ms(-1)).is_ok());
    assert_eq!(fault(at(after)), CertificateFault::Expired { not_after: after });
}

#[test]
fn a_certificate_serves_only_its_own_environment() {
    let sandbox = modern(&Push {
        flags: vec![1],
        topics: vec![],
        ..Push::default()
    });
    let ask = |environments| Upload::P12 {
        file: sandbox.clone(),
        password: Secret::new("correct"),
        environments,
    };
    let (facts, _) = inspect(&ask(vec![]), Some(TOPIC), NOW).unwrap();
    assert_eq!(facts.environments, [Sandbox]);
    let refused = CertificateFault::OtherEnvironment {
        certificate: vec![Sandbox],
    };
    assert_eq!(fault(inspect(&ask(vec![Production]), Some(TOPIC), NOW)), refused);
    assert_eq!(
        fault(inspect(&ask(vec![Sandbox, Production]), Some(TOPIC), NOW)),
        refused
    );
    let universal = Upload::P12 {
        file: modern(&Push::default()),
        password: Secret::new("correct"),
        environments: vec![Sandbox],
    };
    assert_eq!(inspect(&universal, Some(TOPIC), NOW).unwrap().0.environments, [Sandbox]);
}

#[test]
fn the_earlier_fault_is_told_first() {
    let expired_for_other_bundle = modern(&Push {
        not_after: (2026, 2, 1),
        ..Push::default()
    });
    let judged = inspect(&upload(expired_for_other_bundle), Some("com.example.other"), NOW);
    assert!(matches!(fault(judged), CertificateFault::OtherBundle { .. }));
}

fn p8(file: &str, key_id: &str) -> Upload {
    Upload::P8 {
        file: file.into(),
        key_id: key_id.into(),
        team_id: "TEAM123456".into(),
        environments: vec![Sandbox],
    }
}

#[test]
fn a_team_s_key_is_read_and_signs() {
    let pem = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let (facts, stored) = inspect(&p8(&pem, " KEY1234567 "), Some(TOPIC), NOW).unwrap();
    assert_eq!(
        (facts.kind, facts.subject.as_str(), facts.issuer.as_str()),
        (CertificateKind::P8, "KEY1234567", "TEAM123456")
    );
    assert_eq!((facts.environments, facts.not_after), (vec![Sandbox], None));
    let Credential::ApnsToken {
        key_id, team_id, topic, ..
    } = stored.credential(TOPIC)
    else {
        panic!("{stored:?}")
    };
    assert_eq!(
        (key_id.as_str(), team_id.as_str(), topic.as_str()),
        ("KEY1234567", "TEAM123456", TOPIC)
    );
    let kept: StoredForm = serde_json::from_str(&serde_json::to_string(&stored).unwrap()).unwrap();
    assert_eq!(kept, stored, "the encrypted record gives back what was put in");
}

#[test]
fn what_is_no_p256_key_is_no_p8() {
    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let rsa = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let good = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let cut = good.replace("-----END PRIVATE KEY-----", "");
    for file in [&p384.serialize_pem(), &rsa.serialize_pem(), "hello", &cut] {
        assert_eq!(
            fault(inspect(&p8(file, "KEY1234567"), Some(TOPIC), NOW)),
            CertificateFault::NotP8
        );
    }
    assert_eq!(
        fault(inspect(&p8("\n ", "KEY1234567"), Some(TOPIC), NOW)),
        CertificateFault::Empty
    );
    assert_eq!(
        fault(inspect(&p8(&good, "short"), Some(TOPIC), NOW)),
        CertificateFault::NotP8
    );
    assert_eq!(
        fault(inspect(&p8(&good, "KEY1234567"), None, NOW)),
        CertificateFault::NoBundle
    );
}

#[test]
fn apple_s_ids_have_ten_capital_letters_and_digits() {
    assert_eq!(apple_id(" A1B2C3D4E5 "), Ok("A1B2C3D4E5".into()));
    assert_eq!(apple_id(""), Err(FieldFault::Required));
    for wrong in ["a1b2c3d4e5", "A1B2C3D4E", "A1B2C3D4E56", "A1B2-3D4E5", "ÄÄÄÄÄ"] {
        assert_eq!(
            apple_id(wrong),
            Err(FieldFault::Format(Format::TenCharacters)),
            "{wrong}"
        );
    }
}

#[test]
fn a_service_account_is_checked_member_by_member() {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)
        .unwrap()
        .serialize_pem();
    let ec = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let good = json!({"type": "service_account", "project_id": "chat-1", "private_key_id": "k1", "private_key": key,
        "client_email": "push@chat-1.iam.gserviceaccount.com"});
    let facts = FcmFacts {
        project_id: "chat-1".into(),
        client_email: "push@chat-1.iam.gserviceaccount.com".into(),
        private_key_id: "k1".into(),
    };
    assert_eq!(service_account(&format!("\n{good} ")), Ok(facts));
    for (member, value, fault) in [
        (
            "type",
            json!("authorized_user"),
            FieldFault::Format(Format::ServiceAccount),
        ),
        ("client_email", json!(""), FieldFault::Format(Format::ServiceAccount)),
        ("project_id", json!(null), FieldFault::Format(Format::ServiceAccount)),
        (
            "project_id",
            json!(""),
            FieldFault::Format(Format::ServiceAccountProject),
        ),
        (
            "project_id",
            json!("../x"),
            FieldFault::Format(Format::ServiceAccountProject),
        ),
        ("private_key", json!("x"), FieldFault::Format(Format::ServiceAccountKey)),
        ("private_key", json!(ec), FieldFault::Format(Format::ServiceAccountKey)),
    ] {
        let mut bad = good.clone();
        bad[member] = value;
        assert_eq!(service_account(&bad.to_string()), Err(fault), "{member}");
    }
    assert_eq!(service_account(" "), Err(FieldFault::Required));
    assert_eq!(service_account("{"), Err(FieldFault::Format(Format::ServiceAccount)));
    assert_eq!(
        service_account(&"x".repeat(70_000)),
        Err(FieldFault::TooLong { max: 65_536 })
    );
}
