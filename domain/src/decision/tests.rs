//! One case per reason, and that an earlier question wins.

use super::*;

const NOW: Timestamp = Timestamp(1_795_000_000_000);
const PLAIN: MessageFacts = MessageFacts {
    push_disabled: false,
    online_only: false,
    text_empty: false,
};

fn device() -> DeviceFacts {
    DeviceFacts {
        id: DeviceId(1),
        user: "bob".into(),
        platform: Platform::Ios,
        channel: Channel::Apns,
        vendor_token: "ab".repeat(32),
        identifier: "com.example.chat".into(),
        environment: Environment::Production,
        notifications_on: true,
        state: DeviceState::Background,
        reported_at: NOW.plus_secs(-60),
        registered_at: NOW.plus_secs(-3600),
        harmony_os: false,
        fcm_token: None,
        dead: false,
        badge: 0,
    }
}

fn route() -> Route {
    Route {
        sdk_app_id: SdkAppId(1_400_000_001),
        enabled: true,
        applications: vec![ApplicationRoute {
            application: ApplicationId(7),
            platform: Platform::Ios,
            identifier: Some("com.example.chat".into()),
            plan: PlanId(9),
            other_plans: vec![],
            channels: vec![ChannelRoute {
                channel: Channel::Apns,
                enabled: true,
                credentials: vec![(Environment::Production, Some(NOW.plus_secs(1)))],
            }],
            packages: vec![],
        }],
    }
}

/// One case: how the world differs from the one in which the message is sent, and the reason expected.
type Case = (fn(&mut MessageFacts, &mut Route, &mut DeviceFacts), Reason);

const CASES: &[Case] = &[
    (|m, _, _| m.push_disabled = true, Reason::PushDisabled),
    (|m, _, _| m.online_only = true, Reason::OnlineOnly),
    (|_, _, d| d.state = DeviceState::Foreground, Reason::DeviceOnline),
    (|_, _, d| d.state = DeviceState::LoggedOut, Reason::LoggedOut),
    (|_, _, d| d.reported_at = NOW.plus_secs(-8 * 86_400), Reason::Inactive),
    (
        |_, _, d| d.reported_at = NOW.plus_secs(-91 * 86_400),
        Reason::TokenExpired,
    ),
    (|_, _, d| d.dead = true, Reason::TokenDead),
    (|_, _, d| d.notifications_on = false, Reason::NotificationsOff),
    (|_, r, _| r.enabled = false, Reason::ImApplicationDisabled),
    (|_, r, _| r.applications.clear(), Reason::NotAuthorised),
    (|_, _, d| d.platform = Platform::Macos, Reason::NotAuthorised),
    (
        |_, _, d| d.identifier = "com.example.other".into(),
        Reason::OtherIdentifier,
    ),
    (|_, r, _| r.applications[0].channels.clear(), Reason::NoCredential),
    (
        |_, r, _| r.applications[0].channels[0].credentials.clear(),
        Reason::NoCredential,
    ),
    (
        |_, r, _| r.applications[0].channels[0].enabled = false,
        Reason::ChannelDisabled,
    ),
    (|_, _, d| d.channel = Channel::Vivo, Reason::NoCredential),
    (
        |_, _, d| d.environment = Environment::Sandbox,
        Reason::NoCredentialForEnvironment,
    ),
    (
        |_, r, _| r.applications[0].channels[0].credentials[0].1 = Some(NOW),
        Reason::CredentialExpired,
    ),
    (|m, _, _| m.text_empty = true, Reason::EmptyText),
];

#[test]
fn every_no_has_its_reason() {
    let sent = decide(PLAIN, &route(), &device(), NOW);
    assert_eq!(
        sent,
        Decision::Send {
            application: ApplicationId(7),
            package: PackageId::MAIN,
            plan: PlanId(9),
            channel: Channel::Apns,
        }
    );
    for (change, reason) in CASES {
        let (mut message, mut route, mut device) = (PLAIN, route(), device());
        change(&mut message, &mut route, &mut device);
        assert_eq!(decide(message, &route, &device, NOW), Decision::Skip(*reason));
    }
}

#[test]
fn an_earlier_question_wins_over_a_later_one() {
    for (first, (change, reason)) in CASES.iter().enumerate() {
        // The last case that can stand beside the first one without touching the same thing.
        let (mut message, mut route, mut device) = (PLAIN, route(), device());
        if first < CASES.len() - 1 {
            message.text_empty = true;
        }
        change(&mut message, &mut route, &mut device);
        assert_eq!(decide(message, &route, &device, NOW), Decision::Skip(*reason));
    }
}

