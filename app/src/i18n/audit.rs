//! The audit log.

use super::{Locale, names::pick};
use domain::{
    account::Door,
    audit::{Deed, Failure, Kind, OutcomeKind},
};

super::messages! {
    title: "Audit log", "审计日志";
    lead: "Who changed, saw or was refused what: every entry stays as it was written. Secrets stand here as fingerprints, passwords not at all.", "记录谁修改、查看了什么，或被拒绝了什么。每条记录写入后不可更改。密钥仅以指纹显示，密码不显示。";
    export: "Export CSV", "导出 CSV";
    table: "Entries, newest first", "记录（最新在前）";
    column_when: "When", "时间";
    column_who: "Who", "操作者";
    column_what: "What", "操作";
    column_outcome: "Outcome", "结果";
    column_from: "From", "来源";
    column_changes: "Before and after", "变更前后";
    filter_who: "Who", "操作者";
    filter_what: "What", "操作";
    filter_application: "Application", "应用";
    filter_outcome: "Outcome", "结果";
    filter_from: "From", "开始时间";
    filter_until: "Until", "结束时间";
    any: "Any", "不限";
    nobody: "Unknown", "未知";
    operator: "Operator", "运维人员";
    several: "several addresses", "多个地址";
    field: "Field", "字段";
    before: "Before", "变更前";
    after: "After", "变更后";
    nothing: "–", "（无）";
    fingerprint(digits: &str): "fingerprint {digits}", "指纹 {digits}";
    withheld: "set, not shown", "已设置，不显示";
    fields(count: usize): "Fields: {count}", "字段：{count} 个";
    times(count: u32): "{count} times", "{count} 次";
    missing(right: &str): "Missing right: {right}", "缺少权限：{right}";
    within(name: &str): "in {name}", "所属应用：{name}";
    older: "Older entries", "更早的记录";
    newest: "Newest entries", "最新记录";
    empty: "No such entries", "没有符合条件的记录";
    empty_hint: "Whatever is changed, shown or refused from now on stands here.", "今后的修改、查看和拒绝都会记录在此。";
    chain(number: i64, hash: &str): "The newest entry is number {number}; its hash begins with {hash}. The operator checks the whole log with “homing audit verify”.", "最新记录为第 {number} 条，哈希值以 {hash} 开头。运维人员可用“homing audit verify”校验整个日志。";
    cut(number: i64): "Entries up to number {number} were deleted by the server's retention setting.", "根据服务器的保留期设置，第 {number} 条及更早的记录已删除。";
}

