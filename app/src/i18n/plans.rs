//! Push Plan, its Details, and one message.

use super::{Locale, names::pick};
use domain::plan::PlanSource;

super::messages! {
    overview: "Plan overview", "计划概览";
    title: "Push Plan", "推送计划";
    lead: "A plan groups messages, so that one can see together what became of them.", "推送计划用于归类消息，便于统一查看发送情况。";
    create: "Create Plan", "新建计划";
    table: "Push plans", "推送计划";
    column_name: "Plan name", "计划名称";
    column_description: "Description", "计划描述";
    column_source: "Source", "来源";
    column_messages: "Messages", "消息数";
    column_last_day: "Last 24 hours", "近 24 小时";
    column_state: "State", "状态";
    im_message: "IM message", "即时通信 IM 消息";
    im_description: "Made by the IM authorisation. It can be neither edited nor deleted.", "由 IM 授权自动创建，不可编辑或删除。";
    active: "Active", "生效中";
    inactive: "Inactive", "已失效";
    inactive_hint: "The IM authorisation was taken back. The history stays; no new messages come in.", "IM 授权已解除。历史记录保留，不再产生新消息。";
    details: "Details", "详情";
    details_of(name: &str): "Details of {name}", "{name} 的详情";
    empty: "No push plans yet", "还没有推送计划";
    empty_hint: "Authorise an IM application to this application, and the plan “IM message” appears by itself. Or create a plan of your own.", "将 IM 应用授权给本应用后，会自动创建“即时通信 IM 消息”计划。您也可以自行新建计划。";
    empty_hint_view: "Nobody has created a plan for this application yet.", "尚无人为该应用新建推送计划。";
    to_authorisation: "Go to Third-party Authorization", "前往第三方服务授权";
    name: "Plan name", "计划名称";
    name_hint: "Unique in this application.", "在本应用内不可重复。";
    description: "Plan description", "计划描述";
    edit_title: "Edit plan", "编辑计划";
    delete_title: "Delete plan", "删除计划";
    delete_question(name: &str): "Delete the plan “{name}”?", "确定删除计划“{name}”吗？";
    delete_loses(messages: &str): "Its history of {messages} message(s) can no longer be opened.", "其 {messages} 条消息的发送记录将无法再查看。";
    delete_submit: "Delete plan", "删除计划";
    fixed: "This plan cannot be changed", "该计划不可更改";
    fixed_hint: "The plan “IM message” belongs to the IM authorisation. Take the authorisation back to make it inactive.", "“即时通信 IM 消息”计划由 IM 授权管理。解除授权后该计划失效。";
    history: "Offline message sending history", "离线消息发送记录";
    history_lead: "Newest first. Every message that came in is here, also those that were not sent.", "按时间倒序显示。所有已接收的消息均有记录，包括未发送的消息。";
    counts: "Deliveries since the plan exists", "计划创建以来的发送统计";
    counts_hint: "A delivery is one message for one device.", "一次投递即一条消息发往一台设备。";
    reasons: "Reasons", "原因";
    count_accepted: "Accepted", "已接收";
    count_waiting: "Waiting", "等待中";
    reached_hint: "APNs and FCM do not report arrivals; what is counted here was acknowledged by the app itself.", "APNs 与 FCM 不提供抵达回执，此处仅统计 App 自行上报的数量。";
    filter_from: "From", "起始时间";
    filter_until: "Until", "截止时间";
    filter_user: "Receiver (UserID)", "接收者 UserID";
    filter_state: "State", "状态";
    filter_channel: "Channel", "通道";
    own_channel(vendor: &str): "The device’s own: {vendor}", "设备自身通道：{vendor}";
    filter_reason: "Reason", "原因";
    any: "Any", "全部";
    column_time: "Accepted", "接收时间";
    column_message: "Message", "消息";
    column_people: "From → to", "发送者 → 接收者";
    column_devices: "Devices", "设备";
    column_reason: "Reason", "原因";
    column_vendor_code: "Vendor code", "厂商返回码";
    column_attempts: "Tries", "尝试次数";
    column_changed: "Last change", "更新时间";
    next_try: "Next try", "下次尝试";
    no_text: "(no text kept)", "（未保存文本）";
    and_more(count: &str): "and {count} more", "等 {count} 项";
    no_messages: "No messages yet", "还没有消息";
    no_messages_hint: "Messages appear here as soon as the IM back end sends them.", "IM 后台发送消息后会立即显示在这里。";
    no_match_hint: "No message fits these filters. Clear them to see everything.", "没有符合筛选条件的消息，清除条件可查看全部。";
    message_title(key: &str): "Message {key}", "消息 {key}";
    from: "From", "发送者";
    to: "To", "接收者";
    receivers(count: &str): "{count} receivers", "{count} 位接收者";
    expires: "Given up at", "失效时间";
    notification_title: "Title", "标题";
    preview: "Text", "文本";
    preview_hint: "At most 64 characters are kept.", "最多保存 64 个字符。";
    what_happened: "What happened", "发送结果";
    tries: "Tries", "尝试记录";
    tries_of(device: &str): "Tries for {device}", "{device} 的尝试记录";
    column_number: "Try", "次序";
    column_began: "Began", "开始时间";
    column_duration: "Duration", "耗时";
    milliseconds(count: &str): "{count} ms", "{count} 毫秒";
    column_status: "HTTP status", "HTTP 状态码";
    column_vendor_text: "Vendor's answer", "厂商应答";
    column_vendor_id: "Vendor-side id", "厂商侧 ID";
    column_user: "Receiver", "接收者";
    column_device: "Device", "设备";
    no_device: "no device", "无设备";
    no_answer: "no answer", "无应答";
    accepted_by_vendor: "accepted", "已接收";
    accepted: "Accepted", "接收";
    cleared: "Cleared away", "已清除";
    decided_to_push: "Push", "推送";
    questions(n: usize): "{n} questions asked", "共 {n} 项判断";
    tries_gone: "The tries themselves are no longer kept.", "各次尝试的记录已过保留期。";
    never_tried: "Nothing was sent for this device.", "未向该设备发送。";
    send: "Send a push", "发送推送";
    send_lead: "For users of this application only, booked under this plan. The next page shows what becomes of it on every device.", "仅发送给使用本应用的用户，并计入本计划。提交后可在下一页查看每台设备的发送结果。";
    sending: "Sending…", "正在发送…";
    send_to: "Receivers", "接收者";
    send_to_hint: "UserIDs, or 36-character tokens of devices, up to 100: one a line, or with commas between them.", "UserID 或 36 位设备 Token，最多 100 个，每行一个或用逗号分隔。";
    send_title: "Title", "标题";
    send_title_hint: "Without one, Android vendors show “a new message”.", "如不填写，Android 厂商通道将显示“a new message”。";
    send_text: "Text", "文本";
    send_ext: "For the app (ext)", "透传内容（ext）";
    send_ext_hint: "JSON that the app is handed when the push is tapped. May stay empty.", "用户点击推送后传给 App 的 JSON，可不填。";
    send_unauthorised: "No IM application is authorised to this application, so there are no users to send to.", "尚无 IM 应用授权给本应用，因此没有可发送的用户。";
    live: "This page updates by itself.", "本页面自动更新。";
}

/// Who made a plan.
pub const fn source(locale: Locale, source: PlanSource) -> &'static str {
    let (en, zh) = match source {
        PlanSource::Im => ("IM authorisation", "IM 授权"),
        PlanSource::Console => ("Console", "控制台"),
        PlanSource::Api => ("REST API", "REST API"),
    };
    pick(locale, en, zh)
}
