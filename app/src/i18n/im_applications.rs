//! IM Applications.

/// The maker's own word; the same in both languages.
pub const SDK_APP_ID: &str = "SDKAppID";

super::messages! {
    title: "IM Applications", "IM 应用";
    lead: "An IM application is an IM back end that hands over messages for people who are offline.", "IM 应用即您的 IM 后台，接收者离线时由它将消息交给 Homing。";
    api_keys: "API keys", "API 密钥";
    create: "Create IM Application", "新建 IM 应用";
    table: "IM applications of this account", "本账号的 IM 应用";
    column_name: "Name", "名称";
    sdk_app_id_hint: "Stands in every call and in every UserSig.", "每次调用和每个 UserSig 中都会用到。";
    state: "State", "状态";
    enabled: "Enabled", "已启用";
    disabled: "Disabled", "已停用";
    authorised_to: "Authorised to", "已授权应用";
    authorised_to_none: "Not authorised yet", "尚未授权";
    created: "Created", "创建时间";
    details: "Details", "详情";
    delete: "Delete", "删除";
    empty: "No IM applications yet", "还没有 IM 应用";
    empty_hint: "Create one for your IM back end. It gets an SDKAppID and a key, and can then be authorised to push through an application.", "请为您的 IM 后台新建 IM 应用。创建后将获得 SDKAppID 和密钥，并可授权其通过应用推送。";
    name: "Name", "名称";
    name_hint: "Unique in this account.", "在本账号内不可重复。";
    access_point: "Service access point", "服务接入点";
    access_point_hint: "Its users, devices and messages are stored there. Only applications of the same service access point can be authorised to it.", "用户、设备和消息数据存储于此。只能授权给相同服务接入点的应用。";
    access_point_fixed: "It cannot be changed later.", "创建后不可更改。";
    basics: "Basic information", "基本信息";
    key: "Key", "密钥";
    key_hint: "Signs UserSigs on your server. Never put it into an app.", "用于在服务端签发 UserSig，切勿写入客户端。";
    administrators: "Administrators", "管理员";
    administrators_lead: "UserIDs that may call the REST API. A call names one of them as identifier and carries its UserSig.", "可以调用 REST API 的 UserID。调用时以其中之一作为 identifier，并携带其 UserSig。";
    administrators_field: "UserIDs", "UserID 列表";
    administrators_hint(max: u32): "One per line, or parted by commas; 1 to {max}.", "每行一个，也可用逗号分隔；1 到 {max} 个。";
    call: "How to call", "调用方式";
    call_lead: "Your IM back end hands a message over with this call. Put a UserSig that your server signed with the key in place of USERSIG.", "IM 后台通过以下请求提交消息。请将 USERSIG 替换为服务端用密钥签发的 UserSig。";
    call_other: "batchsendmsg, query_online_status and account_import are called in the same way.", "batchsendmsg、query_online_status 和 account_import 的调用方式相同。";
    call_where: "Add it to the address of this server.", "请加在本服务器地址之后。";
    copy_call: "call", "调用命令";
    switch_title: "Enable or disable", "启用或停用";
    enable: "Enable", "启用";
    enabling: "Enabling…", "正在启用…";
    enable_hint: "It is disabled: its calls are refused and nothing is pushed.", "当前已停用：其调用会被拒绝，也不会推送任何消息。";
    disable: "Disable", "停用";
    disabling: "Disabling…", "正在停用…";
    disable_hint: "Its calls are refused from then on and nothing is pushed. Users, devices and history stay.", "停用后其调用会被拒绝，也不再推送。用户、设备和历史记录会保留。";
    delete_title: "Delete IM application", "删除 IM 应用";
    delete_question(name: &str): "Delete the IM application “{name}”?", "确定删除 IM 应用“{name}”吗？";
    delete_loses_key(sdk_app_id: &str): "SDKAppID {sdk_app_id} and its key stop working at once.", "SDKAppID {sdk_app_id} 及其密钥将立即失效。";
    delete_loses_users: "Its users and their devices are no longer known.", "其用户和设备将不再可用。";
    delete_blocked: "This IM application cannot be deleted yet", "该 IM 应用暂时无法删除";
    blocked_authorised(name: &str, application: &str): "“{name}” is authorised to {application}. Take the authorisation back first.", "“{name}”已授权给 {application}，请先解除授权。";
    blocked_enabled: "It is enabled. Disable it first.", "该 IM 应用仍为启用状态，请先停用。";
    to_authorisation(product: &str): "Go to the authorisation of {product}", "前往 {product} 的授权页面";
    to_details: "Go to its details", "前往应用详情";
}
