//! What was done: the message at the top of the next page.

use super::Locale;
use crate::flash::{Done, Notice};

/// The sentence of a message.
pub fn text(locale: Locale, notice: &Notice) -> String {
    let (en, zh) = sentences(notice.done);
    let sentence = match locale {
        Locale::En => en,
        Locale::Zh => zh,
    };
    sentence.replace("{}", &notice.name)
}

#[expect(clippy::too_many_lines, reason = "a row for each, in the order of the list")]
const fn sentences(done: Done) -> (&'static str, &'static str) {
    match done {
        Done::SetUp => (
            "The root account “{}” was created. You are signed in.",
            "主账号“{}”已创建，您已登录。",
        ),
        Done::Activated => (
            "The service is activated. Create your first product.",
            "服务已开通，请新增您的第一个产品。",
        ),
        Done::ProductCreated => ("Product “{}” was created.", "产品“{}”已创建。"),
        Done::ProductChanged => ("Product “{}” was saved.", "产品“{}”已保存。"),
        Done::ProductDeleted => ("Product “{}” was deleted.", "产品“{}”已删除。"),
        Done::ApplicationAdded => ("Application “{}” was added.", "应用“{}”已新增。"),
        Done::ApplicationChanged => ("Application “{}” was saved.", "应用“{}”已保存。"),
        Done::ApplicationDeleted => ("Application “{}” was deleted.", "应用“{}”已删除。"),
        Done::IdentifierSaved => ("“{}” was saved.", "“{}”已保存。"),
        Done::ChannelSaved => ("The {} channel was saved.", "{} 通道已保存。"),
        Done::SettingsTakenOver => (
            "The {} channel follows the IM application's settings now.",
            "{} 通道已使用 IM 应用的参数，并将随其同步。",
        ),
        Done::ChannelVerified => ("{} takes the credential.", "{} 接受该凭据。"),
        Done::ChannelRefused => (
            "{}: the vendor refuses the credential. Its own words stand on the card.",
            "{}：厂商拒绝该凭据，原因见卡片。",
        ),
        Done::VendorNotAsked => (
            "{}: the vendor could not be asked, so nothing is known of the credential. Try again later.",
            "{}：暂时无法向厂商验证，凭据状态未知，请稍后重试。",
        ),
        Done::TestSent => (
            "The test message is on its way through {}. This page shows what becomes of it.",
            "测试消息已提交至 {} 通道，本页将显示其结果。",
        ),
        Done::CertificateUploaded => ("The certificate for {} is in force.", "{} 的推送证书已生效。"),
        Done::CertificateRemoved => ("The certificate was taken out of force.", "推送证书已停用。"),
        Done::PackageAdded => (
            "Package name “{}” was added. Enter its vendor keys below.",
            "包名“{}”已新增，请在下方填写其厂商参数。",
        ),
        Done::PackageRemoved => ("Package name “{}” was removed.", "包名“{}”已移除。"),
        Done::KeysRemoved => ("The {} keys were removed.", "{} 参数已移除。"),
        Done::Authorised => (
            "“{}” is authorised. Its service details are now IM push only (free).",
            "“{}”已授权，其服务详情已变更为“仅限 IM 推送（免费）”。",
        ),
        Done::Unauthorised => ("The authorisation of “{}” was taken back.", "“{}”的授权已解除。"),
        Done::ImApplicationCreated => ("IM application “{}” was created.", "IM 应用“{}”已创建。"),
        Done::ImApplicationEnabled => ("IM application “{}” was enabled.", "IM 应用“{}”已启用。"),
        Done::ImApplicationDisabled => ("IM application “{}” was disabled.", "IM 应用“{}”已停用。"),
        Done::AdministratorsSaved => ("The administrators of “{}” were saved.", "“{}”的管理员已保存。"),
        Done::ApiKeyCreated => (
            "API key “{}” was created. Make its secret now.",
            "API 密钥“{}”已创建，请立即生成密钥。",
        ),
        Done::ApiKeyRevoked => ("API key “{}” was revoked.", "API 密钥“{}”已吊销。"),
        Done::ImApplicationDeleted => ("IM application “{}” was deleted.", "IM 应用“{}”已删除。"),
        Done::PlanCreated => ("Push plan “{}” was created.", "推送计划“{}”已创建。"),
        Done::PlanChanged => ("Push plan “{}” was saved.", "推送计划“{}”已保存。"),
        Done::PlanDeleted => ("Push plan “{}” was deleted.", "推送计划“{}”已删除。"),
        Done::PushSent => (
            "The push to {} receiver(s) is on its way. This page shows what becomes of it.",
            "推送已提交，接收者 {} 位，本页将显示其结果。",
        ),
        Done::WebhookCreated => (
            "The webhook was added. Make its secret now: nothing is told before.",
            "回调已新增，请立即生成密钥，之后才会开始调用。",
        ),
        Done::WebhookChanged => ("The webhook was saved.", "回调已保存。"),
        Done::WebhookDeleted => ("The webhook was deleted.", "回调已删除。"),
        Done::WebhookTested => (
            "The address took the test event: it answered {}.",
            "测试事件已被接收，应答为 {}。",
        ),
        Done::WebhookTestFailed => (
            "The address did not take the test event: {}. The first line of the log says more.",
            "测试事件未被接收：{}，详情见调用记录第一行。",
        ),
        Done::WebhookReplayed => ("{} event(s) wait to be told again.", "{} 个事件正等待重新发送。"),
        Done::RecipientCreated => ("{} is told of alarms from now on.", "此后告警将通知 {}。"),
        Done::RecipientChanged => ("{} was saved.", "{} 已保存。"),
        Done::RecipientTested => ("The test was taken: {}.", "测试已被接收：{}。"),
        Done::RecipientTestFailed => ("The test was not taken: {}.", "测试未被接收：{}。"),
        Done::RecipientDeleted => ("The recipient was deleted.", "接收方已删除。"),
        Done::AlarmAcknowledged => ("The alarm is acknowledged.", "告警已确认。"),
        Done::SubAccountCreated => ("Sub-account “{}” was created.", "子账号“{}”已创建。"),
        Done::SubAccountChanged => ("Sub-account “{}” was saved.", "子账号“{}”已保存。"),
        Done::PasswordChanged => (
            "Your password was changed. You are signed out everywhere else.",
            "密码已修改，您在其他设备上的登录已全部失效。",
        ),
        Done::SessionEnded => ("The session was ended.", "该会话已结束。"),
        Done::CodesEnabled => (
            "Signing in asks for a code from now on. Make recovery codes for the day the phone is lost.",
            "两步登录已启用。请生成恢复码，以备手机丢失时使用。",
        ),
        Done::CodesDisabled => ("One-time codes are off.", "动态验证码已关闭。"),
        Done::PasskeyAdded => ("Passkey “{}” was added.", "通行密钥“{}”已添加。"),
        Done::PasskeyRemoved => (
            "Passkey “{}” was removed. Delete it on your device, too.",
            "通行密钥“{}”已移除，请同时在设备上删除。",
        ),
        Done::SecondStepDemanded => (
            "Sub-accounts need a second step from now on.",
            "今后子账号均须启用两步登录。",
        ),
        Done::SecondStepFree => ("A second step is demanded no more.", "不再要求子账号启用两步登录。"),
        Done::TimeZoneChanged => ("Days are those of {} from now on.", "今后按 {} 的日期统计。"),
        Done::FactorsRemoved => (
            "“{}” signs in with the password alone now.",
            "“{}”的两步登录已移除，现仅凭密码登录。",
        ),
        Done::PasswordSet => ("Your password is set. Sign in with it.", "密码已设置，请登录。"),
        Done::Confirmed => (
            "Thank you. What you filled in is still there, passwords excepted: send it now.",
            "确认成功。您填写的内容已保留（密码除外），请继续提交。",
        ),
        Done::OtherSessionsEnded => ("All your other sessions were ended.", "您的其他会话已全部结束。"),
        Done::SubAccountDeleted => ("Sub-account “{}” was deleted.", "子账号“{}”已删除。"),
    }
}
