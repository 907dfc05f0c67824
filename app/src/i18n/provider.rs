//! Signing in by an identity provider.

use super::Locale;
use domain::provider::Refused;

super::messages! {
    sign_in_with(label: &str): "Sign in with {label}", "使用 {label} 登录";
    or: "or", "或";
    confirm_lead(label: &str): "You sign in with {label}, which asks you again who you are and leads you back.", "您通过 {label} 登录。请前往该处重新验证身份，完成后会自动返回。";
    confirm_with(label: &str): "Go to {label}", "前往 {label}";
    own_title(label: &str): "You sign in with {label}", "您通过 {label} 登录";
    own_lead: "Your password and second step are kept there, not here. Your rights follow from your groups there and are set again each time you sign in.", "密码和两步登录由其管理，不在此处设置。您的权限由您在该处的用户组决定，每次登录时重新设置。";
    of_account: "Signs in with the identity provider", "通过身份提供方登录";
    of_account_lead: "There is no password here. Rights and name come from the provider's groups; what you change counts until the next sign-in.", "该账号在此没有密码。权限由身份提供方的用户组决定，您所做的修改仅在其下次登录前有效。";
    refused_title: "You were not signed in", "登录未成功";
    again: "Try again", "重试";
    to_sign_in: "To the sign-in page", "前往登录页";
    back: "Back", "返回";
    unreachable: "The identity provider cannot be reached at the moment. Try again in a minute; if it goes on, tell the operator of this server. Those who have a password here can sign in with it.", "暂时无法连接身份提供方。请稍后重试；若问题持续，请联系服务器管理员。有本地密码的用户仍可使用密码登录。";
    stale: "This sign-in took too long, was used already, or was begun in another window. Begin anew, and stay in one window until you are back here.", "本次登录已超时、已使用，或是在其他窗口中开始的。请重新登录，并在同一窗口内完成。";
    declined: "The identity provider did not sign you in: you cancelled, or it does not let you use this server. Try again, or ask who looks after the provider.", "身份提供方未完成登录：您已取消，或无权使用本服务器。请重试，或联系身份提供方的管理员。";
    unverified: "What the identity provider answered could not be verified, so it was not believed. Try again; if it goes on, tell the operator of this server.", "身份提供方的答复未通过校验，已被拒绝。请重试；若问题持续，请联系服务器管理员。";
    clock: "The identity provider's answer is dated in the past or in the future. Try again; if it goes on, tell the operator of this server to compare its clock with the provider's.", "身份提供方的答复时间有误。请重试；若问题持续，请联系服务器管理员核对本服务器与身份提供方的时钟。";
    weak: "The identity provider signed you in without the second factor that this server asks for. Set one up there, then try again.", "身份提供方未要求您使用本服务器所需的第二因素。请先在该处设置，然后重试。";
    unmapped: "You are in none of the groups that may use this server. Ask who looks after your groups to add you, then try again. If you were signed in here, that has ended.", "您所在的用户组均无权使用本服务器。请联系用户组管理员添加后重试。如此前已在此登录，现已退出。";
    elsewhere: "Your account here belongs to another root account than the one your groups lead to now. Ask that root account to delete it, then try again.", "您在此的账号属于另一个主账号，与当前用户组对应的主账号不同。请让原主账号删除该账号后重试。";
    misconfigured: "The settings of this server do not fit the identity provider: the server’s log says how. Tell the operator of this server.", "服务器的设置与身份提供方不匹配，详情见服务器日志。请联系服务器管理员。";
    not_fresh: "The identity provider did not ask you again who you are, so nothing was confirmed. Sign out there, then try again.", "身份提供方没有重新验证您的身份，因此未能确认。请先在该处退出登录，然后重试。";
    other_person: "Somebody else signed in at the identity provider than who is signed in here. Sign in there with the account you use here.", "在身份提供方登录的用户与此处登录的用户不同。请在该处使用相同的账号登录。";
}

/// Why somebody was not let in, and what to do.
pub fn text(locale: Locale, refused: Refused) -> &'static str {
    match refused {
        Refused::Unreachable => unreachable(locale),
        Refused::Stale => stale(locale),
        Refused::Declined => declined(locale),
        Refused::Unverified => unverified(locale),
        Refused::Clock => clock(locale),
        Refused::Weak => weak(locale),
        Refused::Unmapped => unmapped(locale),
        Refused::Elsewhere => elsewhere(locale),
        Refused::Misconfigured => misconfigured(locale),
        Refused::NotFresh => not_fresh(locale),
        Refused::OtherPerson => other_person(locale),
    }
}
