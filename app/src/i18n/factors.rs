//! One-time codes, recovery codes, and the second step of signing in.

super::messages! {
    title: "One-time codes", "动态验证码";
    lead: "After your password, signing in asks for a code that an application on your phone shows. Who learns your password cannot sign in with it alone.", "登录时除密码外，还需输入手机验证器应用显示的验证码。仅凭密码无法登录。";
    set_up: "Set up", "设置";
    codes: "One-time codes", "动态验证码";
    in_use_since: "In use since", "启用时间";
    recovery_codes: "Recovery codes", "恢复码";
    recovery_hint: "Each signs you in once when the phone is not at hand.", "手机不在身边时，每个恢复码可用于登录一次。";
    left(count: u32): "{count} left", "剩余 {count} 个";
    no_recovery_codes: "You have no recovery codes. If the phone is lost, only an administrator can let you in again.", "您没有可用的恢复码。若手机丢失，只能由管理员恢复登录。";
    make_recovery_codes: "Make new recovery codes", "生成新的恢复码";
    turn_off: "Turn one-time codes off", "关闭动态验证码";
    turning_off: "Turning off…", "正在关闭…";
    set_up_title: "Set up one-time codes", "设置动态验证码";
    set_up_lead: "Scan the picture with an authenticator application, then type the code that it shows.", "请用验证器应用扫描二维码，然后输入其显示的验证码。";
    picture: "The secret as a picture for scanning; it stands below as text.", "供扫描的二维码，其内容见下方文本。";
    secret: "Secret", "密钥";
    secret_hint: "For typing it in where nothing can be scanned.", "无法扫描时可手动输入。";
    code: "Code", "验证码";
    code_hint: "Six digits, new every 30 seconds.", "6 位数字，每 30 秒更新。";
    turn_on: "Turn on", "启用";
    turning_on: "Turning on…", "正在启用…";
    recovery_lead: "Ten codes that each sign you in once, without the phone. Making new ones takes the old ones out of use.", "共 10 个恢复码，每个可在没有手机时登录一次。生成新恢复码后，旧的将失效。";
    shown_once: "They are shown this once. Print them, or keep them in a password manager.", "恢复码仅显示一次，请打印或保存到密码管理器。";
    stored: "I have stored them", "我已保存";
    second_step_title: "Second step", "第二步验证";
    second_step_lead: "Your password was right. Now show that it is you in a second way.", "密码正确，请完成第二步验证。";
    or_recovery_code: "Or one of your recovery codes.", "也可输入一个恢复码。";
    start_again: "Sign in as somebody else", "使用其他账号登录";
}
