//! Checking what was typed into a vendor channel's card, the same for an application and for an IM application.

use domain::{
    Result, Secret,
    channel::{Channel, ChannelChange, ChannelField, ChannelView, FieldForm},
    field::FieldFault,
    problem::Faults,
};
use std::collections::BTreeMap;
use store::control::ChannelRecord;

/// The largest service-account file.
const MAX_SERVICE_ACCOUNT: usize = 64 * 1024;
/// What a service account tells of itself without its secret; kept among the values. Google's first, then Huawei's.
const FACTS: [&str; 5] = ["project_id", "client_email", "private_key_id", "sub_account", "key_id"];

/// A card on which nothing was saved. APNs works without one.
pub(crate) fn empty(channel: Channel) -> ChannelView {
    ChannelView {
        channel,
        configured: false,
        enabled: channel == Channel::Apns,
        values: BTreeMap::new(),
        secrets: BTreeMap::new(),
        trouble: None,
        verifications: vec![],
        receipts: None,
    }
}

/// Checks a change against what is stored: a secret left empty keeps the stored one, everything else is as given.
pub(crate) fn checked(channel: Channel, change: &ChannelChange, stored: Option<&ChannelView>) -> Result<ChannelRecord> {
    let mut faults = Faults::default();
    let mut record = ChannelRecord {
        channel,
        enabled: change.enabled,
        values: facts(stored),
        secrets: BTreeMap::new(),
    };
    for field in channel.fields() {
        let typed = change.values.get(field.name).map_or("", Secret::reveal);
        if field.secret && typed.trim().is_empty() && is_set(stored, field) {
            continue;
        }
        let Some(value) = faults.check(field.name, field.check(typed)) else {
            continue;
        };
        if field.form == FieldForm::ServiceAccount {
            let read = match value.as_str() {
                "" => Ok(BTreeMap::new()),
                text => service_account(channel, text),
            };
            let facts = faults.check(field.name, read);
            record.values.extend(facts.into_iter().flatten());
        }
        match (field.secret, value.is_empty()) {
            (_, true) => {}
            (true, false) => drop(record.secrets.insert(field.name.to_owned(), value.into())),
            (false, false) => drop(record.values.insert(field.name.to_owned(), value)),
        }
    }
    if channel == Channel::Huawei {
        signature_is_whole(&record, stored, &mut faults);
    }
    faults.finish()?;
    Ok(record)
}

/// User and key sign together; one alone would leave receipts unchecked unnoticed.
fn signature_is_whole(record: &ChannelRecord, stored: Option<&ChannelView>, faults: &mut Faults) {
    let user = record.values.contains_key("callback_user");
    let key = record.secrets.contains_key("callback_key")
        || stored.is_some_and(|view| view.secrets.contains_key("callback_key"));
    // A stored key without a user is not asked for any more.
    if user && !key {
        faults.check::<()>("callback_key", Err(FieldFault::Required));
    } else if !user && record.secrets.contains_key("callback_key") {
        faults.check::<()>("callback_user", Err(FieldFault::Required));
    }
}

fn is_set(stored: Option<&ChannelView>, field: &ChannelField) -> bool {
    stored.is_some_and(|view| view.secrets.contains_key(field.name))
}

/// The facts of the secret that is stored, until another one replaces it.
fn facts(stored: Option<&ChannelView>) -> BTreeMap<String, String> {
    let values = stored.into_iter().flat_map(|view| &view.values);
    let facts = values.filter(|(name, _)| FACTS.contains(&name.as_str()));
    facts.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn service_account(channel: Channel, text: &str) -> Result<BTreeMap<String, String>, FieldFault> {
    if text.len() > MAX_SERVICE_ACCOUNT {
        return Err(FieldFault::TooLong { max: 65_536 });
    }
    let facts = if channel == Channel::Huawei {
        let facts = dispatcher::certificates::huawei_service_account(text)?;
        [
            ("project_id", facts.project_id),
            ("sub_account", facts.sub_account),
            ("key_id", facts.key_id),
        ]
    } else {
        let facts = dispatcher::certificates::service_account(text)?;
        [
            ("project_id", facts.project_id),
            ("client_email", facts.client_email),
            ("private_key_id", facts.private_key_id),
        ]
    };
    Ok(facts.map(|(name, fact)| (name.to_owned(), fact)).into())
}
