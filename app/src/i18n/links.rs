//! One-time links: invitations and resets.

super::messages! {
    title: "Sign-in", "登录方式";
    lead(name: &str): "How {name} signs in, when there is no password yet, or it or the phone was lost.", "管理 {name} 的登录方式：尚未设置密码、忘记密码或手机丢失时使用。";
    link_title: "One-time link", "一次性链接";
    link_lead: "Whoever opens the link sets the account's password, once, within 72 hours. Hand it over in a way that you trust. A new link takes the old one out of use; the present password counts until the link is used.", "打开链接的人可在 72 小时内设置一次该账号的密码，请通过可信方式转交。生成新链接后旧链接失效；链接使用前，当前密码仍然有效。";
    make: "Make a link", "生成链接";
    link: "link", "链接";
    shown_once: "The link is shown this once.", "链接仅显示一次。";
    factors_title: "Two-step sign-in", "两步登录";
    factors_lead: "Takes one-time codes, passkeys and recovery codes from the account, after which the password alone signs in.", "移除该账号的动态验证码、通行密钥和恢复码，之后仅凭密码即可登录。";
    remove_factors: "Remove the second step", "移除两步登录";
    removing: "Removing…", "正在移除…";
    set_title: "Set your password", "设置密码";
    set_lead(name: &str): "For the account {name}. You then sign in with it.", "为账号 {name} 设置密码，然后使用该密码登录。";
    set: "Set password", "设置密码";
}
