//! The server functions: who, what, one call to a port, an answer. Nothing else reaches the server from a page.
//!
//! Each has an explicit endpoint under `/ui`; changes are POST (a form without script works too), reads are GET.
//! A change answers an [`Outcome`]. A refused one goes through `backend::refuse` with what was typed.

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod alarm_recipients;
#[cfg(feature = "ssr")]
pub mod alarms;
#[cfg(feature = "ssr")]
pub mod api_keys;
pub mod applications;
#[cfg(feature = "ssr")]
pub mod audit;
pub mod authorisations;
pub mod basic_configs;
pub mod channel_checks;
#[cfg(feature = "ssr")]
pub mod confirmations;
pub mod im_applications;
pub mod im_channels;
#[cfg(feature = "ssr")]
pub mod links;
pub mod packages;
#[cfg(feature = "ssr")]
pub mod passkeys;
pub mod plans;
pub mod products;
#[cfg(feature = "ssr")]
pub mod pushes;
pub mod session;
#[cfg(feature = "ssr")]
pub mod statistics;
pub mod sub_accounts;
#[cfg(feature = "ssr")]
pub mod traces;
#[cfg(feature = "ssr")]
pub mod webhooks;

use crate::flash::Notice;
use serde::{Deserialize, Serialize};

/// What follows a change that succeeded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Outcome {
    /// The page to go to.
    pub to: String,
    /// Whether the browser must load that page anew: somebody signed in, or the service was activated.
    pub reload: bool,
    /// The message to show there. Waits in the session instead where there is no script, or the page is loaded anew.
    pub notice: Option<Notice>,
}

#[cfg(feature = "ssr")]
pub(crate) use answer::{done, done_anew, moved};

#[cfg(feature = "ssr")]
mod answer {
    use super::Outcome;
    use crate::{
        backend,
        flash::{self, Done, Notice},
    };

    /// The answer to a change: a page of the console and a message with the thing's name.
    pub(crate) async fn done(to: impl Into<String>, done: Done, name: &str) -> Outcome {
        let to = to.into();
        if backend::is_plain_form() {
            leave_notice(done, name).await;
            backend::redirect(&to);
        }
        Outcome {
            to,
            reload: false,
            notice: Some(Notice {
                done,
                name: name.to_owned(),
            }),
        }
    }

    /// As [`done`], for a change after which the frame itself is another.
    pub(crate) async fn done_anew(to: impl Into<String>, notice: Option<(Done, &str)>) -> Outcome {
        let to = to.into();
        if let Some((done, name)) = notice {
            leave_notice(done, name).await;
        }
        if backend::is_plain_form() {
            backend::redirect(&to);
        }
        Outcome {
            to,
            reload: true,
            notice: None,
        }
    }

    /// As [`done`], where the page itself shows what was done.
    pub(crate) fn moved(to: impl Into<String>) -> Outcome {
        let to = to.into();
        if backend::is_plain_form() {
            backend::redirect(&to);
        }
        Outcome {
            to,
            reload: false,
            notice: None,
        }
    }

    async fn leave_notice(done: Done, name: &str) {
        if let Ok(session) = backend::session() {
            flash::notify(&session, done, name).await;
        }
    }
}
