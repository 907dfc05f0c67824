//! `[data]`, `[[access_points]]` and `[node]`: where things are stored, and which of it this node serves.

use super::{Settings, SettingsError};
use domain::{Secret, product::AccessPoint};
use serde::Deserialize;
use std::{collections::HashSet, path::PathBuf};

/// `[data]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Data {
    pub dir: PathBuf,
    pub control: Secret,
    pub master_key: Secret,
}

/// One of `[[access_points]]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct AccessPointSetting {
    pub id: String,
    pub name_en: String,
    pub name_zh: String,
    pub mainland: bool,
    pub database: Secret,
    pub host: String,
}

/// `[node]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Node {
    pub number: u16,
    pub serve: Vec<String>,
}

impl Settings {
    /// Whether this node serves an access point.
    pub fn serves(&self, access_point: &str) -> bool {
        self.node.serve.is_empty() || self.node.serve.iter().any(|id| id == access_point)
    }

    /// The control plane's database.
    pub fn control_url(&self) -> Secret {
        self.database(&self.data.control, "control")
    }

    /// The database of an access point.
    pub fn plane_url(&self, point: &AccessPointSetting) -> Secret {
        self.database(&point.database, &point.id)
    }

    fn database(&self, url: &Secret, name: &str) -> Secret {
        if url.is_empty() {
            let file = self.data.dir.join(format!("{name}.db"));
            Secret::new(format!("sqlite://{}?mode=rwc", file.display()))
        } else {
            url.clone()
        }
    }

    /// The access points as the rest of the house knows them.
    pub fn access_points(&self) -> Vec<AccessPoint> {
        let known = self.access_points.iter().map(|point| AccessPoint {
            id: point.id.clone(),
            name_en: point.name_en.clone(),
            name_zh: point.name_zh.clone(),
            mainland: point.mainland,
            served: self.serves(&point.id),
        });
        known.collect()
    }
}

pub(super) fn check(points: &[AccessPointSetting], node: &Node) -> Result<(), SettingsError> {
    if points.is_empty() {
        let what = "name at least one: every product needs a place to store its data";
        return Err(SettingsError::contradiction("access_points", what));
    }
    let (mut ids, mut databases) = (HashSet::new(), HashSet::new());
    for point in points {
        let key = || format!("access_points ({})", point.id);
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if point.id.is_empty() || point.id.len() > 32 || !point.id.chars().all(fits) {
            let what = "an id has 1 to 32 lower-case letters, digits and hyphens";
            return Err(SettingsError::contradiction(key(), what));
        }
        if !ids.insert(&point.id) {
            return Err(SettingsError::contradiction(key(), "the id is given twice"));
        }
        if !point.database.is_empty() && !databases.insert(point.database.reveal()) {
            let what = "its database is another access point's: data would not stay apart";
            return Err(SettingsError::contradiction(key(), what));
        }
    }
    // The highest number is the command line's, which writes beside a running node.
    if node.number >= store::plane::MAX_NODE {
        let what = format!("must be 0 to {}", store::plane::MAX_NODE - 1);
        return Err(SettingsError::contradiction("node.number", what));
    }
    if let Some(unknown) = node.serve.iter().find(|id| !ids.contains(id)) {
        let what = format!("{unknown} is none of [[access_points]]");
        return Err(SettingsError::contradiction("node.serve", what));
    }
    Ok(())
}
