//! Vendor channels kept with IM applications, and applications that do not follow them.

super::messages! {
    lead: "What the vendors' platforms gave you. An application takes these settings over when it is authorised, and follows them from then on, as long as its own card is not changed by hand.", "在此填写厂商平台提供的参数。应用授权后将自动使用这些参数，并随其变更同步，直到应用自己的卡片被手动修改。";
    differs(application: &str): "{application} does not follow", "{application} 未同步";
    differs_text: "Its card holds other settings, which are left alone: it was changed by hand, or was there before the authorisation.", "该应用的卡片参数不同，系统不会覆盖：它曾被手动修改，或在授权之前已存在。";
    own_differs(im_application: &str): "Not the settings of {im_application}", "与 {im_application} 的参数不一致";
    own_differs_text(im_application: &str): "This card holds other settings than the IM application {im_application}, so it is left alone when they change there.", "本卡片的参数与 IM 应用 {im_application} 不同，因此该处变更时不会覆盖本卡片。";
    loses: "What the card holds now, secrets included, is overwritten and cannot be brought back.", "本卡片现有的参数（包括密钥）将被覆盖，且无法恢复。";
    take_over: "Take over the IM application's settings", "使用 IM 应用的参数";
    take_over_of(channel: &str): "Take over the IM application's settings for {channel}", "使用 IM 应用的 {channel} 参数";
    take_over_title(channel: &str): "Take over {channel} settings", "使用 IM 应用的 {channel} 参数";
    take_over_question(im_application: &str): "Put the settings of {im_application} in the place of this card's?", "确定用 {im_application} 的参数覆盖本卡片吗？";
    follows_then(im_application: &str): "From then on the card follows {im_application}: a change there changes it too, until it is changed by hand again.", "此后本卡片将随 {im_application} 的参数变更同步，直到再次被手动修改。";
    taking_over: "Taking over…", "正在覆盖…";
    held: "What the card holds now", "本卡片现有的参数";
    to_card: "Go to its card", "前往该卡片";
    who_follows: "Authorised applications whose cards hold what this card holds now are changed with it.", "保存后，与本卡片当前参数一致的已授权应用将同步变更。";
}
