//! The six Chinese vendors against a scripted server: how each is made, what it asks and what it answers when all is
//! well.

use crate::{
    scripted::{Reply, Scripted},
    world::{here, notification, versioned},
};
use dispatcher::{
    Channel, Outcome,
    channels::{
        WireSettings,
        honor::{Honor, HonorSettings},
        huawei::{Huawei, HuaweiSettings},
        meizu::{Meizu, MeizuSettings},
        oppo::{Oppo, OppoSettings},
        vivo::{Vivo, VivoSettings},
        xiaomi::{Xiaomi, XiaomiSettings},
    },
};
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Secret, Timestamp,
    certificate::Environment,
    channel::Channel as Kind,
    parcel::{Credential, LaneKey, Parcel, VersionedCredential},
    time::{Clock as _, MockClock},
};
use serde_json::json;
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

pub const NOW: Timestamp = Timestamp(1_795_000_000_000);

pub const HUAWEI_AUTH: &str = "/oauth2/v3/token";
pub const HMS_SEND: &str = "/v1/104000001/messages:send";
pub const HARMONY_SEND: &str = "/v3/388421841/messages:send";
pub const HONOR_AUTH: &str = "/auth/token";
pub const HONOR_SEND: &str = "/api/v1/104438800/sendMessage";
pub const XIAOMI_SEND: &str = "/v3/message/regid";
pub const OPPO_AUTH: &str = "/server/v1/auth";
pub const OPPO_UNICAST: &str = "/server/v1/message/notification/unicast";
pub const OPPO_SAVE: &str = "/server/v1/message/notification/save_message_content";
pub const OPPO_BROADCAST: &str = "/server/v1/message/notification/broadcast";
pub const VIVO_AUTH: &str = "/message/auth";
pub const VIVO_SEND: &str = "/message/send";
pub const VIVO_SAVE: &str = "/message/saveListPayload";
pub const VIVO_LIST: &str = "/message/pushToList";
pub const MEIZU_SEND: &str = "/garcia/api/server/push/varnished/pushByPushId";

/// A vendor under test.
pub struct Subject {
    pub kind: Kind,
    /// The paths of a push to one device, in their order.
    pub paths: &'static [&'static str],
    /// Those of a push to several.
    pub batch_paths: &'static [&'static str],
    /// Whether the devices run HarmonyOS 5.
    pub harmony_os: bool,
}

pub const XIAOMI: Subject = Subject {
    kind: Kind::Xiaomi,
    paths: &[XIAOMI_SEND],
    batch_paths: &[XIAOMI_SEND],
    harmony_os: false,
};
pub const OPPO: Subject = Subject {
    kind: Kind::Oppo,
    paths: &[OPPO_AUTH, OPPO_UNICAST],
    batch_paths: &[OPPO_AUTH, OPPO_SAVE, OPPO_BROADCAST],
    harmony_os: false,
};
pub const VIVO: Subject = Subject {
    kind: Kind::Vivo,
    paths: &[VIVO_AUTH, VIVO_SEND],
    batch_paths: &[VIVO_AUTH, VIVO_SAVE, VIVO_LIST],
    harmony_os: false,
};
pub const MEIZU: Subject = Subject {
    kind: Kind::Meizu,
    paths: &[MEIZU_SEND],
    batch_paths: &[MEIZU_SEND],
    harmony_os: false,
};
pub const HMS: Subject = Subject {
    kind: Kind::Huawei,
    paths: &[HUAWEI_AUTH, HMS_SEND],
    batch_paths: &[HUAWEI_AUTH, HMS_SEND],
    harmony_os: false,
};
/// HarmonyOS signs its tokens by itself.
pub const HARMONY: Subject = Subject {
    kind: Kind::Huawei,
    paths: &[HARMONY_SEND],
    batch_paths: &[HARMONY_SEND],
    harmony_os: true,
};
pub const HONOR: Subject = Subject {
    kind: Kind::Honor,
    paths: &[HONOR_AUTH, HONOR_SEND],
    batch_paths: &[HONOR_AUTH, HONOR_SEND],
    harmony_os: false,
};
/// The four with forms and lists.
pub const ALL: [&Subject; 4] = [&XIAOMI, &OPPO, &VIVO, &MEIZU];
/// All six, Huawei by both its interfaces.
pub const EVERY: [&Subject; 7] = [&HMS, &HARMONY, &HONOR, &XIAOMI, &OPPO, &VIVO, &MEIZU];

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

