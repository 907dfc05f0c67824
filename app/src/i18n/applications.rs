//! Application Information.

super::messages! {
    title: "Application Information", "应用信息";
    access_id: "Access ID", "Access ID";
    access_key: "Access Key", "Access Key";
    secret_key: "Secret Key", "Secret Key";
    access_id_hint: "Identifies the application, in the client SDK and in REST calls.", "应用的唯一标识，用于客户端 SDK 和 REST 调用。";
    access_key_hint: "For the client SDK only.", "仅用于客户端 SDK。";
    secret_key_hint: "For REST calls from your server only. Never put it into an app.", "仅用于服务端 REST 调用，切勿写入客户端。";
    secret_needs(right: &str): "Showing it needs the right “{right}”.", "查看需要“{right}”权限。";
    name: "Application name", "应用名称";
    platform: "Platform", "平台";
    product: "Product", "所属产品";
    status: "Status", "状态";
    service: "Service details", "服务详情";
    access_point: "Service access point", "服务接入点";
    package_name: "Package name", "应用包名";
    bundle_id: "Bundle ID", "Bundle ID（应用标识）";
    identifier_missing: "Not set yet", "尚未设置";
    im_application: "IM application", "IM 应用";
    not_authorised: "Not authorised to an IM application", "尚未授权给 IM 应用";
    created: "Created", "创建时间";
    details: "Details", "基本信息";
    keys: "Keys", "密钥";
    next_steps: "Next steps", "后续步骤";
    step_authorise: "Authorise it to an IM application", "授权给 IM 应用";
    step_identifier: "Set the package name and a vendor channel", "设置应用包名并配置厂商通道";
    step_certificate: "Set the Bundle ID and upload a push certificate", "设置 Bundle ID 并上传推送证书";
    step_plan: "See where every message went", "查看每条消息的去向";
    edit_title: "Edit application", "编辑应用";
    delete_title: "Delete application", "删除应用";
    delete_question(name: &str): "Delete the application “{name}”?", "确定删除应用“{name}”吗？";
    delete_loses_keys(access_id: &str): "Access ID {access_id} and its keys stop working at once.", "Access ID {access_id} 及其密钥将立即失效。";
    delete_submit: "Delete application", "删除应用";
    delete_blocked: "This application cannot be deleted yet", "该应用暂时无法删除";
    reveal_title(what: &str): "Show the {what}", "查看 {what}";
}
