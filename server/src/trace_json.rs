//! What Troubleshooting knows, as JSON for people who pass it on: numbers as texts, times in UTC, and what is not known
//! absent. `docs/api/traces.md` describes it.

use domain::{
    PlanId, Timestamp,
    channel::Channel,
    decision::{Asked, past},
    delivery::{Attempt, DeliveryState, Reason},
    device::DeviceEvent,
    plan::{DeliveryView, MessageDetails},
    trace::{DeviceTrace, Now, Trace, TracedDevice},
};
use serde_json::{Map, Value, json};

/// What was found under a clue.
pub fn trace(trace: &Trace) -> Value {
    let mut found = Members::default();
    found.add("application", trace.application.access_id.to_string());
    found.add("clue", trace.clue.as_str());
    found.add("user_known", trace.user_known);
    found.add("elsewhere", list(&trace.elsewhere, |platform| platform.name().into()));
    found.maybe("without_device", trace.without_device.map(Reason::name));
    found.add("devices", list(&trace.devices, traced));
    found.add("messages", list(&trace.messages, message));
    found.finish()
}

/// A device with its past.
pub fn device(trace: &DeviceTrace) -> Value {
    let mut device = Members::default();
    device.add("application", trace.application.access_id.to_string());
    device.add("device", traced(&trace.device));
    device.add("first_registered_at", trace.first_seen.rfc3339());
    device.time("notifications_since", trace.switched_at());
    device.add("asked", list(&trace.asked, |one| asked(*one)));
    device.add("history", list(&trace.history, change));
    device.add("messages", list(&trace.messages, message));
    device.finish()
}

/// Members of an object, of which some are not known.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn add(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn maybe(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.maybe(name, Some(text).filter(|text| !text.is_empty()));
    }

    fn time(&mut self, name: &str, at: Option<Timestamp>) {
        self.maybe(name, at.map(Timestamp::rfc3339));
    }

    fn finish(self) -> Value {
        Value::Object(self.0)
    }
}

fn list<T>(rows: &[T], one: impl Fn(&T) -> Value) -> Value {
    rows.iter().map(one).collect()
}

fn traced(device: &TracedDevice) -> Value {
    let mut members = Members::default();
    members.add("token", device.token.as_str());
    members.add("user", device.user.as_str());
    members.add("signed_in", device.signed_in);
    members.add("platform", device.platform.name());
    members.add("channel", device.channel.name());
    members.add("vendor_token_end", device.vendor_token_end.as_str());
    members.maybe("fcm_token_end", device.fcm_token_end.as_deref());
    members.add("identifier", device.identifier.as_str());
    members.add("environment", device.environment.name());
    members.add("notifications_on", device.notifications_on);
    members.time("switched_off_at", device.switched_off_at);
    members.add("state", device.state.name());
    members.add("reported_at", device.reported_at.rfc3339());
    members.add("registered_at", device.registered_at.rfc3339());
    members.time("dead_since", device.dead_since);
    let now = match device.now {
        Now::Pushed(channel) => json!({ "pushed_through": channel.name() }),
        Now::Skipped(reason) => json!({ "skipped": reason.name() }),
    };
    members.add("now", now);
    members.finish()
}

fn asked(asked: Asked) -> Value {
    let mut members = Members::default();
    members.add("rule", asked.rule.name());
    members.maybe("channel", asked.channel.map(Channel::name));
    members.add("answer", if asked.refused.is_none() { "yes" } else { "no" });
    members.maybe("reason", asked.refused.map(Reason::name));
    members.finish()
}

fn change(event: &DeviceEvent) -> Value {
    let mut members = Members::default();
    members.add("at", event.at.rfc3339());
    members.add("change", event.what.name());
    members.text("user", &event.user);
    members.finish()
}

fn message((plan, details): &(PlanId, MessageDetails)) -> Value {
    let message = &details.message;
    let tries = |delivery: &DeliveryView| {
        let of_delivery = details.attempts.iter().find(|(id, _)| *id == delivery.id);
        of_delivery.map_or(&[][..], |(_, tries)| tries)
    };
    let mut members = Members::default();
    members.add("message", message.id.to_string());
    members.add("plan", plan.to_string());
    members.add("msg_key", message.key.as_str());
    members.add("from", message.from.as_str());
    members.add("receivers", message.receivers);
    members.text("title", &message.title);
    members.text("text", &message.preview);
    members.add("accepted_at", message.accepted_at.rfc3339());
    members.add("expires_at", message.expires_at.rfc3339());
    let deliveries = message.deliveries.iter();
    let deliveries: Value = deliveries.map(|one| delivery(one, tries(one))).collect();
    members.add("deliveries", deliveries);
    members.finish()
}

fn delivery(delivery: &DeliveryView, tries: &[Attempt]) -> Value {
    let mut members = Members::default();
    members.add("delivery", delivery.id.to_string());
    members.add("user", delivery.user.as_str());
    members.maybe("device", delivery.device_token.as_deref());
    members.maybe("channel", delivery.channel.map(Channel::name));
    members.maybe("own_channel", delivery.own_channel.map(Channel::name));
    members.add("state", delivery.state.name());
    members.maybe("reason", delivery.reason.map(Reason::name));
    members.text("vendor_code", &delivery.vendor_code);
    let refused = delivery.reason.filter(|_| delivery.state == DeliveryState::Skipped);
    members.add("asked", list(&past(refused), |one| asked(*one)));
    members.add("attempts", list(tries, attempt));
    members.add("changed_at", delivery.updated_at.rfc3339());
    members.time("next_attempt_at", delivery.next_attempt_at);
    members.time("sent_at", delivery.sent_at);
    members.time("reached_at", delivery.reached_at);
    members.time("clicked_at", delivery.clicked_at);
    members.time("cleared_at", delivery.cleared_at);
    members.finish()
}

fn attempt(attempt: &Attempt) -> Value {
    let mut members = Members::default();
    members.add("number", attempt.number);
    members.add("at", attempt.at.rfc3339());
    members.add("duration_ms", attempt.duration_ms);
    members.maybe("status", attempt.vendor_status);
    members.text("vendor_code", &attempt.vendor_code);
    members.text("vendor_text", &attempt.vendor_text);
    members.text("vendor_id", &attempt.vendor_id);
    members.maybe("refused", attempt.reason.map(Reason::name));
    members.finish()
}
