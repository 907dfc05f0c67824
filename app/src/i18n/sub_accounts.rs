//! Sub-accounts.

super::messages! {
    title: "Sub-accounts", "子账号";
    lead: "People who sign in with a name of their own and see only what you share with them.", "子账号使用各自的用户名登录，只能看到您共享的内容。";
    create: "Create Sub-account", "新建子账号";
    table: "Sub-accounts of this account", "本账号的子账号";
    column_name: "User name", "用户名";
    column_applications: "Applications", "应用";
    column_authorisation: "IM Application Authorization", "IM 应用授权";
    column_created: "Created", "创建时间";
    column_last: "Last sign-in", "最近登录";
    never: "Never", "从未登录";
    granted: "Granted", "已授予";
    not_granted: "Not granted", "未授予";
    counts(configure: u32, view: u32): "{configure} to configure, {view} to view only", "可配置 {configure} 个，仅可查看 {view} 个";
    empty: "No sub-accounts yet", "还没有子账号";
    empty_hint: "Create one for everybody who works with the console, instead of sharing your password.", "请为每位使用控制台的人员新建子账号，不要共用密码。";
    edit_title: "Edit sub-account", "编辑子账号";
    name: "User name", "用户名";
    name_hint: "3 to 60 letters, digits, “.”, “_”, “-” or “@”. Unique on this server.", "3 到 60 个字符，可用字母、数字和“.”“_”“-”“@”，在本服务器内不可重复。";
    password: "Password", "密码";
    password_hint: "At least 12 characters.", "至少 12 个字符。";
    password_keep: "At least 12 characters. Leave it empty to keep the present one.", "至少 12 个字符。留空则保持不变。";
    access: "Access to applications", "应用权限";
    access_hint: "“View” shows settings without secrets, plans and history. “Configure” also changes Basic Config and push plans.", "“查看”可看到设置（不含密钥）、推送计划和记录；“配置”还可修改基础配置和推送计划。";
    access_table: "Applications and what the sub-account may do with them", "应用及子账号的权限";
    application: "Application", "应用";
    level_none: "No access", "无权限";
    level_view: "View", "查看";
    level_configure: "Configure", "配置";
    no_applications: "There is no application to share yet.", "还没有可共享的应用。";
    manage_authorisation: "May use IM Application Authorization", "可使用 IM 应用授权";
    manage_authorisation_hint: "Lets it see and change under Third-party Authorization which IM application pushes through which application, for the whole account.", "允许在“第三方服务授权”中查看和更改整个账号的 IM 应用授权。";
    delete_title: "Delete sub-account", "删除子账号";
    delete_question(name: &str): "Delete the sub-account “{name}”?", "确定删除子账号“{name}”吗？";
    delete_ends: "It is signed out everywhere at once and cannot sign in again.", "该账号将立即在所有设备上退出，且无法再次登录。";
    delete_keeps: "What it created stays.", "其创建的内容会保留。";
}
