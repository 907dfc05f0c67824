//! Huawei against the simulator: both interfaces, what is made of single devices, tokens that end, a missing account.

use crate::world::{World, here, readable, versioned};
use dispatcher::{
    Channel as _, Outcome,
    channels::{
        WireSettings,
        huawei::{Huawei, HuaweiSettings},
    },
};
use domain::{
    MessageId, Secret,
    certificate::Environment,
    channel::Channel,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
};
use simulator::{Application, Device, DeviceState, Filter, Limits, Rule, Vendor};

const GONE: Verdict = Verdict::RecipientGone { as_of: None };

struct HuaweiWorld {
    world: World,
    channel: Huawei,
}

impl HuaweiWorld {
    async fn start() -> Self {
        let world = World::start().await;
        let settings = HuaweiSettings {
            push_url: world.simulator.addresses().huawei.clone(),
            token_url: world.simulator.addresses().huawei.clone(),
            wire: WireSettings {
                extra_roots_pem: world.simulator.ca_pem().to_owned(),
                destinations: here(),
                ..WireSettings::default()
            },
        };
        Self {
            channel: Huawei::new(settings, world.clock.clone()).unwrap(),
            world,
        }
    }

    fn credential(&self) -> VersionedCredential {
        let own = &self.world.simulator.credentials().unwrap().huawei;
        changed(&own.app_id, &own.app_secret, &own.service_account.to_string())
    }

    /// A parcel for the device with this token; a token that begins with "harmony" is one of HarmonyOS 5.
    fn parcel(&self, number: i64, token: &str) -> Parcel {
        Parcel {
            message: MessageId(77),
            vendor_token: token.to_owned(),
            harmony_os: token.starts_with("harmony"),
            ..self.world.parcel(Channel::Huawei, number)
        }
    }

    async fn push(&self, credential: &VersionedCredential, tokens: &[&str]) -> Vec<Outcome> {
        let numbered = (1..).zip(tokens);
        let batch: Vec<Parcel> = numbered.map(|(number, token)| self.parcel(number, token)).collect();
        let outcomes = self.channel.deliver(credential, &batch).await;
        assert_eq!(outcomes.len(), tokens.len());
        outcomes
    }

    async fn verdicts(&self, tokens: &[&str]) -> Vec<Verdict> {
        let outcomes = self.push(&self.credential(), tokens).await;
        outcomes.into_iter().map(|outcome| outcome.verdict).collect()
    }

    fn device(&self, token: &str, state: DeviceState, answer: Option<&str>) {
        let device = Device {
            state,
            answer: answer.map(str::to_owned),
            ..Device::new(Vendor::Huawei, token)
        };
        self.world.simulator.register_device(device).unwrap();
    }

    fn sends(&self) -> usize {
        self.world
            .simulator
            .inbox(&Filter::vendor(Vendor::Huawei).path("messages:send"))
            .len()
    }

    async fn verify(&self, credential: &VersionedCredential) -> Outcome {
        self.channel
            .verify(credential, Environment::Production, "com.example.chat")
            .await
    }
}

fn changed(app_id: &str, secret: &str, service_account: &str) -> VersionedCredential {
    versioned(Credential::Huawei {
        app_id: app_id.to_owned(),
        app_secret: Secret::new(secret.to_owned()),
        service_account: Secret::new(service_account.to_owned()),
        channel_id: "im".into(),
        category: String::new(),
        badge_class: "com.example.chat.Main".into(),
    })
}

