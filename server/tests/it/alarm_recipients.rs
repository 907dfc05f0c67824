//! Alarms told by webhook and by e-mail: what arrives, when, and what happens when it is not taken.

mod mail_server;

use crate::{
    support::{TestApp, World, a_recipient},
    webhooks::listener::{Answer, Listener},
};
use domain::{
    RecipientId,
    account::Actor,
    alarm::recipient::{GIVE_UP_MS, Language, Means, QuietHours, RecipientDraft},
    channel::Channel,
    parcel::LaneKey,
    ports::Credentials,
    problem::{Conflict, Problem},
    quota::{QuotaClass, SpentQuota},
    time::Clock,
};
use hmac::{Hmac, KeyInit, Mac};
use mail_server::MailServer;
use server::settings::MailSecurity;
use sha2::Sha256;

struct Told {
    app: TestApp,
    root: Actor,
}

impl Told {
    async fn start(app: TestApp) -> Self {
        let accounts = &app.server.services.backend.accounts;
        let root = accounts.actor(app.report.root.id).await.unwrap().unwrap();
        Self { app, root }
    }

    /// A recipient that is called, and its secret.
    async fn called(&self, address: &str, quiet: Option<QuietHours>) -> (RecipientId, String) {
        let recipients = &self.app.server.services.backend.recipients;
        let draft = RecipientDraft {
            address: address.into(),
            quiet,
            ..a_recipient()
        };
        let id = recipients.create(&self.root, draft, "").await.unwrap();
        let secret = recipients.issue(&self.root, id).await.unwrap();
        (id, secret.reveal().to_owned())
    }

    /// OPPO's quota is spent for so many seconds; a second class makes a second alarm.
    async fn spend(&self, class: QuotaClass, secs: i64) {
        let application = &self.app.report.products[0].applications[0];
        let now = self.app.clock.now();
        let spent = SpentQuota {
            class,
            since: now,
            until: now.plus_secs(secs),
            vendor_code: "33".into(),
            vendor_text: "daily limit".into(),
        };
        let credentials = &self.app.server.services.control.credentials;
        let lane = LaneKey::main(application.id, Channel::Oppo);
        credentials.report_quota(lane, class, Some(spent)).await;
    }

    /// Looks for alarms and tells of them.
    async fn round(&self) {
        self.app.server.services.alarm_watch().round().await;
        self.app.server.services.alarm_teller.round().await;
    }

    fn advance(&self, secs: i64) {
        self.app.clock.advance_ms(secs * 1000);
    }

    /// The time of day in minutes, in UTC.
    fn minute(&self) -> u16 {
        u16::try_from(self.app.clock.now().secs().rem_euclid(86_400) / 60).unwrap()
    }
}

#[tokio::test]
async fn a_webhook_is_told_once_that_an_alarm_was_raised_and_once_that_it_ended() {
    let told = Told::start(TestApp::start().await).await;
    let listener = Listener::start().await;
    let (id, secret) = told.called(&listener.url, None).await;
    told.round().await;
    assert_eq!(listener.came().len(), 0, "nothing is wrong");
    told.spend(QuotaClass::Marketing, 3600).await;
    told.round().await;
    told.advance(60);
    told.round().await;
    let [came] = listener.came().try_into().expect("one call");
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}", came.header("homing-timestamp"), came.text).as_bytes());
    let bytes = mac.finalize().into_bytes();
    let signed = bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert_eq!(came.header("homing-signature"), format!("sha256={signed}"));
    let body = came.json();
    assert_eq!(body["recipient"], id.to_string());
    let alarm = &body["alarms"][0];
    let application = &told.app.report.products[0].applications[0];
    for (field, value) in [
        ("news", "raised"),
        ("cause", "quota_spent"),
        ("channel", "oppo"),
        ("vendor_code", "33"),
        ("text", "daily limit"),
        ("what", "OPPO: quota of marketing messages spent"),
    ] {
        assert_eq!(alarm[field], value, "{body}");
    }
    assert_eq!(alarm["access_id"], application.access_id.0);
    assert!(alarm["ended_at_ms"].is_null() && alarm["moment_ms"].is_i64());

    told.advance(3600);
    told.round().await;
    told.round().await;
    let [_, ended] = listener.came().try_into().expect("two calls");
    assert_eq!(ended.json()["alarms"][0]["news"], "ended");
    assert_eq!(ended.json()["alarms"][0]["alarm"], alarm["alarm"]);
}

