//! Sub-accounts.

super::messages! {
    title: "Sub-accounts", "子账号";
    lead: "People who sign in with a name of their own and see only what you share with them.", "子账号使用各自的用户名登录，只能看到您共享的内容。";
    create: "Create Sub-account", "新建子账号";
    second_step: "Second step", "两步登录";
    table: "Sub-accounts of this account", "本账号的子账号";
    column_name: "User name", "用户名";
    column_applications: "Applications", "应用";
    column_created: "Created", "创建时间";
    column_last: "Last sign-in", "最近登录";
    never: "Never", "从未登录";
    empty: "No sub-accounts yet", "还没有子账号";
    empty_hint: "Create one for everybody who works with the console, instead of sharing your password.", "请为每位使用控制台的人员新建子账号，不要共用密码。";
    edit_title: "Edit sub-account", "编辑子账号";
    name: "User name", "用户名";
    name_hint(root: &str): "3 to 60 letters, digits, “.”, “_” or “-”. To sign in, “@{root}” goes behind it.", "3 到 60 个字符，可用字母、数字和“.”“_”“-”。登录时需在其后加上“@{root}”。";
    password: "Password", "密码";
    sign_in: "Sign-in", "登录方式";
    password_hint: "At least 12 characters. Leave it empty to invite by a one-time link, which the next page makes.", "至少 12 个字符。留空则在下一页生成一次性链接邀请其设置密码。";
    password_keep: "At least 12 characters. Leave it empty to keep the present one.", "至少 12 个字符。留空则保持不变。";
    access: "Access to applications", "应用权限";
    access_table: "Applications and what the sub-account may do with them", "应用及子账号的权限";
    application: "Application", "应用";
    access_hint: "Choose a preset, or tick rights one by one. Read only shows settings without secrets, plans and history, without message texts; Operator adds texts, plans, verification and tests; Developer adds Basic Config, verification and tests, and the Secret Key.", "请选择预设，或逐项勾选权限。只读：查看设置（不含密钥）、推送计划和记录，不含消息内容；运营：另可查看消息内容、管理推送计划、验证和测试；开发：另可修改基础配置、验证和测试、查看 Secret Key。";
    rights: "Rights", "权限";
    one_by_one: "Rights one by one", "逐项权限";
    custom: "As ticked below", "按下方勾选";
    custom_short: "Other rights", "其他权限";
    count_of(what: &str, count: u32): "{what}: {count}", "{what}：{count} 个";
    tenant: "Rights on the whole account", "整个账号的权限";
    tenant_hint: "They count for all products and IM applications, also for those made later.", "对所有产品和 IM 应用有效，包括以后新建的。";
    tenant_note_products: "Sees all products and applications.", "可查看所有产品和应用。";
    tenant_note_authorisation: "Sees and changes under Third-party Authorization which IM application pushes through which application.", "可在“第三方服务授权”中查看和更改 IM 应用授权。";
    tenant_note_im: "Sees IM applications with their keys and vendor settings.", "可查看 IM 应用及其密钥和厂商设置。";
    tenant_note_accounts: "Gives others no more than its own rights.", "授予他人的权限不超过其自身权限。";
    tenant_note_audit: "Sees what everybody did in the whole account, and exports it.", "可查看并导出整个账号内所有人的操作记录。";
    not_yours: "you do not have it", "您没有该权限";
    none_granted: "None", "无";
    column_tenant: "On the whole account", "整个账号";
    level_none: "No access", "无权限";
    no_applications: "There is no application to share yet.", "还没有可共享的应用。";
    delete_title: "Delete sub-account", "删除子账号";
    delete_question(name: &str): "Delete the sub-account “{name}”?", "确定删除子账号“{name}”吗？";
    delete_ends: "It is signed out everywhere at once and cannot sign in again.", "该账号将立即在所有设备上退出，且无法再次登录。";
    delete_keeps: "What it created stays.", "其创建的内容会保留。";
}
