//! Each row of the tables, and what no row says.

use super::*;
use crate::channels::{
    sample,
    split::testing::{answer, judge},
};
use domain::channel::Channel;
use http::{HeaderValue, header::RETRY_AFTER};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_795_000_000_000);
const GONE: Verdict = Verdict::RecipientGone { as_of: None };
const LATER: Verdict = Verdict::RetryLater { after_ms: None };
const BOTH: [Interface; 2] = [Interface::Hms, Interface::Harmony];

fn said(status: u16, code: &str, msg: &str) -> Answer {
    let body = json!({"code": code, "msg": msg, "requestId": "157440"});
    answer(status, &body.to_string())
}

/// The verdicts for devices with the tokens "a", "b" and "c".
fn verdicts(interface: Interface, code: &str, msg: &Value) -> [Verdict; 3] {
    let parcels = ["a", "b", "c"].map(|token| Parcel {
        vendor_token: token.into(),
        ..sample::parcel(Channel::Huawei, |_| {})
    });
    let parcels = parcels.each_ref();
    let Reading::Taken(taken) = read(interface, &said(200, code, &msg.to_string()), &parcels, NOW) else {
        panic!("{code} {msg} is about single devices");
    };
    assert_eq!(taken.vendor_id, "157440");
    parcels.map(|parcel| match taken.refused.get(&parcel.vendor_token) {
        Some(judgement) => judgement.verdict,
        None => Verdict::Accepted,
    })
}

#[test]
fn every_code_has_its_verdict() {
    let slower = Verdict::Throttled { after_ms: PAUSE_MS };
    let rows: [(&[&str], Verdict); 4] = [
        (
            &[
                "80100001", "80100002", "80100003", "80100004", "80100013", "80100016", "80100018", "80100022",
                "80300008", "80300010", "80300030", "82000001", "82000013",
            ],
            Verdict::MessageRejected,
        ),
        (
            &["80300002", "80300011", "80300013", "80300036", "80300037"],
            Verdict::CredentialBroken,
        ),
        (&["80100017", "80300029"], slower),
        (&["80600003", "81000001"], LATER),
    ];
    for (interface, (codes, verdict)) in BOTH.iter().flat_map(|i| rows.iter().map(move |row| (*i, row))) {
        for code in *codes {
            let judgement = judge(read(interface, &said(200, code, "why"), &[], NOW));
            assert_eq!(judgement.verdict, *verdict, "{code}");
            assert_eq!((judgement.code.as_str(), judgement.text.as_str()), (*code, "why"));
        }
    }
}

#[test]
fn success_is_a_text_or_a_number() {
    for code in [json!("80000000"), json!(80_000_000)] {
        let body = json!({"code": code, "msg": "Success", "requestId": "157440"}).to_string();
        let reading = read(Interface::Hms, &answer(200, &body), &[], NOW);
        assert_eq!(reading, Reading::Taken(Taken::all(200, "157440")));
    }
}

#[test]
fn a_refused_token_asks_for_a_new_one_and_breaks_the_credential_if_that_was_tried() {
    for code in ["80200001", "80200003", "80200005", "new"] {
        let reading = read(Interface::Hms, &said(401, code, ""), &[], NOW);
        assert!(matches!(reading, Reading::NewToken(_)), "{code}");
        assert_eq!(judge(reading).verdict, Verdict::CredentialBroken);
    }
    assert!(matches!(
        read(Interface::Hms, &answer(401, ""), &[], NOW),
        Reading::NewToken(_)
    ));
}

#[test]
fn tokens_that_failed_are_told_apart_in_both_spellings() {
    use Verdict::Accepted;
    let list = json!({"success": 2, "failure": 1, "illegal_tokens": ["b"]});
    assert_eq!(verdicts(Interface::Hms, "80100000", &list), [Accepted, GONE, Accepted]);
    let reasons = json!({"success": 1, "failure": 2, "illegalTokens": {"tokenFormatError": ["a"], "noRight": ["c"]}});
    for interface in BOTH {
        assert_eq!(verdicts(interface, "80100000", &reasons), [GONE, Accepted, GONE]);
    }
    let unread = json!("some tokens failed");
    assert_eq!(verdicts(Interface::Hms, "80100000", &unread), [Accepted; 3]);
    let none = json!({"success": 0, "failure": 3});
    assert_eq!(
        verdicts(Interface::Hms, "80100000", &none),
        [LATER; 3],
        "not said to be dead"
    );
    assert_eq!(
        verdicts(Interface::Harmony, "80100000", &list),
        [Accepted, Verdict::MessageRejected, Accepted],
        "no reason is given"
    );
}

