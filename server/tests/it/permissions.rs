//! Everything that can be asked of the console, asked as everybody, and compared with the table of permissions.

pub mod calls;
mod confirmed;
mod doors;
mod owing;
mod topics;

use crate::support::{Answer, Browser, TestApp, World, a_recipient, a_webhook, im::text_message};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use calls::{Call, Ids, call_of};
use domain::{
    AccessId, AccountId, ApiKeyId, ApplicationId, PackageId, Secret, WebhookId,
    account::{Action, Actor, Grants, Preset, SubAccountDraft},
    api_key::{NewApiKey, Scope},
    problem::What,
};
use serde_json::json;
use server::{
    cli::apply::apply,
    permissions::{Needs, RULES},
};
use std::{collections::BTreeSet, fmt::Write, path::Path};

pub const PASSWORD: &str = "somebody who tries doors";

/// The thing that a path is about, as the rule sees it.
fn application_of(path: &str, ids: &Ids) -> ApplicationId {
    let of_certificates = path.contains("certificate") || path == "/ui/basic-configs/upload";
    if of_certificates {
        ids.ios_application
    } else {
        ids.application
    }
}

/// Calls something of the console as its pages do.
pub async fn ask(app: &TestApp, browser: &Browser, path: &str, call: &Call, ids: &Ids) -> Answer {
    let access_id = if path.ends_with("/certificates") {
        &ids.ios
    } else {
        &ids.android
    };
    let path = path
        .replace("{access_id}", access_id)
        .replace("{package}", &ids.package);
    let path = path.replace("{sdk_app_id}", &ids.im);
    let mut fields = String::new();
    for (name, value) in &call.fields {
        let name = name.replace('[', "%5B").replace(']', "%5D");
        write!(
            fields,
            "{name}={}&",
            value.replace(' ', "+").replace('{', "%7B").replace('}', "%7D")
        )
        .unwrap();
    }
    let multipart = path.ends_with("/file") || path.ends_with("/certificates");
    let (target, body, kind) = match &call.method {
        &Method::GET => (format!("{path}?{fields}"), String::new(), "text/plain"),
        _ if multipart => (
            path.clone(),
            "--b\r\n\r\n--b--".to_owned(),
            "multipart/form-data; boundary=b",
        ),
        _ => (path.clone(), fields, "application/x-www-form-urlencoded"),
    };
    let request = browser
        .request(call.method.clone(), &target)
        .header(header::ORIGIN, "http://localhost:8090")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, kind);
    let mut request = request.body(Body::from(body)).unwrap();
    request
        .headers_mut()
        .insert(header::ACCEPT, "application/json".parse().unwrap());
    if path == "/events" {
        // Its answer has no end.
        let (parts, _) = app.ask(request).await.into_parts();
        return Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::new(),
        };
    }
    let answer = browser.send(request).await;
    if multipart && !answer.location().is_empty() && !answer.location().starts_with("/login") {
        // The form's own page says what came of it.
        return browser.get(answer.location()).await;
    }
    answer
}

/// Somebody, with what they are in the eyes of the table.
struct Somebody {
    name: String,
    actor: Option<Actor>,
    browser: Browser,
    /// Whether everything belongs to another tenant.
    foreign: bool,
}

struct Walk {
    app: TestApp,
    root: Actor,
    /// A further package name of the Android application.
    package: PackageId,
}

impl Walk {
    async fn start() -> Self {
        // Full whatever it holds: an alarm of the server.
        let app = TestApp::with(|settings| settings.alarms.disk_free_percent = 100).await;
        app.server.services.alarm_watch().round().await;
        let root = app.server.services.backend.accounts.actor(app.report.root.id).await;
        let root = root.unwrap().unwrap();
        let android = app.report.products[0].applications[0].access_id;
        let package = app
            .server
            .services
            .backend
            .packages
            .add(&root, android, "com.example.lite")
            .await;
        let package = package.unwrap();
        Self { app, root, package }
    }

