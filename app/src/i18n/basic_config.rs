//! Basic Config.

use super::Locale;
use domain::channel::{ChannelField, ChannelHint};

super::messages! {
    title: "Basic Config", "基础配置";
    read_only(right: &str, name: &str): "You may only look at this page. You lack the right “{right}”; the root account {name} can grant it.", "您只能查看本页。您缺少“{right}”权限，可由主账号 {name} 授予。";
    identifier_lead_android: "The package name of your Android app. Only devices that register with it get pushes.", "您的 Android 应用包名。只有以该包名注册的设备才能收到推送。";
    identifier_lead_apple: "The Bundle ID of your app. Certificates must be for it, and only devices that register with it get pushes.", "您的应用的 Bundle ID。推送证书必须与其一致，且只有以该 Bundle ID 注册的设备才能收到推送。";
    identifier_in_use: "It is in use", "该标识正在使用中";
    identifier_in_use_text: "An IM application pushes through this application. After a change, devices that registered with the old one get nothing until the app registers anew.", "已有 IM 应用通过本应用推送。修改后，以旧标识注册的设备在重新注册之前收不到推送。";
    channels: "Vendor Channel", "厂商通道";
    channels_lead: "A message goes through the channel of the phone's vendor. Enter what the vendor's platform gave you.", "消息通过手机厂商的通道下发。请填写在厂商平台获取的参数。";
    edit_channel(name: &str): "Edit {name}", "编辑 {name}";
    channel_title(name: &str): "{name} channel", "{name} 通道";
    not_set_up: "Nothing is stored for this vendor yet. The pencil opens its form.", "尚未填写该厂商的参数，点击铅笔图标填写。";
    state_on: "Enabled", "已启用";
    state_off: "Switched off", "已关闭";
    state_empty: "Not configured", "未配置";
    state_trouble: "Paused", "已暂停";
    state_unverified: "Saved, not verified", "已保存，未验证";
    state_refused: "Refused by the vendor", "厂商拒绝";
    trouble: "The vendor refuses the credential", "厂商拒绝了密钥或证书";
    trouble_since: "Since", "自";
    trouble_says(code: &str, text: &str): " the vendor answers {code}: {text}", " 起，厂商返回 {code}：{text}";
    trouble_next: "Sending through this channel is paused. Put the credential right, or press “Verify and resume” if it was put right at the vendor: once the vendor takes it, waiting messages go on within their time to live.", "该通道的发送已暂停。请修正密钥或证书；若已在厂商侧恢复，请点击“验证并恢复发送”，通过后仍在有效期内的消息会继续发送。";
    secret_note(date: &str, name: &str, fingerprint: &str): "Set on {date} by {name}, fingerprint {fingerprint}.", "由 {name} 于 {date} 设置，指纹 {fingerprint}。";
    secret_keep: "Leave it empty to keep it.", "留空则保持不变。";
    secret_unset: "Not set", "未设置";
    secret_once: "It is stored encrypted and never shown again.", "将加密保存，之后不再显示。";
    enable: "Enable this channel", "启用该通道";
    enable_hint: "While it is off, deliveries that need it are not sent and say why.", "关闭期间，需要该通道的消息不会发送，并会注明原因。";
    paste_hint: "Paste the whole JSON file.", "请粘贴 JSON 文件的全部内容。";
    or_file: "Or choose the file", "或选择文件";
    file: "Service account file", "服务账号文件";
    file_hint: "The .json file from the Firebase console, at most 64 KiB. It is checked and put in force at once.", "在 Firebase 控制台下载的 .json 文件，不超过 64 KiB。校验通过后立即生效。";
    upload_file: "Upload file", "上传文件";
    hint_channel_id: "Used when a message names no channel id.", "消息未指定 channel id 时使用。";
    hint_category: "Used when a message names no category; IM messages want “IM”.", "消息未指定 category 时使用；IM 消息应填“IM”。";
    hint_badge: "The class of the launcher Activity. Without it the badge does not work on these phones.", "启动 Activity 的完整类名。不填写则角标不生效。";
    hint_client: "The server does not need it; it is kept for the client.", "服务端不使用，仅为客户端保存。";
    hint_master_secret: "The MasterSecret, not the AppSecret: the two are easily mistaken for each other.", "请填写 MasterSecret，而不是 AppSecret，二者容易混淆。";
    hint_service_account: "Firebase console > Project settings > Service accounts > Generate new private key.", "Firebase 控制台 > 项目设置 > 服务账号 > 生成新的私钥。";
    hint_harmony_os: "Only for phones with HarmonyOS 5 or later: AppGallery Connect > API > Service accounts, the .json file.", "仅 HarmonyOS 5 及以上手机需要：AppGallery Connect > API > 服务账号下载的 .json 文件。";
    hint_callback: "User name and key that you enter for the receipt address at Huawei. Fill in both to have every receipt checked, or none.", "与在华为后台为回执地址填写的用户名和密钥一致。同时填写则校验每条回执的签名，或都留空。";
    hint_region: "cn (when empty), global, eu, ru, in or sg: where the app is registered with Xiaomi.", "cn（留空时）、global、eu、ru、in 或 sg：应用在小米注册的地区。";
    project: "Project", "项目 ID";
    client_email: "Service account", "服务账号";
    certificates: "Push Certificate", "推送证书";
    certificates_lead: "Apple takes pushes with a certificate (.p12) or with a signing key of your team (.p8).", "向 Apple 推送需要推送证书（.p12）或团队的签名密钥（.p8）。";
    upload: "Upload Certificate", "上传证书";
    certificates_empty: "No certificate yet", "还没有推送证书";
    certificates_empty_hint: "Upload the certificate of your app. Without one nothing can be pushed to these devices.", "请上传应用的推送证书，否则无法向这些设备推送。";
    no_bundle: "Save the Bundle ID first: a certificate is checked against it.", "请先保存 Bundle ID，证书将据此校验。";
    to_bundle: "Go to Bundle ID", "前往填写 Bundle ID";
    kind_p12: "Certificate (.p12)", "证书（.p12）";
    kind_p8: "Signing key (.p8)", "签名密钥（.p8）";
    subject: "Subject", "证书名称";
    key_id: "Key ID", "Key ID（密钥标识）";
    team_id: "Team ID", "Team ID（团队标识）";
    bundle_id: "Bundle ID", "Bundle ID（应用标识）";
    environments: "Environments", "环境";
    issuer: "Issuer", "颁发者";
    not_before: "Valid from", "生效时间";
    not_after: "Valid until", "失效时间";
    never: "Does not expire", "永不过期";
    fingerprint: "Fingerprint (SHA-1)", "指纹（SHA-1）";
    uploaded: "Uploaded", "上传";
    uploaded_by(name: &str): "by {name}", "上传者：{name}";
    days_left(days: i64): "{days} days left", "剩余 {days} 天";
    one_day_left: "1 day left", "剩余 1 天";
    last_day: "Expires today", "今天过期";
    expired: "Expired", "已过期";
    expires_soon(days: i64): "A certificate expires in {days} days", "推送证书将在 {days} 天后过期";
    expires_in_a_day: "A certificate expires in 1 day", "推送证书将在 1 天后过期";
    expires_today: "A certificate expires today", "推送证书将于今天过期";
    expired_now: "A certificate has expired", "推送证书已过期";
    expires_next: "Upload its successor now: the old one works until the new one has been checked. Afterwards nothing more is pushed to its devices.", "请尽快上传新证书：新证书通过校验前旧证书仍然有效；过期后将无法向相应设备推送。";
    remove: "Remove", "移除";
    remove_title: "Remove certificate", "移除推送证书";
    removing: "Removing…", "正在移除…";
    remove_question(subject: &str): "Take “{subject}” out of force?", "确定停用“{subject}”吗？";
    remove_loses(environments: &str): "Nothing more is pushed to devices of these environments, unless another certificate serves them: {environments}.", "若无其他证书，将不再向以下环境的设备推送：{environments}。";
    remove_deletes: "The stored file is deleted. To use it again it must be uploaded again.", "已保存的文件将被删除，再次使用需重新上传。";
    upload_replaces: "A new certificate replaces the one of the same environment when it has been checked; until then the old one goes on.", "新证书通过校验后，将替换相同环境的旧证书；在此之前旧证书继续有效。";
    kind: "What do you upload?", "上传类型";
    kind_p12_note: "A push certificate together with its private key, for one app.", "推送证书及其私钥，仅用于一个应用。";
    kind_p8_note: "A key of your team, good for both environments. It does not expire.", "团队的签名密钥，适用于两种环境，永不过期。";
    certificate_file: "File", "文件";
    certificate_file_hint: "A .p12 or .p8 file of at most 64 KiB.", "不超过 64 KiB 的 .p12 或 .p8 文件。";
    password: "Password of the file", "文件密码";
    password_hint: "The one chosen when the .p12 was exported. It is neither stored nor shown.", "导出 .p12 时设置的密码，不会保存或显示。";
    key_id_hint: "10 characters, in the Apple Developer account beside the key. Only for a .p8.", "10 位字符，可在 Apple 开发者账号的密钥详情中查看。仅 .p8 需要。";
    team_id_hint: "10 characters, in the Apple Developer account under Membership. Only for a .p8.", "10 位字符，可在 Apple 开发者账号的“会员资格”中查看。仅 .p8 需要。";
    environments_hint: "Tick none to use it wherever it is valid. An “Apple Push Services” certificate serves both.", "不勾选则用于其适用的全部环境。“Apple Push Services”证书同时适用于两种环境。";
    upload_submit: "Submit", "提交";
}

