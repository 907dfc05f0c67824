//! Spent quotas: noted by class, read while they last, and forgotten.

use super::{NOW, opened, product, tenant};
use crate::{control::Control, vault::MasterKey};
use domain::{
    AccessId, Timestamp,
    account::Actor,
    channel::Channel,
    parcel::LaneKey,
    quota::{QuotaClass, SpentQuota},
};

const CHAT: AccessId = AccessId(1_500_000_001);

fn spent(class: QuotaClass, until: Timestamp) -> SpentQuota {
    SpentQuota {
        class,
        since: NOW,
        until,
        vendor_code: "10070".into(),
        vendor_text: "运营消息发送总量超出限制".into(),
    }
}

/// What happens to the quotas of a lane in two days.
pub(super) async fn comes_and_goes(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there").id;
    let lane = LaneKey::main(application, Channel::Vivo);
    let (evening, next) = (NOW.plus_secs(3600), NOW.plus_secs(86_400));
    let note = async |lane, quota: &SpentQuota| {
        let noted = control.note_quota(lane, quota.class, Some(quota)).await;
        noted.expect("noted");
    };
    let (marketing, chat) = (
        spent(QuotaClass::Marketing, evening),
        spent(QuotaClass::Communication, next),
    );
    note(lane, &marketing).await;
    note(lane, &chat).await;
    let of = async |lane, now| control.spent_quotas(lane, now).await.expect("read");
    assert_eq!(of(lane, NOW).await, [chat.clone(), marketing], "the longest first");
    assert_eq!(
        of(lane, evening).await,
        std::slice::from_ref(&chat),
        "one is full again by itself"
    );
    assert_eq!(of(LaneKey::main(application, Channel::Oppo), NOW).await, []);

    let again = spent(QuotaClass::Marketing, next);
    note(lane, &again).await;
    let shown = control.spent_quotas_of(actor, CHAT, evening).await.expect("read");
    let expected = [&chat, &again].map(|quota| (Channel::Vivo, quota.clone()));
    assert_eq!(shown, expected, "noted anew");
    let cleared = control.note_quota(lane, QuotaClass::Communication, None).await;
    cleared.expect("cleared");
    assert_eq!(of(lane, evening).await, [again]);
}

#[tokio::test]
async fn a_spent_quota_lasts_until_its_end_or_until_it_is_cleared() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = MasterKey::File(folder.path().join("master.key"));
    let control = opened(folder.path(), &key).await.expect("opens").control;
    let actor = tenant(&control).await;
    comes_and_goes(&control, &actor).await;
}
