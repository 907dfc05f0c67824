//! Every reason not to push, from the call to the history.

use crate::world::{ANDROID_PLAN, IOS_PLAN, NOW, World, android, ios, message, route, settlement};
use domain::{
    PlanId, SdkAppId,
    certificate::Environment,
    channel::Channel,
    decision::Route,
    delivery::{DeliveryState, Reason},
    device::{DeviceState, Registration, StateReport},
    message::{Element, OfflinePushInfo, Submission},
    ports::Outbox,
};
use std::sync::Arc;

/// What the user's device does before the message.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Reports(DeviceState),
    StaysSilentFor(i64),
    DiesAtTheVendor,
}

struct Case {
    device: Option<fn(&mut Registration)>,
    before: Before,
    known: bool,
    message: fn(&mut Submission),
    route: fn(&mut Route),
    plan: PlanId,
    reason: Reason,
}

const PLAIN: Case = Case {
    device: Some(|_| {}),
    before: Before::Nothing,
    known: false,
    message: |_| {},
    route: |_| {},
    plan: IOS_PLAN,
    reason: Reason::EmptyText,
};

const DAY_MS: i64 = 86_400_000;

fn cases() -> Vec<Case> {
    let by_message = |message, reason| Case {
        message,
        reason,
        ..PLAIN
    };
    let by_route = |route, reason| Case { route, reason, ..PLAIN };
    let by_device = |device, reason| Case {
        device: Some(device),
        reason,
        ..PLAIN
    };
    let by_past = |before, reason| Case {
        before,
        reason,
        ..PLAIN
    };
    let vivo = by_device(
        |d| (d.platform, d.channel) = (android("").platform, Channel::Vivo),
        Reason::NoCredential,
    );
    vec![
        by_message(
            |m| {
                m.offline_push = Some(OfflinePushInfo {
                    push_flag: 1,
                    ..OfflinePushInfo::default()
                });
            },
            Reason::PushDisabled,
        ),
        by_message(|m| m.life_secs = 0, Reason::OnlineOnly),
        Case {
            device: None,
            reason: Reason::ReceiverUnknown,
            ..PLAIN
        },
        Case {
            device: None,
            known: true,
            reason: Reason::NoDevice,
            ..PLAIN
        },
        by_past(Before::Reports(DeviceState::Foreground), Reason::DeviceOnline),
        by_past(Before::Reports(DeviceState::LoggedOut), Reason::LoggedOut),
        by_past(Before::StaysSilentFor(8 * DAY_MS), Reason::Inactive),
        by_past(Before::StaysSilentFor(91 * DAY_MS), Reason::TokenExpired),
        by_past(Before::DiesAtTheVendor, Reason::TokenDead),
        by_device(|d| d.notifications_on = false, Reason::NotificationsOff),
        by_route(|r| r.enabled = false, Reason::ImApplicationDisabled),
        // The Android device of an IM application that has only an iOS application is shown there.
        Case {
            device: Some(|d| *d = android("droid")),
            ..by_route(|r| r.applications.truncate(1), Reason::NotAuthorised)
        },
        Case {
            plan: PlanId(0),
            ..by_route(|r| r.applications.clear(), Reason::NotAuthorised)
        },
        by_device(|d| d.identifier = "com.example.other".into(), Reason::OtherIdentifier),
        by_route(|r| r.applications[0].channels.clear(), Reason::NoCredential),
        by_route(
            |r| r.applications[0].channels[0].enabled = false,
            Reason::ChannelDisabled,
        ),
        Case {
            plan: ANDROID_PLAN,
            ..vivo
        },
        by_device(
            |d| d.environment = Environment::Sandbox,
            Reason::NoCredentialForEnvironment,
        ),
        by_route(
            |r| r.applications[0].channels[0].credentials[0].1 = Some(NOW),
            Reason::CredentialExpired,
        ),
        by_message(
            |m| {
                m.elements = vec![Element::Custom {
                    desc: String::new(),
                    ext: String::new(),
                    sound: String::new(),
                }];
            },
            Reason::EmptyText,
        ),
    ]
}

