//! What calls others of its own accord: webhooks, alarms, and the provider that people sign in by.

use super::services::{Parts, Purpose};
use crate::{
    services::{
        alarms::{AlarmTeller, Mailer, RecipientService},
        control::ControlServices,
        oidc::OidcService,
        webhooks::{Caller, WebhookSender, WebhookService},
    },
    settings::Settings,
};
use anyhow::Context;
use dispatcher::client::Trust;
use domain::time::Clock;
use std::sync::Arc;
use store::control::Control;

/// Signing in by a provider.
pub(super) fn provider(
    settings: &Settings,
    extra_roots: &str,
    control_plane: &Control,
    control: &ControlServices,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<OidcService> {
    OidcService::new(
        settings,
        extra_roots,
        control_plane.clone(),
        Arc::clone(&control.accounts),
        Arc::clone(clock),
    )
}

/// The webhooks, and who tells them; a tool tells nothing.
pub(super) async fn webhooks(
    settings: &Settings,
    extra_roots: &str,
    purpose: Purpose,
    (control, directory, planes, clock): Parts,
) -> anyhow::Result<(Arc<WebhookSender>, Arc<WebhookService>)> {
    let destinations = settings.outbound.allow.clone();
    let caller = caller(settings, extra_roots, purpose)?;
    let sender = WebhookSender::start(control.clone(), directory, planes, caller, Arc::clone(&clock));
    let sender = sender.await.context("the webhooks cannot be read")?;
    let service = WebhookService::new(control, destinations, Arc::clone(&sender), clock);
    Ok((sender, Arc::new(service)))
}

/// What calls addresses that tenants choose; a tool calls nothing.
fn caller(settings: &Settings, extra_roots: &str, purpose: Purpose) -> anyhow::Result<Option<Caller>> {
    if purpose == Purpose::Tool {
        return Ok(None);
    }
    let trust = Trust::load(extra_roots, &settings.outbound.allow).context("[outbound]")?;
    let caller = Caller::new(&trust, settings.outbound.webhook_patience()).context("[outbound]")?;
    Ok(Some(caller))
}

/// Who tells of alarms, and those who are told.
pub(super) fn alarm_teller(
    settings: &Settings,
    extra_roots: &str,
    purpose: Purpose,
    control: &Control,
    clock: &Arc<dyn Clock>,
) -> anyhow::Result<(Arc<AlarmTeller>, RecipientService)> {
    let mailer = match purpose {
        Purpose::Serve => Mailer::new(&settings.mail, extra_roots)?,
        Purpose::Tool => None,
    };
    let caller = caller(settings, extra_roots, purpose)?;
    let console = settings.http.base_url(settings.http.listen);
    let teller = AlarmTeller::new(control.clone(), Arc::clone(clock), caller, mailer, console);
    let teller = Arc::new(teller);
    let destinations = settings.outbound.allow.clone();
    let service = RecipientService::new(control.clone(), destinations, Arc::clone(&teller), Arc::clone(clock));
    Ok((teller, service))
}