/// What decided, as the explanation tells it: the first no.
fn first_no(asked: &[Asked]) -> Option<Reason> {
    asked.iter().find_map(|asked| asked.refused)
}

#[test]
fn the_explanation_names_every_question_and_its_first_no_is_what_was_decided() {
    let all_yes = explain(PLAIN, &route(), &device(), NOW);
    let asked: Vec<Rule> = all_yes.iter().map(|asked| asked.rule).collect();
    assert_eq!((asked.as_slice(), first_no(&all_yes)), (Rule::ALL, None));
    for (change, reason) in CASES {
        let (mut message, mut route, mut device) = (PLAIN, route(), device());
        change(&mut message, &mut route, &mut device);
        let asked = explain(message, &route, &device, NOW);
        assert_eq!(first_no(&asked), Some(*reason));
        assert!(
            asked
                .iter()
                .all(|a| a.refused.is_none_or(|no| Rule::of(no) == Some(a.rule)))
        );
    }
}

#[test]
fn what_stands_in_the_way_behind_the_first_no_is_told_too() {
    let (mut message, mut route, mut device) = (PLAIN, route(), device());
    (message.text_empty, device.state, device.dead) = (true, DeviceState::LoggedOut, true);
    route.applications[0].channels[0].enabled = false;
    let asked = explain(message, &route, &device, NOW);
    let noes: Vec<_> = asked.iter().filter_map(|asked| asked.refused).collect();
    let expected = [
        Reason::LoggedOut,
        Reason::TokenDead,
        Reason::ChannelDisabled,
        Reason::EmptyText,
    ];
    assert_eq!(noes, expected);
}

#[test]
fn the_explanation_asks_fcm_where_it_stands_in_and_then_only() {
    let channels = |route: &Route, device: &DeviceFacts| {
        let asked = explain(PLAIN, route, device, NOW);
        let of = |asked: Asked| Some((asked.channel?, asked.refused));
        asked.into_iter().filter_map(of).collect::<Vec<_>>()
    };
    let both = droid(Channel::Vivo, Some("an FCM token"));
    let stood_in = channels(&droid_route(&[(Channel::Fcm, true)]), &both);
    let (own, fcm) = stood_in.split_at(2);
    assert_eq!(
        own,
        [(Channel::Vivo, None), (Channel::Vivo, Some(Reason::NoCredential))]
    );
    assert_eq!(fcm, [(Channel::Fcm, None); 4]);
    let own_can = channels(&droid_route(&[(Channel::Vivo, true), (Channel::Fcm, true)]), &both);
    assert_eq!(own_can, [(Channel::Vivo, None); 4]);
}

#[test]
fn a_stored_reason_tells_the_questions_that_were_asked_before_it() {
    for reason in Reason::ALL.iter().filter(|reason| Rule::of(**reason).is_some()) {
        let asked = past(Some(*reason));
        let (last, before) = asked.split_last().expect("at least one was asked");
        assert_eq!(last.refused, Some(*reason));
        assert!(
            before
                .iter()
                .all(|asked| asked.refused.is_none() && asked.rule < last.rule)
        );
    }
    for not_decided in [None, Some(Reason::TimeToLive)] {
        let asked = past(not_decided);
        assert_eq!((asked.len(), first_no(&asked)), (Rule::ALL.len(), None));
    }
}

fn droid(vendor: Channel, fcm_token: Option<&str>) -> DeviceFacts {
    DeviceFacts {
        platform: Platform::Android,
        channel: vendor,
        fcm_token: fcm_token.map(str::to_owned),
        ..device()
    }
}

fn droid_route(channels: &[(Channel, bool)]) -> Route {
    let mut route = route();
    route.applications[0].platform = Platform::Android;
    route.applications[0].channels = droid_channels(channels);
    route
}

fn droid_channels(channels: &[(Channel, bool)]) -> Vec<ChannelRoute> {
    let channel = |(channel, enabled): &(Channel, bool)| ChannelRoute {
        channel: *channel,
        enabled: *enabled,
        credentials: vec![(Environment::Production, None)],
    };
    channels.iter().map(channel).collect()
}

