//! The fields of each vendor's card, in the order shown (tpns-and-im 1.5, vendors 9.1).

use super::{ChannelField, ChannelHint, FieldForm};

const CHANNEL_ID: ChannelField = maybe("channel_id", "Channel ID", ChannelHint::DefaultChannelId);
const BADGE_CLASS: ChannelField = maybe("badge_class", "Badge Parameter", ChannelHint::BadgeClass);

pub(super) const HUAWEI: &[ChannelField] = &[
    id("app_id", "AppID"),
    key("app_secret", "Client Secret"),
    CHANNEL_ID,
    maybe("category", "Category", ChannelHint::Category),
    BADGE_CLASS,
    ChannelField {
        form: FieldForm::ServiceAccount,
        secret: true,
        ..maybe("service_account", "Service Account Key", ChannelHint::HarmonyOs)
    },
    maybe("callback_user", "Callback User", ChannelHint::CallbackSignature),
    ChannelField {
        secret: true,
        ..maybe("callback_key", "Callback Key", ChannelHint::CallbackSignature)
    },
];
pub(super) const HONOR: &[ChannelField] = &[
    id("app_id", "AppID"),
    id("client_id", "ClientID"),
    key("client_secret", "Client Secret"),
    BADGE_CLASS,
];
pub(super) const XIAOMI: &[ChannelField] = &[
    id("app_id", "AppID"),
    id("app_key", "AppKey"),
    key("app_secret", "AppSecret"),
    CHANNEL_ID,
    ChannelField {
        form: FieldForm::Region,
        ..maybe("region", "Region", ChannelHint::Region)
    },
];
pub(super) const OPPO: &[ChannelField] = &[
    id("app_key", "AppKey"),
    maybe("app_secret", "AppSecret", ChannelHint::ClientOnly),
    ChannelField {
        hint: Some(ChannelHint::MasterSecret),
        ..key("master_secret", "MasterSecret")
    },
    CHANNEL_ID,
];
pub(super) const VIVO: &[ChannelField] = &[
    ChannelField {
        form: FieldForm::Number,
        ..id("app_id", "AppID")
    },
    id("app_key", "AppKey"),
    key("app_secret", "AppSecret"),
];
pub(super) const MEIZU: &[ChannelField] = &[
    id("app_id", "AppID"),
    maybe("app_key", "AppKey", ChannelHint::ClientOnly),
    key("app_secret", "AppSecret"),
];
pub(super) const FCM: &[ChannelField] = &[
    ChannelField {
        form: FieldForm::ServiceAccount,
        hint: Some(ChannelHint::ServiceAccount),
        ..key("service_account", "Server Private Key")
    },
    CHANNEL_ID,
];

const fn id(name: &'static str, label: &'static str) -> ChannelField {
    ChannelField {
        name,
        label,
        secret: false,
        required: true,
        form: FieldForm::Text,
        hint: None,
    }
}

const fn key(name: &'static str, label: &'static str) -> ChannelField {
    ChannelField {
        secret: true,
        ..id(name, label)
    }
}

const fn maybe(name: &'static str, label: &'static str, hint: ChannelHint) -> ChannelField {
    ChannelField {
        required: false,
        hint: Some(hint),
        ..id(name, label)
    }
}
