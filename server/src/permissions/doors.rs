//! Who may ask what of the doors that are not the console's, and who is told what by the stream of events.

use super::Needs;
use domain::{account::Action, problem::What};

/// What a call must prove.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// Nothing: who reaches the port may ask.
    Anybody,
    /// A UserSig of the identifier named, of an IM application that is enabled.
    User,
    /// The same, and that the identifier is one of the IM application's administrators; or an API key whose scopes hold
    /// the command.
    Administrator,
    /// An API key with the scope for provisioning, of an account: it reaches that account only.
    Provisioner,
    /// The secret in its address.
    Address,
}

/// Method and path of every call; those under `/v4` are the commands of IM REST.
pub const DOORS: &[(&str, &str, Caller)] = &[
    ("POST", "/device/v1/ack", Caller::User),
    ("POST", "/device/v1/register", Caller::User),
    ("POST", "/device/v1/state", Caller::User),
    ("GET", "/healthz", Caller::Anybody),
    ("POST", "/provisioning/v1/apply", Caller::Provisioner),
    ("GET", "/provisioning/v1/state", Caller::Provisioner),
    ("GET", "/readyz", Caller::Anybody),
    ("GET", "/receipts/{vendor}/{secret}", Caller::Address),
    ("POST", "/receipts/{vendor}/{secret}", Caller::Address),
    ("POST", "/v4/im_open_login_svc/account_import", Caller::Administrator),
    ("POST", "/v4/openim/batchsendmsg", Caller::Administrator),
    ("POST", "/v4/openim/query_online_status", Caller::Administrator),
    ("POST", "/v4/openim/sendmsg", Caller::Administrator),
    ("POST", "/v4/timpush/normal_push_trace", Caller::Administrator),
];

/// The topics of `/events`, and what one must have to be told of them.
pub const TOPICS: &[(&str, Needs)] = &[("plan:{plan}", Needs::Of(What::Application, Action::View))];
