//! An IM message as handed over, and the notification made of it (tpns-and-im 3.2, 3.5, 3.6).

use crate::{MessageId, SdkAppId, Timestamp, statistics::MessageKind};
use serde::{Deserialize, Serialize};

/// One element of `MsgBody`, reduced to what a notification can show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Element {
    /// `TIMTextElem`: the text itself.
    Text(String),
    /// `TIMLocationElem`.
    Location,
    /// `TIMFaceElem`.
    Face,
    /// `TIMSoundElem`.
    Audio,
    /// `TIMImageElem`.
    Image,
    /// `TIMFileElem`.
    File,
    /// `TIMVideoFileElem`.
    Video,
    /// `TIMCustomElem`: shows its `Desc`; `Ext` and `Sound` count when there is no `OfflinePushInfo`.
    Custom {
        /// What is shown; nothing is pushed when it is empty and nothing else gives a text.
        desc: String,
        /// Handed to the client application.
        ext: String,
        /// The APNs sound.
        sound: String,
    },
}

impl Element {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Location => "[Location]",
            Self::Face => "[Face]",
            Self::Audio => "[audio]",
            Self::Image => "[image]",
            Self::File => "[file]",
            Self::Video => "[video]",
            Self::Custom { desc, .. } => desc,
        }
    }
}

/// `OfflinePushInfo`, the set of 2022 to 2024 (tpns-and-im 3.6). Empty strings count as absent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are those of the documented object")]
pub struct OfflinePushInfo {
    /// 0 push, 1 no offline push.
    pub push_flag: u8,
    pub title: String,
    /// Overrides the elements' text.
    pub desc: String,
    /// JSON text, handed to the client application.
    pub ext: String,
    pub android_info: AndroidInfo,
    pub apns_info: ApnsInfo,
}

/// `AndroidInfo` of [`OfflinePushInfo`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are those of the documented object")]
pub struct AndroidInfo {
    pub sound: String,
    #[serde(rename = "HuaWeiChannelID")]
    pub huawei_channel_id: String,
    #[serde(rename = "XiaoMiChannelID")]
    pub xiaomi_channel_id: String,
    #[serde(rename = "OPPOChannelID")]
    pub oppo_channel_id: String,
    #[serde(rename = "GoogleChannelID")]
    pub google_channel_id: String,
    /// 0 operation, 1 system.
    #[serde(rename = "VIVOClassification")]
    pub vivo_classification: u8,
    /// `LOW` or `NORMAL`.
    #[serde(rename = "HuaWeiImportance")]
    pub huawei_importance: String,
    /// 0 Ext as action, 1 as intent parameter.
    pub ext_as_huawei_intent_param: u8,
    #[serde(rename = "HuaWeiCategory")]
    pub huawei_category: String,
}

impl Default for AndroidInfo {
    fn default() -> Self {
        Self {
            sound: String::new(),
            huawei_channel_id: String::new(),
            xiaomi_channel_id: String::new(),
            oppo_channel_id: String::new(),
            google_channel_id: String::new(),
            vivo_classification: 1,
            huawei_importance: "NORMAL".into(),
            ext_as_huawei_intent_param: 0,
            huawei_category: String::new(),
        }
    }
}

/// `ApnsInfo` of [`OfflinePushInfo`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
#[serde(rename_all = "PascalCase", default)]
#[expect(missing_docs, reason = "the names are those of the documented object")]
pub struct ApnsInfo {
    pub sound: String,
    /// 0 counts towards the badge, 1 does not.
    pub badge_mode: u8,
    /// Overrides the title of [`OfflinePushInfo`].
    pub title: String,
    pub sub_title: String,
    pub image: String,
    pub mutable_content: u8,
}

/// A message as a door hands it to the service: parsed, checked, not yet decided upon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Submission {
    /// The IM application.
    pub sdk_app_id: SdkAppId,
    /// How it came.
    pub kind: MessageKind,
    /// `From_Account`: the sender's `UserID`.
    pub from: String,
    /// `To_Account`: the receivers' `UserID`s, 1 to 500, without repeats.
    pub to: Vec<String>,
    /// `MsgSeq` as given.
    pub seq: Option<u32>,
    /// `MsgRandom`.
    pub random: u32,
    /// `MsgTimeStamp` as given, in seconds.
    pub time: Option<i64>,
    /// `MsgLifeTime` in seconds; 0 means online only.
    pub life_secs: u32,
    /// `MsgBody`.
    pub elements: Vec<Element>,
    /// `OfflinePushInfo`, when given.
    pub offline_push: Option<OfflinePushInfo>,
}

/// The default and the maximum of `MsgLifeTime`: 7 days.
pub const MAX_LIFE_SECS: u32 = 604_800;

/// The answer to an accepted message. It exists only when the message is on disk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Accepted {
    /// Our number.
    pub message: MessageId,
    /// `MsgKey`: `seq_random_time`.
    pub key: String,
    /// `MsgTime` in seconds.
    pub time_secs: i64,
    /// Whether the same message had been accepted before; nothing was sent again.
    pub repeated: bool,
    /// Receivers that are not known.
    pub unknown: Vec<String>,
}