fn wire(timeout_ms: u64, roots: &str) -> WireSettings {
    WireSettings {
        timeout_ms,
        extra_roots_pem: roots.to_owned(),
        destinations: here(),
        ..WireSettings::default()
    }
}

/// What a path answers when all is well.
pub fn good(path: &str) -> Reply {
    Reply::json(&match path {
        HUAWEI_AUTH | HONOR_AUTH => json!({"access_token": "token-1", "expires_in": 3600, "token_type": "Bearer"}),
        HMS_SEND | HARMONY_SEND => json!({"code": "80000000", "msg": "Success", "requestId": "1574"}),
        HONOR_SEND => json!({"code": 200, "message": "success", "data": {
            "sendResult": true, "requestId": "h-1", "failTokens": [], "expireTokens": [],
        }}),
        XIAOMI_SEND => json!({"result": "ok", "trace_id": "x", "code": 0, "data": {"id": "scm1"}}),
        OPPO_AUTH => json!({"code": 0, "message": "success", "data": {"auth_token": "token-1", "create_time": 1}}),
        OPPO_UNICAST => json!({"code": 0, "message": "", "data": {"messageId": "app-1-1-1"}}),
        OPPO_SAVE => json!({"code": 0, "message": "", "data": {"message_id": "content-1"}}),
        OPPO_BROADCAST => json!({"code": 0, "message": "", "data": {"message_id": "content-1", "task_id": "t1"}}),
        VIVO_AUTH => json!({"result": 0, "desc": "请求成功", "authToken": "token-1"}),
        VIVO_SEND => json!({"result": 0, "desc": "请求成功", "taskId": "task-1"}),
        VIVO_SAVE => json!({"result": 0, "desc": "请求成功", "taskId": "list-1"}),
        VIVO_LIST => json!({"result": 0, "desc": "请求成功", "requestId": "r"}),
        MEIZU_SEND => json!({"code": "200", "message": "", "value": "", "redirect": "", "msgId": "NS1"}),
        _ => panic!("{path} is not asked of a vendor"),
    })
}

/// A channel and what it is called with.
pub struct VendorWorld {
    pub channel: Box<dyn Channel>,
    pub credential: VersionedCredential,
    pub clock: Arc<MockClock>,
    kind: Kind,
    harmony_os: bool,
}

impl Subject {
    pub async fn start(&self) -> (Scripted, VendorWorld) {
        let server = Scripted::start().await;
        self.greet(&server);
        let world = self.world(&server.url, 5_000);
        (server, world)
    }

    /// The channel pointed at a server.
    pub fn world(&self, url: &str, timeout_ms: u64) -> VendorWorld {
        self.world_with(url, wire(timeout_ms, ""))
    }

    /// The same with connections of its own kind.
    pub fn world_with(&self, url: &str, wire: WireSettings) -> VendorWorld {
        let clock = Arc::new(MockClock::new(NOW));
        VendorWorld {
            channel: self.channel_with(url, wire, clock.clone()),
            credential: versioned(self.credential()),
            clock,
            kind: self.kind,
            harmony_os: self.harmony_os,
        }
    }

    pub fn channel(&self, url: &str, timeout_ms: u64, roots: &str, clock: Arc<MockClock>) -> Box<dyn Channel> {
        self.channel_with(url, wire(timeout_ms, roots), clock)
    }