#[tokio::test]
async fn a_message_goes_to_both_kinds_of_device_by_the_documented_requests() {
    let huawei = HuaweiWorld::start().await;
    let outcomes = huawei
        .push(&huawei.credential(), &["hms-1", "harmony-1", "hms-2", "harmony-2"])
        .await;
    for outcome in &outcomes {
        assert_eq!(
            (outcome.verdict, outcome.vendor_status),
            (Verdict::Accepted, Some(200)),
            "{outcome:?}"
        );
        assert!(!outcome.vendor_id.is_empty());
    }
    assert_eq!(outcomes[0].vendor_id, outcomes[2].vendor_id, "one call");
    assert_ne!(outcomes[0].vendor_id, outcomes[1].vendor_id);
    for (token, name) in [("hms-1", "hms"), ("harmony-1", "harmony")] {
        let records = huawei.world.simulator.inbox(&Filter::token(token));
        assert_eq!((records.len(), records[0].tokens.len()), (1, 2));
        insta::assert_snapshot!(name, readable(&records[0]));
    }
}

#[tokio::test]
async fn a_thousand_devices_need_one_call_and_their_answers_are_told_apart() {
    let huawei = HuaweiWorld::start().await;
    let tokens: Vec<String> = (0..1000).map(|number| format!("{number:0130}")).collect();
    for dead in tokens.iter().step_by(2) {
        huawei.device(dead, DeviceState::Unregistered, None);
    }
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let verdicts = huawei.verdicts(&tokens).await;
    assert_eq!(huawei.sends(), 1);
    for pair in verdicts.chunks(2) {
        assert_eq!(pair, [GONE, Verdict::Accepted]);
    }
}

#[tokio::test]
async fn single_devices_of_harmony_os_are_judged_by_their_reasons() {
    let huawei = HuaweiWorld::start().await;
    huawei.device("harmony-dead", DeviceState::Unregistered, None);
    huawei.device("harmony-foreign", DeviceState::OtherApplication, None);
    huawei.device("harmony-image", DeviceState::Active, Some("differentImgVerifyPolicy"));
    let verdicts = huawei
        .verdicts(&["harmony-1", "harmony-dead", "harmony-foreign", "harmony-image"])
        .await;
    assert_eq!(verdicts, [Verdict::Accepted, GONE, GONE, Verdict::MessageRejected]);
    assert_eq!(huawei.verdicts(&["harmony-dead"]).await, [GONE]);
    assert_eq!(huawei.verdicts(&["harmony-image"]).await, [Verdict::MessageRejected]);
}

#[tokio::test]
async fn devices_of_harmony_os_without_a_service_account_do_not_hold_up_the_others() {
    let huawei = HuaweiWorld::start().await;
    let own = &huawei.world.simulator.credentials().unwrap().huawei;
    let outcomes = huawei
        .push(&changed(&own.app_id, &own.app_secret, ""), &["hms-1", "harmony-1"])
        .await;
    assert_eq!(outcomes[0].verdict, Verdict::Accepted);
    let found = (
        outcomes[1].verdict,
        outcomes[1].vendor_code.as_str(),
        outcomes[1].vendor_status,
    );
    assert_eq!(found, (Verdict::MessageRejected, "no_service_account", None));
    assert!(outcomes[1].vendor_text.contains("AppGallery Connect"));
}

#[tokio::test]
async fn an_access_token_is_asked_for_once_and_again_before_it_ends() {
    let huawei = HuaweiWorld::start().await;
    let granted = || {
        huawei
            .world
            .simulator
            .inbox(&Filter::vendor(Vendor::Huawei).path("oauth2"))
            .len()
    };
    for _ in 0..3 {
        assert_eq!(huawei.verdicts(&["hms-1"]).await, [Verdict::Accepted]);
    }
    assert_eq!(granted(), 1);
    huawei.world.advance_secs(3_300);
    assert_eq!(huawei.verdicts(&["hms-1", "harmony-1"]).await, [Verdict::Accepted; 2]);
    assert_eq!(granted(), 2);
    huawei.world.advance_secs(3_300);
    assert_eq!(
        huawei.verdicts(&["harmony-1"]).await,
        [Verdict::Accepted],
        "a new one is signed"
    );
}