#[tokio::test]
async fn every_reason_not_to_push_is_stored_and_shown() {
    let mut seen = vec![];
    for case in cases() {
        let world = World::new().await;
        prepare(&world, &case).await;
        let (mut submission, mut to) = (message(&["bob"], 7), route());
        (case.message)(&mut submission);
        (case.route)(&mut to);
        let accepted = world.plane.accept(submission, Arc::new(to)).await.expect("is accepted");
        let unknown = case.reason == Reason::ReceiverUnknown;
        assert_eq!(accepted.unknown, if unknown { vec!["bob".to_owned()] } else { vec![] });
        let shown = world.history(case.plan).await;
        let newest = shown
            .first()
            .unwrap_or_else(|| panic!("{:?} is not shown", case.reason));
        assert_eq!(newest.id, accepted.message, "{:?}", case.reason);
        let delivery = &newest.deliveries[0];
        assert_eq!(
            (delivery.state, delivery.reason),
            (DeliveryState::Skipped, Some(case.reason))
        );
        assert_eq!(delivery.user, "bob");
        assert_eq!(
            delivery.device_token.is_some(),
            case.device.is_some(),
            "{:?}",
            case.reason
        );
        assert_eq!(world.claim(10).await, vec![], "{:?} is sent all the same", case.reason);
        let counts = world.plane.plan_totals(case.plan).await.expect("are read");
        assert!(counts.by_reason.iter().any(|(reason, _)| *reason == case.reason));
        seen.push(case.reason);
    }
    seen.dedup();
    let decided = Reason::ALL
        .iter()
        .take_while(|reason| **reason != Reason::RecipientGone)
        // Of old histories only.
        .filter(|reason| **reason != Reason::ChannelUnavailable);
    assert_eq!(
        decided.filter(|reason| !seen.contains(reason)).collect::<Vec<_>>(),
        Vec::<&Reason>::new()
    );
}

async fn prepare(world: &World, case: &Case) {
    if case.known {
        world
            .plane
            .import_user(SdkAppId(1_400_000_001), "bob", "Bob")
            .await
            .expect("imports");
    }
    let Some(change) = case.device else { return };
    let mut registration = ios("one");
    change(&mut registration);
    let token = world.register("bob", registration).await;
    match case.before {
        Before::Nothing => {}
        Before::StaysSilentFor(ms) => world.clock.advance_ms(ms),
        Before::Reports(state) => {
            let report = StateReport {
                token,
                state,
                unread: None,
            };
            let said = world.plane.report_state(SdkAppId(1_400_000_001), "bob", report).await;
            said.expect("is taken");
        }
        Before::DiesAtTheVendor => {
            world.send(&["bob"], 1).await;
            let parcel = world.claim(1).await.remove(0);
            let mut gone = settlement(&parcel, DeliveryState::Failed);
            gone.reason = Some(Reason::RecipientGone);
            gone.token_dead_since = Some(world.now());
            world.plane.settle(vec![gone]).await.expect("settles");
        }
    }
}

#[tokio::test]
async fn a_receiver_without_a_device_is_shown_in_every_application_s_plan() {
    let world = World::new().await;
    world.send(&["nobody"], 1).await;
    for plan in [IOS_PLAN, ANDROID_PLAN] {
        let shown = world.history(plan).await;
        assert_eq!(shown[0].deliveries.len(), 1);
        assert_eq!(shown[0].deliveries[0].reason, Some(Reason::ReceiverUnknown));
    }
    let unrouted = world
        .plane
        .unrouted(SdkAppId(1_400_000_001), 10)
        .await
        .expect("is read");
    assert_eq!(unrouted, vec![]);
}

#[tokio::test]
async fn what_no_application_stands_for_can_still_be_read() {
    let world = World::new().await;
    let mut nowhere = route();
    nowhere.applications.clear();
    let sent = world.plane.accept(message(&["nobody"], 1), Arc::new(nowhere)).await;
    let read = |app: i64| world.plane.unrouted(SdkAppId(app), 10);
    let found = read(1_400_000_001).await.expect("is read");
    assert_eq!(found[0].id, sent.expect("is accepted").message);
    assert_eq!(
        read(1_400_000_002).await.expect("is read"),
        vec![],
        "another IM application's"
    );
}
