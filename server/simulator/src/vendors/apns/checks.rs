//! The checks APNs makes, in its order (vendors' reference, section 1.5). The first "no" is the answer.
//!
//! Two checks the list does not name have their own place: repeated `apns-*` headers come first, a malformed
//! `apns-expiration` follows the push type.

use http::{HeaderMap, Method};

use super::answers::Refusal;
use super::peer::Peer;
use super::provider_token::{Circumstances, ConnectionTokens, covers};
use crate::registry::{Device, DeviceState};
use crate::settings::{Settings, Unknown};
use crate::vendors::{Environment, Vendor};
use crate::world::World;

const PUSH_TYPES: &[&str] = &[
    "alert",
    "background",
    "location",
    "voip",
    "complication",
    "fileprovider",
    "mdm",
    "liveactivity",
    "pushtotalk",
    "widgets",
    "controls",
];
const SINGLE: &[&str] = &[
    "apns-id",
    "apns-topic",
    "apns-push-type",
    "apns-priority",
    "apns-expiration",
    "apns-collapse-id",
    "authorization",
];

/// One request, as the checks see it.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
    pub(super) environment: Environment,
    /// The client certificate of the connection.
    pub(super) peer: Option<&'a Peer>,
}

impl Asked<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        // Bytes that are no text are passed on as an empty value, which no check accepts.
        self.headers.get(name).map(|value| value.to_str().unwrap_or_default())
    }

    /// The topic asked for, or the one the certificate stands for.
    pub(super) fn topic(&self) -> Option<&str> {
        self.header("apns-topic")
            .or_else(|| self.peer.and_then(Peer::default_topic))
    }
}

/// The device token in a path of the right shape, however malformed the token.
pub(super) fn token_in(path: &str) -> Option<&str> {
    path.strip_prefix("/3/device/")
        .filter(|token| !token.is_empty() && !token.contains('/'))
}

/// Runs every check.
pub(super) fn check(
    asked: &Asked<'_>,
    tokens: &mut ConnectionTokens,
    world: &World,
    settings: &Settings,
) -> Result<(), Refusal> {
    check_headers(asked)?;
    let token = check_path(asked.path)?;
    let topic = asked.topic().unwrap_or_default();
    let now_ms = world.clock.now_ms();
    match world.registry.device(Vendor::Apns, token) {
        Some(device) => check_device(&device, asked.environment, topic, now_ms)?,
        None if settings.apns_unknown_devices == Unknown::Reject => return Err("BadDeviceToken".into()),
        None => {}
    }
    let authorization = asked.header("authorization");
    if let Some(peer) = asked.peer.filter(|_| authorization.is_none()) {
        check_certificate(peer, asked.environment, topic, world)?;
    } else {
        let around = Circumstances {
            registry: &world.registry,
            environment: asked.environment,
            topic,
            now_ms,
            update_min_s: settings.apns_token_update_min_s,
        };
        tokens.admit(authorization, &around)?;
    }
    check_payload(asked.body, topic)
}

fn check_headers(asked: &Asked<'_>) -> Result<(), Refusal> {
    if SINGLE
        .iter()
        .any(|name| asked.headers.get_all(*name).iter().count() > 1)
    {
        return Err("DuplicateHeaders".into());
    }
    if asked.header("apns-id").is_some_and(|id| !is_uuid(id)) {
        return Err("BadMessageId".into());
    }
    if asked.method != Method::POST {
        return Err("MethodNotAllowed".into());
    }
    match asked.topic() {
        None => return Err("MissingTopic".into()),
        Some(topic) if !is_topic(topic) => return Err("BadTopic".into()),
        Some(_) => {}
    }
    if asked
        .headers
        .get("apns-collapse-id")
        .is_some_and(|id| id.is_empty() || id.len() > 64)
    {
        return Err("BadCollapseId".into());
    }
    let push_type = asked.header("apns-push-type");
    match asked.header("apns-priority") {
        Some("5") | None => {}
        Some("1" | "10") if push_type != Some("background") => {}
        Some(_) => return Err("BadPriority".into()),
    }
    if push_type.is_some_and(|kind| !PUSH_TYPES.contains(&kind)) {
        return Err("InvalidPushType".into());
    }
    if asked
        .header("apns-expiration")
        .is_some_and(|time| time.parse::<u64>().is_err())
    {
        return Err("BadExpirationDate".into());
    }
    Ok(())
}

fn check_path(path: &str) -> Result<&str, Refusal> {
    if matches!(path, "/3/device" | "/3/device/") {
        return Err("MissingDeviceToken".into());
    }
    let token = token_in(path).ok_or("BadPath")?;
    // Apple calls the length of a token variable; 32 bytes is what devices have today.
    let right = (64..=200).contains(&token.len())
        && token.len().is_multiple_of(2)
        && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if right { Ok(token) } else { Err("BadDeviceToken".into()) }
}

fn check_device(device: &Device, environment: Environment, topic: &str, now_ms: i64) -> Result<(), Refusal> {
    let gone = |reason| Refusal {
        reason,
        timestamp_ms: Some(device.gone_since_ms.unwrap_or(now_ms)),
    };
    // A token of the other environment is not merely gone here: this environment has never issued it.
    let foreign = device.environment.is_some_and(|issued| issued != environment);
    if foreign || matches!(device.state, DeviceState::Invalid | DeviceState::OtherEnvironment) {
        return Err("BadDeviceToken".into());
    }
    match device.state {
        DeviceState::Unregistered => return Err(gone("Unregistered")),
        DeviceState::Expired => return Err(gone("ExpiredToken")),
        DeviceState::OtherApplication => return Err("DeviceTokenNotForTopic".into()),
        DeviceState::Active | DeviceState::SwitchedOff | DeviceState::Invalid | DeviceState::OtherEnvironment => {}
    }
    match &device.topic {
        Some(own) if !covers(own, topic) => Err("DeviceTokenNotForTopic".into()),
        _ => Ok(()),
    }
}

fn check_certificate(peer: &Peer, environment: Environment, topic: &str, world: &World) -> Result<(), Refusal> {
    let known = world.registry.certificate(peer.fingerprint()).ok_or("BadCertificate")?;
    if !(known.environments.is_empty() || known.environments.contains(&environment)) {
        return Err("BadCertificateEnvironment".into());
    }
    let allowed = if known.topics.is_empty() {
        peer.topics()
    } else {
        known.topics.as_slice()
    };
    if allowed.iter().any(|own| covers(own, topic)) {
        Ok(())
    } else {
        Err("TopicDisallowed".into())
    }
}

fn check_payload(body: &[u8], topic: &str) -> Result<(), Refusal> {
    let voip = topic.rsplit('.').next() == Some("voip");
    let limit = if voip { 5120 } else { 4096 };
    match body.len() {
        0 => Err("PayloadEmpty".into()),
        length if length > limit => Err("PayloadTooLarge".into()),
        _ => Ok(()),
    }
}

/// The canonical form: 8-4-4-4-12 hexadecimal digits.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

fn is_topic(topic: &str) -> bool {
    !topic.is_empty()
        && topic
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}
