//! The vendor channels and the dispatcher's settings, from the settings.

use crate::settings::{Settings, Vendors};
use anyhow::Context;
use dispatcher::{
    Channel,
    channels::{
        WireSettings,
        apns::{Apns, ApnsSettings},
        fcm::{Fcm, FcmSettings},
        honor::{Honor, HonorSettings},
        huawei::{Huawei, HuaweiSettings},
        meizu::{Meizu, MeizuSettings},
        oppo::{Oppo, OppoSettings},
        vivo::{Vivo, VivoSettings},
        xiaomi::{Xiaomi, XiaomiSettings},
    },
    client::ClientFault,
};
use domain::time::Clock;
use std::sync::Arc;

/// The certificate authorities that are trusted beside the machine's own, as PEM; empty where there are none.
pub fn extra_roots(settings: &Settings) -> anyhow::Result<String> {
    match settings.vendors.extra_root_ca.as_str() {
        "" => Ok(String::new()),
        path => std::fs::read_to_string(path).with_context(|| format!("vendors.extra_root_ca: {path} cannot be read")),
    }
}

/// One channel per vendor that this version can send through.
pub fn channels(settings: &Settings, clock: &Arc<dyn Clock>) -> anyhow::Result<Vec<Arc<dyn Channel>>> {
    let vendors = &settings.vendors;
    let destinations = &settings.outbound.allow;
    let extra_roots_pem = extra_roots(settings)?;
    let apns = ApnsSettings {
        production_url: vendors.apns_production.clone(),
        sandbox_url: vendors.apns_sandbox.clone(),
        extra_roots_pem: extra_roots_pem.clone(),
        destinations: destinations.clone(),
        ..ApnsSettings::default()
    };
    let fcm = FcmSettings {
        base_url: vendors.fcm.clone(),
        oauth_url: vendors.google_token.clone(),
        extra_roots_pem: extra_roots_pem.clone(),
        destinations: destinations.clone(),
        ..FcmSettings::default()
    };
    let mut channels: Vec<Arc<dyn Channel>> = vec![
        Arc::new(Apns::new(apns, Arc::clone(clock)).context("the APNs channel cannot be made")?),
        Arc::new(Fcm::new(fcm, Arc::clone(clock)).context("the FCM channel cannot be made")?),
    ];
    let wire = WireSettings {
        extra_roots_pem,
        destinations: destinations.clone(),
        ..WireSettings::default()
    };
    let chinese = chinese(vendors, &wire, clock);
    channels.extend(chinese.context("the channels of the Chinese vendors cannot be made")?);
    Ok(channels)
}

fn chinese(
    vendors: &Vendors,
    wire: &WireSettings,
    clock: &Arc<dyn Clock>,
) -> Result<[Arc<dyn Channel>; 6], ClientFault> {
    let (wire, clock) = (|| wire.clone(), || Arc::clone(clock));
    let huawei = HuaweiSettings {
        push_url: vendors.huawei_push.clone(),
        token_url: vendors.huawei_token.clone(),
        wire: wire(),
    };
    let honor = HonorSettings {
        push_url: vendors.honor_push.clone(),
        token_url: vendors.honor_token.clone(),
        send_path: vendors.honor_send_path.clone(),
        wire: wire(),
    };
    let xiaomi = XiaomiSettings {
        base_url: vendors.xiaomi.clone(),
        wire: wire(),
    };
    let oppo = OppoSettings {
        base_url: vendors.oppo.clone(),
        wire: wire(),
    };
    let vivo = VivoSettings {
        base_url: vendors.vivo.clone(),
        wire: wire(),
    };
    let meizu = MeizuSettings {
        base_url: vendors.meizu.clone(),
        wire: wire(),
    };
    Ok([
        Arc::new(Huawei::new(huawei, clock())?),
        Arc::new(Honor::new(honor, clock())?),
        Arc::new(Xiaomi::new(xiaomi, clock())?),
        Arc::new(Oppo::new(oppo, clock())?),
        Arc::new(Vivo::new(vivo, clock())?),
        Arc::new(Meizu::new(meizu, clock())?),
    ])
}

/// How the dispatcher works.
pub fn dispatcher_settings(settings: &Settings) -> anyhow::Result<dispatcher::Settings> {
    let dispatch = &settings.dispatch;
    let made = dispatcher::Settings {
        retry: dispatch.policy(),
        call_limit_ms: dispatch.call_limit_secs.saturating_mul(1000),
        lease_secs: dispatch.lease_secs,
        gather_ms: dispatch.gather_ms,
        throttle_longest_ms: dispatch.throttle_longest_secs * 1000,
        drain_limit_ms: u32::try_from(dispatch.drain().as_millis()).unwrap_or(u32::MAX),
        lane: dispatcher::LaneSettings {
            concurrency: dispatch.concurrency,
            rate_per_sec: dispatch.rate_per_sec,
            ..dispatcher::LaneSettings::default()
        },
        ..dispatcher::Settings::default()
    };
    made.check().context("[dispatch]")?;
    Ok(made)
}