/// What was done.
pub const fn deed(locale: Locale, deed: Deed) -> &'static str {
    let (en, zh) = match deed {
        Deed::SetUp => ("Set up the server", "初始化服务器"),
        Deed::CreateRoot => ("Create root account", "创建主账号"),
        Deed::Activate => ("Activate the service", "开通服务"),
        Deed::SignIn => ("Sign in", "登录"),
        Deed::SignOut => ("Sign out", "退出登录"),
        Deed::ConfirmPassword => ("Prove again who it is", "再次验证身份"),
        Deed::ChangePassword => ("Change own password", "修改自己的密码"),
        Deed::EndSessions => ("End own sessions", "结束自己的会话"),
        Deed::EnableCodes => ("Turn on one-time codes", "启用动态验证码"),
        Deed::DisableCodes => ("Turn off one-time codes", "停用动态验证码"),
        Deed::MakeRecoveryCodes => ("Make recovery codes", "生成恢复码"),
        Deed::UseRecoveryCode => ("Use recovery code", "使用恢复码"),
        Deed::AddPasskey => ("Add passkey", "添加通行密钥"),
        Deed::RemovePasskey => ("Remove passkey", "移除通行密钥"),
        Deed::UsePasskey => ("Use passkey", "使用通行密钥"),
        Deed::RemoveFactors => ("Remove second factors of an account", "移除账号的第二因素"),
        Deed::MakeLink => ("Make one-time link", "生成一次性链接"),
        Deed::UseLink => ("Set password by one-time link", "通过一次性链接设置密码"),
        Deed::ResetPassword => ("Reset password", "重置密码"),
        Deed::Look => ("Open a page", "打开页面"),
        Deed::CreateSubAccount => ("Create sub-account", "新建子账号"),
        Deed::ChangeSubAccount => ("Change sub-account", "修改子账号"),
        Deed::DemandSecondStep => ("Demand a second step of sub-accounts", "要求子账号两步登录"),
        Deed::ChangeTimeZone => ("Change time zone", "修改时区"),
        Deed::DeleteSubAccount => ("Delete sub-account", "删除子账号"),
        Deed::CreateProduct => ("Create product", "新建产品"),
        Deed::ChangeProduct => ("Change product", "修改产品"),
        Deed::DeleteProduct => ("Delete product", "删除产品"),
        Deed::AddApplication => ("Add application", "添加应用"),
        Deed::RenameApplication => ("Rename application", "重命名应用"),
        Deed::DeleteApplication => ("Delete application", "删除应用"),
        Deed::RevealSecretKey => ("See Secret Key", "查看 Secret Key"),
        Deed::SaveIdentifier => ("Save package name or Bundle ID", "保存包名或 Bundle ID"),
        Deed::SaveChannel => ("Save vendor channel", "保存厂商通道"),
        Deed::RemoveChannel => ("Remove vendor keys", "移除厂商密钥"),
        Deed::TakeOverChannel => ("Take over the IM application's settings", "采用 IM 应用的设置"),
        Deed::FollowChannel => ("Follow the IM application's settings", "随 IM 应用的设置更新"),
        Deed::OpenReceiptAddress => ("Make receipt address", "生成回执地址"),
        Deed::UploadCertificate => ("Upload push certificate", "上传推送证书"),
        Deed::RemoveCertificate => ("Remove push certificate", "移除推送证书"),
        Deed::AddPackage => ("Add package name", "添加包名"),
        Deed::RemovePackage => ("Remove package name", "移除包名"),
        Deed::VerifyChannel => ("Verify credentials", "验证凭证"),
        Deed::SendTest => ("Send test message", "发送测试消息"),
        Deed::CreatePlan => ("Create push plan", "新建推送计划"),
        Deed::ChangePlan => ("Change push plan", "修改推送计划"),
        Deed::DeletePlan => ("Delete push plan", "删除推送计划"),
        Deed::Push => ("Send a push", "发送推送"),
        Deed::CreateImApplication => ("Create IM application", "新建 IM 应用"),
        Deed::EnableImApplication => ("Enable or disable IM application", "启用或停用 IM 应用"),
        Deed::SetAdministrators => ("Change administrators", "修改管理员"),
        Deed::SaveImChannel => ("Save vendor channel of IM application", "保存 IM 应用的厂商通道"),
        Deed::DeleteImApplication => ("Delete IM application", "删除 IM 应用"),
        Deed::RevealImKey => ("See key of IM application", "查看 IM 应用密钥"),
        Deed::CreateApiKey => ("Create API key", "新建 API 密钥"),
        Deed::IssueApiSecret => ("Make a new secret of an API key", "更换 API 密钥"),
        Deed::RevokeApiKey => ("Revoke API key", "吊销 API 密钥"),
        Deed::Authorise => ("Authorize IM application", "授权 IM 应用"),
        Deed::RevokeAuthorisation => ("Unauthorize IM application", "取消授权 IM 应用"),
        Deed::CreateWebhook => ("Add webhook", "新增回调"),
        Deed::ChangeWebhook => ("Edit webhook", "编辑回调"),
        Deed::IssueWebhookSecret => ("Make a new secret of a webhook", "更换回调密钥"),
        Deed::TestWebhook => ("Send a test event to a webhook", "向回调发送测试事件"),
        Deed::ReplayWebhook => ("Tell a webhook again what was given up", "重新发送已放弃的回调事件"),
        Deed::DeleteWebhook => ("Delete webhook", "删除回调"),
        Deed::CreateRecipient => ("Add a recipient of alarms", "新增告警接收方"),
        Deed::ChangeRecipient => ("Edit a recipient of alarms", "编辑告警接收方"),
        Deed::IssueRecipientSecret => ("Make a new secret of a recipient of alarms", "更换告警接收方密钥"),
        Deed::TestRecipient => ("Send a test to a recipient of alarms", "向告警接收方发送测试"),
        Deed::DeleteRecipient => ("Delete a recipient of alarms", "删除告警接收方"),
        Deed::AcknowledgeAlarm => ("Acknowledge alarm", "确认告警"),
        Deed::RotateMasterKey => ("Rotate the master key", "轮换主密钥"),
    };
    pick(locale, en, zh)
}