/// What stands under a field of a vendor channel's card.
pub const fn hint(locale: Locale, hint: ChannelHint) -> &'static str {
    match hint {
        ChannelHint::DefaultChannelId => hint_channel_id(locale),
        ChannelHint::Category => hint_category(locale),
        ChannelHint::BadgeClass => hint_badge(locale),
        ChannelHint::ClientOnly => hint_client(locale),
        ChannelHint::MasterSecret => hint_master_secret(locale),
        ChannelHint::ServiceAccount => hint_service_account(locale),
        ChannelHint::HarmonyOs => hint_harmony_os(locale),
        ChannelHint::CallbackSignature => hint_callback(locale),
        ChannelHint::Region => hint_region(locale),
    }
}

/// The label of a field of a vendor channel's card. What a vendor calls its own keys is the same in both languages.
pub fn label(locale: Locale, field: &ChannelField) -> &'static str {
    match (locale, field.name) {
        (Locale::Zh, "channel_id") => "通道 ID（Channel ID）",
        (Locale::Zh, "category") => "消息类别（Category）",
        (Locale::Zh, "badge_class") => "角标参数",
        (Locale::Zh, "service_account") if field.required => "服务器私钥",
        (Locale::Zh, "service_account") => "服务账号密钥",
        (Locale::Zh, "callback_user") => "回执用户名",
        (Locale::Zh, "callback_key") => "回执密钥",
        (Locale::Zh, "region") => "地区",
        _ => field.label,
    }
}
