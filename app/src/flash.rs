//! What survives a redirect: a message ("Product X was created"), and a refused form with what was typed into it.
//!
//! Both wait in the session until the next page shows them. Secrets never get in: [`Typed::from_pairs`] leaves them out.

use domain::Problem;
use serde::{Deserialize, Serialize};

/// What was typed into a form, by field name, without secrets. A field with several values (check boxes) stands
/// several times.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// Collects what was typed; the caller names only fields that may be shown again.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self(pairs.into_iter().map(own).collect())
    }

    /// Adds the values of a field that has several.
    pub fn add_all(&mut self, field: &str, values: &[String]) {
        self.0
            .extend(values.iter().map(|value| (field.to_owned(), value.clone())));
    }

    /// The first value of a field.
    pub fn first(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub fn all(&self, field: &str) -> Vec<String> {
        let of_field = self.0.iter().filter(|(name, _)| name == field);
        of_field.map(|(_, value)| value.clone()).collect()
    }
}

/// A form that was refused while no script was there to show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct RefusedForm {
    /// The form's name: the endpoint of its server function.
    pub form: String,
    /// What was typed.
    pub typed: Typed,
    /// Why it was refused.
    pub problem: Problem,
}

/// A message for the next page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Notice {
    /// Which sentence.
    pub done: Done,
    /// The name of the thing, put into the sentence.
    pub name: String,
}

/// What was done. The sentences are `i18n`'s.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "each names what was done")]
pub enum Done {
    SetUp,
    Activated,
    ProductCreated,
    ProductChanged,
    ProductDeleted,
    ApplicationAdded,
    ApplicationChanged,
    ApplicationDeleted,
    IdentifierSaved,
    ChannelSaved,
    SettingsTakenOver,
    ChannelVerified,
    ChannelRefused,
    VendorNotAsked,
    TestSent,
    CertificateUploaded,
    CertificateRemoved,
    PackageAdded,
    PackageRemoved,
    KeysRemoved,
    Authorised,
    Unauthorised,
    ImApplicationCreated,
    ImApplicationEnabled,
    ImApplicationDisabled,
    AdministratorsSaved,
    ImApplicationDeleted,
    ApiKeyCreated,
    ApiKeyRevoked,
    PlanCreated,
    PlanChanged,
    PlanDeleted,
    PushSent,
    WebhookCreated,
    WebhookChanged,
    WebhookDeleted,
    WebhookTested,
    WebhookTestFailed,
    WebhookReplayed,
    AlarmAcknowledged,
    RecipientCreated,
    RecipientChanged,
    RecipientTested,
    RecipientTestFailed,
    RecipientDeleted,
    SubAccountCreated,
    SubAccountChanged,
    SubAccountDeleted,
    PasswordChanged,
    SessionEnded,
    OtherSessionsEnded,
    Confirmed,
    CodesEnabled,
    CodesDisabled,
    PasskeyAdded,
    PasskeyRemoved,
    SecondStepDemanded,
    SecondStepFree,
    TimeZoneChanged,
    FactorsRemoved,
    PasswordSet,
}

impl Done {
    /// Whether it went as wished; what was asked of a vendor may not.
    pub const fn went_well(self) -> bool {
        !matches!(
            self,
            Self::ChannelRefused | Self::VendorNotAsked | Self::WebhookTestFailed | Self::RecipientTestFailed
        )
    }
}

/// Everything that waits in a session.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct Flash {
    /// Messages, oldest first.
    pub notices: Vec<Notice>,
    /// The last refused form.
    pub form: Option<RefusedForm>,
}

#[cfg(feature = "ssr")]
pub use kept::{clear, keep_form, notify, peek, set_aside, take_up};

#[cfg(feature = "ssr")]
mod kept {
    use super::{Done, Flash, Notice, Problem, RefusedForm, Typed};
    use serde::{Deserialize, Serialize};
    use tower_sessions::Session;

    /// The session key.
    const KEY: &str = "flash";

    /// Keeps a refused form for the page it came from. A session that cannot be written costs the reader the message,
    /// not the page.
    pub async fn keep_form(session: &Session, form: &str, typed: Typed, problem: Problem) {
        let mut flash = peek(session).await;
        flash.form = Some(RefusedForm {
            form: form.to_owned(),
            typed,
            problem,
        });
        _ = session.insert(KEY, flash).await;
    }

    /// The session key of a form that was set aside.
    const ASIDE: &str = "aside";

    /// A form that waits until somebody has proved who they are.
    #[derive(Serialize, Deserialize)]
    struct Aside {
        page: String,
        form: RefusedForm,
    }

    /// Keeps a form of a page until somebody has proved who they are.
    pub async fn set_aside(session: &Session, page: &str, form: &str, typed: Typed) {
        let aside = Aside {
            page: page.to_owned(),
            form: RefusedForm {
                form: form.to_owned(),
                typed,
                problem: Problem::Unconfirmed,
            },
        };
        _ = session.insert(ASIDE, aside).await;
    }

    /// Puts a form that was set aside back to where its page finds it. Returns whether that page comes next.
    pub async fn take_up(session: &Session, next: &str) -> bool {
        let Ok(Some(aside)) = session.remove::<Aside>(ASIDE).await else {
            return false;
        };
        let comes_next = aside.page == next;
        if comes_next {
            let mut flash = peek(session).await;
            flash.form = Some(aside.form);
            _ = session.insert(KEY, flash).await;
        }
        comes_next
    }

    /// Keeps a message for the next page.
    pub async fn notify(session: &Session, done: Done, name: &str) {
        let mut flash = peek(session).await;
        flash.notices.push(Notice {
            done,
            name: name.to_owned(),
        });
        _ = session.insert(KEY, flash).await;
    }

    /// Forgets what waited, once a page has shown it.
    pub async fn clear(session: &Session) {
        _ = session.remove_value(KEY).await;
    }

    /// What waits; it goes on waiting until [`clear`].
    pub async fn peek(session: &Session) -> Flash {
        session.get(KEY).await.ok().flatten().unwrap_or_default()
    }
}
