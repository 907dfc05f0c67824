//! Spent quotas, from the dispatcher's report to what Basic Config shows.

use super::{World, world::NOW};
use domain::{
    channel::Channel,
    parcel::LaneKey,
    ports::{Authorisations, BasicConfigs, Credentials},
    product::Platform,
    quota::{QuotaClass, SpentQuota},
};

#[tokio::test]
async fn a_spent_quota_shows_with_what_waits_for_it_until_it_is_full_again() {
    let world = World::new().await;
    let root = world.root("root").await;
    let application = world.application(&root, "Chat", Platform::Android).await;
    let im = world.im(&root, "IM").await;
    let authorised = world.services.authorisations.add(&root, im, application.id).await;
    authorised.expect("added");
    let (credentials, configs) = (&world.services.credentials, &world.services.basic_configs);
    let lane = LaneKey::main(application.id, Channel::Vivo);
    let shown = async || {
        let config = configs.get(&root, application.access_id).await;
        config.expect("visible").quotas
    };
    assert_eq!(shown().await, []);

    let class = QuotaClass::Communication;
    let spent = SpentQuota {
        class,
        since: NOW,
        until: NOW.plus_secs(3600),
        vendor_code: "10073".into(),
        vendor_text: "no".repeat(600),
    };
    credentials.report_quota(lane, class, Some(spent.clone())).await;
    let told = credentials.spent_quotas(lane).await;
    assert_eq!(
        (told.len(), told[0].until, told[0].vendor_text.len()),
        (1, spent.until, 500)
    );
    let notices = shown().await;
    let [notice] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!((notice.channel, notice.held), (Channel::Vivo, 7));
    assert!(notice.plan.is_some());
    assert_eq!(notice.spent, told);

    credentials.report_quota(lane, class, None).await;
    assert_eq!(shown().await, [], "the vendor took one again");
    credentials.report_quota(lane, class, Some(spent)).await;
    world.clock.advance_ms(3_600_000);
    assert_eq!(shown().await, [], "it is full again by itself");
}