/// What a device is shown: one per message, shared by its deliveries.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Notification {
    /// The title; empty when none was given (channels that need one use [`DEFAULT_TITLE`]).
    pub title: String,
    /// The text; never empty on a notification that is sent.
    pub body: String,
    /// JSON text for the client application; may be empty.
    pub ext: String,
    /// The sender, which also is the thread (conversation) of a C2C message.
    pub from: String,
    /// `MsgKey`.
    pub key: String,
    /// Vendor-specific wishes.
    pub android: AndroidInfo,
    /// Apple-specific wishes.
    pub apns: ApnsInfo,
}

/// The Android title of an IM message that has none (tpns-and-im 3.2).
pub const DEFAULT_TITLE: &str = "a new message";

/// Makes the notification. `nickname` is the sender's, when known.
pub fn notification(submission: &Submission, nickname: Option<&str>, key: String) -> Notification {
    let info = submission
        .offline_push
        .clone()
        .unwrap_or_else(|| from_custom_element(&submission.elements));
    let body = if info.desc.is_empty() {
        conversation_text(&submission.elements, nickname)
    } else {
        info.desc
    };
    Notification {
        title: info.title,
        body,
        ext: info.ext,
        from: submission.from.clone(),
        key,
        android: info.android_info,
        apns: info.apns_info,
    }
}

/// The push fields of a custom element, which count only when the message has no `OfflinePushInfo`.
fn from_custom_element(elements: &[Element]) -> OfflinePushInfo {
    let mut info = OfflinePushInfo::default();
    for element in elements {
        if let Element::Custom { ext, sound, .. } = element {
            info.ext.clone_from(ext);
            info.apns_info.sound.clone_from(sound);
        }
    }
    info
}

/// `Nickname: text`, or the text alone; empty when no element has a text.
fn conversation_text(elements: &[Element], nickname: Option<&str>) -> String {
    let text: String = elements.iter().map(Element::text).collect();
    match nickname.filter(|name| !name.is_empty()) {
        Some(name) if !text.is_empty() => format!("{name}: {text}"),
        _ => text,
    }
}

/// `MsgKey` of a message.
pub fn message_key(seq: u32, random: u32, time_secs: i64) -> String {
    format!("{seq}_{random}_{time_secs}")
}

/// When a message is given up, from the moment it was accepted.
pub fn expires_at(accepted_at: Timestamp, life_secs: u32) -> Timestamp {
    accepted_at.plus_secs(i64::from(life_secs.min(MAX_LIFE_SECS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(elements: Vec<Element>, offline_push: Option<OfflinePushInfo>) -> Submission {
        Submission {
            sdk_app_id: SdkAppId(1_400_000_001),
            kind: MessageKind::C2c,
            from: "alice".into(),
            to: vec!["bob".into()],
            seq: Some(1),
            random: 2,
            time: None,
            life_secs: MAX_LIFE_SECS,
            elements,
            offline_push,
        }
    }

    fn body(elements: Vec<Element>, info: Option<OfflinePushInfo>, nickname: Option<&str>) -> String {
        notification(&submission(elements, info), nickname, String::new()).body
    }

    #[test]
    fn elements_are_put_together_without_a_separator_behind_the_nickname() {
        let elements = vec![Element::Text("look".into()), Element::Image, Element::Face];
        assert_eq!(body(elements.clone(), None, Some("Alice")), "Alice: look[image][Face]");
        assert_eq!(body(elements, None, None), "look[image][Face]");
    }

    #[test]
    fn desc_of_the_push_info_replaces_the_text() {
        let info = OfflinePushInfo {
            desc: "you have mail".into(),
            ..OfflinePushInfo::default()
        };
        assert_eq!(
            body(vec![Element::Text("secret".into())], Some(info), Some("Alice")),
            "you have mail"
        );
    }

    #[test]
    fn a_custom_element_without_desc_gives_no_text() {
        let custom = Element::Custom {
            desc: String::new(),
            ext: "{}".into(),
            sound: "x.caf".into(),
        };
        assert_eq!(body(vec![custom.clone()], None, Some("Alice")), "");
        let made = notification(&submission(vec![custom.clone()], None), None, String::new());
        assert_eq!((made.ext.as_str(), made.apns.sound.as_str()), ("{}", "x.caf"));
        let with_info = notification(
            &submission(vec![custom], Some(OfflinePushInfo::default())),
            None,
            String::new(),
        );
        assert_eq!(
            with_info.ext, "",
            "push fields of a custom element do not count beside OfflinePushInfo"
        );
    }

    #[test]
    fn the_documented_json_names_are_read() {
        let text = r#"{"PushFlag":0,"Title":"t","Desc":"d","Ext":"{\"a\":1}","AndroidInfo":{"Sound":"s.mp3",
            "HuaWeiChannelID":"h","XiaoMiChannelID":"x","OPPOChannelID":"o","GoogleChannelID":"g","VIVOClassification":0,
            "HuaWeiImportance":"LOW","ExtAsHuaweiIntentParam":1,"HuaWeiCategory":"IM"},
            "ApnsInfo":{"Sound":"a.caf","BadgeMode":1,"Title":"at","SubTitle":"st","Image":"https://i","MutableContent":1}}"#;
        let info: OfflinePushInfo = serde_json::from_str(text).expect("the documented object");
        assert_eq!(info.android_info.google_channel_id, "g");
        assert_eq!(info.android_info.vivo_classification, 0);
        assert_eq!(
            (info.apns_info.badge_mode, info.apns_info.sub_title.as_str()),
            (1, "st")
        );
    }
}
