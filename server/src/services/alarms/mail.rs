//! E-mails, by lettre.

use crate::{
    services::webhooks::beginning,
    settings::{Mail, MailSecurity},
};
use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use std::{fmt, time::Duration};

/// A mail server that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends e-mails through the server of the settings.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mailer({})", self.from)
    }
}

impl Mailer {
    /// Of these settings; nothing where they name no server.
    pub fn new(settings: &Mail, extra_roots: &str) -> anyhow::Result<Option<Self>> {
        let Some(from) = settings.sender() else {
            return Ok(None);
        };
        let mut trusted = TlsParameters::builder(settings.host.clone());
        if !extra_roots.is_empty() {
            let root = Certificate::from_pem(extra_roots.as_bytes()).context("vendors.extra_root_ca")?;
            trusted = trusted.add_root_certificate(root);
        }
        let trusted = trusted.build_rustls().context("[mail]")?;
        let tls = match settings.security {
            MailSecurity::Tls => Tls::Wrapper(trusted),
            MailSecurity::Starttls => Tls::Required(trusted),
            MailSecurity::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if !settings.user.is_empty() {
            let password = settings.password.reveal().to_owned();
            transport = transport.credentials(Credentials::new(settings.user.clone(), password));
        }
        Ok(Some(Self {
            transport: transport.build(),
            from,
        }))
    }

    /// The address that e-mails come from.
    pub fn from(&self) -> String {
        self.from.email.to_string()
    }

    /// What names an e-mail (RFC 5322, 3.6.4): mail servers think less of those that have none.
    fn fresh_id(&self) -> String {
        format!("<{:032x}@{}>", rand::random::<u128>(), self.from.email.domain())
    }

    /// Sends one; what the server says of it, or why it did not take it.
    pub async fn send(&self, to: &str, subject: String, text: String) -> Result<String, String> {
        let to = to.parse().map_err(|_| "unusable_address".to_owned())?;
        // No answers of machines that are out of the office (RFC 3834).
        let by_machine = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .date_now()
            .message_id(Some(self.fresh_id()))
            .raw_header(by_machine)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|fault| fault.to_string())?;
        let sent = tokio::time::timeout(PATIENCE, self.transport.send(message)).await;
        match sent {
            Err(_) => Err("timeout".to_owned()),
            Ok(Err(fault)) => Err(beginning(&fault.to_string())),
            Ok(Ok(response)) => Ok(response.code().to_string()),
        }
    }
}
