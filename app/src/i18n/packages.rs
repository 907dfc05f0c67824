//! The package names of an Android application beside its own.

super::messages! {
    title: "More package names", "更多包名";
    lead(max: u32): "The same app under other package names, such as one per app store: up to {max} in all. A device is pushed with the vendor keys of the package it registered with.", "同一应用以其他包名发布时（如不同应用商店的渠道包），最多共 {max} 个包名。设备将使用其注册包名对应的厂商参数进行推送。";
    add: "Add another package name", "新增包名";
    adding: "Adding…", "正在新增…";
    name: "Another package name", "其他包名";
    full(max: u32): "This application has {max} package names, as many as it may have. Remove one to add another.", "该应用已有 {max} 个包名，达到上限。请先移除不再使用的包名。";
    none: "There are none.", "暂无其他包名。";
    cards_lead: "The vendor keys of this package. A vendor without keys here cannot reach its devices, except where the card says that the main package's keys are used.", "该包名的厂商参数。未配置的厂商无法推送到其设备，卡片注明使用主包名参数的除外。";
    uses_main: "Main package's", "使用主包名参数";
    uses_main_fcm: "One Firebase project serves several apps: until this package has a service account of its own, that of the main package is used.", "同一 Firebase 项目可用于多个应用：未单独配置时，使用主包名的服务账号。";
    uses_main_xiaomi: "One AppSecret can cover several packages at Xiaomi: until this package has one of its own, that of the main package is used. Name this package at Xiaomi too.", "小米的 AppSecret 可覆盖多个包名：未单独配置时，使用主包名的 AppSecret。请同时在小米后台登记该包名。";
    channel_title(channel: &str, name: &str): "{channel} channel of {name}", "{name} 的 {channel} 通道";
    card_of(channel: &str, name: &str): "{channel} of {name}", "{name} 的 {channel}";
    remove: "Remove", "移除";
    remove_of(name: &str): "Remove package name {name}", "移除包名 {name}";
    remove_title: "Remove package name", "移除包名";
    removing: "Removing…", "正在移除…";
    remove_question(name: &str): "Remove “{name}” from this application?", "确定从该应用移除“{name}”吗？";
    in_use(devices: &str): "Registered under it: {devices}. They get nothing from then on.", "以该包名注册的设备：{devices}。移除后将收不到推送。";
    not_in_use: "No device is registered under it.", "没有设备以该包名注册。";
    devices(n: u32): "{n} devices", "{n} 台";
    one_device: "1 device", "1 台";
    many_devices(n: u32): "{n} devices or more", "{n} 台以上";
    keys_go(vendors: &str): "Its vendor keys are deleted: {vendors}. What still waits to be sent with them fails for want of a credential.", "其厂商参数将被删除：{vendors}。仍在等待发送的消息将因缺少凭据而失败。";
    keys_title(channel: &str): "Remove the {channel} keys", "移除 {channel} 参数";
    keys_remove: "Remove these keys", "移除这些参数";
    keys_question(channel: &str, name: &str): "Remove the {channel} keys of {name}?", "确定移除 {name} 的 {channel} 参数吗？";
    keys_lost: "The stored secrets are deleted. To use the channel again they must be entered again.", "已保存的密钥将被删除，再次使用需重新填写。";
    keys_waiting: "What still waits to be sent with them waits for new keys, as long as its time to live lasts.", "仍在等待使用这些参数发送的消息将在有效期内等待新的参数。";
    keys_main: "From then on the main package's keys are used, where it has some.", "此后将使用主包名的参数（如已配置）。";
    main: "the main package", "主包名";
}
