//! A simulator, both channels pointed at it, and parcels to send.

use dispatcher::{
    Channel, Outcome,
    channels::{
        apns::{Apns, ApnsSettings},
        fcm::{Fcm, FcmSettings},
    },
    client::Destinations,
};
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Secret, Timestamp,
    certificate::Environment,
    channel::Channel as ChannelKind,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{Credential, LaneKey, Parcel, VersionedCredential},
    time::{Clock, MockClock},
};
use simulator::{Options, Record, Rule, Settings, Simulator};
use std::{fmt::Write as _, sync::Arc};

pub const APPLICATION: ApplicationId = ApplicationId(5);
pub const FCM_TOKEN: &str = "fMI-qkT3RzK:APA91bH";

pub struct World {
    pub simulator: Simulator,
    pub clock: Arc<MockClock>,
    pub apns: Apns,
    pub fcm: Fcm,
}

impl World {
    pub async fn start() -> Self {
        Self::with(Settings::default(), |_| {}, |_| {}).await
    }

    pub async fn with(
        settings: Settings,
        apns: impl FnOnce(&mut ApnsSettings),
        fcm: impl FnOnce(&mut FcmSettings),
    ) -> Self {
        let options = Options {
            settings,
            ..Options::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let clock = Arc::new(MockClock::new(Timestamp(simulator.now_ms())));
        let mut apns_settings = ApnsSettings {
            production_url: simulator.apns_url().to_owned(),
            sandbox_url: simulator.apns_sandbox_url().to_owned(),
            extra_roots_pem: simulator.ca_pem().to_owned(),
            destinations: here(),
            ..ApnsSettings::default()
        };
        apns(&mut apns_settings);
        let mut fcm_settings = FcmSettings {
            base_url: simulator.fcm_url().to_owned(),
            token_hosts: vec!["127.0.0.1".to_owned()],
            extra_roots_pem: simulator.ca_pem().to_owned(),
            destinations: here(),
            ..FcmSettings::default()
        };
        fcm(&mut fcm_settings);
        Self {
            apns: Apns::new(apns_settings, clock.clone()).unwrap(),
            fcm: Fcm::new(fcm_settings, clock.clone()).unwrap(),
            simulator,
            clock,
        }
    }

    /// Moves our clock and the vendors' together.
    pub fn advance_secs(&self, secs: i64) {
        self.clock.advance_ms(secs * 1000);
        self.simulator.advance_clock_ms(secs * 1000);
    }

    /// A parcel for APNs production or FCM; `number` is its delivery.
    pub fn parcel(&self, channel: ChannelKind, number: i64) -> Parcel {
        let now = self.clock.now();
        Parcel {
            delivery: DeliveryId(number),
            message: MessageId(1),
            plan: PlanId(9),
            lane: LaneKey::main(APPLICATION, channel),
            device: DeviceId(11),
            vendor_token: match channel {
                ChannelKind::Apns => "ab".repeat(32),
                _ => FCM_TOKEN.to_owned(),
            },
            identifier: simulator::TOPIC.to_owned(),
            environment: Environment::Production,
            harmony_os: false,
            registered_at: now.plus_secs(-3600),
            attempts: 0,
            badge: Some(3),
            accepted_at: now,
            expires_at: now.plus_secs(3600),
            leased_until: now.plus_secs(60),
            notification: Arc::new(notification()),
        }
    }

    pub fn script(&self, rule: Rule) {
        self.simulator.script(rule).unwrap();
    }

    pub async fn push_apns(&self, number: i64) -> Outcome {
        let parcel = self.parcel(ChannelKind::Apns, number);
        self.send(&self.apns, &self.apns_token(), parcel).await
    }

    pub async fn push_fcm(&self, number: i64) -> Outcome {
        let parcel = self.parcel(ChannelKind::Fcm, number);
        self.send(&self.fcm, &self.service_account(), parcel).await
    }

    pub async fn send(&self, channel: &dyn Channel, credential: &VersionedCredential, parcel: Parcel) -> Outcome {
        let mut outcomes = channel.deliver(credential, &[parcel]).await;
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0)
    }

    fn ready(&self) -> &simulator::Credentials {
        self.simulator.credentials().unwrap()
    }

    pub fn apns_token(&self) -> VersionedCredential {
        let ready = &self.ready().apns;
        versioned(Credential::ApnsToken {
            key: Secret::new(ready.p8.clone()),
            key_id: ready.key_id.clone(),
            team_id: ready.team_id.clone(),
            topic: ready.topic.clone(),
        })
    }

    pub fn apns_certificate(&self) -> VersionedCredential {
        let ready = &self.ready().apns_certificate;
        versioned(Credential::ApnsCertificate {
            pem: Secret::new(format!("{}{}", ready.certificate_pem, ready.private_key_pem)),
            topic: ready.topic.clone(),
        })
    }

    pub fn service_account(&self) -> VersionedCredential {
        self.changed_service_account(|_| {})
    }

    pub fn changed_service_account(&self, change: impl FnOnce(&mut serde_json::Value)) -> VersionedCredential {
        let mut file = self.ready().fcm.service_account.clone();
        change(&mut file);
        versioned(Credential::Fcm {
            service_account: Secret::new(file.to_string()),
            channel_id: "im".into(),
        })
    }
}

/// This machine, where the simulator is, besides what may be called anyway.
pub fn here() -> Destinations {
    Destinations::default().and_loopback()
}

pub fn versioned(credential: Credential) -> VersionedCredential {
    VersionedCredential {
        version: 1,
        credential: Arc::new(credential),
        receipt_url: Secret::default(),
    }
}

pub fn notification() -> Notification {
    Notification {
        title: "Alice".into(),
        body: "look".into(),
        ext: r#"{"chat":"c2c_alice"}"#.into(),
        from: "alice".into(),
        key: "1_2_3".into(),
        android: AndroidInfo::default(),
        apns: ApnsInfo::default(),
    }
}

/// A record as text for a snapshot; what changes from run to run is named instead.
pub fn readable(record: &Record) -> String {
    let mut text = format!("{} {}\n", record.method, record.path);
    for (name, value) in record.headers.iter().filter(|(name, _)| *name != "host") {
        let value = match name.as_str() {
            "authorization" => value.split_once(' ').map_or("", |(scheme, _)| scheme),
            "apns-expiration" => "[the parcel's]",
            "user-agent" => value.split_once('/').map_or("", |(product, _)| product),
            _ => value,
        };
        writeln!(text, "{name}: {value}").unwrap();
    }
    let body = serde_json::to_string_pretty(&record.json).unwrap();
    format!("{text}\n{body}\n")
}
