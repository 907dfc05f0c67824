//! The closed vocabulary of refusals: what any door may tell the outside.
//!
//! Code, status and title stand in one table here; `docs/errors.md` explains each code and a test compares the two.
//! Causes (database text, file names, vendor secrets) never get in: they are logged where they are handled, with the
//! reference that [`Problem::Internal`] carries.

use crate::{
    account::Action, certificate::CertificateFault, field::FieldFault, field::FieldProblem, product::Platform,
};
use serde::{Deserialize, Serialize};

/// The result of everything a door can call.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// Why something was refused.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Problem {
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// Unknown user or wrong password; which of the two is not told.
    SignInRefused,
    /// The account lacks a right.
    Forbidden {
        /// The right that is missing.
        missing: Action,
        /// The name of the root account, which can give it.
        ask: String,
    },
    /// Who acts signed in too long ago for this, and has to prove first who they are.
    Unconfirmed,
    /// There is no such thing, or it is not this account's.
    NotFound(What),
    /// Some fields are wrong.
    Invalid(Vec<FieldProblem>),
    /// The request is well formed but the state of things does not allow it.
    Conflict(Conflict),
    /// The certificate file was refused.
    Certificate(CertificateFault),
    /// The request is larger than allowed.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Too many requests or sign-in failures.
    TooMany {
        /// Seconds to wait.
        retry_after_secs: u32,
    },
    /// The server cannot store it now (disk full, database gone); nothing was half-written.
    Unavailable,
    /// A fault of the server, logged under a reference.
    Internal {
        /// What to quote when asking the operator.
        reference: String,
    },
}

/// What was not found.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the names are those of the domain")]
pub enum What {
    Account,
    Product,
    Application,
    ImApplication,
    ApiKey,
    Authorisation,
    Plan,
    Message,
    Certificate,
    VendorChannel,
    PackageName,
    Device,
    AccessPoint,
    Webhook,
    Alarm,
    AlarmRecipient,
    Link,
    Page,
}

/// Which state of things stands in the way, with what the reader needs for the next step.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Conflict {
    /// The account has not activated the service.
    NotActivated,
    /// Set-up was done already.
    AlreadySetUp,
    /// The product has an application for this platform (TPNS 1008025).
    PlatformExists(Platform),
    /// The application is authorised to an IM application: unauthorise first.
    ApplicationAuthorised {
        /// The application's name.
        application: String,
        /// The IM application's name.
        im_application: String,
        /// The product that holds the application, for the link to its authorisation page.
        product: crate::ProductId,
    },
    /// The IM application is authorised to an application: unauthorise first.
    ImApplicationAuthorised {
        /// The IM application's name.
        im_application: String,
        /// The name of one application it is authorised to.
        application: String,
        /// The product that holds it.
        product: crate::ProductId,
    },
    /// The account would change or delete itself.
    OwnAccount,
    /// The account signs in by the identity provider, which keeps its password and factors.
    ByProvider,
    /// The IM application is enabled; only disabled ones can be deleted.
    ImApplicationEnabled,
    /// The IM application has an application of this platform already.
    ImPlatformTaken {
        /// The platform.
        platform: Platform,
        /// The application that has it.
        application: String,
    },
    /// The IM application and the application belong to different service access points.
    AccessPointsDiffer,
    /// The IM application is disabled.
    ImApplicationDisabled,
    /// The account has as many IM applications as it may have.
    ImApplicationsFull {
        /// The greatest number.
        max: u32,
    },
    /// The API key has expired: it gets no new secret.
    ApiKeyExpired,
    /// The webhook has no secret yet, with which a call is signed.
    WebhookWithoutSecret,
    /// The settings name no mail server.
    NoMailServer,
    /// The plan was made by the system and can be neither edited nor deleted.
    PlanIsFixed,
    /// The exchange with the authenticator took too long, or was answered already.
    CeremonyOver,
    /// The form was used already, and what it made exists.
    AlreadyDone,
    /// Somebody changed it meanwhile.
    ChangedMeanwhile,
}

