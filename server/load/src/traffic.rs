//! The messages: texts of many lengths in two languages, half of them with `OfflinePushInfo`, spread over all IM
//! applications and users. A message is a function of its number, so that two runs send the same.

use crate::{scene::Applied, scene::Crowd, usersig};
use anyhow::Result;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const ADMINISTRATOR: &str = "administrator";
/// The lengths of texts in characters; chat lines are mostly short.
const LENGTHS: [usize; 8] = [2, 6, 10, 16, 24, 40, 80, 240];
const TEXTS: [&str; 2] = [
    "Are you on your way? I have put the photos into the shared folder, and the tickets are here as well. 🛬 ",
    "明天下午三点开会，请大家准时参加，并把上周的总结发到群里。",
];

/// What the messages of a phase have in common.
pub struct Traffic {
    crowd: Crowd,
    skipped: f64,
    doors: Vec<String>,
    phase: u32,
    now_secs: u64,
}

/// A message to send.
pub struct Message {
    /// The path and query of the door.
    pub door: String,
    /// The body.
    pub body: Vec<u8>,
    /// Whether a push must follow.
    pub pushes: bool,
}

impl Traffic {
    /// Messages of one phase; no two phases of a round have the same number.
    pub fn new(applied: &Applied, crowd: Crowd, skipped: f64, phase: u32) -> Result<Self> {
        let now_secs = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let door = |application: &crate::scene::ImApplication| {
            let id = application.sdk_app_id;
            let usersig = usersig::sign(id, &application.key, ADMINISTRATOR, now_secs)?;
            Ok(format!(
                "/v4/openim/sendmsg?sdkappid={id}&identifier={ADMINISTRATOR}&usersig={usersig}&contenttype=json"
            ))
        };
        Ok(Self {
            crowd,
            skipped,
            doors: applied.im_applications.iter().map(door).collect::<Result<_>>()?,
            phase,
            now_secs,
        })
    }

    /// The message of this number.
    pub fn message(&self, number: u64) -> Message {
        let mut chance = Chance(number);
        let online = chance.happens(self.skipped);
        let to = chance.below(if online { self.crowd.online } else { self.crowd.away });
        let text = text(TEXTS[chance.below(TEXTS.len())], LENGTHS[chance.below(LENGTHS.len())]);
        let random = u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
        let mut body = json!({
            "SyncOtherMachine": 2,
            "From_Account": Crowd::user(false, chance.below(self.crowd.away)),
            "To_Account": Crowd::user(online, to),
            "MsgSeq": self.phase,
            "MsgRandom": random,
            "MsgTimeStamp": self.now_secs,
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": text } }],
        });
        if chance.happens(0.5) {
            body["OfflinePushInfo"] = offline_push(&text);
        }
        let door = &self.doors[chance.below(self.doors.len())];
        Message {
            door: format!("{door}&random={random}"),
            body: body.to_string().into_bytes(),
            pushes: !online,
        }
    }
}

fn offline_push(text: &str) -> Value {
    json!({
        "PushFlag": 0, "Title": "New message", "Desc": text, "Ext": r#"{"entity":{"chatType":1,"action":1}}"#,
        "ApnsInfo": { "BadgeMode": 0, "Sound": "chat.caf" },
        "AndroidInfo": { "Sound": "chat.mp3" },
    })
}

fn text(source: &str, length: usize) -> String {
    source.chars().cycle().take(length).collect()
}

/// SplitMix64: evenly spread draws from a number.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.draw() % (end.max(1) as u64)).unwrap_or_default()
    }

    #[expect(clippy::cast_precision_loss, reason = "32 random bits are chance enough")]
    fn happens(&mut self, share: f64) -> bool {
        ((self.draw() >> 32) as f64) < share * 4_294_967_296.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::ImApplication;

    fn traffic(skipped: f64) -> Traffic {
        let application = ImApplication {
            sdk_app_id: 1_400_000_001,
            key: "k".into(),
        };
        let applied = Applied {
            im_applications: vec![application],
        };
        Traffic::new(&applied, Crowd::new(1, 100), skipped, 1).unwrap()
    }

    #[test]
    fn as_many_messages_are_skipped_as_asked_for() {
        let traffic = traffic(0.2);
        let pushes = (0..10_000).filter(|number| traffic.message(*number).pushes).count();
        assert!((7900..8100).contains(&pushes), "{pushes}");
    }

    #[test]
    fn the_same_number_gives_the_same_message() {
        let traffic = traffic(0.0);
        assert_eq!(traffic.message(7).body, traffic.message(7).body);
        assert_ne!(traffic.message(7).body, traffic.message(8).body);
    }
}
