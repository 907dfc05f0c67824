//! From a stored card to what its channel signs in with.

use domain::{Secret, channel::Channel, parcel::Credential};
use store::control::StoredChannel;

/// The credential of a card; `None` when a field is missing without which the vendor cannot be asked, and for APNs,
/// which has certificates.
pub(super) fn credential(channel: Channel, card: &StoredChannel) -> Option<Credential> {
    let whole = channel.fields().iter().filter(|field| field.required).all(|field| {
        if field.secret {
            card.secrets.contains_key(field.name)
        } else {
            card.values.contains_key(field.name)
        }
    });
    if !whole {
        return None;
    }
    let value = |name: &str| card.values.get(name).cloned().unwrap_or_default();
    let secret = |name: &str| card.secrets.get(name).cloned().unwrap_or_else(Secret::default);
    Some(match channel {
        Channel::Apns => return None,
        Channel::Fcm => Credential::Fcm {
            service_account: secret("service_account"),
            channel_id: value("channel_id"),
        },
        Channel::Huawei => Credential::Huawei {
            app_id: value("app_id"),
            app_secret: secret("app_secret"),
            service_account: secret("service_account"),
            channel_id: value("channel_id"),
            category: value("category"),
            badge_class: value("badge_class"),
        },
        Channel::Honor => Credential::Honor {
            app_id: value("app_id"),
            client_id: value("client_id"),
            client_secret: secret("client_secret"),
            badge_class: value("badge_class"),
        },
        Channel::Xiaomi => Credential::Xiaomi {
            app_secret: secret("app_secret"),
            channel_id: value("channel_id"),
            region: value("region"),
        },
        Channel::Oppo => Credential::Oppo {
            app_key: value("app_key"),
            master_secret: secret("master_secret"),
            channel_id: value("channel_id"),
        },
        Channel::Vivo => Credential::Vivo {
            app_id: value("app_id"),
            app_key: value("app_key"),
            app_secret: secret("app_secret"),
        },
        Channel::Meizu => Credential::Meizu {
            app_id: value("app_id"),
            app_secret: secret("app_secret"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::channel::ChannelField;

    /// A card whose every field holds its own name.
    fn card(channel: Channel, keep: fn(&ChannelField) -> bool) -> StoredChannel {
        let fields = || channel.fields().iter().filter(|field| keep(field));
        StoredChannel {
            version: 1,
            enabled: true,
            values: fields()
                .filter(|f| !f.secret)
                .map(|f| (f.name.into(), f.name.into()))
                .collect(),
            secrets: fields()
                .filter(|f| f.secret)
                .map(|f| (f.name.into(), Secret::new(f.name)))
                .collect(),
        }
    }

    #[test]
    fn a_card_with_its_required_fields_is_a_credential_and_one_without_is_none() {
        for channel in Channel::ALL.iter().copied().filter(|channel| *channel != Channel::Apns) {
            assert!(
                credential(channel, &card(channel, |f| f.required)).is_some(),
                "{channel:?}"
            );
            for missing in channel.fields().iter().filter(|field| field.required) {
                let mut card = card(channel, |f| f.required);
                card.values.remove(missing.name);
                card.secrets.remove(missing.name);
                assert_eq!(credential(channel, &card), None, "{channel:?} without {}", missing.name);
            }
        }
    }

    #[test]
    fn every_value_stands_where_it_belongs() {
        let of = |channel| credential(channel, &card(channel, |_| true));
        let huawei = Credential::Huawei {
            app_id: "app_id".into(),
            app_secret: Secret::new("app_secret"),
            service_account: Secret::new("service_account"),
            channel_id: "channel_id".into(),
            category: "category".into(),
            badge_class: "badge_class".into(),
        };
        assert_eq!(of(Channel::Huawei), Some(huawei));
        let oppo = Credential::Oppo {
            app_key: "app_key".into(),
            master_secret: Secret::new("master_secret"),
            channel_id: "channel_id".into(),
        };
        assert_eq!(of(Channel::Oppo), Some(oppo));
        let xiaomi = Credential::Xiaomi {
            app_secret: Secret::new("app_secret"),
            channel_id: "channel_id".into(),
            region: "region".into(),
        };
        assert_eq!(of(Channel::Xiaomi), Some(xiaomi));
    }
}