#[tokio::test]
async fn what_is_not_taken_is_told_again_together_with_what_came_meanwhile_and_given_up_after_three_days() {
    let told = Told::start(TestApp::start().await).await;
    let listener = Listener::start().await;
    let (id, _) = told.called(&listener.url, None).await;
    listener.answer([Answer::Status(503), Answer::Busy { retry_after: "120" }]);
    told.spend(QuotaClass::Marketing, 86_400).await;
    told.round().await;
    let recipients = &told.app.server.services.backend.recipients;
    let failing = recipients.get(&told.root, id).await.unwrap();
    assert!(failing.fault.starts_with("503") && failing.waiting == 1 && failing.next_try.is_some());
    told.round().await;
    assert_eq!(listener.came().len(), 1, "not at once");
    told.advance(5);
    told.spend(QuotaClass::Communication, 86_400).await;
    told.round().await;
    told.advance(119);
    told.round().await;
    assert_eq!(listener.came().len(), 2, "as long as it asked for");
    told.advance(1);
    told.round().await;
    let [first, second, third] = listener.came().try_into().expect("three calls");
    let alarms = third.json()["alarms"].as_array().unwrap().len();
    assert_eq!(alarms, 2);
    assert_eq!(first.json()["alarms"][0]["id"], third.json()["alarms"][0]["id"]);
    assert_eq!(second.json()["alarms"], third.json()["alarms"]);
    let taken = recipients.get(&told.root, id).await.unwrap();
    assert_eq!((taken.fault.as_str(), taken.waiting, taken.next_try), ("", 0, None));
    assert_eq!(taken.told_at, Some(told.app.clock.now()));

    listener.answer([Answer::Status(500)]);
    told.spend(QuotaClass::All, 10 * 86_400).await;
    told.round().await;
    told.advance(GIVE_UP_MS / 1000 + 1);
    told.round().await;
    let after = listener.came();
    let ended = after.last().unwrap().json();
    let news: Vec<_> = ended["alarms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alarm| alarm["news"].clone())
        .collect();
    assert_eq!(
        news,
        ["ended", "ended"],
        "the others have ended; the old one is not told any more"
    );
    assert_eq!(recipients.get(&told.root, id).await.unwrap().waiting, 0);
}

#[tokio::test]
async fn why_something_was_given_up_stays_to_be_read() {
    let told = Told::start(TestApp::start().await).await;
    let listener = Listener::start().await;
    let (id, _) = told.called(&listener.url, None).await;
    listener.answer([Answer::Status(500)]);
    told.spend(QuotaClass::Marketing, 10 * 86_400).await;
    told.round().await;
    told.advance(GIVE_UP_MS / 1000 + 1);
    told.round().await;
    assert_eq!(listener.came().len(), 1);
    let recipients = &told.app.server.services.backend.recipients;
    let after = recipients.get(&told.root, id).await.unwrap();
    assert!(after.fault.starts_with("500"), "{after:?}");
    assert_eq!((after.waiting, after.next_try), (0, None));
    told.spend(QuotaClass::Communication, 86_400).await;
    told.round().await;
    let taken = recipients.get(&told.root, id).await.unwrap();
    assert_eq!(taken.fault, "");
}

#[tokio::test]
async fn quiet_hours_hold_back_what_goes_on_and_swallow_what_is_over() {
    let told = Told::start(TestApp::start().await).await;
    let listener = Listener::start().await;
    let now = told.minute();
    let quiet = QuietHours {
        from: now,
        until: (now + 120) % 1440,
    };
    told.called(&listener.url, Some(quiet)).await;
    told.spend(QuotaClass::Marketing, 600).await;
    told.spend(QuotaClass::Communication, 86_400).await;
    told.round().await;
    told.advance(601);
    told.round().await;
    assert_eq!(listener.came().len(), 0);
    told.advance(7200);
    told.round().await;
    let [came] = listener.came().try_into().expect("one call");
    let alarms = came.json()["alarms"].clone();
    assert_eq!(alarms.as_array().unwrap().len(), 1, "{alarms}");
    assert_eq!(alarms[0]["what"], "OPPO: quota of communication messages spent");
    told.round().await;
    assert_eq!(listener.came().len(), 1, "the short one is not told at all");
}

#[tokio::test]
async fn an_e_mail_says_what_is_wrong_in_the_recipient_s_language_and_where_to_look() {
    let mails = MailServer::start().await;
    let port = mails.port;
    let app = TestApp::with(|settings| {
        settings.mail.host = "127.0.0.1".into();
        settings.mail.port = port;
        settings.mail.security = MailSecurity::None;
        settings.mail.from = "Homing <homing@example.com>".into();
        settings.alarms.disk_free_percent = 100;
    })
    .await;
    let told = Told::start(app).await;
    let recipients = &told.app.server.services.backend.recipients;
    for (address, language) in [("ops@example.com", Language::En), ("zhiban@example.com", Language::Zh)] {
        let draft = RecipientDraft {
            means: Means::Mail,
            address: address.into(),
            language,
            ..a_recipient()
        };
        recipients.create(&told.root, draft, "").await.unwrap();
    }
    told.spend(QuotaClass::Marketing, 3600).await;
    told.round().await;
    // They are told side by side.
    let mut taken = mails.taken();
    taken.sort_by(|one, other| one.to.cmp(&other.to));
    let [english, chinese] = taken.try_into().expect("two e-mails");
    assert_eq!(
        (english.from.as_str(), english.to.as_str()),
        ("homing@example.com", "ops@example.com")
    );
    for part in [
        "Subject: [Homing] 2 alarms",
        "Message-ID: <",
        "Auto-Submitted: auto-generated",
        "OPPO: quota of marketing messages spent",
        "33 daily limit",
        "The server: The disk of node 0 is nearly full",
        "http://127.0.0.1:0/alarms",
        "(UTC)",
    ] {
        assert!(english.text.contains(part), "{part} in {}", english.text);
    }
    assert!(
        chinese.to == "zhiban@example.com" && chinese.text.contains("营销类消息配额已用尽"),
        "{}",
        chinese.text
    );
    told.advance(3600);
    told.round().await;
    let taken = mails.taken();
    let ended = taken[2..]
        .iter()
        .find(|mail| mail.to == "ops@example.com")
        .expect("told");
    assert!(
        ended.text.contains("Ended: ") && ended.text.contains("Ended at"),
        "{}",
        ended.text
    );

    let first = recipients.list(&told.root).await.unwrap().all[0].id;
    let tested = recipients.test(&told.root, first).await.unwrap();
    assert!(tested.taken, "{tested:?}");
    assert!(mails.taken().last().unwrap().text.contains("This is a test"));
    mails.refuse("550 no such user here");
    let tested = recipients.test(&told.root, first).await.unwrap();
    assert!(!tested.taken && tested.said.contains("no such user"), "{tested:?}");
}

#[tokio::test]
async fn the_console_s_forms_say_what_is_wrong() {
    let told = Told::start(TestApp::start().await).await;
    let browser = told.app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let draft = RecipientDraft {
        means: Means::Mail,
        address: "ops@example.com".into(),
        ..a_recipient()
    };
    let recipients = &told.app.server.services.backend.recipients;
    let refused = recipients.create(&told.root, draft, "").await;
    assert_eq!(refused, Err(Problem::Conflict(Conflict::NoMailServer)));
    let page = browser.get("/alarms/recipients").await.text;
    assert!(page.contains("Nobody is told of alarms yet") && page.contains("This server sends no e-mail"));
    let new = "/alarms/recipients/new";
    let post = async |address: &str, from: &str| {
        let fields = [
            ("means", "webhook"),
            ("address", address),
            ("language", "en"),
            ("quiet_from", from),
            ("quiet_until", ""),
            ("enabled", "on"),
        ];
        let answer = browser.post(new, "/ui/alarm-recipients/create", &fields).await;
        assert!(answer.status.is_redirection(), "{}", answer.text);
        browser.get(answer.location()).await.text
    };
    let private = post("https://10.0.0.7/alarms", "").await;
    assert!(
        private.contains("https://10.0.0.7/alarms") && private.contains("aria-invalid"),
        "{private}"
    );
    let half = post("https://ops.example.com/alarms", "22:00").await;
    assert!(half.contains("Enter a time such as 22:00"));
    let made = post("https://ops.example.com/alarms", "").await;
    assert!(made.contains("Secret of the recipient"));
    let list = browser.get("/alarms/recipients").await.text;
    assert!(list.contains("No secret yet") && list.contains("https://ops.example.com/alarms"));
}