    fn channel_with(&self, url: &str, wire: WireSettings, clock: Arc<MockClock>) -> Box<dyn Channel> {
        let base_url = url.to_owned();
        match self.kind {
            Kind::Huawei => {
                let settings = HuaweiSettings {
                    push_url: base_url.clone(),
                    token_url: base_url,
                    wire,
                };
                Box::new(Huawei::new(settings, clock).unwrap())
            }
            Kind::Honor => {
                let settings = HonorSettings {
                    push_url: base_url.clone(),
                    token_url: base_url,
                    wire,
                    ..HonorSettings::default()
                };
                Box::new(Honor::new(settings, clock).unwrap())
            }
            Kind::Xiaomi => Box::new(Xiaomi::new(XiaomiSettings { base_url, wire }, clock).unwrap()),
            Kind::Oppo => Box::new(Oppo::new(OppoSettings { base_url, wire }, clock).unwrap()),
            Kind::Vivo => Box::new(Vivo::new(VivoSettings { base_url, wire }, clock).unwrap()),
            _ => Box::new(Meizu::new(MeizuSettings { base_url, wire }, clock).unwrap()),
        }
    }

    pub fn credential(&self) -> Credential {
        let secret = || Secret::new("secret-of-the-application");
        match self.kind {
            Kind::Huawei => Credential::Huawei {
                app_id: "104000001".into(),
                app_secret: secret(),
                service_account: Secret::new(if self.harmony_os {
                    service_account()
                } else {
                    String::new()
                }),
                channel_id: "im".into(),
                category: String::new(),
                badge_class: "com.example.chat.Main".into(),
            },
            Kind::Honor => Credential::Honor {
                app_id: "104438800".into(),
                client_id: "client".into(),
                client_secret: secret(),
                badge_class: "com.example.chat.Main".into(),
            },
            Kind::Xiaomi => Credential::Xiaomi {
                app_secret: secret(),
                channel_id: "im".into(),
                region: String::new(),
            },
            Kind::Oppo => Credential::Oppo {
                app_key: "key".into(),
                master_secret: secret(),
                channel_id: "im".into(),
            },
            Kind::Vivo => Credential::Vivo {
                app_id: "10004".into(),
                app_key: "key".into(),
                app_secret: secret(),
            },
            _ => Credential::Meizu {
                app_id: "10000".into(),
                app_secret: secret(),
            },
        }
    }

    /// Every path answers well.
    pub fn greet(&self, server: &Scripted) {
        for path in self.paths.iter().chain(self.batch_paths) {
            server.always(path, good(path));
        }
    }
}

impl VendorWorld {
    /// Delivery `number` to device `device-<number>`.
    pub fn parcel(&self, number: i64) -> Parcel {
        let now = self.clock.now();
        Parcel {
            delivery: DeliveryId(number),
            message: MessageId(1),
            plan: PlanId(9),
            lane: LaneKey::main(ApplicationId(5), self.kind),
            device: DeviceId(number),
            vendor_token: format!("device-{number}"),
            identifier: "com.example.chat".into(),
            environment: Environment::Production,
            harmony_os: self.harmony_os,
            registered_at: now.plus_secs(-3600),
            attempts: 0,
            badge: Some(3),
            accepted_at: now,
            expires_at: now.plus_secs(3600),
            leased_until: now.plus_secs(60),
            notification: Arc::new(notification()),
        }
    }

    pub async fn push(&self, number: i64) -> Outcome {
        let mut outcomes = self.channel.deliver(&self.credential, &[self.parcel(number)]).await;
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0)
    }

    /// One message for devices 1 to `count`.
    pub async fn push_batch(&self, count: i64) -> Vec<Outcome> {
        let batch: Vec<Parcel> = (1..=count).map(|number| self.parcel(number)).collect();
        self.channel.deliver(&self.credential, &batch).await
    }

    pub async fn verify(&self) -> Outcome {
        let (channel, credential) = (&self.channel, &self.credential);
        channel
            .verify(credential, Environment::Production, "com.example.chat")
            .await
    }
}

/// A service account of Huawei's shape with a key made for this run.
fn service_account() -> String {
    static KEY: OnceLock<String> = OnceLock::new();
    let key = KEY.get_or_init(|| {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        key.serialize_pem()
    });
    let file = json!({
        "project_id": "388421841", "key_id": "key-1", "sub_account": "103000001", "private_key": key,
        "auth_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/authorize",
        "token_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/token",
    });
    file.to_string()
}
