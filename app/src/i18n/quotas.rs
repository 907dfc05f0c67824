//! Spent quotas on a vendor channel's card.

use super::{Locale, names::pick};
use domain::{channel::Channel, quota::QuotaClass};

super::messages! {
    spent(class: &str, until: &str): "Quota of {class} spent until {until}", "{class}配额已用尽，至 {until} 恢复";
    said(since: &str, code: &str, text: &str): "Since {since} the vendor answers {code}: {text}", "自 {since} 起，厂商返回 {code}：{text}";
    resets: "Vendors count days at UTC+8, and begin anew at 00:00. Messages of other classes go on.", "厂商按北京时间计日，每日 00:00（UTC+8）恢复。其他类别的消息不受影响。";
    held(count: &str): "{count} message(s) held back", "{count} 条消息等待发送";
    held_none: "No message is held back.", "目前没有等待发送的消息。";
}

/// What the class is called in the banner.
pub const fn class(locale: Locale, class: QuotaClass) -> &'static str {
    let (en, zh) = match class {
        QuotaClass::All => ("all messages", "全部消息"),
        QuotaClass::Communication => ("communication messages", "通讯类消息"),
        QuotaClass::Marketing => ("marketing messages", "营销类消息"),
    };
    pick(locale, en, zh)
}

/// What an operator can do; docs/vendors says more.
pub const fn advice(locale: Locale, channel: Channel) -> &'static str {
    let (en, zh) = match channel {
        Channel::Vivo => (
            "What to do: apply to vivo for a larger number of system messages (docs/vendors/vivo.md).",
            "处理方法：向 vivo 申请提高系统消息的数量（见 docs/vendors/vivo.md）。",
        ),
        Channel::Xiaomi => (
            "What to do: enter the id of a private channel on this card; without one, messages count as marketing (docs/vendors/xiaomi.md).",
            "处理方法：在卡片中填写私信通道的 Channel ID，否则消息按营销类计数（见 docs/vendors/xiaomi.md）。",
        ),
        Channel::Oppo => (
            "What to do: register a channel of the class of communication at OPPO and enter its id on this card (docs/vendors/oppo.md).",
            "处理方法：在 OPPO 注册通讯类通道，并在卡片中填写其 Channel ID（见 docs/vendors/oppo.md）。",
        ),
        Channel::Meizu => (
            "What to do: ask Meizu what the code counts; chat messages have no daily number there (docs/vendors/meizu.md).",
            "处理方法：向魅族确认该返回码的计数对象；聊天消息在魅族不限数量（见 docs/vendors/meizu.md）。",
        ),
        Channel::Apns | Channel::Fcm | Channel::Huawei | Channel::Honor => (
            "What to do: ask the vendor for a larger number (docs/vendors).",
            "处理方法：向厂商申请提高配额（见 docs/vendors）。",
        ),
    };
    pick(locale, en, zh)
}
