//! The golden requests: every file of `golden/<vendor>` is sent as it stands, in the order of the names, and must get the
//! answer written under it.
//!
//! A file has a comment with its section, a request line, headers, a body, and after `###` the status and the answer. A
//! form has one field a line, not encoded. The answer is JSON whose members must be there; `"{{name}}"` takes any text
//! and keeps it for the requests after it. An empty answer must be empty. `world.json` holds what is registered first,
//! in the shape of the control API, and optionally the vendors' time.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use simulator::Simulator;

use crate::senders::{client, service_account_token, simulator};

#[tokio::test]
async fn every_golden_request_gets_its_answer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let vendors = entries(&root);
    assert!(!vendors.is_empty());
    for folder in vendors {
        let vendor = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let scene = Scene::open(&folder, &vendor).await;
        scene.play(&folder).await;
    }
}

struct Scene {
    simulator: Simulator,
    client: Client,
    base: String,
    names: HashMap<String, String>,
}

impl Scene {
    async fn open(folder: &Path, vendor: &str) -> Self {
        let simulator = simulator().await;
        let client = client(&simulator);
        let world: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("world.json")).unwrap()).unwrap();
        if let Some(at) = world["now_ms"].as_i64() {
            simulator.advance_clock_ms(at - simulator.now_ms());
        }
        for what in ["applications", "devices", "settings"] {
            if world[what].is_null() {
                continue;
            }
            let url = format!("{}/_{what}", simulator.control_url());
            let answer = client.post(url).json(&world[what]).send().await.unwrap();
            assert_eq!(
                answer.status(),
                200,
                "{vendor} {what}: {}",
                answer.text().await.unwrap()
            );
        }
        let addresses = json!(simulator.addresses());
        let mut names = HashMap::new();
        names.insert(
            "project".to_owned(),
            simulator.credentials().unwrap().huawei.project_id.clone(),
        );
        names.insert("jwt".to_owned(), service_account_token(&simulator, "PS256", 3600));
        names.insert("now_ms".to_owned(), simulator.now_ms().to_string());
        Self {
            base: addresses[vendor].as_str().unwrap().to_owned(),
            simulator,
            client,
            names,
        }
    }

    async fn play(mut self, folder: &Path) {
        for file in entries(folder) {
            if file.extension().is_some_and(|kind| kind == "http") {
                self.send(&file).await;
            }
        }
        self.simulator.stop().await;
    }

    async fn send(&mut self, file: &Path) {
        let name = file.display();
        let text = std::fs::read_to_string(file).unwrap();
        assert!(
            text.starts_with('#') && text.contains("section"),
            "{name} tells no section"
        );
        let (request, answer) = text
            .split_once("\n### ")
            .unwrap_or_else(|| panic!("{name} has no answer"));
        let (status, expected) = answer.split_once('\n').unwrap_or((answer, ""));
        let (status, body) = self.exchange(request, status.trim().parse().unwrap()).await;
        assert_eq!(status.0, status.1, "{name}: {body}");
        if expected.trim().is_empty() {
            assert_eq!(body, "", "{name}");
            return;
        }
        let expected: Value = serde_json::from_str(expected).unwrap_or_else(|error| panic!("{name}: {error}"));
        let found: Value = serde_json::from_str(&body).unwrap_or_else(|_| panic!("{name}: {body:?} is no JSON"));
        self.compare(&expected, &found)
            .unwrap_or_else(|place| panic!("{name}: {place} differs in {found:#}"));
    }

    /// The status that came and the one that should, and the body.
    async fn exchange(&self, request: &str, wanted: u16) -> ((u16, u16), String) {
        let mut request = request.to_owned();
        for (name, value) in &self.names {
            request = request.replace(&format!("{{{{{name}}}}}"), value);
        }
        let plain: Vec<&str> = request.lines().skip_while(|line| line.starts_with('#')).collect();
        let plain = plain.join("\n");
        let (head, body) = plain.split_once("\n\n").unwrap_or((&plain, ""));
        let mut lines = head.lines();
        let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
        let mut builder = self
            .client
            .request(method.parse::<Method>().unwrap(), format!("{}{path}", self.base));
        let mut form = false;
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            form |= name == "content-type" && value.contains("x-www-form-urlencoded");
            builder = builder.header(name, value);
        }
        let fields: Vec<(&str, &str)> = body.lines().filter_map(|line| line.split_once('=')).collect();
        builder = if form {
            builder.form(&fields)
        } else {
            builder.body(body.trim().to_owned())
        };
        let answer = builder.send().await.unwrap();
        ((answer.status().as_u16(), wanted), answer.text().await.unwrap())
    }

    fn compare(&mut self, expected: &Value, found: &Value) -> Result<(), String> {
        if let Some(name) = expected
            .as_str()
            .and_then(|text| text.strip_prefix("{{")?.strip_suffix("}}"))
        {
            let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
            if text.is_empty() || found.is_null() {
                return Err(format!("{name} is missing; it"));
            }
            self.names.insert(name.to_owned(), text);
            return Ok(());
        }
        match (expected, found) {
            (Value::Object(members), Value::Object(others)) => members.iter().try_for_each(|(name, member)| {
                let other = others.get(name).unwrap_or(&Value::Null);
                self.compare(member, other).map_err(|place| format!("{name} {place}"))
            }),
            (Value::Array(items), Value::Array(others)) if items.len() == others.len() => items
                .iter()
                .zip(others)
                .try_for_each(|(item, other)| self.compare(item, other)),
            _ if expected == found => Ok(()),
            _ => Err(format!("(wanted {expected}, found {found})")),
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .collect();
    paths.sort();
    paths
}