impl Problem {
    /// A problem with one field.
    pub fn field(field: &str, fault: FieldFault) -> Self {
        Self::Invalid(vec![FieldProblem {
            field: field.into(),
            fault,
        }])
    }

    /// The stable code, as documented in `docs/errors.md`.
    pub const fn code(&self) -> &'static str {
        self.row().0
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.row().1
    }

    /// A short English title, the same for every occurrence.
    pub const fn title(&self) -> &'static str {
        self.row().2
    }

    /// The table: code, status, title.
    const fn row(&self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Unauthenticated => ("unauthenticated", 401, "Sign in first"),
            Self::SignInRefused => ("sign_in_refused", 401, "Unknown user or wrong password"),
            Self::Forbidden { .. } => ("forbidden", 403, "A right is missing"),
            Self::Unconfirmed => ("unconfirmed", 403, "Confirm first that it is you"),
            Self::NotFound(_) => ("not_found", 404, "There is no such thing here"),
            Self::Invalid(_) => ("invalid", 422, "Some fields need attention"),
            Self::Certificate(fault) => (fault.code(), 422, "The certificate was refused"),
            Self::TooLarge { .. } => ("too_large", 413, "The request is too large"),
            Self::TooMany { .. } => ("too_many", 429, "Too many tries"),
            Self::Unavailable => ("unavailable", 503, "The server cannot store this now"),
            Self::Internal { .. } => ("internal", 500, "A fault of the server"),
            Self::Conflict(conflict) => match conflict {
                Conflict::NotActivated => ("not_activated", 409, "The service is not activated"),
                Conflict::AlreadySetUp => ("already_set_up", 409, "Set-up was done already"),
                Conflict::PlatformExists(_) => ("platform_exists", 409, "The product has this platform already"),
                Conflict::ApplicationAuthorised { .. } => {
                    ("application_authorised", 409, "The application is authorised to IM")
                }
                Conflict::ImApplicationAuthorised { .. } => {
                    ("im_application_authorised", 409, "The IM application is authorised")
                }
                Conflict::ImApplicationEnabled => ("im_application_enabled", 409, "The IM application is enabled"),
                Conflict::ImPlatformTaken { .. } => {
                    ("im_platform_taken", 409, "The IM application has this platform already")
                }
                Conflict::AccessPointsDiffer => ("access_points_differ", 409, "The service access points differ"),
                Conflict::ImApplicationDisabled => ("im_application_disabled", 409, "The IM application is disabled"),
                Conflict::ImApplicationsFull { .. } => {
                    ("im_applications_full", 409, "There are too many IM applications")
                }
                Conflict::ApiKeyExpired => ("api_key_expired", 409, "The API key has expired"),
                Conflict::WebhookWithoutSecret => ("webhook_without_secret", 409, "The webhook has no secret yet"),
                Conflict::NoMailServer => ("no_mail_server", 409, "This server sends no e-mail"),
                Conflict::PlanIsFixed => ("plan_is_fixed", 409, "This plan cannot be changed"),
                Conflict::ByProvider => ("by_provider", 409, "The account signs in by the identity provider"),
                Conflict::OwnAccount => ("own_account", 409, "An account does not change itself here"),
                Conflict::CeremonyOver => ("ceremony_over", 409, "Asking for the passkey took too long"),
                Conflict::AlreadyDone => ("already_done", 409, "This form was used already"),
                Conflict::ChangedMeanwhile => ("changed_meanwhile", 409, "It was changed meanwhile"),
            },
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.title())?;
        if let Self::Invalid(fields) = self {
            for FieldProblem { field, fault } in fields {
                write!(f, "; {field} {fault}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Gathers field problems, so that a form hears of all of them at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldProblem>);

impl Faults {
    /// The value, or the fault noted under the field's name.
    pub fn check<T>(&mut self, field: &str, result: Result<T, FieldFault>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(fault) => {
                self.0.push(FieldProblem {
                    field: field.into(),
                    fault,
                });
                None
            }
        }
    }

    /// `Ok` when nothing was noted.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::Invalid(self.0))
        }
    }
}
