//! Every call that leaves an entry, made to succeed.

use super::{actor, after, own::own_account, signed_in, told};
use crate::support::{Browser, PACKAGE, TestApp, World, vendors};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use domain::{
    account::{Actor, Door},
    audit::Outcome,
};
use server::permissions::{DEEDS, Leaves};
use simulator::Simulator;
use std::{collections::BTreeSet, path::Path};

const BOUNDARY: &str = "----boundary";

/// Calls that only a server without accounts takes; first.rs makes them.
const AT_FIRST: &[&str] = &["/ui/session/activate", "/ui/session/set-up"];

pub(super) struct Walk {
    pub(super) app: TestApp,
    pub(super) root: Actor,
    pub(super) browser: Browser,
    done: BTreeSet<&'static str>,
}

impl Walk {
    async fn start(vendors: &Simulator, folder: &Path) -> Self {
        let ca = folder.join("ca.pem");
        std::fs::write(&ca, vendors.ca_pem()).unwrap();
        let app = TestApp::with(|settings| {
            settings.alarms.disk_free_percent = 100;
            settings.vendors.fcm = vendors.fcm_url().into();
            settings.vendors.google_token = vendors.oauth_token_url().into();
            settings.vendors.extra_root_ca = ca.display().to_string();
        })
        .await;
        let root = actor(&app, app.report.root.id).await;
        let browser = signed_in(&app, World::ROOT, World::PASSWORD).await;
        let mut walk = Self {
            app,
            root,
            browser,
            done: BTreeSet::new(),
        };
        walk.expect("/ui/session/sign-in", 0).await;
        walk
    }

    pub(super) async fn newest(&self) -> i64 {
        let audit = &self.app.server.services.backend.audit;
        audit.state(&self.root).await.unwrap().length
    }

    /// That since a number an entry of the root account's stands in the log as the table says.
    pub(super) async fn expect(&mut self, path: &'static str, since: i64) {
        self.expect_of(World::ROOT, path, since).await;
    }

    /// The same of another account.
    pub(super) async fn expect_of(&mut self, name: &str, path: &'static str, since: i64) {
        let row = DEEDS.iter().find(|(known, _)| *known == path);
        let Some((_, Leaves::Entry(deed))) = row else {
            panic!("{path} leaves nothing")
        };
        let entries = after(&self.app, &self.root, since).await;
        let found = entries
            .iter()
            .find(|record| record.entry.deed == *deed && record.entry.door == Door::Console);
        let entry = &found.unwrap_or_else(|| panic!("{path}: {entries:?}")).entry;
        assert_eq!(entry.outcome, Outcome::Done, "{path}");
        assert_eq!(entry.account_name, name, "{path}");
        self.done.insert(path);
    }

    pub(super) async fn form(&mut self, path: &'static str, fields: &[(&str, &str)]) {
        let since = self.newest().await;
        let answer = self.browser.post("/products", path, fields).await;
        assert!(
            answer.status.is_redirection(),
            "{path}: {} {}",
            answer.status,
            answer.text
        );
        self.expect(path, since).await;
    }

    /// A page that shows a secret when it is posted. Answers its text.
    pub(super) async fn page(&mut self, path: &'static str, target: &str) -> String {
        let since = self.newest().await;
        let shown = self.browser.post(target, target, &[]).await;
        assert_eq!(shown.status, StatusCode::OK, "{target}");
        self.expect(path, since).await;
        shown.text
    }

    async fn file(&mut self, path: &'static str, target: &str, fields: &[(&str, &str)], file: &str) {
        let since = self.newest().await;
        let part = |head: &str, value: &str| {
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name={head}\r\n\r\n{value}\r\n")
        };
        let mut parts: Vec<String> = fields
            .iter()
            .map(|(name, value)| part(&format!("\"{name}\""), value))
            .collect();
        parts.push(part("\"file\"; filename=\"f\"", file));
        parts.push(format!("--{BOUNDARY}--\r\n"));
        let body = parts.concat();
        let request = self.browser.request(Method::POST, target);
        let request = request
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header("sec-fetch-site", "same-origin");
        self.browser.send(request.body(Body::from(body)).unwrap()).await;
        self.expect(path, since).await;
    }
}

fn vivo<'a>(owner: (&'a str, &'a str), app_id: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        owner,
        ("channel", "vivo"),
        ("enabled", "on"),
        ("app_id", app_id),
        ("app_key", "a-key"),
        ("app_secret", "hush"),
    ]
}

