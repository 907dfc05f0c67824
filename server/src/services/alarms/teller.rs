//! Telling people of alarms: at least once, all that waits for somebody at a time.

use super::{mail::Mailer, words};
use crate::services::{
    statistics::Zone,
    webhooks::{Caller, signed},
};
use domain::{
    Timestamp,
    alarm::recipient::{Means, RecipientView},
    time::Clock,
};
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::{fmt, sync::Arc, time::Duration};
use store::control::{Control, DueRecipient, Notice};
use tokio_util::sync::CancellationToken;

/// How often it is looked for something to tell.
const EVERY: Duration = Duration::from_secs(5);

/// Recipients that are told at the same time.
const AT_ONCE: usize = 16;

/// Why nothing was taken, and how long the other side asks to wait.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) why: String,
    asked_ms: Option<i64>,
}

/// Tells recipients of alarms.
pub struct AlarmTeller {
    control: Control,
    clock: Arc<dyn Clock>,
    caller: Option<Caller>,
    mailer: Option<Mailer>,
    /// Where the console is, for the link in an e-mail.
    console: String,
}

impl fmt::Debug for AlarmTeller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlarmTeller")
    }
}

impl AlarmTeller {
    /// Without a caller, or without a mailer, nobody is told by that means.
    pub fn new(
        control: Control,
        clock: Arc<dyn Clock>,
        caller: Option<Caller>,
        mailer: Option<Mailer>,
        console: String,
    ) -> Self {
        Self {
            control,
            clock,
            caller,
            mailer,
            console,
        }
    }

    /// The address that e-mails come from, where there are any.
    pub fn mail_from(&self) -> Option<String> {
        self.mailer.as_ref().map(Mailer::from)
    }

    /// Tells until cancelled.
    pub async fn run(self: Arc<Self>, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = rounds.tick() => self.round().await,
            }
        }
    }

    /// Tells once what waits. What cannot be read or written is for the next round.
    pub async fn round(&self) {
        if let Err(fault) = self.tell_all().await {
            tracing::warn!(cause = %fault, "alarms are not told; the next round tries again");
        }
    }

    async fn tell_all(&self) -> store::Result<()> {
        let now = self.clock.now();
        self.control.make_notices(now).await?;
        let due = self.control.due_recipients(now).await?;
        // One that does not answer keeps nobody else waiting.
        let telling = stream::iter(due).map(|due| self.tell_one(due, now));
        let told: Vec<store::Result<()>> = telling.buffer_unordered(AT_ONCE).collect().await;
        told.into_iter().collect()
    }

    /// Tells a recipient all that waits, unless it is to be left in peace now or another node tells it.
    async fn tell_one(&self, due: DueRecipient, now: Timestamp) -> store::Result<()> {
        let to = &due.view;
        let zone = Zone::chosen(due.zone.as_deref());
        let is_quiet = to.quiet.is_some_and(|quiet| quiet.hold(zone.minute_of(now)));
        if !to.is_live() || is_quiet {
            return Ok(());
        }
        let Some(notices) = self.control.take_notices(to.id, now).await? else {
            return Ok(());
        };
        let came = if notices.is_empty() {
            Ok(String::new())
        } else {
            self.tell(to, &notices, &zone, now).await
        };
        let failed = came
            .as_ref()
            .err()
            .map(|refused| (refused.why.as_str(), refused.asked_ms));
        if let Some((why, _)) = failed {
            tracing::warn!(recipient = to.id.0, why, "alarms were not taken; tried again later");
        }
        self.control.end_notices(to.id, &notices, failed, now).await
    }

    async fn tell(
        &self,
        to: &RecipientView,
        notices: &[Notice],
        zone: &Zone,
        now: Timestamp,
    ) -> Result<String, Refused> {
        let l = words::locale(to.language);
        match to.means {
            Means::Mail => {
                let (subject, text) = words::mail(l, notices, zone, &self.console);
                self.mail(to, subject, text).await
            }
            Means::Webhook => self.call(to, words::json(l, to.id, notices), now).await,
        }
    }

    /// Tells something made up; what the other side said.
    pub(super) async fn test(&self, to: &RecipientView) -> Result<String, Refused> {
        let l = words::locale(to.language);
        match to.means {
            Means::Mail => {
                let (subject, text) = words::test_mail(l, &self.console);
                self.mail(to, subject, text).await
            }
            Means::Webhook => {
                let body = json!({ "recipient": to.id.to_string(), "alarms": [], "test": true });
                self.call(to, body, self.clock.now()).await
            }
        }
    }

    async fn mail(&self, to: &RecipientView, subject: String, text: String) -> Result<String, Refused> {
        let refused = |why: String| Refused { why, asked_ms: None };
        let Some(mailer) = &self.mailer else {
            return Err(refused("no_mail_server".to_owned()));
        };
        mailer.send(&to.address, subject, text).await.map_err(refused)
    }

    async fn call(&self, to: &RecipientView, body: serde_json::Value, now: Timestamp) -> Result<String, Refused> {
        let secret = self.control.recipient_secret(to.id).await.ok().flatten();
        let (Some(caller), Some(secret)) = (&self.caller, secret) else {
            let why = "no_secret".to_owned();
            return Err(Refused { why, asked_ms: None });
        };
        let came = caller.post(signed(to.address.clone(), &body, &secret, now), now).await;
        let asked_ms = came.asked_ms;
        let call = came.call(now, 1, 1, false);
        if call.is_taken() {
            Ok(call.came())
        } else {
            let why = format!("{} {}", call.came(), call.answer).trim().to_owned();
            Err(Refused { why, asked_ms })
        }
    }
}
