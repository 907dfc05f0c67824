//! Troubleshooting.

super::messages! {
    title: "Troubleshooting", "排查工具";
    lead: "Search for what a complaint names: what happened to the message, why, and whether one sent now would arrive.", "按投诉中的信息查询：消息的去向与原因，以及现在发送的消息能否到达。";
    clue: "UserID, token or message", "UserID、Token 或消息";
    clue_hint: "A UserID, a 36-character device token, a vendor’s token, a MsgKey, or the number of a message or delivery.", "UserID、36 位设备 Token、厂商 Token、MsgKey，或消息与投递的编号。";
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
}