#[tokio::test]
async fn every_change_leaves_the_entry_that_the_table_says() {
    let (vendors, folder) = (vendors::start().await, tempfile::tempdir().unwrap());
    let mut walk = Walk::start(&vendors, folder.path()).await;
    let report = &walk.app.report;
    let product = report.products[0].id.to_string();
    let (android, ios) = (&report.products[0].applications[0], &report.products[0].applications[1]);
    let application = android.id.to_string();
    let (android, ios) = (android.access_id.to_string(), ios.access_id.to_string());
    let im = report.im_applications[0].sdk_app_id.to_string();
    let closed = report.im_applications[2].sdk_app_id.to_string();
    let authorisation = report.authorisations[0].id.to_string();
    let app = ("access_id", android.as_str());
    let of_product = ("product", product.as_str());
    let credentials = vendors.credentials().unwrap();

    configure(&mut walk, &android, &im, &credentials.fcm.service_account.to_string()).await;
    let apns = &credentials.apns;
    let fields = [
        ("kind", "p8"),
        ("key_id", apns.key_id.as_str()),
        ("team_id", apns.team_id.as_str()),
        ("environments", "production"),
    ];
    let target = format!("/applications/{ios}/basic-config/certificates");
    let path = "/applications/{access_id}/basic-config/certificates";
    walk.file(path, &target, &fields, &apns.p8).await;
    let config = walk
        .app
        .server
        .services
        .backend
        .basic_configs
        .get(&walk.root, ios.parse().unwrap())
        .await;
    let certificate = config.unwrap().certificates[0].id.to_string();
    let removed = [("access_id", ios.as_str()), ("certificate", certificate.as_str())];
    walk.form("/ui/basic-configs/remove-certificate", &removed).await;

    told::webhooks(&mut walk, &android).await;
    told::alarms(&mut walk, &android).await;

    let name = ("name", "Weekly");
    walk.form("/ui/plans/create", &[app, name, ("description", "")]).await;
    let plans = walk
        .app
        .server
        .services
        .backend
        .plans
        .list(&walk.root, android.parse().unwrap())
        .await;
    let plan = plans
        .unwrap()
        .into_iter()
        .find(|plan| plan.name == "Weekly")
        .unwrap()
        .id
        .to_string();
    let plan = ("plan", plan.as_str());
    walk.form("/ui/plans/change", &[app, plan, name, ("description", "on Sundays")])
        .await;
    let push = [app, plan, ("form_key", "a push"), ("to", "bob"), ("text", "hi")];
    walk.form("/ui/pushes/send", &push).await;
    walk.form("/ui/plans/delete", &[app, plan, ("confirmation", "Weekly")])
        .await;

    walk.form(
        "/ui/authorisations/revoke",
        &[of_product, ("authorisation", &authorisation)],
    )
    .await;
    let added = [
        of_product,
        ("im_application", im.as_str()),
        ("application", application.as_str()),
    ];
    walk.form("/ui/authorisations/add", &added).await;

    let closed = ("sdk_app_id", closed.as_str());
    walk.form("/ui/im-applications/set-enabled", &[closed, ("enabled", "true")])
        .await;
    walk.form(
        "/ui/im-applications/set-administrators",
        &[closed, ("administrators", "administrator")],
    )
    .await;
    walk.form("/ui/im-applications/reveal", &[closed]).await;
    let page = format!("/im-applications/{}/secret-key", closed.1);
    walk.page("/im-applications/{sdk_app_id}/secret-key", &page).await;
    walk.form("/ui/im-applications/set-enabled", &[closed, ("enabled", "false")])
        .await;
    walk.form("/ui/im-applications/delete", &[closed, ("confirmation", "Closed")])
        .await;
    let new = [("name", "Fresh"), ("access_point", "ap-guangzhou"), ("form_key", "k1")];
    walk.form("/ui/im-applications/create", &new).await;

    sub_accounts(&mut walk).await;
    products(&mut walk, of_product, app).await;
    own_account(&mut walk).await;
    walk.form("/logout", &[]).await;

    let entries = DEEDS.iter().filter(|(_, leaves)| matches!(leaves, Leaves::Entry(_)));
    let missing: Vec<_> = entries
        .map(|(path, _)| *path)
        .filter(|path| !walk.done.contains(path) && !AT_FIRST.contains(path))
        .collect();
    assert!(missing.is_empty(), "not seen to leave their entry: {missing:?}");
}

