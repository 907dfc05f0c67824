//! API keys.

super::messages! {
    title: "API keys", "API 密钥";
    lead: "With an API key an IM back end calls the REST API without signing a UserSig, and a program provisions this account. A key is good for what you choose here and ends by itself.", "IM 后台可使用 API 密钥调用 REST API，无需签发 UserSig；程序也可用它配置本账号。密钥仅限此处所选用途，到期自动失效。";
    create: "Create API key", "新建 API 密钥";
    table: "API keys of this account", "本账号的 API 密钥";
    column_name: "Name", "名称";
    column_scopes: "Good for", "用途";
    column_im_application: "IM application", "IM 应用";
    ends_in: "Its secret ends in", "密钥末四位";
    column_expires: "Expires", "到期时间";
    column_used: "Last used", "最近使用";
    column_state: "State", "状态";
    all_im_applications: "All of the account", "本账号的全部 IM 应用";
    never: "never", "从未使用";
    valid: "Valid", "有效";
    no_secret: "No secret yet", "尚未生成密钥";
    expired: "Expired", "已过期";
    empty: "No API keys yet", "还没有 API 密钥";
    empty_hint: "Calls with a UserSig work without one.", "使用 UserSig 调用时无需 API 密钥。";
    name_hint: "Which system will use it. Unique in this account.", "填写使用该密钥的系统名称，在本账号内不可重复。";
    scopes: "Good for", "用途";
    send_messages: "Handing messages over", "提交消息";
    manage_users: "Importing users and asking for their state", "导入用户并查询状态";
    provision: "Provisioning the account", "配置本账号";
    provision_hint: "A key for provisioning makes and changes products, applications, vendor channels, IM applications and authorisations of the whole account. Only the root account makes one.", "用于配置的密钥可新建和修改整个账号的产品、应用、厂商通道、IM 应用及授权，仅主账号可创建。";
    im_application_hint: "With one chosen, the key is refused for all others.", "选定后，该密钥不能用于其他 IM 应用。";
    days: "Expires after", "有效期";
    days_choice(days: u32): "{days} days", "{days} 天";
    created_by(name: &str): "Made by {name}", "创建者：{name}";
    make_secret: "Make the secret", "生成密钥";
    new_secret: "New secret", "更换密钥";
    secret_title(name: &str): "Secret of “{name}”", "“{name}”的密钥";
    secret_lead: "The secret is shown once. Only a digest of it is stored: who loses it makes a new one.", "密钥只显示一次，服务器仅保存其摘要；如遗失，请重新生成。";
    rotate_question: "How long shall the present secret stay valid beside the new one?", "新密钥生成后，当前密钥继续有效多久？";
    overlap_hours(hours: u32): "{hours} hours", "{hours} 小时";
    overlap_days(days: u32): "{days} days", "{days} 天";
    overlap_none: "Ends at once", "立即失效";
    copy_now: "Copy it now: it is not shown again.", "请立即复制，之后将不再显示。";
    how: "Send it as a header with every call; identifier and usersig are left out.", "每次调用时以请求头携带，无需 identifier 和 usersig。";
    done: "Done", "完成";
    overlaps_before: "The secret before it is good until", "更换前的密钥有效至";
    revoke: "Revoke", "吊销";
    revoke_title: "Revoke API key", "吊销 API 密钥";
    revoke_question(name: &str): "Revoke the API key “{name}”?", "确定吊销 API 密钥“{name}”吗？";
    revoke_loses: "Calls with it are refused from then on.", "吊销后，使用该密钥的调用将被拒绝。";
    revoking: "Revoking…", "正在吊销…";
}
