//! Why a delivery stands where it stands: what happened, and what to do about it.

use super::{Locale, names::pick};
use domain::delivery::Reason;

/// The short name, for tables and filters.
pub const fn name(locale: Locale, reason: Reason) -> &'static str {
    let (en, zh) = texts(reason).0;
    pick(locale, en, zh)
}

/// What happened and what to do, in one or two sentences.
pub const fn explanation(locale: Locale, reason: Reason) -> &'static str {
    let (en, zh) = texts(reason).1;
    pick(locale, en, zh)
}

type Pair = (&'static str, &'static str);

#[expect(clippy::too_many_lines, reason = "a table, one row a reason")]
const fn texts(reason: Reason) -> (Pair, Pair) {
    match reason {
        Reason::PushDisabled => (
            ("Push switched off by the sender", "发送方关闭了推送"),
            (
                "The message asked for no offline push (PushFlag 1). Send it with PushFlag 0 if it should be pushed.",
                "该消息要求不做离线推送（PushFlag 为 1）。如需推送，请以 PushFlag 0 发送。",
            ),
        ),
        Reason::OnlineOnly => (
            ("Online-only message", "仅在线消息"),
            (
                "A message with MsgLifeTime 0 goes only to people who are online. Give it a longer life if it should be pushed.",
                "MsgLifeTime 为 0 的消息只发给在线用户。如需推送，请设置更长的有效期。",
            ),
        ),
        Reason::ReceiverUnknown => (
            ("Receiver unknown", "接收者不存在"),
            (
                "Nobody with this UserID was imported or has registered a device. Check the spelling of the UserID.",
                "该 UserID 未导入，也从未注册设备。请检查 UserID 是否正确。",
            ),
        ),
        Reason::NoDevice => (
            ("No device", "没有设备"),
            (
                "The receiver has no device registered. They have to sign in to your app once, with push switched on.",
                "接收者没有已注册的设备。请让用户在开启推送的情况下登录一次 App。",
            ),
        ),
        Reason::DeviceOnline => (
            ("App in the foreground", "应用在前台"),
            (
                "The app was open on this device, so it shows the message itself. Nothing to do.",
                "该设备上的 App 正在前台，由 App 自行展示消息，无需处理。",
            ),
        ),
        Reason::LoggedOut => (
            ("Logged out", "已退出登录"),
            (
                "The receiver logged out on this device. Pushes start again when they sign in.",
                "用户已在该设备退出登录，重新登录后恢复推送。",
            ),
        ),
        Reason::Inactive => (
            ("Not seen for 7 days", "7 天未活跃"),
            (
                "The device has not been seen for 7 days, so it is taken as logged out. Pushes start again when the app is opened.",
                "该设备已 7 天未活跃，视为已退出登录。用户打开 App 后恢复推送。",
            ),
        ),
        Reason::TokenExpired => (
            ("Not seen for 90 days", "90 天未连接"),
            (
                "The device has not been seen for 90 days and its token is no longer used. It registers anew when the app is opened.",
                "该设备已 90 天未连接，其令牌已失效。用户打开 App 后会重新注册。",
            ),
        ),
        Reason::TokenDead => (
            ("App removed or token replaced", "应用已卸载或令牌已更换"),
            (
                "The vendor said earlier that this token is dead, and the device has not registered since. It does so when the app is opened.",
                "厂商此前告知该令牌已失效，设备尚未重新注册。用户打开 App 后会重新注册。",
            ),
        ),
        Reason::NotificationsOff => (
            ("Notifications switched off", "通知已关闭"),
            (
                "The receiver switched notifications off on this device. Only they can switch them on, in the settings of the phone.",
                "用户在该设备关闭了通知，只能由用户在手机设置中开启。",
            ),
        ),
        Reason::ImApplicationDisabled => (
            ("IM application disabled", "IM 应用已停用"),
            (
                "The IM application is disabled. Enable it under IM Applications.",
                "该 IM 应用已停用，请在“IM 应用”中启用。",
            ),
        ),
        Reason::NotAuthorised => (
            ("Platform not authorised", "平台未授权"),
            (
                "No application of this device's platform is authorised to the IM application. Add it under Third-party Authorization.",
                "IM 应用未授权该设备平台的应用，请在“第三方服务授权”中添加授权。",
            ),
        ),
        Reason::OtherIdentifier => (
            ("Other package or bundle", "包名或 Bundle ID 不一致"),
            (
                "The device registered with another package name or Bundle ID than the application has. Compare Basic Config with the app.",
                "设备注册时的包名或 Bundle ID 与应用不一致，请核对“基础配置”与 App。",
            ),
        ),
        Reason::NoCredential => (
            ("Vendor channel not configured", "厂商通道未配置"),
            (
                "This device needs a vendor channel that has no credential. Configure it under Basic Config.",
                "该设备所需的厂商通道没有密钥或证书，请在“基础配置”中配置。",
            ),
        ),
        Reason::ChannelDisabled => (
            ("Vendor channel switched off", "厂商通道已关闭"),
            (
                "The vendor channel of this device is switched off. Switch it on under Basic Config.",
                "该设备的厂商通道已关闭，请在“基础配置”中开启。",
            ),
        ),
        Reason::ChannelUnavailable => (
            ("Vendor channel not available", "厂商通道暂不可用"),
            (
                "Sending through this vendor channel is not available in this version. The settings are kept for a later one.",
                "当前版本尚不支持通过该厂商通道发送，已保存的配置将在后续版本生效。",
            ),
        ),
        Reason::CredentialExpired => (
            ("Certificate expired", "证书已过期"),
            (
                "The push certificate has expired. Upload a new one under Basic Config.",
                "推送证书已过期，请在“基础配置”中上传新证书。",
            ),
        ),
        Reason::NoCredentialForEnvironment => (
            ("No certificate for the environment", "缺少对应环境的证书"),
            (
                "The device belongs to a push environment (production or sandbox) without a certificate. Upload one for it under Basic Config.",
                "该设备所属的推送环境（生产或沙盒）没有证书，请在“基础配置”中上传。",
            ),
        ),
        Reason::EmptyText => (
            ("Nothing to show", "没有可展示的内容"),
            (
                "A custom message without Desc has no text for a notification. Set Desc or OfflinePushInfo.",
                "自定义消息缺少 Desc，没有可展示的通知文字。请设置 Desc 或 OfflinePushInfo。",
            ),
        ),
        Reason::RecipientGone => (
            ("App removed or token replaced", "应用已卸载或令牌已更换"),
            (
                "The vendor says that this device token is dead. The device registers anew when the app is opened.",
                "厂商告知该设备令牌已失效。用户打开 App 后会重新注册。",
            ),
        ),
        Reason::MessageRejected => (
            ("Refused by the vendor", "被厂商拒绝"),
            (
                "The vendor refuses this message for good. The vendor's code says which part of it is wrong.",
                "厂商最终拒绝了该消息，具体原因见厂商错误码。",
            ),
        ),
        Reason::CredentialBroken => (
            ("Credential refused", "密钥或证书被拒绝"),
            (
                "The vendor refuses the credential, and the channel is paused. Put it right under Basic Config; waiting messages then go on.",
                "厂商拒绝了密钥或证书，通道已暂停。请在“基础配置”中修正，等待中的消息随后会继续发送。",
            ),
        ),
        Reason::QuotaSpent => (
            ("Vendor quota spent", "厂商配额已用尽"),
            (
                "The vendor's quota is spent. It goes on when the vendor fills it up; ask the vendor for a larger one.",
                "厂商推送配额已用尽，待配额恢复后继续发送。可向厂商申请提高配额。",
            ),
        ),
        Reason::Throttled => (
            ("Slowed down by the vendor", "被厂商限速"),
            (
                "The vendor asked to slow down. It is tried again after the pause that the vendor named.",
                "厂商要求降低速度，将在其指定的间隔后重试。",
            ),
        ),
        Reason::VendorUnavailable => (
            ("Vendor not available", "厂商服务不可用"),
            (
                "The vendor could not be reached or could not take the message at that time. It is tried again within its time to live.",
                "当时无法连接厂商或厂商无法接收，将在有效期内重试。",
            ),
        ),
        Reason::AddressRefused => (
            ("Address not allowed", "地址不被允许"),
            (
                "The vendor's host leads to an address that is not public, and the server's settings do not allow it; the list of tries names it. The administrator can list it under outbound.allow or put vendors.* right. It is tried again within its time to live.",
                "厂商主机名指向非公网地址，而服务设置未允许该地址，具体见发送记录。请管理员将其加入 outbound.allow，或修正 vendors.* 设置。将在有效期内重试。",
            ),
        ),
        Reason::TriesSpent => (
            ("Too many failed tries", "重试次数用尽"),
            (
                "Every try failed. The list of tries shows the vendor's answers.",
                "所有重试均失败，各次应答见发送记录。",
            ),
        ),
        Reason::TimeToLive => (
            ("Time to live over", "超过有效期"),
            (
                "The message could not be sent within its time to live. Send with a longer OfflinePushInfo or MsgLifeTime if it may arrive later.",
                "消息在有效期内未能发送。如可延后送达，请设置更长的 MsgLifeTime。",
            ),
        ),
        Reason::NotShown => (
            ("Not shown by the device", "设备未展示"),
            (
                "The vendor took the message and later reported that the device did not show it; its receipt code stands beside it. The device stays registered.",
                "厂商已接收消息，但回执显示设备未展示，回执码见旁。设备仍保持注册。",
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_says_what_happened_and_what_to_do_in_both_languages() {
        for reason in Reason::ALL {
            for locale in Locale::ALL {
                assert!(explanation(locale, *reason).chars().count() > 15, "{reason:?}");
                assert_ne!(name(locale, *reason), explanation(locale, *reason));
            }
            assert!(!explanation(Locale::Zh, *reason).is_ascii(), "{reason:?}");
        }
    }
}
