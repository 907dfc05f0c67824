//! Set-up, sign-in and activation.

super::messages! {
    sign_in_title: "Sign in", "登录";
    sign_in_lead: "Offline push for your IM application", "为您的 IM 应用提供离线推送";
    user_name: "User name", "用户名";
    password: "Password", "密码";
    sign_in: "Sign in", "登录";
    signing_in: "Signing in…", "正在登录…";
    set_up_title: "Set up this server", "初始化服务器";
    set_up_lead: "Create the root account. It owns all products, applications and sub-accounts.", "创建主账号。主账号拥有全部产品、应用和子账号。";
    token: "Set-up token", "初始化令牌";
    token_hint: "Printed once in the log of the server when it started without an account.", "服务器首次启动且没有账号时，会在日志中输出一次。";
    user_name_hint: "3 to 60 letters, digits, “.”, “_” or “-”.", "3 到 60 个字符，可用字母、数字和“.”“_”“-”。";
    sign_in_name_hint: "With a sub-account: its name, “@” and the name of the root account.", "子账号请填写：子账号名称@主账号名称。";
    password_hint: "At least 12 characters. A sentence is a good password.", "至少 12 个字符，建议使用一句话作为密码。";
    repeat: "Repeat the password", "再次输入密码";
    set_up: "Create root account", "创建主账号";
    setting_up: "Creating…", "正在创建…";
    set_up_done_title: "Set-up is done", "初始化已完成";
    set_up_done: "This server has its root account already. Sign in with it.", "该服务器已有主账号，请直接登录。";
    activate_title: "Welcome to Homing", "欢迎使用 Homing";
    activate_lead: "Your IM messages reach people whose app is closed.", "让 IM 消息在应用关闭时也能送达用户。";
    activate_what: "An IM back end hands over a message for somebody who is offline. Homing finds the person's devices, pushes through APNs, FCM or the channel of the phone's vendor, and shows where every message went.", "当接收者离线时，IM 后台将消息交给 Homing。Homing 找到该用户的设备，通过 APNs、FCM 或手机厂商通道推送，并记录每条消息的去向。";
    activate_free: "Pushing for authorised IM applications is free of charge.", "为已授权的 IM 应用推送完全免费。";
    activate_data: "Data stays at the service access point that you choose for each product.", "数据存储在您为每个产品选择的服务接入点。";
    activate: "Activate", "立即开通";
    activating: "Activating…", "正在开通…";
    activate_ask(name: &str): "The service has not been activated. Only the root account {name} can do that.", "服务尚未开通，仅主账号 {name} 可以开通。";
    activated_already: "The service is activated.", "服务已开通。";
    to_products: "Go to Product Management", "前往产品管理";
}
