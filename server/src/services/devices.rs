//! Devices of users. The door has verified whose call it is; what is said is checked here.

use super::{directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    Problem, Result, SdkAppId,
    certificate::Environment,
    channel::Channel,
    device::{Ack, Registration, StateReport},
    field::{self, FieldFault},
    ports::{Devices, Registered},
    problem::{Faults, What},
};
use std::sync::Arc;
use store::Fault;

/// The longest token of a vendor, in bytes.
const MAX_VENDOR_TOKEN: u32 = 4096;
/// The length of our own tokens, as TPNS had them.
const TOKEN_LENGTH: u32 = 36;

/// Devices over the data planes.
#[derive(Debug)]
pub struct DeviceService {
    directory: Arc<Directory>,
    planes: Arc<Planes>,
}

impl DeviceService {
    /// Devices of the directory's IM applications.
    pub fn new(directory: Arc<Directory>, planes: Arc<Planes>) -> Self {
        Self { directory, planes }
    }
}

#[async_trait]
impl Devices for DeviceService {
    async fn register(&self, sdk_app_id: SdkAppId, user: &str, registration: Registration) -> Result<Registered> {
        let (entry, plane) = self.planes.of(&self.directory, sdk_app_id)?;
        let registration = checked(user, registration)?;
        let platform = registration.platform;
        let registered = plane
            .register(sdk_app_id, user, registration, new_token(rand::random()))
            .await;
        Ok(Registered {
            token: registered.map_err(device_missing)?,
            authorised: entry.enabled && entry.route.application(platform).is_some(),
        })
    }

    async fn report_state(&self, sdk_app_id: SdkAppId, user: &str, report: StateReport) -> Result<()> {
        let (_, plane) = self.planes.of(&self.directory, sdk_app_id)?;
        plane
            .report_state(sdk_app_id, user, report)
            .await
            .map_err(device_missing)
    }

    async fn acknowledge(&self, sdk_app_id: SdkAppId, user: &str, ack: Ack) -> Result<()> {
        let (entry, plane) = self.planes.of(&self.directory, sdk_app_id)?;
        let plans = entry.route.applications.iter();
        let plans = plans.flat_map(|application| application.other_plans.iter().chain([&application.plan]).copied());
        plane
            .acknowledge(sdk_app_id, user, ack, plans.collect())
            .await
            .map_err(device_missing)
    }
}

fn device_missing(fault: Fault) -> Problem {
    match fault {
        Fault::Missing => Problem::NotFound(What::Device),
        other => refuse(other),
    }
}

fn new_token(random: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(random).into_uuid().to_string()
}

/// The registration as it is stored, or everything that is wrong with it.
fn checked(user: &str, registration: Registration) -> Result<Registration> {
    let mut faults = Faults::default();
    faults.check("user", field::user_id(user));
    let fits = Channel::of(registration.platform).any(|channel| channel == registration.channel);
    faults.check("channel", if fits { Ok(()) } else { Err(FieldFault::NotAChoice) });
    faults.check("vendor_token", vendor_token(&registration.vendor_token));
    let identifier = if registration.platform.is_apple() {
        field::bundle_id(&registration.identifier)
    } else {
        field::package_name(&registration.identifier)
    };
    let identifier = faults.check("identifier", identifier);
    if let Some(token) = &registration.token {
        faults.check("token", own_token(token));
    }
    // FCM stands in for another vendor of an Android device, never for itself.
    let fcm_token = registration.fcm_token.filter(|token| !token.is_empty());
    if let Some(token) = &fcm_token {
        let stands_in =
            Channel::Fcm != registration.channel && Channel::of(registration.platform).any(|c| c == Channel::Fcm);
        let allowed = if stands_in {
            vendor_token(token)
        } else {
            Err(FieldFault::NotAChoice)
        };
        faults.check("fcm_token", allowed);
    }
    faults.finish()?;
    Ok(Registration {
        identifier: identifier.unwrap_or_default(),
        // Only Apple has two worlds.
        environment: match registration.channel {
            Channel::Apns => registration.environment,
            _ => Environment::Production,
        },
        // Only Huawei's tokens differ by it.
        harmony_os: registration.harmony_os && registration.channel == Channel::Huawei,
        fcm_token,
        ..registration
    })
}