    /// What is there now: an authorisation that somebody took back is given again, under a new id.
    async fn ids(&self) -> Ids {
        let backend = &self.app.server.services.backend;
        let product = &self.app.report.products[0];
        let views = backend.products.get(&self.root, product.id).await.unwrap().applications;
        let view = |platform: &str| views.iter().find(|view| view.platform.name() == platform).unwrap();
        let (android, ios) = (view("android"), view("ios"));
        let im = self.app.report.im_applications[0].sdk_app_id;
        // Taken: it was there all the time.
        _ = backend.authorisations.add(&self.root, im, android.id).await;
        let page = backend.authorisations.page(&self.root, product.id).await.unwrap();
        let row = page
            .applications
            .iter()
            .find(|row| row.application == android.id)
            .unwrap();
        let plan = self.app.report.authorisations[0].plan;
        let query = domain::plan::HistoryQuery::default();
        let sent = backend
            .history
            .messages(&self.root, android.access_id, plan, query)
            .await
            .unwrap();
        Ids {
            product: product.id.to_string(),
            android: android.access_id.to_string(),
            application: android.id,
            ios: ios.access_id.to_string(),
            ios_application: ios.id,
            im: im.to_string(),
            plan: plan.to_string(),
            message: sent.rows[0].id.to_string(),
            device: self.app.report.devices[0].token.clone(),
            authorisation: row.authorised.as_ref().unwrap().id.to_string(),
            sub_account: self.sub("victim", Grants::default()).await.to_string(),
            package: self.package.to_string(),
            api_key: self.api_key().await.to_string(),
            webhook: self.webhook(android.access_id).await.to_string(),
            server_alarm: self.server_alarm().await,
            recipient: self.recipient().await,
        }
    }

    /// One that exists, also after the walk has taken one back.
    async fn api_key(&self) -> ApiKeyId {
        let keys = &self.app.server.services.backend.api_keys;
        if let Some(known) = keys.list(&self.root).await.unwrap().first() {
            return known.id;
        }
        let new = NewApiKey {
            name: "back end".into(),
            scopes: [Scope::SendMessages].into(),
            im_application: None,
            days: 30,
            form_key: String::new(),
        };
        keys.create(&self.root, new).await.unwrap()
    }

    /// One that is told of alarms: made again when somebody deleted it, and without a secret, so that nothing is called.
    async fn recipient(&self) -> String {
        let recipients = &self.app.server.services.backend.recipients;
        if let Some(known) = recipients.list(&self.root).await.unwrap().all.first() {
            return known.id.to_string();
        }
        let made = recipients.create(&self.root, a_recipient(), "").await;
        made.unwrap().to_string()
    }

    async fn server_alarm(&self) -> String {
        let alarms = self.app.server.services.backend.alarms.list(&self.root).await.unwrap();
        let of_server = alarms.iter().find(|alarm| alarm.application.is_none());
        of_server.expect("the disk").id.to_string()
    }

    /// The same of the Android application's webhooks: one without a secret, so that nothing is called.
    async fn webhook(&self, android: AccessId) -> WebhookId {
        let webhooks = &self.app.server.services.backend.webhooks;
        if let Some(known) = webhooks.list(&self.root, android).await.unwrap().first() {
            return known.id;
        }
        webhooks.create(&self.root, android, a_webhook(), "").await.unwrap()
    }

    async fn sub(&self, name: &str, grants: Grants) -> AccountId {
        let sub_accounts = &self.app.server.services.backend.sub_accounts;
        let known = sub_accounts.list(&self.root).await.unwrap();
        if let Some(known) = known.iter().find(|known| known.name == name) {
            return known.id;
        }
        let draft = SubAccountDraft {
            name: name.into(),
            password: Secret::new(PASSWORD),
            grants,
        };
        sub_accounts.create(&self.root, draft).await.unwrap()
    }

    async fn somebody(&self, name: &str, grants: Grants) -> Somebody {
        let account = self.sub(name, grants).await;
        let name = format!("{name}@{}", World::ROOT);
        self.signed_in(&name, PASSWORD, account).await
    }

    async fn signed_in(&self, name: &str, password: &str, account: AccountId) -> Somebody {
        let browser = self.app.browser();
        assert!(browser.sign_in(name, password).await, "{name}");
        let actor = self.app.server.services.backend.accounts.actor(account).await.unwrap();
        Somebody {
            name: name.to_owned(),
            foreign: actor.as_ref().is_some_and(|actor| actor.tenant != self.root.tenant),
            actor,
            browser,
        }
    }

