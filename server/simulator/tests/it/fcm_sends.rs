//! Access tokens and messages of FCM.

use serde_json::{Value, json};
use simulator::{Device, DeviceState, Filter, PROJECT, ServiceAccount, Settings, Unknown, Vendor};

use crate::senders::{Fcm, assertion, client, grant, http1_client, simulator};

async fn error(answer: reqwest::Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json::<Value>().await.unwrap()["error"].clone())
}

#[tokio::test]
async fn a_message_is_taken_over_either_protocol() {
    let simulator = simulator().await;
    for client in [client(&simulator), http1_client(&simulator)] {
        let fcm = Fcm::new(&simulator, client).await;
        let answer = fcm.send("registration-token").await;
        assert_eq!(answer.status(), 200);
        let body: Value = answer.json().await.unwrap();
        assert!(
            body["name"]
                .as_str()
                .unwrap()
                .starts_with(&format!("projects/{PROJECT}/messages/0:")),
            "{body}"
        );
    }
    let records = simulator.inbox(&Filter::token("registration-token"));
    assert_eq!(records.len(), 2);
    assert_eq!(
        (records[0].id.as_deref(), records[0].project.as_deref()),
        (Some("d-1"), Some(PROJECT))
    );
    assert_eq!(simulator.ids("registration-token")[0].accepted, 2);
}

#[tokio::test]
async fn an_assertion_must_be_right_in_every_claim() {
    let simulator = simulator().await;
    let client = client(&simulator);
    let now = simulator.now_ms() / 1000;
    let wrong = [
        (json!({"iss": "stranger@example.com"}), "invalid_grant"),
        (json!({"aud": "https://example.com/token"}), "invalid_grant"),
        (json!({"exp": now + 7200}), "invalid_grant"),
        (json!({"iat": now - 7200, "exp": now - 3600}), "invalid_grant"),
        (json!({"scope": ""}), "invalid_scope"),
    ];
    for (changes, code) in wrong {
        let answer = grant(&simulator, &client, &assertion(&simulator, changes.clone())).await;
        assert_eq!(answer.status(), 400, "{changes}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], code, "{changes}");
    }
    let (message, signature) = assertion(&simulator, json!({}))
        .rsplit_once('.')
        .map(|(m, s)| (m.to_owned(), s.to_owned()))
        .unwrap();
    let forged: String = signature.chars().rev().collect();
    assert_eq!(
        grant(&simulator, &client, &format!("{message}.{forged}"))
            .await
            .status(),
        400
    );
    let form = [("grant_type", "client_credentials"), ("assertion", "x")];
    let answer = client
        .post(simulator.oauth_token_url())
        .form(&form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], "unsupported_grant_type");
}

#[tokio::test]
async fn googles_own_audience_is_accepted_as_well() {
    let simulator = simulator().await;
    let google = assertion(&simulator, json!({"aud": "https://oauth2.googleapis.com/token"}));
    let answer = grant(&simulator, &client(&simulator), &google).await;
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(
        (&body["expires_in"], &body["token_type"]),
        (&json!(3599), &json!("Bearer"))
    );
}

#[tokio::test]
async fn an_access_token_ends_when_it_was_said_to() {
    let simulator = simulator().await;
    simulator
        .set_settings(Settings {
            fcm_token_life_s: 2,
            ..Settings::default()
        })
        .unwrap();
    let fcm = Fcm::new(&simulator, client(&simulator)).await;
    assert_eq!(fcm.send("t").await.status(), 200);
    simulator.advance_clock_ms(2000);
    let (status, body) = error(fcm.send("t").await).await;
    assert_eq!((status, &body["status"]), (401, &json!("UNAUTHENTICATED")));
    assert!(!body.to_string().contains("errorCode"), "{body}");
    let stranger = Fcm {
        access: "ya29.nonsense".to_owned(),
        ..fcm
    };
    assert_eq!(stranger.send("t").await.status(), 401);
}

#[tokio::test]
async fn an_account_sends_for_its_own_project_and_scope_only() {
    let simulator = simulator().await;
    let fcm = Fcm::new(&simulator, client(&simulator)).await;
    let body = json!({"message": {"token": "t"}});
    let (status, answer) = error(fcm.post_to("somebody-else", body.clone()).await.unwrap()).await;
    assert_eq!((status, &answer["status"]), (403, &json!("PERMISSION_DENIED")));
    let narrow = assertion(
        &simulator,
        json!({"scope": "https://www.googleapis.com/auth/devstorage.read_only"}),
    );
    let granted: Value = grant(&simulator, &fcm.client, &narrow).await.json().await.unwrap();
    let narrow = Fcm {
        access: granted["access_token"].as_str().unwrap().to_owned(),
        ..fcm
    };
    assert_eq!(narrow.post(body).await.status(), 403);
}

#[tokio::test]
async fn a_second_project_is_registered_and_served() {
    let simulator = simulator().await;
    let own = &simulator.credentials().unwrap().fcm.service_account;
    let pair = rcgen::KeyPair::from_pem(own["private_key"].as_str().unwrap()).unwrap();
    let account = ServiceAccount {
        project_id: "second".to_owned(),
        client_email: "second@example.com".to_owned(),
        private_key_id: None,
        public_key_pem: pair.public_key_pem(),
    };
    simulator.register_service_account(account).unwrap();
    let client = client(&simulator);
    let signed = assertion(&simulator, json!({"iss": "second@example.com"}));
    let granted: Value = grant(&simulator, &client, &signed).await.json().await.unwrap();
    let access = granted["access_token"].as_str().unwrap().to_owned();
    let fcm = Fcm {
        client,
        base: simulator.fcm_url().to_owned(),
        access,
    };
    assert_eq!(
        fcm.post_to("second", json!({"message": {"token": "t"}}))
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn validation_only_delivers_nothing() {
    let simulator = simulator().await;
    let fcm = Fcm::new(&simulator, client(&simulator)).await;
    let answer = fcm
        .post(json!({"validate_only": true, "message": {"token": "t", "data": {"homing_delivery": "x"}}}))
        .await;
    assert_eq!(answer.status(), 200);
    assert!(!simulator.inbox(&Filter::token("t"))[0].accepted);
    assert_eq!(simulator.ids("t")[0].accepted, 0);
}

#[tokio::test]
async fn a_device_is_what_it_was_registered_as() {
    let simulator = simulator().await;
    let fcm = Fcm::new(&simulator, client(&simulator)).await;
    let device = |state| Device {
        state,
        ..Device::new(Vendor::Fcm, "t")
    };
    for (device, status, code) in [
        (device(DeviceState::Unregistered), 404, "UNREGISTERED"),
        (device(DeviceState::Invalid), 400, "INVALID_ARGUMENT"),
        (
            Device {
                project: Some("other".to_owned()),
                ..device(DeviceState::Active)
            },
            403,
            "SENDER_ID_MISMATCH",
        ),
    ] {
        simulator.register_device(device).unwrap();
        let (seen, body) = error(fcm.send("t").await).await;
        assert_eq!((seen, &body["details"][0]["errorCode"]), (status, &json!(code)));
    }
    simulator
        .set_settings(Settings {
            fcm_unknown_devices: Unknown::Reject,
            ..Settings::default()
        })
        .unwrap();
    let (status, body) = error(fcm.send("never-issued").await).await;
    assert_eq!(
        (status, &body["details"][1]["fieldViolations"][0]["field"]),
        (400, &json!("message.token"))
    );
}
