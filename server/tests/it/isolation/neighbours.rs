//! Two tenants with the same kinds of things: ours as in most tests, the other's drawn at random.

use crate::{
    permissions::calls::Ids,
    support::{
        Answer, Browser, DeviceClient, ImClient, TestApp, World, a_recipient, a_webhook, description,
        im::text_message,
        world::{PACKAGE, vendor_cards},
    },
};
use axum::{body::Body, http::Request};
use domain::{
    AlarmId, ApiKeyId, ApplicationId, PackageId, RecipientId, WebhookId,
    account::Actor,
    api_key::{NewApiKey, Scope},
    channel::Channel,
    plan::PlanDraft,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use server::cli::apply::{
    Report, apply,
    report::{Application, ImApplication},
};
use std::{
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

/// The password of the other's accounts.
const THEIR_PASSWORD: &str = "a neighbour of the tests";

/// A tenant with somebody of it in front of a browser, as root.
pub struct Tenant {
    pub browser: Browser,
    pub report: Report,
    actor: Actor,
    message: String,
    package: PackageId,
    api_key: ApiKeyId,
    webhook: WebhookId,
    server_alarm: AlarmId,
    recipient: RecipientId,
    user: String,
}

impl Tenant {
    async fn of(app: &TestApp, report: Report, password: &str, user: &str) -> Self {
        let backend = &app.server.services.backend;
        let actor = backend.accounts.actor(report.root.id).await.unwrap().unwrap();
        let browser = app.browser();
        assert!(browser.sign_in(&report.root.name, password).await);
        let sent = ImClient::of(app, &report.im_applications[0], "administrator");
        let sent = sent.call("openim/sendmsg", text_message(user, 1)).await;
        assert_eq!(sent["ActionStatus"], "OK", "{sent}");
        let android = report.products[0].applications[0].access_id;
        let package = backend.packages.add(&actor, android, "com.example.lite").await.unwrap();
        let new = NewApiKey {
            name: "back end".into(),
            scopes: [Scope::SendMessages].into(),
            im_application: None,
            days: 30,
            form_key: String::new(),
        };
        let api_key = backend.api_keys.create(&actor, new).await.unwrap();
        let webhook = backend.webhooks.create(&actor, android, a_webhook(), "").await.unwrap();
        let recipient = backend.recipients.create(&actor, a_recipient(), "").await.unwrap();
        app.server.services.alarm_watch().round().await;
        let alarms = backend.alarms.list(&actor).await.unwrap();
        let of_server = alarms.iter().find(|alarm| alarm.application.is_none());
        let server_alarm = of_server.expect("the disk").id;
        let plan = report.authorisations[0].plan;
        let sent = backend
            .history
            .messages(&actor, android, plan, domain::plan::HistoryQuery::default());
        let message = sent.await.unwrap().rows[0].id.to_string();
        Self {
            browser,
            actor,
            message,
            package,
            api_key,
            webhook,
            server_alarm,
            recipient,
            user: user.to_owned(),
            report,
        }
    }

    fn applications(&self) -> (&Application, &Application) {
        let applications = &self.report.products[0].applications;
        (&applications[0], &applications[1])
    }

    pub fn im_application(&self) -> &ImApplication {
        &self.report.im_applications[0]
    }

    pub fn ids(&self) -> Ids {
        let (android, ios) = self.applications();
        Ids {
            product: self.report.products[0].id.to_string(),
            android: android.access_id.to_string(),
            application: android.id,
            ios: ios.access_id.to_string(),
            ios_application: ios.id,
            im: self.im_application().sdk_app_id.to_string(),
            plan: self.report.authorisations[0].plan.to_string(),
            message: self.message.clone(),
            device: self.device(),
            authorisation: self.report.authorisations[0].id.to_string(),
            sub_account: self.report.sub_accounts[0].id.to_string(),
            package: self.package.to_string(),
            api_key: self.api_key.to_string(),
            webhook: self.webhook.to_string(),
            server_alarm: self.server_alarm.to_string(),
            recipient: self.recipient.to_string(),
        }
    }

    /// A user of its IM application who has a device.
    pub fn user(&self) -> String {
        self.user.clone()
    }

    /// The 36-character token of that device.
    pub fn device(&self) -> String {
        self.report.devices[0].token.clone()
    }

    /// Names of its things, each beside one that nothing bears.
    pub fn names(&self) -> Vec<(String, String)> {
        let known = [&self.report.products[0].name, &self.im_application().name];
        known
            .into_iter()
            .map(|name| (name.clone(), format!("{} free", name.chars().rev().collect::<String>())))
            .collect()
    }

    /// Names of its accounts, each beside one that nobody bears: all of them are free for sub-accounts of ours.
    pub fn account_names(&self) -> Vec<(String, String)> {
        let known = [&self.report.root.name, &self.report.sub_accounts[0].name];
        known
            .into_iter()
            .map(|name| (name.clone(), format!("{}-free", name.chars().rev().collect::<String>())))
            .collect()
    }

    /// The state of its user, device by device.
    pub async fn online(&self, app: &TestApp) -> Value {
        let im = ImClient::of(app, self.im_application(), "administrator");
        let body = json!({ "To_Account": [self.user], "IsNeedDetail": 1 });
        im.call("openim/query_online_status", body).await
    }
}

/// The server with both.
pub struct Neighbours {
    pub app: TestApp,
    pub us: Tenant,
    pub them: Tenant,
    draw: u64,
    their_vendor_token: String,
}

/// A text that differs each time.
pub fn drawn(beside: &str) -> String {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    format!("{}{beside}", DRAWN.fetch_add(1, Ordering::Relaxed))
}

impl Neighbours {
    pub async fn start(draw: u64) -> Self {
        // Full whatever it holds: each tenant is told of it.
        let app = TestApp::empty_with(|settings| settings.alarms.disk_free_percent = 100).await;
        let mut random = StdRng::seed_from_u64(draw);
        let services = &app.server.services;
        let ours = apply(services, &description(), Path::new(".")).await.unwrap();
        apply(services, &vendor_cards(), Path::new(".")).await.unwrap();
        let mut word = |length: usize| -> String {
            let letters = b"abcdefghijklmnopqrstuvwxyz0123456789";
            (0..length)
                .map(|_| char::from(letters[random.random_range(0..letters.len())]))
                .collect()
        };
        let (product, im, user, token) = (word(12), word(14), word(9), word(40));
        let theirs = json!({
            "root": { "name": word(10), "password": THEIR_PASSWORD },
            "products": [{ "name": product, "access_point": "ap-guangzhou", "applications": [
                { "platform": "android", "identifier": PACKAGE },
                { "platform": "ios", "identifier": format!("com.example.{}", word(6)) },
            ]}],
            "im_applications": [{ "name": im, "access_point": "ap-guangzhou" }],
            "authorisations": [
                { "im_application": im, "product": product, "platform": "android" },
                { "im_application": im, "product": product, "platform": "ios" },
            ],
            "sub_accounts": [{ "name": word(8), "password": THEIR_PASSWORD }],
            "users": [{ "im_application": im, "user": word(7), "nickname": word(5) }],
            "devices": [{
                "im_application": im, "user": user, "platform": "android", "channel": "fcm", "identifier": PACKAGE,
                "vendor_token": token,
            }],
        });
        let theirs = serde_json::from_value(theirs).unwrap();
        let theirs = apply(services, &theirs, Path::new(".")).await.unwrap();
        let us = Tenant::of(&app, ours, World::PASSWORD, "bob").await;
        let them = Tenant::of(&app, theirs, THEIR_PASSWORD, &user).await;
        Self {
            app,
            us,
            them,
            draw,
            their_vendor_token: token,
        }
    }

    /// Numbers of the right form that nothing bears.
    pub fn nothing(&self) -> Ids {
        let mut random = StdRng::seed_from_u64(!self.draw);
        let mut number = || random.random_range(1_000_000..9_000_000_i64);
        Ids {
            product: number().to_string(),
            android: format!("150{}", number()),
            application: ApplicationId(number()),
            ios: format!("160{}", number()),
            ios_application: ApplicationId(number()),
            im: (1_401_000_000 + number()).to_string(),
            plan: number().to_string(),
            message: number().to_string(),
            device: self.no_device(),
            authorisation: number().to_string(),
            sub_account: number().to_string(),
            package: number().to_string(),
            api_key: number().to_string(),
            webhook: number().to_string(),
            server_alarm: number().to_string(),
            recipient: number().to_string(),
        }
    }

    /// A `UserID` that nobody bears.
    pub fn nobody(&self) -> String {
        format!("nobody{}", self.draw % 1000)
    }

    /// A token that no device bears.
    pub fn no_device(&self) -> String {
        uuid::Uuid::from_u128(u128::from(self.draw) << 64 | 7).to_string()
    }

    /// Receipts at our own addresses about the other's message and device.
    pub async fn report_on_the_others_messages(&self) {
        let backend = &self.app.server.services.backend;
        let config = backend
            .basic_configs
            .get(&self.us.actor, self.us.applications().0.access_id)
            .await;
        let config = config.unwrap();
        let huawei = config
            .channels
            .iter()
            .find(|card| card.channel == Channel::Huawei)
            .unwrap();
        let address = huawei.receipts.as_ref().unwrap().address.clone();
        let path = address.split_once("/receipts/").unwrap().1;
        for status in ["0", "2"] {
            let body = json!({ "statuses": [{
                "biTag": self.them.message, "token": self.them.device(), "status": status, "timestamp": 1_795_000_000_000_i64,
            }]});
            let request = Request::post(format!("/receipts/{path}"))
                .body(Body::from(body.to_string()))
                .unwrap();
            assert_eq!(self.app.ask(request).await.status(), 200);
        }
    }

    /// A user of ours registers under a vendor token that a device of the other's has.
    pub async fn take_the_others_token(&self) {
        let before = self.them.online(&self.app).await;
        let client = DeviceClient(ImClient::of(&self.app, self.us.im_application(), "mallory"));
        let body = json!({
            "platform": "android", "channel": "fcm", "vendor_token": self.their_vendor_token, "identifier": PACKAGE,
            "token": self.them.device(),
        });
        let (status, answer) = client.call("register", body).await;
        assert_eq!(status, 200, "{answer}");
        assert_ne!(answer["token"], self.them.device(), "the other's device is taken over");
        assert_eq!(
            self.them.online(&self.app).await,
            before,
            "the other's device has lost its token"
        );
    }

    /// What the other does of a day.
    pub async fn them_at_work(&self) {
        let backend = &self.app.server.services.backend;
        let im = ImClient::of(&self.app, self.them.im_application(), "administrator");
        for random in 10..14 {
            let sent = im.call("openim/sendmsg", text_message(&self.them.user, random)).await;
            assert_eq!(sent["ActionStatus"], "OK", "{sent}");
        }
        let device = DeviceClient(ImClient::of(&self.app, self.them.im_application(), "carol"));
        let body = json!({ "platform": "android", "channel": "fcm", "vendor_token": "another", "identifier": PACKAGE });
        assert_eq!(device.call("register", body).await.0, 200);
        let draft = PlanDraft {
            name: "Theirs".into(),
            description: String::new(),
        };
        let plan = backend
            .plans
            .create(&self.them.actor, self.them.applications().0.access_id, draft)
            .await;
        plan.unwrap();
        let answer: Answer = self.them.browser.get("/products").await;
        assert_eq!(answer.status, 200);
    }
}