#[tokio::test]
async fn a_refused_access_token_is_renewed_once_and_then_breaks_the_credential() {
    let huawei = HuaweiWorld::start().await;
    for code in ["80200001", "80200003", "80200005"] {
        for token in ["hms-1", "harmony-1"] {
            let rule = || Rule::of(Vendor::Huawei).token(token).error_code(code);
            huawei.world.script(rule().times(1));
            assert_eq!(huawei.verdicts(&[token]).await, [Verdict::Accepted], "{code}");
            huawei.world.script(rule().times(2));
            let outcome = huawei.push(&huawei.credential(), &[token]).await.remove(0);
            assert_eq!(
                (outcome.verdict, outcome.vendor_code.as_str()),
                (Verdict::CredentialBroken, code)
            );
        }
    }
}

#[tokio::test]
async fn flow_control_slows_the_lane_down() {
    let huawei = HuaweiWorld::start().await;
    let application = Application {
        limits: Limits {
            per_second: 1,
            ..Limits::default()
        },
        ..Application::huawei("1", "s")
    };
    huawei.world.simulator.register_application(application).unwrap();
    for outcome in huawei.push(&changed("1", "s", ""), &["hms-1", "hms-2"]).await {
        let expected = (Verdict::Throttled { after_ms: 1_000 }, "flow_control", Some(503));
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str(), outcome.vendor_status),
            expected
        );
    }
}

#[tokio::test]
async fn the_largest_message_we_make_is_not_too_large_for_huawei() {
    let huawei = HuaweiWorld::start().await;
    let mut notification = crate::world::notification();
    notification.title = "😀".repeat(500);
    notification.body = "归雁 \"look\"\n😀".repeat(1000);
    notification.ext = "e".repeat(1500);
    let batch = ["hms-1", "harmony-1"].map(|token| Parcel {
        notification: notification.clone().into(),
        ..huawei.parcel(1, token)
    });
    for outcome in huawei.channel.deliver(&huawei.credential(), &batch).await {
        assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
    }
    notification.ext = "e".repeat(5000);
    let large = Parcel {
        notification: notification.into(),
        ..huawei.parcel(1, "hms-1")
    };
    let outcome = huawei.channel.deliver(&huawei.credential(), &[large]).await.remove(0);
    let found = (outcome.verdict, outcome.vendor_code.as_str());
    assert_eq!(found, (Verdict::MessageRejected, "payload_too_large"));
}

#[tokio::test]
async fn a_credential_is_verified_by_asking_huawei_and_shows_nothing_to_anybody() {
    let huawei = HuaweiWorld::start().await;
    let own = huawei.world.simulator.credentials().unwrap().huawei.clone();
    let file = own.service_account.to_string();
    huawei.device("homing-verification", DeviceState::Invalid, None);
    assert_eq!(huawei.verify(&huawei.credential()).await.verdict, Verdict::Accepted);
    assert_eq!(
        huawei.verify(&changed(&own.app_id, &own.app_secret, "")).await.verdict,
        Verdict::Accepted
    );
    let asked = huawei
        .world
        .simulator
        .inbox(&Filter::vendor(Vendor::Huawei).path("oauth2"))
        .len();
    assert_eq!(asked, 2, "each time anew");
    let mut other_project = own.service_account.clone();
    other_project["key_id"] = "another".into();
    for (credential, what) in [
        (changed(&own.app_id, "wrong", ""), "the secret"),
        (changed("../1", &own.app_secret, ""), "the AppID"),
        (changed(&own.app_id, &own.app_secret, "{}"), "the file"),
        (
            changed(&own.app_id, &own.app_secret, &other_project.to_string()),
            "the key",
        ),
        (changed(&own.app_id, "wrong", &file), "the secret beside a good file"),
    ] {
        let outcome = huawei.verify(&credential).await;
        assert_eq!(outcome.verdict, Verdict::CredentialBroken, "{what}: {outcome:?}");
    }
    assert_eq!(huawei.world.simulator.stats().vendors[&Vendor::Huawei].accepted, 0);
}
