//! Names of the domain's closed lists: categories, platforms, actions, access levels, access points.

use super::Locale;
use domain::{
    account::{Action, Preset},
    product::{AccessPoint, ApplicationStatus, Category, Platform, ServiceDetails},
};

/// A product category.
pub const fn category(locale: Locale, category: Category) -> &'static str {
    let (en, zh) = match category {
        Category::Social => ("Social", "社交"),
        Category::Communication => ("Communication", "通讯"),
        Category::News => ("News", "新闻资讯"),
        Category::Shopping => ("Shopping", "购物"),
        Category::Finance => ("Finance", "金融"),
        Category::Games => ("Games", "游戏"),
        Category::Education => ("Education", "教育"),
        Category::Entertainment => ("Entertainment", "影音娱乐"),
        Category::Travel => ("Travel", "旅游出行"),
        Category::Health => ("Health", "医疗健康"),
        Category::Business => ("Business", "商务办公"),
        Category::Tools => ("Tools", "工具"),
        Category::Other => ("Other", "其他"),
    };
    pick(locale, en, zh)
}

/// A platform; the makers' spelling, the same in both languages.
pub const fn platform(platform: Platform) -> &'static str {
    match platform {
        Platform::Android => "Android",
        Platform::Ios => "iOS",
        Platform::Macos => "macOS",
    }
}

/// An application's name with its platform, unless the name says it already ("Chat iOS").
pub fn with_platform(name: &str, of: Platform) -> String {
    let of = platform(of);
    if name.to_lowercase().ends_with(&of.to_lowercase()) {
        name.to_owned()
    } else {
        format!("{name} ({of})")
    }
}

/// What an application is enabled for.
pub const fn service(locale: Locale, details: ServiceDetails) -> &'static str {
    let (en, zh) = match details {
        ServiceDetails::NotEnabled => ("Not enabled", "未开通"),
        ServiceDetails::ImPushOnly => ("IM push only (free)", "仅限 IM 推送（免费）"),
        ServiceDetails::FullPush => ("Full push", "全功能推送"),
    };
    pick(locale, en, zh)
}

/// Whether an application works.
pub const fn status(locale: Locale, status: ApplicationStatus) -> &'static str {
    let (en, zh) = match status {
        ApplicationStatus::InUse => ("In use", "使用中"),
        ApplicationStatus::Disabled => ("Disabled", "已停用"),
    };
    pick(locale, en, zh)
}

/// The name of a service access point.
pub fn access_point(locale: Locale, point: &AccessPoint) -> String {
    match locale {
        Locale::En => point.name_en.clone(),
        Locale::Zh => point.name_zh.clone(),
    }
}

/// What a right lets somebody do.
pub const fn action(locale: Locale, action: Action) -> &'static str {
    let (en, zh) = match action {
        Action::View => ("View the application", "查看应用"),
        Action::ViewMessageText => ("Read message texts", "查看消息内容"),
        Action::Configure => ("Change Basic Config", "修改基础配置"),
        Action::VerifyAndTest => ("Verify credentials and send tests", "验证凭证并发送测试消息"),
        Action::ManagePlans => ("Manage push plans", "管理推送计划"),
        Action::Push => ("Send pushes", "发送推送"),
        Action::ManageAuthorisation => ("Manage IM Application Authorization", "管理 IM 应用授权"),
        Action::ManageProducts => ("Manage products and applications", "管理产品和应用"),
        Action::ManageImApplications => ("Manage IM applications", "管理 IM 应用"),
        Action::RevealSecrets => ("See Secret Keys", "查看 Secret Key"),
        Action::ManageSubAccounts => ("Manage sub-accounts", "管理子账号"),
        Action::ViewAudit => ("Read the audit log", "查看审计日志"),
    };
    pick(locale, en, zh)
}

/// Rights that belong together.
pub const fn preset(locale: Locale, preset: Preset) -> &'static str {
    let (en, zh) = match preset {
        Preset::ReadOnly => ("Read only", "只读"),
        Preset::Operator => ("Operator", "运营"),
        Preset::Developer => ("Developer", "开发"),
        Preset::FullAccess => ("Full access", "全部权限"),
    };
    pick(locale, en, zh)
}

pub(super) const fn pick(locale: Locale, en: &'static str, zh: &'static str) -> &'static str {
    match locale {
        Locale::En => en,
        Locale::Zh => zh,
    }
}
