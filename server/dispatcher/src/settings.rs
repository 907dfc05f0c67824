//! The dispatcher's settings: how long a lease is, how much is held in memory, how fast each channel may go.
//!
//! Every key has a default; the server's configuration file may hold any part of them. `check` must be asked
//! before they are used: a lease shorter than a vendor call would let two nodes send the same push.

use domain::{channel::Channel, retry::Policy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// How the dispatcher works.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// When and how often to try again.
    pub retry: Policy,
    /// How long a claim keeps a delivery from other nodes, in seconds.
    pub lease_secs: u32,
    /// After how many milliseconds a channel's call is given up, should the channel's own time-outs fail.
    pub call_limit_ms: u32,
    /// How long a shutdown waits for what is with a vendor, in milliseconds.
    pub drain_limit_ms: u32,
    /// The most deliveries one claim takes.
    pub claim_batch: u32,
    /// How often the outbox is looked at when nothing says that something is due, in milliseconds.
    pub poll_ms: u32,
    /// How often deliveries whose time to live is over are ended, in milliseconds.
    pub expire_every_ms: u32,
    /// The most settlements in one transaction.
    pub settle_batch: usize,
    /// How long a settlement waits for others to share its transaction, in milliseconds.
    pub settle_linger_ms: u32,
    /// How long a delivery waits for others that can go to the vendor in the same call, in milliseconds; only where
    /// the vendor takes several devices per call. 0 sends what there is at once.
    pub gather_ms: u32,
    /// After how long without work a lane is dropped, in milliseconds.
    pub lane_idle_ms: u32,
    /// A lane paused for longer than this gives its deliveries back to the outbox, in milliseconds.
    pub pause_linger_ms: u32,
    /// How long a lane pauses at least when the vendor asks it to slow down, in milliseconds; then one device probes,
    /// and each refused probe doubles the pause.
    pub throttle_floor_ms: u32,
    /// How long such a pause grows, in milliseconds; a vendor that asks for more gets it.
    pub throttle_longest_ms: u32,
    /// How often a held lane asks for a changed credential, in milliseconds.
    pub hold_look_ms: u32,
    /// How long a credential is used without asking whether it has changed, in milliseconds.
    pub credential_fresh_ms: u32,
    /// When a lane stops trying a vendor that does not answer.
    pub breaker: BreakerSettings,
    /// Size and speed of a lane, unless `channels` says otherwise.
    pub lane: LaneSettings,
    /// Size and speed of the lanes of a channel.
    pub channels: BTreeMap<Channel, LaneSettings>,
}

/// Size and speed of a lane.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct LaneSettings {
    /// How many calls are with the vendor at once.
    pub concurrency: usize,
    /// How many deliveries are in memory, those with the vendor counted.
    pub places: usize,
    /// Devices per second; 0 sets no limit.
    pub rate_per_sec: u32,
}

/// When a lane stops trying a vendor that does not answer.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerSettings {
    /// How many calls must fail in a row, by a transport fault or a status of 500 and more.
    pub faults: u32,
    /// The first pause, in milliseconds; each failed probe doubles it.
    pub first_ms: u32,
    /// The longest pause, in milliseconds.
    pub longest_ms: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            retry: Policy::default(),
            lease_secs: 120,
            call_limit_ms: 45_000,
            drain_limit_ms: 30_000,
            claim_batch: 512,
            poll_ms: 1000,
            expire_every_ms: 1000,
            settle_batch: 512,
            settle_linger_ms: 2,
            gather_ms: 20,
            lane_idle_ms: 60_000,
            pause_linger_ms: 5000,
            throttle_floor_ms: 1000,
            throttle_longest_ms: 60_000,
            hold_look_ms: 5000,
            credential_fresh_ms: 2000,
            breaker: BreakerSettings::default(),
            lane: LaneSettings::default(),
            channels: BTreeMap::new(),
        }
    }
}

impl Default for LaneSettings {
    fn default() -> Self {
        Self {
            concurrency: 256,
            places: 2048,
            rate_per_sec: 0,
        }
    }
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            faults: 10,
            first_ms: 1000,
            longest_ms: 60_000,
        }
    }
}

/// Settings that contradict each other; the text names the keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum SettingsFault {
    /// The lease is over before a call is.
    #[error("lease_secs must be at least twice call_limit_ms, or two nodes could send the same push")]
    LeaseTooShort,
    /// A lane without room cannot work.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
    /// More calls than deliveries in memory.
    #[error("places must be at least as many as concurrency")]
    PlacesTooFew,
}

impl Settings {
    /// Checks what the rest of the dispatcher takes for granted.
    pub fn check(&self) -> Result<(), SettingsFault> {
        let counts = [
            ("call_limit_ms", u64::from(self.call_limit_ms)),
            ("claim_batch", self.claim_batch.into()),
            ("poll_ms", self.poll_ms.into()),
            ("expire_every_ms", self.expire_every_ms.into()),
            ("settle_batch", self.settle_batch as u64),
            ("hold_look_ms", self.hold_look_ms.into()),
            ("breaker.faults", self.breaker.faults.into()),
            ("breaker.first_ms", self.breaker.first_ms.into()),
        ];
        if let Some((key, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            return Err(SettingsFault::Zero(key));
        }
        if i64::from(self.lease_secs) * 1000 < 2 * i64::from(self.call_limit_ms) {
            return Err(SettingsFault::LeaseTooShort);
        }
        for lane in self.channels.values().chain([&self.lane]) {
            match lane {
                LaneSettings { concurrency: 0, .. } => return Err(SettingsFault::Zero("concurrency")),
                lane if lane.places < lane.concurrency => return Err(SettingsFault::PlacesTooFew),
                _ => {}
            }
        }
        Ok(())
    }

    /// The lane settings of a channel. A slow lane gets no more places than it can send within half a lease: what
    /// waits longer would be claimed a second time.
    pub fn lane(&self, channel: Channel) -> LaneSettings {
        let mut lane = self.channels.get(&channel).copied().unwrap_or(self.lane);
        if lane.rate_per_sec > 0 {
            let in_half_a_lease = u64::from(lane.rate_per_sec) * u64::from(self.lease_secs) / 2;
            lane.places = lane
                .places
                .min(usize::try_from(in_half_a_lease).unwrap_or(usize::MAX))
                .max(1);
        }
        lane
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound() {
        assert_eq!(Settings::default().check(), Ok(()));
    }

    #[test]
    fn a_lease_shorter_than_two_calls_is_refused() {
        let settings = Settings {
            lease_secs: 60,
            call_limit_ms: 45_000,
            ..Settings::default()
        };
        assert_eq!(settings.check(), Err(SettingsFault::LeaseTooShort));
    }

    #[test]
    fn a_lane_of_a_channel_without_room_is_refused() {
        let mut settings = Settings::default();
        let narrow = LaneSettings {
            places: 1,
            ..LaneSettings::default()
        };
        settings.channels.insert(Channel::Fcm, narrow);
        assert_eq!(settings.check(), Err(SettingsFault::PlacesTooFew));
    }

    #[test]
    fn a_slow_lane_keeps_no_more_in_memory_than_it_can_send_in_half_a_lease() {
        let mut settings = Settings::default();
        let slow = LaneSettings {
            rate_per_sec: 2,
            ..LaneSettings::default()
        };
        settings.channels.insert(Channel::Fcm, slow);
        assert_eq!(settings.lane(Channel::Fcm).places, 120);
        assert_eq!(settings.lane(Channel::Apns).places, 2048);
    }
}