#[test]
fn fcm_stands_in_for_a_vendor_that_cannot_send_where_the_device_has_a_token_for_it() {
    let through = |route: &Route, device: &DeviceFacts| match decide(PLAIN, route, device, NOW) {
        Decision::Send { channel, .. } => Ok(channel),
        Decision::Skip(reason) => Err(reason),
    };
    let both = droid(Channel::Vivo, Some("an FCM token"));
    let only_fcm = droid_route(&[(Channel::Fcm, true)]);
    assert_eq!(through(&only_fcm, &both), Ok(Channel::Fcm));
    assert!(through(&only_fcm, &droid(Channel::Vivo, None)).is_err());
    let fcm_off = droid_route(&[(Channel::Fcm, false)]);
    assert_eq!(through(&fcm_off, &both), through(&fcm_off, &droid(Channel::Vivo, None)));
    assert_eq!(both.token_for(Channel::Fcm), Some("an FCM token"));
    assert_eq!(both.token_for(Channel::Vivo), Some(both.vendor_token.as_str()));
    assert_eq!(both.token_for(Channel::Oppo), None);
}

#[test]
fn a_receiver_without_a_device_is_told_from_an_unknown_one() {
    assert_eq!(decide_without_device(PLAIN, true), Reason::NoDevice);
    assert_eq!(decide_without_device(PLAIN, false), Reason::ReceiverUnknown);
    let muted = MessageFacts {
        push_disabled: true,
        ..PLAIN
    };
    assert_eq!(decide_without_device(muted, false), Reason::PushDisabled);
}

const LITE: PackageId = PackageId(31);

/// A main package with vivo, FCM and Xiaomi beside one more package.
fn two_packages(its_own: &[(Channel, bool)]) -> Route {
    let mut route = droid_route(&[(Channel::Vivo, true), (Channel::Fcm, true), (Channel::Xiaomi, true)]);
    route.applications[0].packages = vec![PackageRoute {
        package: LITE,
        name: "com.example.chat.lite".into(),
        channels: droid_channels(its_own),
    }];
    route
}

fn way_of(route: &Route, device: &DeviceFacts) -> Result<(PackageId, Channel), Reason> {
    match decide(PLAIN, route, device, NOW) {
        Decision::Send { package, channel, .. } => Ok((package, channel)),
        Decision::Skip(reason) => Err(reason),
    }
}

fn lite(vendor: Channel, fcm_token: Option<&str>) -> DeviceFacts {
    DeviceFacts {
        identifier: "com.example.chat.lite".into(),
        ..droid(vendor, fcm_token)
    }
}

#[test]
fn a_device_is_sent_to_with_the_keys_of_its_package() {
    let route = two_packages(&[(Channel::Vivo, true), (Channel::Xiaomi, true)]);
    let main = droid(Channel::Vivo, None);
    assert_eq!(way_of(&route, &main), Ok((PackageId::MAIN, Channel::Vivo)));
    assert_eq!(way_of(&route, &lite(Channel::Vivo, None)), Ok((LITE, Channel::Vivo)));
    let xiaomi = lite(Channel::Xiaomi, None);
    assert_eq!(
        way_of(&route, &xiaomi),
        Ok((LITE, Channel::Xiaomi)),
        "its own come first"
    );
    let mut unknown = main;
    unknown.identifier = "com.example.other".into();
    assert_eq!(way_of(&route, &unknown), Err(Reason::OtherIdentifier));
}

#[test]
fn a_package_without_keys_of_its_own_uses_the_main_ones_of_fcm_and_xiaomi_alone() {
    let route = two_packages(&[]);
    for shared in [Channel::Fcm, Channel::Xiaomi] {
        assert_eq!(way_of(&route, &lite(shared, None)), Ok((PackageId::MAIN, shared)));
    }
    assert_eq!(way_of(&route, &lite(Channel::Vivo, None)), Err(Reason::NoCredential));
    let both = lite(Channel::Vivo, Some("an FCM token"));
    assert_eq!(
        way_of(&route, &both),
        Ok((PackageId::MAIN, Channel::Fcm)),
        "FCM stands in"
    );
}

#[test]
fn keys_of_a_package_that_are_switched_off_are_not_replaced_by_the_main_ones() {
    let route = two_packages(&[(Channel::Fcm, false)]);
    assert_eq!(way_of(&route, &lite(Channel::Fcm, None)), Err(Reason::ChannelDisabled));
}

#[test]
fn a_main_package_without_a_name_takes_the_devices_that_no_other_package_claims() {
    let mut route = two_packages(&[(Channel::Vivo, true)]);
    route.applications[0].identifier = None;
    assert_eq!(
        way_of(&route, &droid(Channel::Vivo, None)),
        Ok((PackageId::MAIN, Channel::Vivo))
    );
    assert_eq!(way_of(&route, &lite(Channel::Vivo, None)), Ok((LITE, Channel::Vivo)));
}
