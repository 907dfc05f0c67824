//! The counters are equal to a count of the rows, whatever happened.

use crate::world::{APP, IOS_PLAN, World, android, message, route, settlement};
use domain::{
    delivery::{DeliveryState, Reason},
    device::{Ack, AckKind, DeviceState, StateReport},
    parcel::Parcel,
    ports::Outbox,
};
use proptest::prelude::*;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub enum Step {
    Send {
        users: Vec<u8>,
        random: u32,
    },
    Register {
        user: u8,
        token: u8,
        android: bool,
    },
    LogOut {
        user: u8,
        token: u8,
    },
    Claim(u32),
    Settle {
        which: usize,
        state: DeliveryState,
        dead: bool,
    },
    Acknowledge {
        which: usize,
        kind: AckKind,
    },
    Release(usize),
    Wait(i64),
    Expire,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let settled = prop::sample::select(vec![
        DeliveryState::Sent,
        DeliveryState::Retrying,
        DeliveryState::Queued,
        DeliveryState::Failed,
        DeliveryState::Expired,
    ]);
    let step = prop_oneof![
        3 => (prop::collection::btree_set(0u8..5, 1..4), 0u32..20)
            .prop_map(|(users, random)| Step::Send { users: users.into_iter().collect(), random }),
        2 => (0u8..5, 0u8..4, any::<bool>()).prop_map(|(user, token, android)| Step::Register { user, token, android }),
        1 => (0u8..5, 0u8..4).prop_map(|(user, token)| Step::LogOut { user, token }),
        2 => (1u32..6).prop_map(Step::Claim),
        4 => (0usize..20, settled, any::<bool>()).prop_map(|(which, state, dead)| Step::Settle { which, state, dead }),
        2 => (0usize..20, prop::sample::select(AckKind::ALL)).prop_map(|(which, kind)| Step::Acknowledge { which, kind }),
        1 => (0usize..20).prop_map(Step::Release),
        1 => prop::sample::select(vec![1, 61_000, 3_600_000, 200_000_000]).prop_map(Step::Wait),
        1 => Just(Step::Expire),
    ];
    prop::collection::vec(step, 1..40)
}

/// Which 36-character token a device was given, by its vendor token.
pub type Tokens = std::collections::HashMap<String, String>;

pub async fn take(world: &World, claimed: &mut Vec<Parcel>, tokens: &mut Tokens, step: Step) {
    let name = |user: u8| format!("user{user}");
    match step {
        Step::Send { users, random } => {
            let users: Vec<String> = users.into_iter().map(name).collect();
            let users: Vec<&str> = users.iter().map(String::as_str).collect();
            let sent = world.plane.accept(message(&users, random), Arc::new(route())).await;
            sent.expect("is accepted");
        }
        Step::Register {
            user,
            token,
            android: droid,
        } => {
            let vendor_token = format!("{droid}{token}");
            let mut registration = android(&vendor_token);
            if !droid {
                registration = crate::world::ios(&vendor_token);
            }
            tokens.insert(vendor_token, world.register(&name(user), registration).await);
        }
        Step::LogOut { user, token } => {
            if let Some(token) = tokens.get(&format!("false{token}")) {
                let state = DeviceState::LoggedOut;
                let report = StateReport {
                    token: token.clone(),
                    state,
                    unread: Some(3),
                };
                // Most of these users do not have that device, and are told so.
                let _ = world.plane.report_state(APP, &name(user), report).await;
            }
        }
        Step::Claim(limit) => claimed.extend(world.claim(limit).await),
        Step::Settle { which, state, dead } => {
            let Some(parcel) = claimed.get(which) else { return };
            let mut settlement = settlement(parcel, state);
            settlement.reason = (state == DeliveryState::Failed).then_some(Reason::RecipientGone);
            settlement.token_dead_since = dead.then(|| world.now());
            world.plane.settle(vec![settlement]).await.expect("settles");
        }
        Step::Acknowledge { which, kind } => {
            let Some(parcel) = claimed.get(which) else { return };
            let Some(token) = tokens.get(&parcel.vendor_token) else {
                return;
            };
            let (token, delivery) = (token.clone(), parcel.delivery.to_string());
            for user in 0..5 {
                let ack = Ack {
                    token: token.clone(),
                    delivery: delivery.clone(),
                    message: String::new(),
                    kind,
                };
                // Only the device's user is heard.
                let _ = world.plane.acknowledge(APP, &name(user), ack, vec![]).await;
            }
        }
        Step::Release(which) => {
            let Some(parcel) = claimed.get(which) else { return };
            world
                .plane
                .release(vec![parcel.delivery], world.now())
                .await
                .expect("releases");
        }
        Step::Wait(ms) => world.clock.advance_ms(ms),
        Step::Expire => {
            world.plane.expire(world.now()).await.expect("expires");
        }
    }
}

/// Groups in which counters and rows differ, either way.
const DIFFERENCES: &str = "SELECT COUNT(*) FROM (
        SELECT plan_id, accepted_at / 3600000 AS hour, channel, state, reason, COUNT(*) AS n FROM deliveries
        GROUP BY 1, 2, 3, 4, 5
    ) AS r FULL JOIN (SELECT * FROM rollups WHERE n <> 0 AND state <> 'message') AS c
      ON c.plan_id = r.plan_id AND c.hour = r.hour AND c.channel = r.channel AND c.state = r.state AND c.reason = r.reason
    WHERE c.n IS NULL OR r.n IS NULL OR c.n <> r.n";

/// Deliveries whose place in the outbox does not go with their state.
const MISPLACED: &str = "SELECT COUNT(*) FROM deliveries d LEFT JOIN outbox o ON o.delivery_id = d.id
    WHERE (d.state IN ('queued', 'retrying', 'sending')) <> (o.delivery_id IS NOT NULL)";

/// Texts that are kept although nothing waits for them, or missing although something does.
const TEXTS: &str = "SELECT (SELECT COUNT(*) FROM payloads p WHERE NOT EXISTS (
            SELECT 1 FROM outbox o JOIN deliveries d ON d.id = o.delivery_id WHERE d.message_id = p.message_id))
      + (SELECT COUNT(*) FROM outbox o JOIN deliveries d ON d.id = o.delivery_id
         WHERE NOT EXISTS (SELECT 1 FROM payloads p WHERE p.message_id = d.message_id))";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn counters_equal_a_count_of_the_rows_after_any_history(history in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts");
        runtime.block_on(async {
            let world = World::new().await;
            let (mut claimed, mut tokens) = (vec![], Tokens::new());
            for step in history {
                take(&world, &mut claimed, &mut tokens, step).await;
            }
            prop_assert_eq!(world.number(DIFFERENCES).await, 0, "counters differ from rows");
            prop_assert_eq!(world.number(MISPLACED).await, 0, "outbox and states differ");
            prop_assert_eq!(world.number(TEXTS).await, 0, "texts are kept too long or not long enough");
            let messages = world.number("SELECT COALESCE(SUM(n), 0) FROM rollups WHERE state = 'message' AND plan_id = 160").await;
            let counted = world.number("SELECT COUNT(DISTINCT message_id) FROM deliveries WHERE plan_id = 160").await;
            prop_assert_eq!(messages, counted);
            let counts = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
            let all = counts.waiting + counts.sent + counts.skipped + counts.failed + counts.expired;
            prop_assert_eq!(counts.accepted, all);
            Ok(())
        })?;
    }
}
