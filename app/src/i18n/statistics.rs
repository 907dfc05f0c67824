//! Statistics.

use super::Locale;
use domain::statistics::{MessageKind, Stage};

super::messages! {
    title: "Conversion Funnel", "转化漏斗";
    lead: "How many messages were planned, sent, reached and clicked, and where the others were lost.", "消息从计划、发送、抵达到点击的数量，以及在哪一步流失。";
    from: "From", "开始日期";
    until: "To", "结束日期";
    measure: "Count", "统计口径";
    pv: "Messages per device (PV)", "消息数（PV）";
    uv: "Distinct devices (UV)", "去重设备数（UV）";
    plan: "Push plan", "推送计划";
    channel: "Channel", "通道";
    kind: "Kind of message", "消息类型";
    all: "All", "全部";
    kind_c2c: "One to one", "单聊";
    kind_batch: "Several receivers", "批量单聊";
    kind_push: "Push from the console", "控制台推送";
    kind_test: "Test of a channel", "通道测试";
    days_of(zone: &str): "Days of {zone}.", "按 {zone} 时区统计。";
    read_at: "Read at", "读取时间";
    change_zone: "Change time zone", "修改时区";
    estimated: "Distinct devices above 512 are estimated, with a standard error of 1.6 percent.", "去重设备数超过 512 时为估算值，标准误差 1.6%。";
    export: "Download CSV", "下载 CSV";
    today: "Today", "今天";
    yesterday: "Yesterday", "昨天";
    last_days(n: i32): "{n} days", "{n} 天";
    ranges: "Times at hand", "快捷时间";
    funnel: "Funnel", "漏斗";
    stage_planned: "Planned", "计划发送";
    stage_sent: "Sent", "实际发送";
    stage_reached: "Reached", "抵达";
    stage_clicked: "Clicked", "点击";
    stage_cleared: "Cleared", "清除";
    stage_unsent: "Not sent", "未发送";
    stage_undelivered: "Sent, not delivered", "已发送未送达";
    column_stage: "Stage", "阶段";
    column_number: "Number", "数量";
    column_rate: "Rate", "比率";
    column_lost: "Lost on the way here", "本步流失";
    send_rate(rate: &str): "{rate} of planned", "发送率 {rate}";
    reach_rate(rate: &str): "{rate} of sent", "抵达率 {rate}";
    click_rate(rate: &str): "{rate} of reached", "点击率 {rate}";
    clear_rate(rate: &str): "{rate} of reached", "清除率 {rate}";
    reach_rate_partly(rate: &str, sent: &str): "{rate} of the {sent} sent through channels that report arrivals", "抵达率 {rate}（以可统计抵达的 {sent} 条为基数）";
    not_measurable: "not measurable", "无法统计";
    not_measurable_hint: "No receipt has come through this channel and no device has acknowledged: that nothing arrived cannot be told from that nothing was reported.", "该通道未收到回执，设备也未上报，无法区分“未抵达”与“未上报”。";
    trend: "Trend", "趋势";
    trend_hours: "By hour", "按小时";
    trend_days: "By day", "按天";
    as_table: "View as table", "查看表格";
    column_time: "Time", "时间";
    total: "In all", "合计";
    channels: "By channel", "按通道";
    by_plan: "By push plan", "按推送计划";
    plan_gone(id: &str): "Deleted plan {id}", "已删除的计划 {id}";
    no_device: "No device", "无设备";
    losses: "Why messages were lost", "流失原因";
    column_reason: "Reason", "原因";
    column_share: "Of planned", "占计划";
    column_fix: "What it means", "说明";
    nothing: "Nothing happened in this time", "该时段没有数据";
    nothing_hint: "No message was accepted for this application, and nothing of an earlier one was reported. Choose other days or fewer filters.", "该时段没有接收消息，也没有历史消息的上报。请更换日期或减少筛选条件。";
    definitions: "What these figures mean", "指标说明";
    define_planned: "Every device of every receiver of an accepted message, and receivers without a device once. Counted when the message is accepted.", "已接收消息的每个接收者的每台设备；没有设备的接收者计一次。在接收消息时计数。";
    define_sent: "The vendor accepted it. Counted when the vendor answers.", "厂商已受理。在厂商应答时计数。";
    define_reached: "A vendor’s receipt or the device said that it arrived. Counted when that is reported; vendors take minutes, sometimes hours.", "厂商回执或设备上报已抵达。在上报时计数，厂商可能延迟数分钟至数小时。";
    define_clicked: "The device reported a click; it then counts as reached, too.", "设备上报点击，同时计为抵达。";
    define_cleared: "The device reported that the notification was cleared away without a click.", "设备上报通知被清除且未点击。";
    define_unsent: "Skipped, refused, expired or called off before a vendor accepted it.", "在厂商受理前被跳过、拒绝、过期或取消。";
    define_undelivered: "A vendor accepted it and reported later that it did not arrive.", "厂商受理后反馈未送达。";
    define_time: "Everything counts in the half hour in which Homing learnt of it, so a click today of yesterday’s message counts today, and a rate can pass 100 percent. Past figures do not change.", "所有事件按 Homing 获知的时间计入：今天点击昨天的消息计入今天，因此比率可能超过 100%。历史数据不会改变。";
    define_uv: "Distinct devices of the chosen time: one that was reached on three days counts once in all, and on each of the days. Losses are always counted by message.", "所选时段内的去重设备数：同一设备三天各抵达一次，合计计一次，每天各计一次。流失始终按消息计数。";
    zone_title: "Time zone", "时区";
    zone_lead: "Days of statistics begin at midnight of this zone, for everybody who works under this root account.", "统计的每一天以该时区的零点为界，对本主账号下所有人生效。";
    zone_label: "Time zone of statistics", "统计时区";
    zone_hint: "Past days are counted anew in the new zone.", "历史日期将按新时区重新统计。";
    zone_save: "Save", "保存";
    zone_saving: "Saving …", "正在保存…";
}

/// The name of a stage.
pub const fn stage(l: Locale, stage: Stage) -> &'static str {
    match stage {
        Stage::Planned => stage_planned(l),
        Stage::Sent => stage_sent(l),
        Stage::Reached => stage_reached(l),
        Stage::Clicked => stage_clicked(l),
        Stage::Cleared => stage_cleared(l),
        Stage::Unsent => stage_unsent(l),
        Stage::Undelivered => stage_undelivered(l),
    }
}

/// What a stage means, and when it is counted.
pub const fn definition(l: Locale, stage: Stage) -> &'static str {
    match stage {
        Stage::Planned => define_planned(l),
        Stage::Sent => define_sent(l),
        Stage::Reached => define_reached(l),
        Stage::Clicked => define_clicked(l),
        Stage::Cleared => define_cleared(l),
        Stage::Unsent => define_unsent(l),
        Stage::Undelivered => define_undelivered(l),
    }
}

/// The name of a kind of messages.
pub const fn message_kind(l: Locale, kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::C2c => kind_c2c(l),
        MessageKind::Batch => kind_batch(l),
        MessageKind::Push => kind_push(l),
        MessageKind::Test => kind_test(l),
    }
}
