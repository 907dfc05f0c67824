//! Why something was refused as a whole, and the next step.

use super::{Locale, faults, names};
use domain::{
    Problem,
    problem::{Conflict, What},
};

super::messages! {
    unauthenticated: "Your session has ended. Sign in again; nothing was changed.", "登录已失效，请重新登录。本次操作未生效。";
    sign_in_refused: "User name or password is wrong.", "用户名或密码错误。";
    forbidden(right: &str, ask: &str): "You lack the right “{right}”. The root account {ask} can grant it.", "您缺少“{right}”权限，可由主账号 {ask} 授予。";
    unconfirmed: "Confirm first that it is you.", "请先确认是您本人。";
    not_found(what: &str): "There is no such {what}, or it is not shared with you.", "{what}不存在，或未与您共享。";
    invalid: "Some fields need attention.", "部分字段需要修改。";
    too_large(limit: &str): "This is too large. At most {limit} are accepted.", "内容过大，最多接受 {limit}。";
    too_many(seconds: u32): "Too many tries. Wait {seconds} seconds, then try again.", "尝试次数过多，请在 {seconds} 秒后重试。";
    unavailable: "The server cannot store this now. Nothing was changed. Try again in a moment; if it goes on, tell the operator.", "服务器暂时无法保存，未做任何更改。请稍后重试；若问题持续，请联系管理员。";
    internal(reference: &str): "The server failed. Tell the operator this reference: {reference}", "服务器发生故障。请将此编号告知管理员：{reference}";
    not_activated: "The service is not activated yet. Activate it first.", "服务尚未开通，请先开通。";
    already_set_up: "This server is set up already. Sign in instead.", "服务器已完成初始化，请直接登录。";
    platform_exists(platform: &str): "The product has an application for {platform} already.", "该产品已有 {platform} 应用。";
    application_authorised(application: &str, im: &str): "The application “{application}” is authorised to the IM application “{im}”. Take the authorisation back first.", "应用“{application}”已授权给 IM 应用“{im}”，请先解除授权。";
    im_application_authorised(im: &str, application: &str): "The IM application “{im}” is authorised to the application “{application}”. Take the authorisation back first.", "IM 应用“{im}”已授权给应用“{application}”，请先解除授权。";
    im_application_enabled: "Only a disabled IM application can be deleted. Disable it first.", "只能删除已停用的 IM 应用，请先停用。";
    im_platform_taken(platform: &str, application: &str): "For {platform} this IM application has “{application}” already. One IM application takes one application per platform.", "该 IM 应用在 {platform} 平台已有应用“{application}”。每个平台只能授权一个应用。";
    access_points_differ: "IM application and application belong to different service access points. Choose two of the same one.", "IM 应用与该应用的服务接入点不同，请选择相同接入点的应用。";
    im_application_disabled: "The IM application is disabled. Enable it first.", "该 IM 应用已停用，请先启用。";
    im_applications_full(max: u32): "This account has {max} IM applications, as many as it may have. Delete one that is no longer used.", "该账号已有 {max} 个 IM 应用，达到上限。请先删除不再使用的 IM 应用。";
    api_key_expired: "This API key has expired, so it gets no new secret. Make another key.", "该 API 密钥已过期，无法更换，请新建密钥。";
    no_mail_server: "This server sends no e-mail. Ask whoever runs it to set [mail], or add a recipient that is called.", "此服务器未配置邮件发送。请联系运维人员设置 [mail]，或新增回调方式的接收方。";
    webhook_without_secret: "The webhook has no secret yet. Make it first: calls are signed with it.", "该回调尚无密钥，请先生成：调用须以其签名。";
    plan_is_fixed: "The plan “IM message” was made by the system. It can be neither edited nor deleted.", "“即时通信 IM 消息”计划由系统创建，不能编辑或删除。";
    by_provider: "This account signs in by the identity provider, which keeps its password and second step.", "该账号通过身份提供方登录，密码和两步登录由其管理。";
    own_account: "This is your own account. Somebody else who manages sub-accounts must change it.", "这是您自己的账号，需由其他可管理子账号的人员修改。";
    ceremony_over: "This took too long, or the page was open twice. Try once more.", "操作超时，或同一页面被打开了两次，请重试。";
    already_done: "This form was sent already, and what it made exists.", "该表单已提交过，内容已创建。";
    changed_meanwhile: "Somebody changed this meanwhile. Load the page again and repeat your change.", "内容已被他人修改，请刷新页面后重新操作。";
    step_sign_in: "Sign in", "登录";
    step_confirm: "Confirm", "确认";
    step_activate: "Activate the service", "开通服务";
    step_authorisation: "Go to Third-party Authorization", "前往第三方服务授权";
    step_im_applications: "Go to IM Applications", "前往 IM 应用";
    step_products: "Go to Product Management", "前往产品管理";
    not_found_title: "Nothing here", "页面不存在";
    forbidden_title: "A right is missing", "缺少权限";
    signed_out_title: "Sign in first", "请先登录";
    unavailable_title: "Not available now", "暂时不可用";
    internal_title: "The server failed", "服务器故障";
    refused_title: "This was refused", "操作未被接受";
    thing_account: "account", "账号";
    thing_product: "product", "产品";
    thing_application: "application", "应用";
    thing_api_key: "The API key", "该 API 密钥";
    thing_im_application: "IM application", "IM 应用";
    thing_authorisation: "authorisation", "授权";
    thing_plan: "push plan", "推送计划";
    thing_message: "message", "消息";
    thing_certificate: "certificate", "证书";
    thing_channel: "vendor channel", "厂商通道";
    thing_package: "package name", "包名";
    thing_device: "device", "设备";
    thing_access_point: "service access point", "服务接入点";
    thing_webhook: "webhook", "回调";
    thing_alarm: "alarm", "告警";
    thing_recipient: "recipient of alarms", "告警接收方";
    thing_link: "link (it was used, replaced, or is too old)", "链接（可能已使用、被替换或已过期）";
    thing_page: "page", "页面";
}

