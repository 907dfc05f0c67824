//! Cards that follow an IM application's, what vendors said of credentials, and receipt addresses, on `PostgreSQL`.

use super::{CHAT, control};
use crate::control::{
    ChannelOwner, ChannelRecord, Control, NewCertificate, NewVerification,
    tests::{NOW, SECRET, im, product, tenant},
};
use domain::{
    ApplicationId, PackageId, SdkAppId, Secret,
    account::Actor,
    certificate::{CertificateFacts, CertificateKind, Environment},
    channel::{Card, Channel, Verification},
    parcel::LaneKey,
};

const IM: SdkAppId = SdkAppId(1_400_000_001);
const OWN: ChannelOwner = ChannelOwner::Application(CHAT, PackageId::MAIN);
const KEPT: ChannelOwner = ChannelOwner::Im(IM);

/// A product and an IM application, not authorised to it yet.
async fn apart(schema: &str) -> Option<(Control, Actor, ApplicationId)> {
    let control = control(schema).await?;
    let actor = tenant(&control).await;
    let made = control.create_product(&actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let made = control.create_im_application(&actor, &im(IM.0)).await;
    made.expect("created");
    let application = control.application(&actor, CHAT).await.expect("there").id;
    Some((control, actor, application))
}

async fn save(control: &Control, actor: &Actor, owner: ChannelOwner, app_id: &str) {
    let card = ChannelRecord {
        channel: Channel::Vivo,
        enabled: true,
        values: [("app_id".to_owned(), app_id.to_owned())].into(),
        secrets: [("app_secret".to_owned(), Secret::new(format!("secret of {app_id}")))].into(),
    };
    control.save_channel(actor, owner, &card, NOW).await.expect("saved");
}

async fn held(control: &Control, application: ApplicationId) -> String {
    let lane = LaneKey::main(application, Channel::Vivo);
    let card = control.channel_credential(lane).await.expect("opens");
    card.expect("there").values["app_id"].clone()
}

#[tokio::test]
async fn a_card_follows_differs_and_is_taken_over_on_postgresql() {
    let Some((control, actor, application)) = apart("homing_follows").await else {
        return;
    };
    save(&control, &actor, KEPT, "1").await;
    control.authorise(&actor, IM, application, NOW).await.expect("made");
    assert_eq!(held(&control, application).await, "1", "copied");
    save(&control, &actor, KEPT, "2").await;
    assert_eq!(held(&control, application).await, "2", "follows");
    save(&control, &actor, OWN, "by hand").await;
    save(&control, &actor, KEPT, "3").await;
    assert_eq!(held(&control, application).await, "by hand", "left alone");
    assert_eq!(
        control.differing(&actor, CHAT).await.expect("read"),
        vec![Channel::Vivo]
    );
    let elsewhere = control.differing_applications(&actor, IM).await.expect("read");
    assert_eq!(elsewhere[&Channel::Vivo][0].access_id, CHAT);
    control
        .take_over(&actor, CHAT, Channel::Vivo)
        .await
        .expect("taken over");
    assert_eq!(held(&control, application).await, "3");
    assert_eq!(control.differing(&actor, CHAT).await.expect("read"), vec![]);
}

async fn trouble(control: &Control, lane: LaneKey, version: i64) {
    let said = Some(("10000".to_owned(), "no".to_owned()));
    let noted = control.note_trouble(lane, version, said, NOW).await;
    noted.expect("noted");
}

async fn verify(control: &Control, lane: LaneKey, version: i64, works: bool) {
    let answer = NewVerification {
        lane,
        environment: Environment::Production,
        version,
        works,
        vendor_code: "10000".into(),
        vendor_text: "no".into(),
        now: NOW,
    };
    control.note_verification(&answer).await.expect("noted");
}

async fn verified(control: &Control, actor: &Actor) -> Verification {
    let all = control.verifications(actor, CHAT).await.expect("read");
    assert_eq!(all.len(), 1, "the newest in place of the one before");
    all[0].1.clone()
}

#[tokio::test]
async fn a_card_that_works_again_is_given_a_new_version_on_postgresql() {
    let Some((control, actor, application)) = apart("homing_verified").await else {
        return;
    };
    save(&control, &actor, OWN, "1").await;
    let lane = LaneKey::main(application, Channel::Vivo);
    let version = async || {
        let card = control.channel_credential(lane).await.expect("opens");
        card.expect("there").version
    };
    let first = version().await;
    verify(&control, lane, first, false).await;
    assert!(verified(&control, &actor).await.current);
    trouble(&control, lane, first).await;
    verify(&control, lane, first, true).await;
    let second = version().await;
    assert!(second > first, "lanes look for it");
    let answer = verified(&control, &actor).await;
    assert!(answer.works && answer.current);
    // Of a credential that is gone nothing is noted.
    trouble(&control, lane, first).await;
    verify(&control, lane, second, true).await;
    assert_eq!(version().await, second);
    control.note_trouble(lane, second, None, NOW).await.expect("cleared");
}

#[tokio::test]
async fn a_certificate_that_works_again_is_counted_on_postgresql() {
    let Some((control, actor, application)) = apart("homing_resumed").await else {
        return;
    };
    let new = NewCertificate {
        facts: CertificateFacts {
            kind: CertificateKind::P8,
            subject: "KEY".into(),
            bundle: "com.example".into(),
            environments: vec![Environment::Production],
            issuer: "TEAM".into(),
            not_before: None,
            not_after: None,
            fingerprint: "AB".into(),
        },
        secret: Secret::new(SECRET),
        now: NOW,
    };
    control.add_certificate(&actor, CHAT, &new).await.expect("stored");
    let lane = LaneKey::main(application, Channel::Apns);
    let version = async || {
        let found = control
            .certificate_credential(application, Environment::Production)
            .await;
        found.expect("opens").expect("in force").version
    };
    let first = version().await;
    trouble(&control, lane, first).await;
    verify(&control, lane, first, true).await;
    assert_ne!(version().await, first, "lanes look for it");
    assert!(verified(&control, &actor).await.current);
}

#[tokio::test]
async fn a_receipt_address_is_made_once_and_leads_back_on_postgresql() {
    let Some((control, actor, application)) = apart("homing_doors").await else {
        return;
    };
    control.authorise(&actor, IM, application, NOW).await.expect("made");
    let lane = LaneKey::main(application, Channel::Vivo);
    for drawn in ["first", "second"] {
        let doors = vec![(Card::main(Channel::Vivo), Secret::new(drawn))];
        let opened = control.open_receipt_doors(&actor, CHAT, doors).await;
        opened.expect("opened");
        let secret = control.receipt_secret(lane, Secret::new(drawn)).await.expect("there");
        assert_eq!(secret.reveal(), "first");
    }
    let other = LaneKey::main(application, Channel::Oppo);
    let drawn = control.receipt_secret(other, Secret::new("drawn")).await.expect("made");
    assert_eq!(drawn.reveal(), "drawn");
    control.note_receipt(lane, NOW).await.expect("noted");
    let views = control
        .receipt_views(&actor, CHAT, "https://push.example.org")
        .await
        .expect("read");
    assert_eq!(
        views[&Card::main(Channel::Vivo)].address,
        "https://push.example.org/receipts/vivo/first"
    );
    assert_eq!(
        (
            views[&Card::main(Channel::Vivo)].last_at,
            views[&Card::main(Channel::Oppo)].last_at
        ),
        (Some(NOW), None)
    );
    let door = control
        .receipt_door(Channel::Vivo, &Secret::new("first"))
        .await
        .expect("read");
    let door = door.expect("leads somewhere");
    assert_eq!(
        (door.application, door.sdk_app_id, door.plans.len()),
        (application, Some(IM), 1)
    );
    let nowhere = control.receipt_door(Channel::Oppo, &Secret::new("first")).await;
    assert!(nowhere.expect("read").is_none());
}
