//! What is wrong with a field or a certificate, in a sentence for the reader.

use super::Locale;
use domain::{
    certificate::{CertificateFault, Environment},
    field::{FieldFault, Format},
};

super::messages! {
    required: "Fill this in.", "请填写此项。";
    too_short(min: u32): "Use at least {min} characters.", "至少需要 {min} 个字符。";
    too_many_entries(max: u32): "Give at most {max} entries.", "最多 {max} 项。";
    too_long(max: u32): "Use at most {max} characters.", "最多 {max} 个字符。";
    control: "Remove blanks, line breaks or invisible characters.", "请删除空格、换行或不可见字符。";
    not_a_choice: "Choose one of the entries of the list.", "请选择列表中的一项。";
    no_such_device: "No device that this channel reaches. Enter a UserID whose phone has registered with it, or the 36-character token of such a device.", "没有该通道可达的设备。请填写已注册该通道设备的 UserID，或该设备的 36 位 Token。";
    nothing_chosen: "Choose at least one.", "请至少选择一项。";
    taken: "This name is used already. Choose another one.", "该名称已被使用，请换一个。";
    differs: "The two passwords differ. Type the same one twice.", "两次输入的密码不一致。";
    wrong_password: "This is not your password.", "密码不正确。";
    guessable: "This is easy to guess: common words, names, or runs on the keyboard. Take a sentence that only you would say.", "该密码容易被猜到（常见词、名称或键盘顺序）。请使用一句只有您会说的话。";
    wrong_code: "This code is wrong or was used already. Wait for the next one, and check the clock of your phone.", "验证码错误或已被使用。请等待下一个验证码，并检查手机时间。";
    wrong_passkey: "This passkey is not known here, or your device did not check that it is you.", "该通行密钥未在此注册，或设备未验证您的身份。";
    copied_passkey: "This passkey may have been copied: its count went back. Sign in another way, and remove it.", "该通行密钥可能已被复制（计数回退）。请改用其他方式登录，并将其移除。";
    confirmation_differs: "This is not the name shown above. Type it exactly.", "与上方显示的名称不一致，请完整输入。";
    wrong_token: "This token is wrong or was used already. Look for the newest one in the server's log.", "令牌错误或已被使用，请在服务器日志中查找最新的令牌。";
    package_name: "Write it like com.example.app: segments of letters, digits and “_”, each beginning with a letter.", "格式如 com.example.app：各段由字母、数字和“_”组成，并以字母开头。";
    bundle_id: "Write it like com.example.app: segments of letters, digits and “-”.", "格式如 com.example.app：各段由字母、数字和“-”组成。";
    user_name: "Use letters, digits, “.”, “_” and “-” only.", "只能使用字母、数字和“.”“_”“-”。";
    number: "Use digits only.", "只能填写数字。";
    hex32: "This has 32 characters, digits and letters a to f.", "应为 32 位十六进制字符（0–9、a–f）。";
    ten_characters: "This has exactly 10 letters and digits.", "应为 10 位字母和数字。";
    service_account: "This is not a service account file. Download the JSON file of a service account from the Firebase console.", "这不是服务账号文件。请在 Firebase 控制台下载服务账号的 JSON 文件。";
    service_account_key: "The private key in this file cannot be read. Download a new key from the Firebase console.", "无法读取文件中的私钥。请在 Firebase 控制台重新生成密钥。";
    service_account_project: "This file names no project. Download it again from the Firebase console.", "文件中缺少 project_id（项目 ID）。请在 Firebase 控制台重新下载。";
    json: "Write JSON, such as {\"page\":\"chat\"}.", "请填写 JSON，例如 {\"page\":\"chat\"}。";
    webhook_url: "Write an address that begins with https:// (http:// only for this machine), without a user name, a password or “#”.", "请填写以 https:// 开头的地址（仅本机可用 http://），不含用户名、密码和“#”。";
    mail_address: "Enter an e-mail address, such as ops@example.com.", "请输入电子邮件地址，如 ops@example.com。";
    time_of_day: "Enter a time such as 22:00. Both times, and not twice the same; or leave both empty.", "请输入时间，如 22:00。两个时间须同时填写且不同，或同时留空。";
    private_address: "This is a private address. The operator of the server must list it in outbound.allow first.", "这是私有地址，须先由服务器运维人员在 outbound.allow 中列出。";
    user_id: "Use 1 to 32 letters, digits, “_” or “-”.", "请使用 1 到 32 个字母、数字、“_”或“-”。";
    certificate_empty: "The file is empty. Choose the certificate file again.", "文件为空，请重新选择证书文件。";
    certificate_unreadable: "The certificate inside the file cannot be read. Export it again from Keychain Access.", "无法读取文件中的证书，请从“钥匙串访问”重新导出。";
    certificate_other_bundle(certificate: &str, application: &str): "This certificate is for {certificate}, but the application's Bundle ID is {application}. Upload the certificate of this application.", "该证书属于 {certificate}，而应用的 Bundle ID 为 {application}。请上传本应用的证书。";
    certificate_not_p12: "This is not a .p12 file. Export the certificate together with its private key as .p12.", "这不是 .p12 文件。请将证书连同私钥导出为 .p12。";
    certificate_wrong_password: "The password does not open this file. Give the one chosen at export.", "密码无法打开该文件，请输入导出时设置的密码。";
    certificate_expired(date: &str): "This certificate expired on {date}. Create a new one in the Apple Developer account.", "该证书已于 {date} 过期，请在 Apple 开发者账号中创建新证书。";
    certificate_not_yet_valid(date: &str): "This certificate is valid from {date} on only. Check the clock of this server.", "该证书自 {date} 起才生效，请检查服务器时间。";
    certificate_key_differs: "The private key in the file does not belong to the certificate. Export both together.", "文件中的私钥与证书不匹配，请一并导出。";
    certificate_other_environment(environments: &str): "This certificate cannot be used in the environment chosen. It is for: {environments}.", "该证书不能用于所选环境。适用环境：{environments}。";
    certificate_not_for_push: "This certificate is not for push notifications. Create an Apple Push Services certificate.", "该证书不是推送证书，请创建 Apple Push Services 证书。";
    certificate_not_p8: "This is not a .p8 key of the Apple Developer account.", "这不是 Apple 开发者账号的 .p8 密钥文件。";
    certificate_no_bundle: "Save the Bundle ID above first, then upload the certificate.", "请先在上方保存 Bundle ID，再上传证书。";
}

