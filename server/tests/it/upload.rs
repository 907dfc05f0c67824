//! The multipart upload of push certificates.

use crate::support::{Answer, Browser, TestApp, World};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};

const BOUNDARY: &str = "----boundary";

struct Form(Vec<u8>);

impl Form {
    fn new(kind: &str) -> Self {
        Self(Vec::new()).field("kind", kind).field("environments", "production")
    }

    fn field(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    fn file(self, content: &[u8]) -> Self {
        self.part("name=\"file\"; filename=\"push.p12\"", content)
    }

    fn part(mut self, disposition: &str, content: &[u8]) -> Self {
        self.0
            .extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n").as_bytes());
        self.0.extend(content);
        self.0.extend(b"\r\n");
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }
}

async fn upload(app: &TestApp, browser: &Browser, body: Vec<u8>) -> Answer {
    let access_id = app.report.products[0].applications[1].access_id;
    let request = browser
        .request(
            Method::POST,
            &format!("/applications/{access_id}/basic-config/certificates"),
        )
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .header("sec-fetch-site", "same-origin");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

async fn root(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

#[tokio::test]
async fn a_refused_file_leads_back_to_the_form_which_says_why_but_not_the_password() {
    let app = TestApp::start().await;
    let browser = root(&app).await;
    let cases = [
        (Form::new("p12").field("password", "hunter2!").file(b"").end(), "empty"),
        (
            Form::new("p12")
                .field("password", "hunter2!")
                .file(b"not a store")
                .end(),
            ".p12",
        ),
        (
            Form::new("p12")
                .field("password", "hunter2!")
                .file(&vec![0x30; 65 * 1024])
                .end(),
            "large",
        ),
    ];
    for (body, word) in cases {
        let answer = upload(&app, &browser, body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            answer.location().ends_with("/basic-config/certificates/new"),
            "{}",
            answer.location()
        );
        let page = browser.get(answer.location()).await;
        assert!(page.text.contains(word), "{word}: {}", page.text);
        assert!(!page.text.contains("hunter2!"));
        let again = browser.get(answer.location()).await;
        assert!(!again.text.contains("role=\"alert\""), "the message is shown once");
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_or_no_form_at_all_is_refused_gently() {
    let app = TestApp::start().await;
    let browser = root(&app).await;
    let mut cut = Form::new("p12").file(b"half").end();
    cut.truncate(cut.len() - 30);
    for body in [cut, b"no form".to_vec(), Vec::new()] {
        let answer = upload(&app, &browser, body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.location().ends_with("/certificates/new"));
    }
}

#[tokio::test]
async fn a_sub_account_cannot_upload_where_it_may_not_even_look() {
    let app = TestApp::start().await;
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    let answer = upload(&app, &viewer, Form::new("p12").file(b"x").end()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let stored = &app.server.services.backend;
    let root = stored.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    let access_id = app.report.products[0].applications[1].access_id;
    let config = stored.basic_configs.get(&root, access_id).await.unwrap();
    assert!(config.certificates.is_empty());
    assert_eq!(
        upload(&app, &app.browser(), Form::new("p12").file(b"x").end())
            .await
            .location(),
        "/login"
    );
}
