//! How everything in the table is called.

use axum::http::Method;
use domain::ApplicationId;

/// What the calls are about, in the tenant of [`World::ROOT`].
#[derive(Clone)]
pub struct Ids {
    pub product: String,
    pub android: String,
    pub application: ApplicationId,
    pub ios: String,
    pub ios_application: ApplicationId,
    pub im: String,
    pub plan: String,
    pub message: String,
    pub device: String,
    pub authorisation: String,
    pub sub_account: String,
    pub package: String,
    pub api_key: String,
    pub webhook: String,
    /// An alarm of the server, as the root account is told of it.
    pub server_alarm: String,
    /// Somebody who is told of alarms, by a webhook.
    pub recipient: String,
}

/// A call that whoever may make it makes without changing anything, or with something to put right afterwards.
pub struct Call {
    pub method: Method,
    pub fields: Vec<(&'static str, String)>,
}

fn get(fields: &[(&'static str, &str)]) -> Call {
    call(Method::GET, fields)
}

fn post(fields: &[(&'static str, &str)]) -> Call {
    call(Method::POST, fields)
}

fn call(method: Method, fields: &[(&'static str, &str)]) -> Call {
    Call {
        method,
        fields: fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect(),
    }
}

/// How each path is called. Confirmations are wrong and names empty, so that nothing is lost by being allowed.
#[expect(
    clippy::match_same_arms,
    clippy::too_many_lines,
    reason = "a row for each call, in the order of the table"
)]
pub fn call_of(path: &str, ids: &Ids) -> Option<Call> {
    let app = ("access_id", ids.android.as_str());
    let product = ("product", ids.product.as_str());
    let im = ("sdk_app_id", ids.im.as_str());
    let plan = ("plan", ids.plan.as_str());
    let account = ("account", ids.sub_account.as_str());
    let authorisation = ("authorisation", ids.authorisation.as_str());
    let package = ("package", ids.package.as_str());
    let key = ("api_key", ids.api_key.as_str());
    let webhook = ("webhook", ids.webhook.as_str());
    let recipient = ("recipient", ids.recipient.as_str());
    let fcm = ("channel", "fcm");
    let wrong = ("confirmation", "not its name");
    let unnamed = ("name", "");
    Some(match path {
        "/events" | "/audit.csv" => get(&[]),
        "/applications/{access_id}/funnel.csv" => get(&[]),
        "/applications/{access_id}/troubleshooting.json" => get(&[("q", "bob")]),
        "/applications/{access_id}/troubleshooting/device.json" => get(&[("device", &ids.device)]),
        "/ui/audit/list" => get(&[("query[who]", "")]),
        "/logout" => return None,
        // Where they lead is the provider's (oidc.rs).
        "/login/oidc" | "/login/oidc/callback" | "/confirm/oidc" => return None,
        "/applications/{access_id}/basic-config/certificates"
        | "/applications/{access_id}/basic-config/channels/fcm/file"
        | "/applications/{access_id}/basic-config/packages/{package}/channels/fcm/file"
        | "/im-applications/{sdk_app_id}/channels/fcm/file" => post(&[]),
        "/ui/applications/delete" => post(&[app, wrong]),
        "/ui/applications/get" | "/ui/applications/revealed" => get(&[app]),
        "/ui/applications/rename" => post(&[app, unnamed]),
        "/ui/applications/reveal" => post(&[app]),
        "/ui/authorisations/acknowledge" => post(&[product]),
        "/ui/authorisations/add" => post(&[
            product,
            ("im_application", &ids.im),
            ("application", &ids.application.to_string()),
        ]),
        "/ui/authorisations/choices" | "/ui/authorisations/page" => get(&[product]),
        "/ui/authorisations/get" => get(&[product, authorisation]),
        "/ui/authorisations/revoke" => post(&[product, authorisation]),
        "/ui/basic-configs/certificate" => get(&[("access_id", &ids.ios), ("certificate", "1")]),
        "/ui/basic-configs/remove-certificate" => post(&[("access_id", &ids.ios), ("certificate", "1")]),
        "/ui/account/change-password" => post(&[("password", ""), ("new", ""), ("repeat", "")]),
        "/ui/account/confirm" => post(&[("password", ""), ("next", "/")]),
        "/ui/account/disable-codes" => post(&[]),
        "/ui/account/enable-codes" => post(&[("code", "000000")]),
        "/ui/account/end-other-sessions" => post(&[]),
        "/ui/account/end-session" => post(&[("session", "unknown")]),
        "/ui/account/get" | "/ui/account/new-codes" | "/ui/account/owed" | "/ui/account/recovery-codes" => get(&[]),
        "/ui/account/confirm-code" => post(&[("code", ""), ("next", "/")]),
        "/ui/passkeys/add" => post(&[unnamed, ("credential", "")]),
        "/ui/passkeys/ask" | "/ui/passkeys/confirm-ways" | "/ui/passkeys/new" => get(&[]),
        "/ui/passkeys/confirm" => post(&[("credential", ""), ("next", "/")]),
        "/ui/passkeys/remove" => post(&[("passkey", "99")]),
        "/ui/basic-configs/upload" => get(&[("access_id", &ids.ios)]),
        "/ui/basic-configs/channel" => get(&[app, fcm]),
        "/ui/basic-configs/get" => get(&[app]),
        "/ui/basic-configs/save-channel" => post(&[app, fcm, ("service_account", "{}")]),
        "/ui/basic-configs/save-identifier" => post(&[app, ("identifier", "")]),
        "/ui/channel-checks/send-test" => post(&[app, fcm, ("to", "")]),
        "/ui/channel-checks/verify" => post(&[app, fcm]),
        "/ui/alarm-recipients/change" => post(&[recipient, ("address", ""), ("language", "en")]),
        "/ui/alarm-recipients/create" => post(&[("means", "webhook"), ("address", ""), ("language", "en")]),
        "/ui/alarm-recipients/delete" | "/ui/alarm-recipients/test" => post(&[recipient]),
        "/ui/alarm-recipients/get" | "/ui/alarm-recipients/secret" => get(&[recipient]),
        "/ui/alarm-recipients/list" | "/ui/alarm-recipients/new" => get(&[]),
        "/ui/alarms/acknowledge" => post(&[app, ("alarm", "99")]),
        "/ui/alarms/acknowledge-server" => post(&[("alarm", ids.server_alarm.as_str())]),
        "/ui/alarms/list" => get(&[]),
        "/ui/api-keys/create" => post(&[unnamed, ("form_key", "k"), ("days", "30")]),
        "/ui/api-keys/get" | "/ui/api-keys/secret" => get(&[key]),
        "/ui/api-keys/list" | "/ui/api-keys/new" => get(&[]),
        "/ui/api-keys/revoke" => post(&[key]),
        "/ui/im-applications/create" => post(&[unnamed, ("form_key", "k")]),
        "/ui/im-applications/delete" => post(&[im, wrong]),
        "/ui/im-applications/get" | "/ui/im-applications/revealed" | "/ui/im-channels/page" => get(&[im]),
        "/ui/im-applications/list" | "/ui/im-applications/new" => get(&[]),
        "/ui/im-applications/reveal" => post(&[im]),
        "/ui/im-applications/set-administrators" => post(&[im, ("administrators", "administrator")]),
        "/ui/im-applications/set-enabled" => post(&[im, ("enabled", "true")]),
        "/ui/im-channels/channel" => get(&[im, fcm]),
        "/ui/im-channels/save" => post(&[im, fcm, ("service_account", "{}")]),
        "/ui/im-channels/take-over" => post(&[app, fcm]),
        "/ui/packages/add" => post(&[app, ("package", "")]),
        "/ui/packages/card" => get(&[app, package, fcm]),
        "/ui/packages/get" => get(&[app, package]),
        "/ui/packages/remove" => post(&[app, ("package", "99")]),
        "/ui/packages/remove-keys" => post(&[app, package, fcm]),
        "/ui/plans/change" => post(&[app, plan, unnamed, ("description", "")]),
        "/ui/plans/create" => post(&[app, unnamed, ("description", "")]),
        "/ui/plans/delete" => post(&[app, plan, wrong]),
        "/ui/plans/details" => get(&[
            app,
            plan,
            ("query[user]", ""),
            ("query[page][number]", "1"),
            ("query[page][size]", "20"),
        ]),
        "/ui/plans/get" => get(&[app, plan]),
        "/ui/plans/list" => get(&[app]),
        "/ui/plans/message" => get(&[app, plan, ("message", &ids.message)]),
        "/ui/products/add-application" => post(&[product, unnamed, ("platform", "macos")]),
        "/ui/products/change" => post(&[product, unnamed, ("category", "social")]),
        "/ui/products/create" => post(&[unnamed, ("form_key", "k")]),
        "/ui/products/delete" => post(&[product, wrong]),
        "/ui/products/get" => get(&[product]),
        "/ui/products/list" => get(&[
            ("query[search]", ""),
            ("query[sort]", "newest"),
            ("query[page][number]", "1"),
            ("query[page][size]", "20"),
        ]),
        "/ui/products/new" | "/ui/session/frame" | "/ui/session/needs-set-up" | "/ui/sub-accounts/list" => get(&[]),
        "/ui/traces/device" => get(&[app, ("device", &ids.device)]),
        "/ui/traces/find" => get(&[app, ("clue", "bob")]),
        "/ui/pushes/new" => get(&[app, plan]),
        "/ui/pushes/send" => post(&[app, plan, ("form_key", "k"), ("to", ""), ("text", "")]),
        "/ui/session/activate" => post(&[]),
        "/ui/session/language" => post(&[("language", "en")]),
        "/ui/session/theme" => post(&[("theme", "dark")]),
        // These are how one gets in; what they refuse is no right (console.rs, second_step.rs, passkeys.rs).
        "/ui/account/second-step"
        | "/ui/passkeys/second-step"
        | "/ui/passkeys/second-step-ways"
        | "/ui/passkeys/sign-in"
        | "/ui/links/name"
        | "/ui/links/set-password"
        | "/ui/session/set-up"
        | "/ui/session/sign-in" => return None,
        "/ui/sub-accounts/change" => post(&[account, unnamed]),
        "/ui/sub-accounts/create" => post(&[unnamed, ("password", "")]),
        "/ui/sub-accounts/delete" => post(&[account]),
        "/ui/statistics/funnel" => get(&[app]),
        "/ui/statistics/set-time-zone" => post(&[("zone", "UTC")]),
        "/ui/statistics/time-zone" => get(&[]),
        "/ui/sub-accounts/demand-second-step" => post(&[("demanded", "false")]),
        "/ui/sub-accounts/form" | "/ui/sub-accounts/second-steps" => get(&[]),
        "/ui/sub-accounts/get" | "/ui/sub-accounts/sign-in" => get(&[account]),
        "/ui/sub-accounts/remove-factors" => post(&[account]),
        "/ui/webhooks/change" => post(&[app, webhook, ("url", ""), ("shape", "plain")]),
        "/ui/webhooks/create" => post(&[app, ("url", ""), ("shape", "plain"), ("form_key", "k")]),
        "/ui/webhooks/delete" | "/ui/webhooks/replay" | "/ui/webhooks/test" => post(&[app, webhook]),
        "/ui/webhooks/details" | "/ui/webhooks/get" | "/ui/webhooks/secret" => get(&[app, webhook]),
        "/ui/webhooks/list" | "/ui/webhooks/new" => get(&[app]),
        other => panic!("{other} has a rule, and no call in server/tests/it/permissions.rs"),
    })
}