async fn configure(walk: &mut Walk, android: &str, im: &str, service_account: &str) {
    let app = ("access_id", android);
    walk.form(
        "/ui/basic-configs/save-identifier",
        &[app, ("identifier", "com.example.other")],
    )
    .await;
    walk.form("/ui/basic-configs/save-identifier", &[app, ("identifier", PACKAGE)])
        .await;
    walk.form("/ui/im-channels/save", &vivo(("sdk_app_id", im), "10004"))
        .await;
    walk.form("/ui/basic-configs/save-channel", &vivo(app, "20001")).await;
    walk.form("/ui/im-channels/take-over", &[app, ("channel", "vivo")])
        .await;
    walk.form("/ui/packages/add", &[app, ("package", "com.example.lite")])
        .await;
    let configs = &walk.app.server.services.backend.basic_configs;
    let config = configs.get(&walk.root, android.parse().unwrap()).await.unwrap();
    let package = config.packages[0].id.to_string();
    let target = format!("/im-applications/{im}/channels/fcm/file");
    let path = "/im-applications/{sdk_app_id}/channels/fcm/file";
    walk.file(path, &target, &[], service_account).await;
    let target = format!("/applications/{android}/basic-config/channels/fcm/file");
    let path = "/applications/{access_id}/basic-config/channels/fcm/file";
    walk.file(path, &target, &[], service_account).await;
    let target = format!("/applications/{android}/basic-config/packages/{package}/channels/fcm/file");
    let path = "/applications/{access_id}/basic-config/packages/{package}/channels/fcm/file";
    walk.file(path, &target, &[], service_account).await;
    let fcm = ("channel", "fcm");
    walk.form("/ui/channel-checks/verify", &[app, fcm]).await;
    walk.form("/ui/channel-checks/send-test", &[app, fcm, ("to", "bob")])
        .await;
    let package = ("package", package.as_str());
    walk.form("/ui/packages/remove-keys", &[app, package, fcm]).await;
    walk.form("/ui/packages/remove", &[app, package]).await;
}

async fn sub_accounts(walk: &mut Walk) {
    let new = [
        ("name", "dev"),
        ("password", "staple of a developer"),
        ("tenant[]", "view_audit"),
    ];
    walk.form("/ui/sub-accounts/create", &new).await;
    let all = walk
        .app
        .server
        .services
        .backend
        .sub_accounts
        .list(&walk.root)
        .await
        .unwrap();
    let account = all.iter().find(|account| account.name == "dev").unwrap().id.to_string();
    let account = ("account", account.as_str());
    walk.form(
        "/ui/sub-accounts/change",
        &[account, ("name", "developer"), ("password", "")],
    )
    .await;
    walk.form("/ui/sub-accounts/delete", &[account]).await;
}

async fn products(walk: &mut Walk, of_product: (&str, &str), app: (&str, &str)) {
    walk.form("/ui/applications/rename", &[app, ("name", "Renamed")]).await;
    walk.form("/ui/applications/reveal", &[app]).await;
    let page = format!("/applications/{}/secret-key", app.1);
    walk.page("/applications/{access_id}/secret-key", &page).await;
    let mac = [of_product, ("name", "Desk"), ("platform", "macos")];
    walk.form("/ui/products/add-application", &mac).await;
    let change = [of_product, ("name", "Messages"), ("category", "social")];
    walk.form("/ui/products/change", &change).await;
    let new = [
        ("name", "Short-lived"),
        ("category", "social"),
        ("access_point", "ap-guangzhou"),
        ("platforms[]", "android"),
        ("form_key", "k2"),
    ];
    walk.form("/ui/products/create", &new).await;
    let query = domain::product::ProductQuery::default();
    let page = walk
        .app
        .server
        .services
        .backend
        .products
        .list(&walk.root, query)
        .await
        .unwrap();
    let made = page
        .rows
        .into_iter()
        .find(|product| product.name == "Short-lived")
        .unwrap();
    let access_id = made.applications[0].access_id.to_string();
    let name = made.applications[0].name.clone();
    walk.form(
        "/ui/applications/delete",
        &[("access_id", &access_id), ("confirmation", &name)],
    )
    .await;
    let product = made.id.to_string();
    walk.form(
        "/ui/products/delete",
        &[("product", &product), ("confirmation", "Short-lived")],
    )
    .await;
}
