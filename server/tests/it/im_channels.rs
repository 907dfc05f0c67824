//! Vendor settings from an IM application's page to the cards of the applications that follow, without script.

use crate::support::{Browser, TestApp, World};
use axum::http::StatusCode;
use serde_json::json;
use server::cli::apply::apply;
use std::path::Path;

/// A browser before an IM application that is authorised to an Android application.
struct Scene {
    browser: Browser,
    im: String,
    access_id: String,
}

impl Scene {
    async fn start(app: &TestApp) -> Self {
        let browser = app.browser();
        assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
        Self {
            browser,
            im: app.report.im_applications[0].sdk_app_id.to_string(),
            access_id: app.report.products[0].applications[0].access_id.to_string(),
        }
    }

    fn im_page(&self) -> String {
        format!("/im-applications/{}", self.im)
    }

    fn config_page(&self) -> String {
        format!("/applications/{}/basic-config", self.access_id)
    }

    /// Saves the IM application's vivo card. Returns where that leads.
    async fn save_im(&self, app_id: &str, secret: &str) -> String {
        let form = format!("{}/channels/vivo", self.im_page());
        let mut fields = vec![("sdk_app_id", self.im.as_str())];
        fields.extend(card(app_id, secret));
        let answer = self.browser.post(&form, "/ui/im-channels/save", &fields).await;
        answer.location().to_owned()
    }

    async fn save_own(&self, app_id: &str, secret: &str) {
        let form = format!("{}/channels/vivo", self.config_page());
        let mut fields = vec![("access_id", self.access_id.as_str())];
        fields.extend(card(app_id, secret));
        let answer = self
            .browser
            .post(&form, "/ui/basic-configs/save-channel", &fields)
            .await;
        assert_eq!(answer.location(), self.config_page());
    }

    /// Takes the settings over by the page that asks, which `page` leads to.
    async fn take_over(&self, from: &[(&'static str, &str)], page: &str) {
        let query: Vec<_> = from.iter().map(|(name, value)| format!("?{name}={value}")).collect();
        let query = query.concat();
        let question = format!("{}/channels/vivo/take-over{query}", self.config_page());
        assert!(
            self.text(page).await.contains(&format!("href=\"{question}\"")),
            "{page}"
        );
        let asked = self.text(&question).await;
        assert!(asked.contains("20001"), "what is lost is shown");
        assert!(asked.contains(&format!("href=\"{page}\"")), "the way back");
        assert_eq!(self.offered().await, [true, true], "asking changes nothing");
        let mut fields = vec![("access_id", self.access_id.as_str()), ("channel", "vivo")];
        fields.extend(from);
        let answer = self.browser.post(&question, "/ui/im-channels/take-over", &fields).await;
        assert_eq!(answer.location(), page);
    }

    async fn text(&self, path: &str) -> String {
        let page = self.browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        page.text
    }

    /// Whether the pages of application and IM application offer to take the settings over.
    async fn offered(&self) -> [bool; 2] {
        let link = "/channels/vivo/take-over";
        let config = self.text(&self.config_page()).await.contains(link);
        [config, self.text(&self.im_page()).await.contains(link)]
    }
}

fn card<'a>(app_id: &'a str, secret: &'a str) -> [(&'static str, &'a str); 5] {
    [
        ("channel", "vivo"),
        ("enabled", "on"),
        ("app_id", app_id),
        ("app_key", "a-key"),
        ("app_secret", secret),
    ]
}

#[tokio::test]
async fn what_is_saved_for_an_im_application_stands_on_the_card_of_its_application() {
    let app = TestApp::start().await;
    let scene = Scene::start(&app).await;
    for (app_id, secret) in [("10004", "hush-one"), ("10005", "hush-two")] {
        assert_eq!(scene.save_im(app_id, secret).await, scene.im_page());
        for page in [scene.im_page(), scene.config_page()] {
            let text = scene.text(&page).await;
            assert!(text.contains(app_id), "{page} lacks {app_id}");
            assert!(!text.contains(secret), "{page} holds a secret");
        }
    }
    assert_eq!(scene.offered().await, [false, false]);
    let form = format!("{}/channels/vivo", scene.im_page());
    let text = scene.text(&form).await;
    assert!(text.contains("10005") && !text.contains("hush-two"));
}

#[tokio::test]
async fn a_difference_is_shown_on_both_pages_and_settled_from_either() {
    let app = TestApp::start().await;
    let scene = Scene::start(&app).await;
    scene.save_im("10004", "hush").await;
    let from = scene.im.clone();
    let ways: [(&[(&'static str, &str)], String); 2] =
        [(&[], scene.config_page()), (&[("from", &from)], scene.im_page())];
    for (hidden, page) in ways {
        scene.save_own("20001", "by-hand").await;
        scene.save_im("10006", "hush").await;
        assert_eq!(scene.offered().await, [true, true]);
        let config = scene.text(&scene.config_page()).await;
        assert!(config.contains("20001") && !config.contains("10006"), "left alone");
        scene.take_over(hidden, &page).await;
        assert_eq!(scene.offered().await, [false, false]);
        assert!(scene.text(&scene.config_page()).await.contains("10006"));
    }
}

#[tokio::test]
async fn a_card_with_a_fault_comes_back_as_it_was_typed() {
    let app = TestApp::start().await;
    let scene = Scene::start(&app).await;
    let form = format!("{}/channels/vivo", scene.im_page());
    assert_eq!(scene.save_im("no-number", "hush").await, form);
    let text = scene.text(&form).await;
    assert!(text.contains("no-number") && !text.contains("hush"));
    let nowhere = format!("{}/channels/apns", scene.im_page());
    assert_eq!(scene.browser.get(&nowhere).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_description_reaches_the_application_as_the_form_does() {
    let app = TestApp::start().await;
    let scene = Scene::start(&app).await;
    for app_id in ["10004", "10005"] {
        let card = json!({ "app_id": app_id, "app_key": "a-key", "app_secret": "hush" });
        let description = json!({
            "root": { "name": World::ROOT, "password": World::PASSWORD },
            "im_applications": [{ "name": "Chat", "access_point": "ap-guangzhou", "channels": { "vivo": card } }],
        });
        let description = serde_json::from_value(description).unwrap();
        apply(&app.server.services, &description, Path::new(".")).await.unwrap();
        assert!(scene.text(&scene.config_page()).await.contains(app_id));
    }
}