fn vendor_token(token: &str) -> Result<(), FieldFault> {
    match u32::try_from(token.len()) {
        Ok(0) => Err(FieldFault::Required),
        Ok(n) if n <= MAX_VENDOR_TOKEN && token.bytes().all(|b| b.is_ascii_graphic()) => Ok(()),
        Ok(n) if n <= MAX_VENDOR_TOKEN => Err(FieldFault::ControlCharacters),
        _ => Err(FieldFault::TooLong { max: MAX_VENDOR_TOKEN }),
    }
}

fn own_token(token: &str) -> Result<(), FieldFault> {
    match token.chars().count() {
        36 if token.bytes().all(|b| b.is_ascii_graphic()) => Ok(()),
        36 => Err(FieldFault::ControlCharacters),
        0..36 => Err(FieldFault::TooShort { min: TOKEN_LENGTH }),
        _ => Err(FieldFault::TooLong { max: TOKEN_LENGTH }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{field::FieldProblem, product::Platform};

    fn ios() -> Registration {
        Registration {
            platform: Platform::Ios,
            channel: Channel::Apns,
            vendor_token: "ab".repeat(32),
            identifier: "com.example.chat".into(),
            environment: Environment::Sandbox,
            notifications_on: true,
            harmony_os: false,
            fcm_token: None,
            token: None,
        }
    }

    fn wrong_fields(user: &str, registration: Registration) -> Vec<String> {
        match checked(user, registration) {
            Err(Problem::Invalid(faults)) => faults.into_iter().map(|FieldProblem { field, .. }| field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_registration_is_told_everything_that_is_wrong_with_it() {
        let wrong = Registration {
            channel: Channel::Fcm,
            vendor_token: String::new(),
            identifier: "chat".into(),
            token: Some("short".into()),
            ..ios()
        };
        let fields = ["user", "channel", "vendor_token", "identifier", "token"];
        assert_eq!(wrong_fields("bob smith", wrong), fields);
        for vendor_token in ["a b", "a\0", "é", &"x".repeat(4097)] {
            let vendor_token = vendor_token.into();
            assert_eq!(
                wrong_fields("bob", Registration { vendor_token, ..ios() }),
                ["vendor_token"]
            );
        }
        let longest = Registration {
            vendor_token: "x".repeat(4096),
            ..ios()
        };
        assert!(checked("bob", longest).is_ok());
    }

    #[test]
    fn only_apple_devices_have_a_sandbox() {
        assert_eq!(checked("bob", ios()).map(|r| r.environment), Ok(Environment::Sandbox));
        let droid = Registration {
            platform: Platform::Android,
            channel: Channel::Fcm,
            ..ios()
        };
        assert_eq!(
            checked("bob", droid).map(|r| r.environment),
            Ok(Environment::Production)
        );
    }

    #[test]
    fn a_token_of_fcm_stands_beside_that_of_another_android_vendor_only() {
        let droid = |channel| Registration {
            platform: Platform::Android,
            channel,
            fcm_token: Some("an-fcm-token".into()),
            harmony_os: true,
            ..ios()
        };
        let huawei = checked("bob", droid(Channel::Huawei)).expect("is taken");
        assert_eq!(
            (huawei.fcm_token.as_deref(), huawei.harmony_os),
            (Some("an-fcm-token"), true)
        );
        assert_eq!(checked("bob", droid(Channel::Oppo)).map(|r| r.harmony_os), Ok(false));
        assert_eq!(wrong_fields("bob", droid(Channel::Fcm)), ["fcm_token"]);
        let apple = Registration {
            fcm_token: Some("an-fcm-token".into()),
            ..ios()
        };
        assert_eq!(wrong_fields("bob", apple), ["fcm_token"]);
        let none = Registration {
            fcm_token: Some(String::new()),
            ..ios()
        };
        assert_eq!(checked("bob", none).map(|r| r.fcm_token), Ok(None));
    }

    #[test]
    fn our_tokens_have_36_characters() {
        assert_eq!(new_token([7; 16]).len(), 36);
        assert_ne!(new_token([7; 16]), new_token([8; 16]));
        assert_eq!(own_token(&new_token([7; 16])), Ok(()));
    }
}