/// The sentence under a field.
pub fn field(locale: Locale, fault: FieldFault) -> String {
    match fault {
        FieldFault::Required => required(locale).into(),
        FieldFault::TooShort { min } => too_short(locale, min),
        FieldFault::TooLong { max } => too_long(locale, max),
        FieldFault::ControlCharacters => control(locale).into(),
        FieldFault::NotAChoice => not_a_choice(locale).into(),
        FieldFault::NoSuchDevice => no_such_device(locale).into(),
        FieldFault::TooMany { max } => too_many_entries(locale, max),
        FieldFault::NothingChosen => nothing_chosen(locale).into(),
        FieldFault::Taken => taken(locale).into(),
        FieldFault::Format(form) => format(locale, form).into(),
        FieldFault::Differs => differs(locale).into(),
        FieldFault::WrongPassword => wrong_password(locale).into(),
        FieldFault::Guessable => guessable(locale).into(),
        FieldFault::WrongCode => wrong_code(locale).into(),
        FieldFault::WrongPasskey => wrong_passkey(locale).into(),
        FieldFault::CopiedPasskey => copied_passkey(locale).into(),
        FieldFault::ConfirmationDiffers => confirmation_differs(locale).into(),
        FieldFault::PrivateAddress => private_address(locale).into(),
        FieldFault::WrongSetupToken => wrong_token(locale).into(),
    }
}

const fn format(locale: Locale, form: Format) -> &'static str {
    match form {
        Format::PackageName => package_name(locale),
        Format::BundleId => bundle_id(locale),
        Format::UserName => user_name(locale),
        Format::Number => number(locale),
        Format::Hex32 => hex32(locale),
        Format::TenCharacters => ten_characters(locale),
        Format::ServiceAccount => service_account(locale),
        Format::ServiceAccountKey => service_account_key(locale),
        Format::ServiceAccountProject => service_account_project(locale),
        Format::Json => json(locale),
        Format::WebhookUrl => webhook_url(locale),
        Format::MailAddress => mail_address(locale),
        Format::TimeOfDay => time_of_day(locale),
        Format::UserId => user_id(locale),
    }
}

/// Why a certificate file was refused, and what to do.
pub fn certificate(locale: Locale, fault: &CertificateFault) -> String {
    match fault {
        CertificateFault::Empty => certificate_empty(locale).into(),
        CertificateFault::Unreadable => certificate_unreadable(locale).into(),
        CertificateFault::OtherBundle {
            certificate,
            application,
        } => certificate_other_bundle(locale, certificate, application),
        CertificateFault::NotP12 => certificate_not_p12(locale).into(),
        CertificateFault::WrongPassword => certificate_wrong_password(locale).into(),
        CertificateFault::Expired { not_after } => certificate_expired(locale, &crate::ui::time::date(*not_after)),
        CertificateFault::NotYetValid { not_before } => {
            certificate_not_yet_valid(locale, &crate::ui::time::date(*not_before))
        }
        CertificateFault::KeyDiffers => certificate_key_differs(locale).into(),
        CertificateFault::OtherEnvironment { certificate } => {
            let names: Vec<_> = certificate.iter().map(|one| environment(locale, *one)).collect();
            certificate_other_environment(locale, &names.join(", "))
        }
        CertificateFault::NotForPush => certificate_not_for_push(locale).into(),
        CertificateFault::NotP8 => certificate_not_p8(locale).into(),
        CertificateFault::NoBundle => certificate_no_bundle(locale).into(),
    }
}

/// Apple's push environment.
pub const fn environment(locale: Locale, environment: Environment) -> &'static str {
    match environment {
        Environment::Production => super::names::pick(locale, "Production", "生产环境"),
        Environment::Sandbox => super::names::pick(locale, "Development (sandbox)", "开发环境（沙盒）"),
    }
}