/// A link that leads on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextStep {
    /// Where to.
    pub href: String,
    /// What the link says.
    pub label: &'static str,
}

/// The sentence for a refusal.
pub fn text(locale: Locale, problem: &Problem) -> String {
    match problem {
        Problem::Unauthenticated => unauthenticated(locale).into(),
        Problem::SignInRefused => sign_in_refused(locale).into(),
        Problem::Forbidden { missing, ask } => forbidden(locale, names::action(locale, *missing), ask),
        Problem::Unconfirmed => unconfirmed(locale).into(),
        Problem::NotFound(what) => not_found(locale, thing(locale, *what)),
        Problem::Invalid(_) => invalid(locale).into(),
        Problem::Conflict(conflict) => conflict_text(locale, conflict),
        Problem::Certificate(fault) => faults::certificate(locale, fault),
        Problem::TooLarge { limit } => too_large(locale, &size(*limit)),
        Problem::TooMany { retry_after_secs } => too_many(locale, *retry_after_secs),
        Problem::Unavailable => unavailable(locale).into(),
        Problem::Internal { reference } => internal(locale, reference),
    }
}

fn conflict_text(locale: Locale, conflict: &Conflict) -> String {
    match conflict {
        Conflict::NotActivated => not_activated(locale).into(),
        Conflict::AlreadySetUp => already_set_up(locale).into(),
        Conflict::PlatformExists(platform) => platform_exists(locale, names::platform(*platform)),
        Conflict::ApplicationAuthorised {
            application,
            im_application,
            ..
        } => application_authorised(locale, application, im_application),
        Conflict::ImApplicationAuthorised {
            im_application,
            application,
            ..
        } => im_application_authorised(locale, im_application, application),
        Conflict::ImApplicationEnabled => im_application_enabled(locale).into(),
        Conflict::ImPlatformTaken { platform, application } => {
            im_platform_taken(locale, names::platform(*platform), application)
        }
        Conflict::AccessPointsDiffer => access_points_differ(locale).into(),
        Conflict::ImApplicationDisabled => im_application_disabled(locale).into(),
        Conflict::ImApplicationsFull { max } => im_applications_full(locale, *max),
        Conflict::ApiKeyExpired => api_key_expired(locale).into(),
        Conflict::NoMailServer => no_mail_server(locale).into(),
        Conflict::WebhookWithoutSecret => webhook_without_secret(locale).into(),
        Conflict::PlanIsFixed => plan_is_fixed(locale).into(),
        Conflict::OwnAccount => own_account(locale).into(),
        Conflict::ByProvider => by_provider(locale).into(),
        Conflict::CeremonyOver => ceremony_over(locale).into(),
        Conflict::AlreadyDone => already_done(locale).into(),
        Conflict::ChangedMeanwhile => changed_meanwhile(locale).into(),
    }
}

/// The heading of the page that a refusal makes.
pub const fn title(locale: Locale, problem: &Problem) -> &'static str {
    match problem {
        Problem::Unauthenticated | Problem::SignInRefused => signed_out_title(locale),
        Problem::Forbidden { .. } => forbidden_title(locale),
        Problem::NotFound(_) => not_found_title(locale),
        Problem::Unavailable => unavailable_title(locale),
        Problem::Internal { .. } => internal_title(locale),
        _ => refused_title(locale),
    }
}

/// Where to go to remove what stands in the way, if anywhere.
pub fn next_step(locale: Locale, problem: &Problem) -> Option<NextStep> {
    let (href, label) = match problem {
        Problem::Unauthenticated | Problem::Conflict(Conflict::AlreadySetUp) => ("/login".into(), step_sign_in(locale)),
        Problem::Unconfirmed => ("/confirm".into(), step_confirm(locale)),
        Problem::Conflict(Conflict::NotActivated) => ("/activate".into(), step_activate(locale)),
        Problem::Conflict(
            Conflict::ApplicationAuthorised { product, .. } | Conflict::ImApplicationAuthorised { product, .. },
        ) => (format!("/products/{product}/authorisation"), step_authorisation(locale)),
        Problem::Conflict(Conflict::ImApplicationDisabled | Conflict::ImApplicationEnabled) => {
            ("/im-applications".into(), step_im_applications(locale))
        }
        Problem::Conflict(Conflict::AlreadyDone) => ("/products".into(), step_products(locale)),
        _ => return None,
    };
    Some(NextStep { href, label })
}

const fn thing(locale: Locale, what: What) -> &'static str {
    match what {
        What::Account => thing_account(locale),
        What::Product => thing_product(locale),
        What::Application => thing_application(locale),
        What::ApiKey => thing_api_key(locale),
        What::ImApplication => thing_im_application(locale),
        What::Authorisation => thing_authorisation(locale),
        What::Plan => thing_plan(locale),
        What::Message => thing_message(locale),
        What::Certificate => thing_certificate(locale),
        What::VendorChannel => thing_channel(locale),
        What::PackageName => thing_package(locale),
        What::Device => thing_device(locale),
        What::AccessPoint => thing_access_point(locale),
        What::Webhook => thing_webhook(locale),
        What::Alarm => thing_alarm(locale),
        What::AlarmRecipient => thing_recipient(locale),
        What::Link => thing_link(locale),
        What::Page => thing_page(locale),
    }
}

fn size(bytes: u64) -> String {
    if bytes >= 1024 {
        format!("{} KiB", bytes / 1024)
    } else {
        format!("{bytes} B")
    }
}