    async fn everybody(&self) -> Vec<Somebody> {
        let application = self.ids().await.application;
        let mut all = vec![Somebody {
            name: "nobody".into(),
            actor: None,
            browser: self.app.browser(),
            foreign: false,
        }];
        let other = json!({ "root": { "name": "other", "password": PASSWORD } });
        let other = serde_json::from_value(other).unwrap();
        let other = apply(&self.app.server.services, &other, Path::new("."))
            .await
            .unwrap()
            .root
            .id;
        all.push(self.signed_in("other", PASSWORD, other).await);
        all.push(self.signed_in(World::ROOT, World::PASSWORD, self.root.account).await);
        all.push(self.somebody("nothing", Grants::default()).await);
        for preset in Preset::ALL {
            let grants = Grants::of([(application, preset.actions().iter().copied())], []);
            all.push(self.somebody(preset.name(), grants).await);
        }
        for action in Action::all() {
            // What is granted on the account is of use only with something to see.
            let grants = Grants::of([(application, [Action::View, action])], [action]);
            all.push(self.somebody(&format!("only.{}", action.name()), grants).await);
        }
        all
    }
}

fn expected(needs: Needs, path: &str, who: &Somebody, ids: &Ids) -> bool {
    let application = application_of(path, ids);
    let may_on = |application: ApplicationId, action| {
        who.actor
            .as_ref()
            .is_some_and(|actor| actor.may_on(action, application))
    };
    let sees = match needs {
        Needs::Of(What::Application, _) => may_on(application, Action::View),
        Needs::Of(What::Product, _) => {
            may_on(ids.application, Action::View) || may_on(ids.ios_application, Action::View)
        }
        _ => true,
    };
    let sees = sees && !who.foreign;
    let own_thing = |action| !who.foreign && may_on(application, action);
    needs.met_by(who.actor.as_ref(), sees, |action| match needs {
        Needs::Of(What::Product, Action::View) => sees,
        _ => own_thing(action),
    })
}

/// Whether the right or the sight of the thing was what was missing. A thing inside it that is not there is not that.
fn refused(answer: &Answer, needs: Needs) -> bool {
    assert_ne!(
        answer.status,
        StatusCode::BAD_REQUEST,
        "not understood: {}",
        answer.text
    );
    match answer.status.as_u16() {
        401 | 403 => true,
        303 => answer.location().starts_with("/login"),
        404 => match needs {
            Needs::Of(what, _) => {
                // A door that is no server function says it as problem+json.
                let is_problem = answer.header("content-type") == "application/problem+json";
                !answer.text.starts_with('{') || is_problem || answer.text == format!(r#"{{"NotFound":"{what:?}"}}"#)
            }
            // What is the asker's own needs no right.
            Needs::Nothing | Needs::Session => false,
            Needs::Right(_) => true,
        },
        _ => false,
    }
}

#[tokio::test]
async fn everything_is_allowed_and_refused_as_the_table_says() {
    let walk = Walk::start().await;
    walk.app.im().call("openim/sendmsg", text_message("bob", 1)).await;
    let mut wrong = BTreeSet::new();
    for who in walk.everybody().await {
        for (path, needs) in RULES {
            let ids = walk.ids().await;
            let Some(call) = call_of(path, &ids) else { continue };
            let allowed = expected(*needs, path, &who, &ids);
            let answer = ask(&walk.app, &who.browser, path, &call, &ids).await;
            if refused(&answer, *needs) == allowed {
                let text: String = answer.text.chars().take(120).collect();
                wrong.insert(format!("{path} as {}: {} {text}, {needs:?}", who.name, answer.status));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} against the table:\n{}",
        wrong.len(),
        Vec::from_iter(wrong).join("\n")
    );
}

#[tokio::test]
async fn read_only_changes_nothing() {
    let walk = Walk::start().await;
    walk.app.im().call("openim/sendmsg", text_message("bob", 1)).await;
    let ids = walk.ids().await;
    let grants = Grants::of([(ids.application, Preset::ReadOnly.actions().iter().copied())], []);
    let reader = walk.somebody("reader", grants).await;
    for (path, needs) in RULES {
        let Some(call) = call_of(path, &ids).filter(|call| call.method == Method::POST) else {
            continue;
        };
        if !matches!(needs, Needs::Nothing | Needs::Session) {
            let answer = ask(&walk.app, &reader.browser, path, &call, &ids).await;
            assert!(refused(&answer, *needs), "{path}: {}", answer.status);
        }
    }
}
