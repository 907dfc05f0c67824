//! The vendors' credentials, as the dispatcher asks for them: opened once per version of the control plane.

use super::{card_credentials, directory::Directory, numbers::receipt_secret, refusal::refuse};
use async_trait::async_trait;
use dispatcher::certificates::StoredForm;
use domain::{
    Secret,
    certificate::Environment,
    channel::Channel,
    delivery::Attempt,
    parcel::{LaneKey, VersionedCredential},
    ports::{CredentialGap, Credentials},
    quota::{QuotaClass, SpentQuota},
    receipt::receipt_address,
    time::Clock,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use store::{
    Fault,
    control::{Control, StoredChannel},
};

/// What is remembered of a credential.
type Answer = Result<VersionedCredential, CredentialGap>;

/// Answers of one version of the directory.
#[derive(Default)]
struct Known {
    version: i64,
    answers: HashMap<(LaneKey, Environment), Answer>,
}

/// Credentials over the control plane.
pub struct CredentialService {
    control: Control,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    receipts_at: String,
    known: Mutex<Known>,
}

impl fmt::Debug for CredentialService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialService")
    }
}

impl CredentialService {
    /// Credentials over this control plane; the directory tells when they may have changed. Vendors reach this server at
    /// the origin `receipts_at`, where that is known.
    pub fn new(control: Control, directory: Arc<Directory>, clock: Arc<dyn Clock>, receipts_at: &str) -> Self {
        Self {
            control,
            directory,
            clock,
            receipts_at: receipts_at.to_owned(),
            known: Mutex::default(),
        }
    }

    fn remembered(&self, version: i64, key: (LaneKey, Environment)) -> Option<Answer> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version != version {
            *known = Known {
                version,
                answers: HashMap::new(),
            };
        }
        known.answers.get(&key).cloned()
    }

    fn remember(&self, version: i64, key: (LaneKey, Environment), answer: &Answer) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version == version {
            known.answers.insert(key, answer.clone());
        }
    }

    async fn look_up(&self, lane: LaneKey, environment: Environment) -> Result<Answer, Fault> {
        let card = self.control.channel_credential(lane).await?;
        if card.as_ref().is_some_and(|card| !card.enabled) {
            return Ok(Err(CredentialGap::Disabled));
        }
        self.of_card(lane, environment, card).await
    }

    async fn of_card(
        &self,
        lane: LaneKey,
        environment: Environment,
        card: Option<StoredChannel>,
    ) -> Result<Answer, Fault> {
        if lane.channel == Channel::Apns {
            return self.certificate(lane, environment).await;
        }
        let found = card.and_then(|card| Some((card.version, card_credentials::credential(lane.channel, &card)?)));
        let Some((version, credential)) = found else {
            return Ok(Err(CredentialGap::Missing));
        };
        Ok(Ok(VersionedCredential {
            version,
            credential: Arc::new(credential),
            receipt_url: self.receipt_url(lane).await?,
        }))
    }

    /// Where the vendor is told to report to; empty where it is not told, or nobody knows how it reaches us.
    async fn receipt_url(&self, lane: LaneKey) -> Result<Secret, Fault> {
        if self.receipts_at.is_empty() || !lane.channel.is_told_where_to_report() {
            return Ok(Secret::default());
        }
        let drawn = receipt_secret(&mut rand::rng());
        let secret = self.control.receipt_secret(lane, drawn).await?;
        Ok(receipt_address(&self.receipts_at, lane.channel, &secret).into())
    }

    /// What is stored, newly read and whether or not the channel is switched on: for verifying it.
    pub(super) async fn stored(&self, lane: LaneKey, environment: Environment) -> Answer {
        let read = async {
            let card = self.control.channel_credential(lane).await?;
            self.of_card(lane, environment, card).await
        };
        read.await.unwrap_or_else(|fault| {
            let _ = refuse(fault);
            Err(CredentialGap::Unavailable)
        })
    }

    async fn certificate(&self, lane: LaneKey, environment: Environment) -> Result<Answer, Fault> {
        let stored = self
            .control
            .certificate_credential(lane.application, environment)
            .await?;
        let Some(stored) = stored else {
            return Ok(Err(CredentialGap::Missing));
        };
        let Ok(form) = serde_json::from_str::<StoredForm>(stored.secret.reveal()) else {
            tracing::error!(certificate = %stored.id, "a stored certificate cannot be read");
            return Ok(Err(CredentialGap::Missing));
        };
        let topic = stored.identifier.as_deref().unwrap_or(&stored.bundle);
        Ok(Ok(VersionedCredential {
            version: stored.version,
            credential: Arc::new(form.credential(topic)),
            receipt_url: Secret::default(),
        }))
    }
}

#[async_trait]
impl Credentials for CredentialService {
    async fn credential(&self, lane: LaneKey, environment: Environment) -> Answer {
        let (version, key) = (self.directory.version(), (lane, environment));
        if let Some(answer) = self.remembered(version, key) {
            return answer;
        }
        match self.look_up(lane, environment).await {
            Ok(answer) => {
                self.remember(version, key, &answer);
                answer
            }
            Err(fault) => {
                let _ = refuse(fault);
                Err(CredentialGap::Unavailable)
            }
        }
    }

    async fn report_trouble(&self, lane: LaneKey, version: i64, trouble: Option<(String, String)>) {
        let (application, channel) = (lane.application, lane.channel.name());
        if let Some((code, _)) = &trouble {
            tracing::error!(%application, channel, vendor_code = %code, "a vendor refuses the credential");
        } else {
            tracing::info!(%application, channel, "the vendor takes the credential again");
        }
        let trouble = trouble.map(|(code, text)| (code, text.chars().take(Attempt::MAX_TEXT).collect()));
        let noted = self
            .control
            .note_trouble(lane, version, trouble, self.clock.now())
            .await;
        if let Err(fault) = noted {
            let _ = refuse(fault);
        }
    }
    async fn spent_quotas(&self, lane: LaneKey) -> Vec<SpentQuota> {
        let found = self.control.spent_quotas(lane, self.clock.now()).await;
        found.unwrap_or_else(|fault| {
            // The vendor will say it again.
            let _ = refuse(fault);
            vec![]
        })
    }

    async fn report_quota(&self, lane: LaneKey, class: QuotaClass, spent: Option<SpentQuota>) {
        let spent = spent.map(|spent| SpentQuota {
            vendor_text: spent.vendor_text.chars().take(Attempt::MAX_TEXT).collect(),
            ..spent
        });
        if let Err(fault) = self.control.note_quota(lane, class, spent.as_ref()).await {
            let _ = refuse(fault);
        }
    }
}