#[test]
fn all_tokens_illegal_means_dead_ones_by_v1_only() {
    for msg in [json!("all the tokens are invalid"), json!({"illegal_tokens": ["a"]})] {
        assert_eq!(verdicts(Interface::Hms, "80300007", &msg), [GONE; 3]);
    }
    assert_eq!(verdicts(Interface::Harmony, "80300007", &json!("invalid")), [LATER; 3]);
    let dead = json!({"success": 0, "failure": 3, "illegalTokens": {"tokenPlatformNotSupport": ["a", "b", "c"]}});
    assert_eq!(verdicts(Interface::Harmony, "80300007", &dead), [GONE; 3]);
}

#[test]
fn no_reason_of_v3_but_three_ends_a_device() {
    for (reason, verdict) in [
        ("tokenFormatError", GONE),
        ("tokenPlatformNotSupport", GONE),
        ("noRight", GONE),
        ("noPushTypeRight", Verdict::MessageRejected),
        ("noRightToSendThisLiveNotificationEvent", Verdict::MessageRejected),
        ("countryNotSupport", Verdict::MessageRejected),
        ("disableSendHuaweiMsgBecauseOfPenalty", Verdict::MessageRejected),
        ("differentImgVerifyPolicy", Verdict::MessageRejected),
        ("appinfoError", Verdict::MessageRejected),
        ("atomicUnableSendUnsubscribedMsg", Verdict::MessageRejected),
        ("notSupportPlayVoice", Verdict::MessageRejected),
        ("somethingNew", Verdict::MessageRejected),
    ] {
        let msg = json!({"success": 0, "failure": 1, "illegalTokens": {reason: ["a"]}});
        for code in ["80100000", "80300007"] {
            assert_eq!(
                verdicts(Interface::Harmony, code, &msg),
                [verdict, LATER, LATER],
                "{reason}"
            );
        }
    }
}

#[test]
fn flow_control_comes_as_a_bare_503() {
    for status in [429, 503] {
        let mut bare = answer(status, "");
        let judgement = judge(read(Interface::Hms, &bare, &[], NOW));
        let expected = (Verdict::Throttled { after_ms: 1_000 }, "flow_control");
        assert_eq!((judgement.verdict, judgement.code.as_str()), expected);
        bare.headers.insert(RETRY_AFTER, HeaderValue::from_static("7"));
        let judgement = judge(read(Interface::Harmony, &bare, &[], NOW));
        assert_eq!(judgement.verdict, Verdict::Throttled { after_ms: 7_000 });
    }
}

#[test]
fn what_huawei_did_not_write_is_tried_again() {
    for (status, body) in [
        (200, ""),
        (200, "{}"),
        (200, r#"{"code":"8000"#),
        (200, "<html>Sign in</html>"),
        (302, ""),
        (401, "<html>Sign in</html>"),
        (404, ""),
        (500, ""),
        (502, "<html>Bad Gateway</html>"),
        (503, "<html>Service Unavailable</html>"),
    ] {
        let judgement = judge(read(Interface::Hms, &answer(status, body), &[], NOW));
        let expected = (LATER, "unreadable_answer");
        assert_eq!(
            (judgement.verdict, judgement.code.as_str()),
            expected,
            "{status} {body}"
        );
    }
}

#[test]
fn no_unknown_code_ends_a_device() {
    for status in [200, 400, 401, 403, 404, 429, 500, 502, 503] {
        let verdict = judge(read(Interface::Hms, &said(status, "80399999", ""), &[], NOW)).verdict;
        assert!(!matches!(verdict, GONE | Verdict::Accepted), "{status}");
    }
}

#[test]
fn a_long_reason_is_not_kept_once_for_each_of_many_devices() {
    let reason = "r".repeat(10_000);
    let tokens: Vec<String> = (0..1000).map(|token| token.to_string()).collect();
    let by_reason = json!({"illegalTokens": { reason.as_str(): tokens }}).to_string();
    let numbered = (0..1000).map(|number| Parcel {
        vendor_token: format!("t{number}"),
        ..sample::parcel(Channel::Huawei, |_| {})
    });
    let numbered: Vec<Parcel> = numbered.collect();
    let numbered: Vec<&Parcel> = numbered.iter().collect();
    for (code, msg) in [("80100000", by_reason.as_str()), ("80300007", reason.as_str())] {
        let Reading::Taken(taken) = read(Interface::Harmony, &said(200, code, msg), &numbered, NOW) else {
            panic!("{code} is about single devices");
        };
        let kept: usize = taken.refused.values().map(|judgement| judgement.text.len()).sum();
        assert!((1..1_000_000).contains(&kept), "{code}: {kept} bytes are kept");
    }
}
