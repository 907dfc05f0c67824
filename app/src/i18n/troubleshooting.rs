//! Troubleshooting.

use super::Locale;
use domain::device::{DeviceChange, DeviceState};

/// What a device last reported.
pub const fn state(l: Locale, state: DeviceState) -> &'static str {
    match state {
        DeviceState::Foreground => state_foreground(l),
        DeviceState::Background => state_background(l),
        DeviceState::Offline => state_offline(l),
        DeviceState::LoggedOut => state_logged_out(l),
    }
}

/// A change in the life of a device.
pub const fn change(l: Locale, change: DeviceChange) -> &'static str {
    match change {
        DeviceChange::Registered => change_registered(l),
        DeviceChange::SignedIn => change_signed_in(l),
        DeviceChange::NewToken => change_new_token(l),
        DeviceChange::NewBuild => change_new_build(l),
        DeviceChange::Revived => change_revived(l),
        DeviceChange::NotificationsOn => change_notifications_on(l),
        DeviceChange::NotificationsOff => change_notifications_off(l),
        DeviceChange::Foreground => change_foreground(l),
        DeviceChange::Background => change_background(l),
        DeviceChange::Offline => change_offline(l),
        DeviceChange::LoggedOut => change_logged_out(l),
        DeviceChange::SwitchedOff => change_switched_off(l),
        DeviceChange::TokenDead => change_token_dead(l),
        DeviceChange::FcmTokenDead => change_fcm_token_dead(l),
    }
}

super::messages! {
    title: "Troubleshooting", "排查工具";
    lead: "Search for what a complaint names: what happened to the message, why, and whether one sent now would arrive.", "按投诉中的信息查询：消息的去向与原因，以及现在发送的消息能否到达。";
    clue: "UserID, token or message", "UserID、Token 或消息";
    clue_hint: "A UserID, a 36-character device token, a vendor’s token, a MsgKey, the number of a message or delivery, or a vendor’s id of a recent push.", "UserID、36 位设备 Token、厂商 Token、MsgKey、消息与投递的编号，或近期推送的厂商 ID。";
    unrouted: "No IM application is authorised to this application, so no messages come.", "尚无 IM 应用授权给本应用，因此不会有消息。";
    unrouted_hint: "Authorise one under Third-party Authorization of the product.", "请在产品的第三方授权中完成授权。";
    nothing(clue: &str): "Nothing is known under “{clue}”", "未找到与“{clue}”相关的记录";
    nothing_hint: "No user, device or message of this application has this name, token or number. Was it sent to another application, or written differently?", "本应用没有此名称、Token 或编号的用户、设备或消息。请确认是否属于其他应用，或书写是否一致。";
    no_device: "No device to push to", "没有可推送的设备";
    elsewhere(platforms: &str): "This user has devices on {platforms}: look in the application of that platform.", "该用户在 {platforms} 平台有设备，请在对应平台的应用中查询。";
    devices: "Devices", "设备";
    column_device: "Device", "设备";
    column_user: "User", "用户";
    column_channel: "Channel", "通道";
    column_notifications: "Notifications", "通知权限";
    column_state: "App", "App 状态";
    column_now: "A message sent now", "现在发送的消息";
    token_ends(end: &str): "Vendor token ends in {end}", "厂商 Token 末尾为 {end}";
    registered: "registered", "注册于";
    reported: "reported", "上报于";
    on: "On", "已开启";
    off: "Off", "已关闭";
    off_by_vendor: "Off, says the vendor", "厂商反馈已关闭";
    dead: "The vendor says that the token is dead", "厂商反馈 Token 已失效";
    state_foreground: "In the foreground", "前台";
    state_background: "In the background", "后台";
    state_offline: "Not connected", "未连接";
    state_logged_out: "Logged out", "已退出登录";
    pushed(channel: &str): "Would be pushed through {channel}", "将通过{channel}推送";
    skipped(reason: &str): "Would not be pushed: {reason}", "不会推送：{reason}";
    messages: "Messages", "消息";
    no_messages: "No message for this user or device is on record.", "没有发给该用户或设备的消息记录。";
    column_time: "Accepted", "接收时间";
    column_message: "Message", "消息";
    column_what: "What became of it", "结果";
    whole_trace: "Every try", "查看每次尝试";
    more(n: u32): "The newest {n} are shown. Push Plan > Details has all.", "仅显示最新的 {n} 条，全部记录见推送计划详情。";
    whole_device: "Past and full decision", "历史与完整判断";
    file: "Download as JSON", "下载 JSON";
    device_title: "Device", "设备详情";
    device_lead: "What is known of one installation: whose it is, what it reported, and why a message sent now would arrive or not.", "单个安装的信息：归属、上报记录，以及现在发送的消息能否到达及原因。";
    signed_in_as: "Signed in", "当前登录用户";
    was_signed_in: "Nobody is signed in; the last was", "当前无人登录，上一位用户";
    first_seen: "First registered", "首次注册";
    last_registered: "Last registered", "最近注册";
    last_report: "Last report", "最近上报";
    vendor_token: "Vendor token", "厂商 Token";
    ends(end: &str): "ends in {end}", "末尾为 {end}";
    stand_in: "FCM in its place", "FCM 备用";
    no_stand_in: "No token of FCM beside it", "无 FCM Token";
    identifier: "Package or bundle", "包名或 Bundle ID";
    environment: "Environment", "环境";
    since: "since", "起始于";
    since_unknown: "since before changes were recorded", "起始时间早于变更记录";
    dead_since: "Token dead since", "Token 失效时间";
    alive: "No vendor has called it dead", "厂商未反馈失效";
    now_title: "Would a message sent now arrive?", "现在发送的消息能否到达？";
    now_hint: "For a message with text, asked in this order. The first no decides; the others stand in the way as well.", "以带文本的消息为例，按此顺序判断。第一个“否”决定结果，其余同样会阻止推送。";
    set_aside: "Set aside: FCM stands in", "已由 FCM 代替";
    past: "What happened to the device", "设备变更记录";
    past_hint: "The newest 100 changes. Reports that change nothing are not recorded.", "最近 100 条变更，未发生变化的上报不记录。";
    no_past: "No change is on record yet: it registered before changes were recorded.", "暂无变更记录：设备在开始记录之前注册。";
    column_at: "When", "时间";
    column_change: "What changed", "变更";
    change_registered: "Registered for the first time", "首次注册";
    change_signed_in: "User signed in", "用户登录";
    change_new_token: "Registered with a new vendor token", "以新的厂商 Token 注册";
    change_new_build: "Registered for another package, environment or channel", "以其他包名、环境或通道注册";
    change_revived: "Registered again after its token was called dead", "Token 失效后重新注册";
    change_notifications_on: "Notifications switched on", "开启通知";
    change_notifications_off: "Notifications switched off", "关闭通知";
    change_foreground: "Came to the foreground", "进入前台";
    change_background: "Went to the background", "进入后台";
    change_offline: "Lost its connection", "连接断开";
    change_logged_out: "User logged out", "用户退出登录";
    change_switched_off: "The vendor says that notifications are off", "厂商反馈通知已关闭";
    change_token_dead: "The vendor says that the token is dead", "厂商反馈 Token 失效";
    change_fcm_token_dead: "FCM says that its token is dead", "FCM 反馈其 Token 失效";
}
