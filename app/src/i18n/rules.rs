//! The questions of the decision. Each is a statement that a "yes" makes true.

use super::Locale;
use domain::decision::Rule;

/// The statement of a question.
pub const fn statement(l: Locale, rule: Rule) -> &'static str {
    match rule {
        Rule::PushWanted => push_wanted(l),
        Rule::KeptOffline => kept_offline(l),
        Rule::ReceiverKnown => receiver_known(l),
        Rule::DeviceRegistered => device_registered(l),
        Rule::NotInForeground => not_in_foreground(l),
        Rule::LoggedIn => logged_in(l),
        Rule::SeenLately => seen_lately(l),
        Rule::TokenAlive => token_alive(l),
        Rule::NotificationsOn => notifications_on(l),
        Rule::ImApplicationEnabled => im_application_enabled(l),
        Rule::Authorised => authorised(l),
        Rule::PackageKnown => package_known(l),
        Rule::ChannelEnabled => channel_enabled(l),
        Rule::CredentialThere => credential_there(l),
        Rule::CredentialFits => credential_fits(l),
        Rule::CredentialValid => credential_valid(l),
        Rule::TextThere => text_there(l),
    }
}

super::messages! {
    push_wanted: "The sender wants a push", "发送方要求推送";
    kept_offline: "The message is kept for people who are offline", "消息会为离线用户保留";
    receiver_known: "The receiver is known", "接收方已知";
    device_registered: "The receiver has a device", "接收方有已注册的设备";
    not_in_foreground: "The app is not in the foreground", "App 不在前台";
    logged_in: "The receiver is logged in on the device", "接收方在该设备上已登录";
    seen_lately: "The device was seen in the last 7 days", "设备在最近 7 天内有活动";
    token_alive: "No vendor has called the token dead", "厂商未反馈 Token 失效";
    notifications_on: "Notifications are on", "通知权限已开启";
    im_application_enabled: "The IM application is enabled", "IM 应用已启用";
    authorised: "It is authorised to an application of this platform", "IM 应用已授权给该平台的应用";
    package_known: "The device runs this application’s package or bundle", "设备上的包名或 Bundle ID 属于该应用";
    channel_enabled: "The vendor channel is not switched off", "厂商通道未停用";
    credential_there: "The vendor channel is configured", "厂商通道已配置";
    credential_fits: "A credential fits the device’s environment", "有适用于设备环境的凭据";
    credential_valid: "The credential has not expired", "凭据未过期";
    text_there: "There is something to show", "有可展示的内容";
    question: "Question", "判断条件";
    answer: "Answer", "结果";
    yes: "Yes", "是";
    no(why: &str): "No: {why}", "否：{why}";
    decision: "Decision", "判断过程";
}
