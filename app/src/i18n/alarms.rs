//! Alarms.

super::messages! {
    title: "Alarms", "告警";
    lead: "What keeps messages from going out, or soon will. One for each cause, found within seconds and ended by itself once it is right again.", "正在或即将影响消息发送的问题。每个原因一条，数秒内发现，恢复后自动结束。";
    going_on: "Going on", "持续中";
    history: "Alarms that ended", "已结束的告警";
    history_lead: "The newest hundred of the last 90 days.", "最近 90 天内的最新 100 条。";
    none: "No alarm goes on", "没有持续中的告警";
    none_hint: "Credentials are taken, no quota is spent, and no certificate ends within two weeks.", "凭证有效，配额未用尽，两周内没有证书到期。";
    column_state: "State", "状态";
    column_what: "What is wrong", "问题";
    column_application: "Application", "应用";
    column_since: "Since", "开始时间";
    column_ended: "Ended at", "结束时间";
    new: "New", "新告警";
    acknowledged: "Acknowledged", "已确认";
    ended: "Ended", "已结束";
    acknowledged_by(name: &str): "by {name}", "确认人：{name}";
    acknowledge: "Acknowledge", "确认";
    acknowledge_one(application: &str, what: &str): "Acknowledge: {application}, {what}", "确认：{application}，{what}";
    refused(channel: &str): "{channel} refuses the credential", "{channel} 拒绝凭证";
    refused_next: "Messages through it wait. Correct the credential under Basic Config, then verify it.", "经此通道的消息正在等待。请在基础配置中更正凭证并验证。";
    certificate: "A push certificate ends", "推送证书即将到期";
    certificate_ends: "It ends", "到期时间";
    certificate_next: "Upload the next one under Basic Config; after the end APNs refuses every push.", "请在基础配置中上传新证书；到期后 APNs 将拒绝全部推送。";
    quota(channel: &str, class: &str): "{channel}: quota of {class} spent", "{channel}：{class}配额已用尽";
    quota_until: "Full again", "恢复时间";
    quota_next: "Messages of this class wait until then. Basic Config says how many, and what to do.", "此类消息将等待至恢复。数量与处理方法见基础配置。";
    further_package: "Of a further package name.", "属于附加包名。";
}
