//! Verify, Send test message and receipts, on the cards of Basic Config.

use super::Locale;
use domain::channel::Channel;

super::messages! {
    verify: "Verify", "验证";
    verify_and_resume: "Verify and resume", "验证并恢复发送";
    verified: "Verified", "验证结果";
    verified_for(environment: &str): "Verified, {environment}", "验证结果（{environment}）";
    works: "The vendor takes it", "厂商接受";
    refused: "The vendor refuses it", "厂商拒绝";
    not_verified: "The vendor has not been asked yet whether these settings work. Verify asks, and shows nothing to anybody.", "尚未向厂商验证该配置。点击“验证”即可，不会向任何人展示消息。";
    more: "Test message and receipts", "测试消息与回执";
    send_test: "Send test message", "发送测试消息";
    test_to: "User or device", "用户或设备";
    test_hint: "A UserID of the IM application, or the 36-character token of one device. It travels as a message of a chat would.", "IM 应用的 UserID，或某台设备的 36 位 Token。测试消息与聊天消息的下发流程一致。";
    receipt_address: "Receipt address", "回执地址";
    last_receipt: "Last receipt", "最近一次回执";
    no_receipt_yet: "None yet", "尚未收到";
    no_origin: "Put this server's public https address before it. The administrator can set http.public_url or vendors.receipts_url, which vendors that are told with each call need.", "请在前面加上本服务的公网 https 地址。管理员可设置 http.public_url 或 vendors.receipts_url；随每次请求告知地址的厂商需要该设置。";
    not_measurable: "This vendor reports nothing back, so what was reached is not measurable by receipts; the device's own acknowledgement (POST /device/v1/ack) fills it.", "该厂商不提供回执，无法据此统计送达；由设备上报（POST /device/v1/ack）补充。";
    paste_huawei: "AppGallery Connect > your app > Push Kit > Settings > Message receipts: enter the address. A user name and key entered there belong into the fields above.", "AppGallery Connect > 应用 > 推送服务 > 配置 > 消息回执：填写该地址。若设置了用户名和密钥，请同样填写到上方。";
    paste_honor: "Honor Developers > Push service > Receipts: enter the address, or send it to Honor's support.", "荣耀开发者服务平台 > 推送服务 > 回执配置：填写该地址，或联系荣耀支持人员配置。";
    paste_xiaomi: "Each message tells Xiaomi this address. Nothing has to be entered at Xiaomi.", "每条消息都会告知小米该地址，无需在小米后台填写。";
    paste_oppo: "Each message tells OPPO this address. It must be reachable from the Internet.", "每条消息都会告知 OPPO 该地址，需可从公网访问。";
    paste_vivo: "Register the address once at vivo Push > Receipts; each single message then names it. vivo reports single sends only.", "请先在 vivo 推送后台的回执设置中登记一次该地址，单推消息会携带。vivo 仅对单推提供回执。";
    paste_meizu: "Register the address once at Flyme Push > Configuration > Receipts and activate it; each message then names it. Its test button reports a false error.", "请先在 Flyme 推送后台的配置管理 > 回执管理中登记并激活该地址，之后每条消息会携带。其“测试”按钮会误报错误。";
}

/// Where at the vendor the address is entered.
pub const fn where_to_paste(locale: Locale, channel: Channel) -> &'static str {
    match channel {
        Channel::Huawei => paste_huawei(locale),
        Channel::Honor => paste_honor(locale),
        Channel::Xiaomi => paste_xiaomi(locale),
        Channel::Oppo => paste_oppo(locale),
        Channel::Vivo => paste_vivo(locale),
        Channel::Meizu => paste_meizu(locale),
        Channel::Apns | Channel::Fcm => not_measurable(locale),
    }
}
