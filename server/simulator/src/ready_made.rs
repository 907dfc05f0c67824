//! Ready-made applications at the six Chinese vendors: fixed ids, secrets of this run.

use rcgen::KeyPair;
use serde::Serialize;
use serde_json::{Value, json};

use crate::application::{Application, ServiceKey};
use crate::credentials::TOPIC;
use crate::options::StartError;
use crate::registry::Registry;

/// Huawei credentials, for both interfaces.
#[derive(Clone, Serialize)]
pub struct Huawei {
    /// `AppId`, the client id.
    pub app_id: String,
    /// `AppSecret`.
    pub app_secret: String,
    /// The project of v3.
    pub project_id: String,
    /// The service-account file of v3.
    pub service_account: Value,
}

/// Honor credentials.
#[derive(Clone, Serialize)]
pub struct Honor {
    /// `AppId`, part of the path.
    pub app_id: String,
    /// `ClientId`.
    pub client_id: String,
    /// `ClientSecret`.
    pub client_secret: String,
}

/// Xiaomi credentials.
#[derive(Clone, Serialize)]
pub struct Xiaomi {
    /// `AppSecret`.
    pub app_secret: String,
    /// The package it may send to.
    pub package: String,
}

/// OPPO credentials.
#[derive(Clone, Serialize)]
pub struct Oppo {
    /// `AppKey`.
    pub app_key: String,
    /// `MasterSecret`.
    pub master_secret: String,
}

/// vivo credentials.
#[derive(Clone, Serialize)]
pub struct Vivo {
    /// `AppId`, digits.
    pub app_id: String,
    /// `AppKey`.
    pub app_key: String,
    /// `AppSecret`.
    pub app_secret: String,
}

/// Meizu credentials.
#[derive(Clone, Serialize)]
pub struct Meizu {
    /// `AppId`.
    pub app_id: String,
    /// `AppSecret`.
    pub app_secret: String,
}

impl Huawei {
    pub(crate) fn create(registry: &Registry, key: &KeyPair) -> Result<Self, StartError> {
        let (app_id, project_id, sub_account) = ("104000001", "388421841221000001", "110000001");
        let (app_secret, key_id) = (random(), random());
        let known = Application {
            project_id: Some(project_id.to_owned()),
            service_keys: vec![ServiceKey {
                key_id: key_id.clone(),
                sub_account: sub_account.to_owned(),
                public_key_pem: key.public_key_pem(),
            }],
            ..Application::huawei(app_id, &app_secret)
        };
        register(registry, known)?;
        let service_account = json!({
            "project_id": project_id,
            "key_id": key_id,
            "private_key": key.serialize_pem(),
            "sub_account": sub_account,
            "auth_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/authorize",
            "token_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/token",
            "auth_provider_cert_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/certs",
            "client_cert_uri": "https://oauth-login.cloud.huawei.com/oauth2/v3/x509",
        });
        Ok(Self {
            app_id: app_id.to_owned(),
            app_secret,
            project_id: project_id.to_owned(),
            service_account,
        })
    }
}

impl Honor {
    pub(crate) fn create(registry: &Registry) -> Result<Self, StartError> {
        let own = Self {
            app_id: "104410001".to_owned(),
            client_id: "220000001".to_owned(),
            client_secret: random(),
        };
        register(
            registry,
            Application::honor(&own.app_id, &own.client_id, &own.client_secret),
        )?;
        Ok(own)
    }
}

impl Xiaomi {
    pub(crate) fn create(registry: &Registry) -> Result<Self, StartError> {
        let own = Self {
            app_secret: random(),
            package: TOPIC.to_owned(),
        };
        // Any package: a demo's is not this one.
        let known = Application {
            packages: Vec::new(),
            ..Application::xiaomi(&own.package, &own.app_secret)
        };
        register(registry, known)?;
        Ok(own)
    }
}

impl Oppo {
    pub(crate) fn create(registry: &Registry) -> Result<Self, StartError> {
        let own = Self {
            app_key: "5c1d0e3f7a9b4d2e8f60718293a4b5c6".to_owned(),
            master_secret: random(),
        };
        register(registry, Application::oppo(&own.app_key, &own.master_secret))?;
        Ok(own)
    }
}

impl Vivo {
    pub(crate) fn create(registry: &Registry) -> Result<Self, StartError> {
        let own = Self {
            app_id: "105000001".to_owned(),
            app_key: "9d3f0c6e5b7a48129c0d1e2f3a4b5c6d".to_owned(),
            app_secret: random(),
        };
        register(registry, Application::vivo(&own.app_id, &own.app_key, &own.app_secret))?;
        Ok(own)
    }
}

impl Meizu {
    pub(crate) fn create(registry: &Registry) -> Result<Self, StartError> {
        let own = Self {
            app_id: "150001".to_owned(),
            app_secret: random(),
        };
        register(registry, Application::meizu(&own.app_id, &own.app_secret))?;
        Ok(own)
    }
}

fn register(registry: &Registry, application: Application) -> Result<(), StartError> {
    registry.add_application(application).map_err(StartError::Credentials)
}

fn random() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
