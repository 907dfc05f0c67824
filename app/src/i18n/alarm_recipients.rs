//! Who is told of alarms.

super::messages! {
    title: "Alarm recipients", "告警接收";
    lead: "Who is told when an alarm is raised and when it has ended: by e-mail, or by a signed call of an address of yours.", "告警产生与恢复时的通知对象：电子邮件，或对您的地址发起带签名的调用。";
    create: "Add recipient", "新增接收方";
    change_title: "Edit recipient", "编辑接收方";
    table: "Recipients of alarms", "告警接收方";
    empty: "Nobody is told of alarms yet", "还没有告警接收方";
    empty_hint: "Alarms are seen in the console only.", "目前仅能在控制台查看告警。";
    column_address: "Address", "地址";
    column_means: "How", "方式";
    column_quiet: "Quiet hours", "免打扰时段";
    column_state: "State", "状态";
    column_last: "Told last", "上次通知";
    mail: "By e-mail", "电子邮件";
    webhook: "By a call (webhook)", "回调（Webhook）";
    no_mail: "This server sends no e-mail: whoever runs it sets [mail].", "此服务器未配置邮件发送，请运维人员设置 [mail]。";
    mail_from(address: &str): "E-mails come from {address}.", "邮件由 {address} 发送。";
    means: "How", "通知方式";
    address: "Address", "地址";
    address_hint: "An e-mail address, or an address that begins with https://. Homing calls public addresses only, unless the operator has listed a private one.", "电子邮件地址，或以 https:// 开头的地址。除非运维人员列出私有地址，否则仅调用公网地址。";
    language: "Language", "语言";
    in_english: "English", "英文";
    in_chinese: "Chinese", "中文";
    quiet_from: "Quiet from", "免打扰开始";
    quiet_until: "Quiet until", "免打扰结束";
    quiet_hint(zone: &str): "Both or none, in the time zone {zone}. What is raised meanwhile is told afterwards, unless it has ended by then.", "同时填写或同时留空，时区为 {zone}。期间产生的告警将在结束后通知，已恢复的不再通知。";
    enable: "Tell of alarms", "启用通知";
    live: "Told", "通知中";
    off: "Off", "已关闭";
    no_secret: "No secret yet", "尚未生成密钥";
    failing: "Not taken", "通知失败";
    next_try: "Tried again", "下次重试";
    waiting(count: u64): "{count} wait to be told", "{count} 条等待通知";
    never: "Never", "从未";
    test: "Send a test", "发送测试";
    test_one(address: &str): "Send a test: {address}", "发送测试：{address}";
    secret_title: "Secret of the recipient", "接收方密钥";
    secret_lead: "Calls are signed with the secret, so that your program knows that they come from here. It is shown once and stored encrypted.", "调用使用密钥签名，以便您的程序确认来源。密钥只显示一次，并加密存储。";
    delete_title: "Delete recipient", "删除接收方";
    delete_question: "Tell this recipient no more?", "确定不再通知该接收方吗？";
    delete_loses: "What waits for it is lost.", "等待通知的内容将一并删除。";
}
