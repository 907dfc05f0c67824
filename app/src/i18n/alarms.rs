//! Alarms.

use super::{Locale, quotas, reasons};
use domain::alarm::Cause;

super::messages! {
    title: "Alarms", "告警";
    lead: "What keeps messages from going out, or soon will. One for each cause, found within seconds and ended by itself once it is right again.", "正在或即将影响消息发送的问题。每个原因一条，数秒内发现，恢复后自动结束。";
    going_on: "Going on", "持续中";
    history: "Alarms that ended", "已结束的告警";
    history_lead: "The newest hundred of the last 90 days.", "最近 90 天内的最新 100 条。";
    none: "No alarm goes on", "没有持续中的告警";
    none_hint: "Vendors answer and take the credentials, nothing waits for long, and no certificate ends within two weeks.", "厂商正常应答，凭证有效，没有长时间等待的消息，两周内没有证书到期。";
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
    server: "The server", "服务器";
    paused(channel: &str, why: &str): "{channel}: messages wait. {why}", "{channel}：消息正在等待，{why}";
    paused_since: "Paused since", "暂停时间";
    wait(channel: &str): "{channel}: messages wait for long", "{channel}：消息等待过久";
    wait_next: "They could go out and are not taken up in time. See whether the machine is busy, and whether dispatch.rate_per_sec and dispatch.concurrency are enough.", "消息可以发送但未能及时处理。请检查服务器负载，以及 dispatch.rate_per_sec 与 dispatch.concurrency 是否足够。";
    rate(channel: &str): "{channel} takes a smaller part of the messages than on any day of last week", "{channel} 的发送成功率低于上周任何一天";
    rate_was: "Taken now (last week):", "当前成功率（上周）：";
    rate_next: "Conversion Funnel shows the reasons beside each step.", "转化漏斗在每一步旁列出原因。";
    receipts(channel: &str): "No receipts of {channel} for two hours", "{channel} 已两小时没有回执";
    receipts_next: "Messages go out, but arrivals cannot be measured. See whether the vendor still knows the receipt address, and whether it is reachable from outside.", "消息正常发送，但无法统计抵达。请检查厂商处登记的回执地址及其公网可达性。";
    disk(node: u32): "The disk of node {node} is nearly full", "节点 {node} 的磁盘即将写满";
    disk_free: "Free:", "剩余：";
    disk_next: "A full disk refuses every message. Give it more space, or keep less ([retention]).", "磁盘写满后将拒绝所有消息。请扩容，或缩短保留时间（[retention]）。";
    mail_ended: "Ended: ", "已恢复：";
    mail_several(count: usize): "{count} alarms", "{count} 条告警";
    mail_more(page: &str): "All alarms: {page}", "全部告警：{page}";
    mail_test: "Test", "测试";
    mail_test_text: "This is a test from the console. Alarms will come to this address.", "这是控制台发送的测试邮件，告警将发送到此地址。";
}

/// What is wrong, and what to do next.
pub fn said(l: Locale, cause: &Cause) -> (String, &'static str) {
    match cause {
        Cause::CredentialRefused { channel, .. } => (refused(l, channel.label()), refused_next(l)),
        Cause::CertificateEnds(_) => (certificate(l).to_owned(), certificate_next(l)),
        Cause::QuotaSpent { channel, class, .. } => {
            (quota(l, channel.label(), quotas::class(l, *class)), quota_next(l))
        }
        Cause::LanePaused { channel, why, .. } => (
            paused(l, channel.label(), reasons::name(l, *why)),
            reasons::explanation(l, *why),
        ),
        Cause::MessagesWait { channel, .. } => (wait(l, channel.label()), wait_next(l)),
        Cause::SuccessRateLow { channel } => (rate(l, channel.label()), rate_next(l)),
        Cause::ReceiptsStopped { channel } => (receipts(l, channel.label()), receipts_next(l)),
        Cause::DiskFilling { node } => (disk(l, *node), disk_next(l)),
    }
}
