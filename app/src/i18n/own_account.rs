//! The own account: password, open sessions, factors.

super::messages! {
    title: "Your account", "我的账号";
    lead(name: &str): "How {name} signs in.", "{name} 的登录方式。";
    password_title: "Password", "登录密码";
    password_lead: "Changing it signs you out everywhere else.", "修改后，您在其他设备上的登录将全部失效。";
    present: "Present password", "当前密码";
    new: "New password", "新密码";
    new_hint: "At least 12 characters. A sentence that only you would say is a good password.", "至少 12 个字符，建议使用一句只有您会说的话。";
    repeat: "Repeat the new password", "再次输入新密码";
    change_password: "Change password", "修改密码";
    changing: "Changing…", "正在修改…";
    sessions_title: "Sessions", "登录会话";
    sessions_lead: "Where you are signed in. End what you do not know, then change your password.", "您已登录的设备。如有不认识的会话，请将其结束并修改密码。";
    sessions_table: "Your open sessions", "已登录的会话";
    column_browser: "Browser", "浏览器";
    column_address: "Address", "地址";
    column_begun: "Signed in", "登录时间";
    column_seen: "Last seen", "最近活动";
    unknown_browser: "Unknown browser", "未知浏览器";
    this_one: "this one", "当前会话";
    end: "End", "结束";
    end_session(what: &str): "End the session of {what}", "结束会话：{what}";
    ending: "Ending…", "正在结束…";
    confirm_title: "Is it you?", "请确认是您本人";
    confirm_lead: "You signed in a while ago. Before secrets are shown, things are deleted or rights granted, prove again that it is you.", "距您上次登录已有一段时间。查看密钥、删除或授权前，请再次验证身份。";
    own_password: "Your password", "您的登录密码";
    confirm: "Confirm", "确认";
    confirming: "Checking…", "正在验证…";
    end_others: "End all other sessions", "结束其他所有会话";
}