/// What it was done to.
pub const fn kind(locale: Locale, kind: Kind) -> &'static str {
    let (en, zh) = match kind {
        Kind::Account => ("Account", "账号"),
        Kind::Product => ("Product", "产品"),
        Kind::Application => ("Application", "应用"),
        Kind::Channel => ("Vendor channel", "厂商通道"),
        Kind::Certificate => ("Certificate", "证书"),
        Kind::Package => ("Package name", "包名"),
        Kind::Plan => ("Push plan", "推送计划"),
        Kind::ImApplication => ("IM application", "IM 应用"),
        Kind::ApiKey => ("API key", "API 密钥"),
        Kind::Passkey => ("Passkey", "通行密钥"),
        Kind::Authorisation => ("Authorization of", "授权"),
        Kind::Webhook => ("Webhook", "回调"),
        Kind::Alarm => ("Alarm", "告警"),
        Kind::AlarmRecipient => ("Recipient of alarms", "告警接收方"),
        Kind::Page => ("Page", "页面"),
    };
    pick(locale, en, zh)
}

/// Through which door.
pub const fn door(locale: Locale, door: Door) -> &'static str {
    let (en, zh) = match door {
        Door::Console => ("Console", "控制台"),
        Door::Rest => ("REST", "REST 接口"),
        Door::CommandLine => ("Command line", "命令行"),
        Door::Server => ("Server", "服务器"),
    };
    pick(locale, en, zh)
}

/// What came of it.
pub const fn outcome(locale: Locale, outcome: OutcomeKind) -> &'static str {
    let (en, zh) = match outcome {
        OutcomeKind::Done => ("Done", "成功"),
        OutcomeKind::Refused => ("Refused", "被拒绝"),
        OutcomeKind::Failed => ("Failed", "失败"),
    };
    pick(locale, en, zh)
}

/// Why it failed.
pub const fn failure(locale: Locale, failure: Failure) -> &'static str {
    let (en, zh) = match failure {
        Failure::WrongPassword => ("Wrong password", "密码错误"),
        Failure::WrongFactor => ("Wrong second factor", "第二因素错误"),
        Failure::UnknownName => ("No such account", "账号不存在"),
        Failure::UnknownPasskey => ("No such passkey", "通行密钥不存在"),
        Failure::CopiedPasskey => ("Passkey may have been copied", "通行密钥可能被复制"),
        Failure::Provider => ("Refused on the way by the identity provider", "未通过身份提供方登录"),
        Failure::TooMany => ("Too many tries", "尝试次数过多"),
    };
    pick(locale, en, zh)
}

/// A field; one that has no name here is shown as it is stored.
pub fn field_name(locale: Locale, field: &str) -> Option<&'static str> {
    let (en, zh) = match field {
        "name" => ("Name", "名称"),
        "category" => ("Category", "分类"),
        "access_point" => ("Service access point", "服务接入点"),
        "platform" => ("Platform", "平台"),
        "identifier" => ("Package name or Bundle ID", "包名或 Bundle ID"),
        "description" => ("Description", "描述"),
        "enabled" => ("Enabled", "启用"),
        "administrators" => ("Administrators", "管理员"),
        "password" => ("Password", "密码"),
        "issuer" => ("Identity provider", "身份提供方"),
        "subject" => ("Person there", "身份提供方中的用户"),
        "reason" => ("Reason", "原因"),
        "rights" => ("Rights on the whole account", "整个账号的权限"),
        "secret_key" => ("Secret Key", "Secret Key"),
        "key" => ("Key", "密钥"),
        "package" => ("Package name", "包名"),
        "channels" => ("Vendor channels", "厂商通道"),
        "copied_channels" => ("Vendor settings copied", "复制的厂商设置"),
        "im_application" => ("SDKAppID", "SDKAppID"),
        "kind" => ("Kind", "类型"),
        "bundle" => ("Bundle ID", "Bundle ID（应用标识）"),
        "environments" => ("Environments", "环境"),
        "certificate" => ("Certificate (SHA-256)", "证书（SHA-256）"),
        "secret" => ("Private key", "私钥"),
        "receipt_secret" => ("Receipt address", "回执地址"),
        "environment" => ("Environment", "环境"),
        "page" => ("Page", "页面"),
        "receivers" => ("Receivers", "接收者数量"),
        "to" => ("To", "接收者"),
        "works" => ("Credential works", "凭证有效"),
        "second_step_demanded" => ("Second step demanded", "要求两步登录"),
        "vendor_code" => ("Vendor's code", "厂商返回码"),
        _ => return None,
    };
    Some(pick(locale, en, zh))
}
