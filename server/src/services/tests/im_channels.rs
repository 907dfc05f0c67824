//! Vendor settings kept with an IM application: who follows them, who differs, who may touch them.

use super::{World, world::card};
use domain::{
    AccessId, Problem, SdkAppId,
    account::{Action, Actor, Preset},
    certificate::Environment,
    channel::{Card, Channel, ChannelView},
    parcel::{Credential, LaneKey},
    ports::{Authorisations, BasicConfigs, Credentials, ImApplications},
    problem::What,
    product::{ApplicationView, Platform},
};

/// A root account whose IM application is authorised to an Android application.
struct Pair {
    world: World,
    root: Actor,
    im: SdkAppId,
    application: ApplicationView,
}

impl Pair {
    async fn new() -> Self {
        let pair = Self::apart().await;
        pair.authorise().await;
        pair
    }

    async fn apart() -> Self {
        let world = World::new().await;
        let root = world.root("root").await;
        let im = world.im(&root, "IM").await;
        let application = world.application(&root, "Chat", Platform::Android).await;
        Self {
            world,
            root,
            im,
            application,
        }
    }

    async fn authorise(&self) {
        let port = &self.world.services.authorisations;
        port.add(&self.root, self.im, self.application.id).await.expect("made");
    }

    async fn save_im(&self, enabled: bool, secret: &str) {
        let port = &self.world.services.im_applications;
        let change = card(enabled, &vivo(secret));
        port.save_channel(&self.root, self.im, Channel::Vivo, change)
            .await
            .expect("saved");
    }

    async fn save_own(&self, enabled: bool, secret: &str) {
        let port = &self.world.services.basic_configs;
        let change = card(enabled, &vivo(secret));
        port.save_channel(
            &self.root,
            self.application.access_id,
            Card::main(Channel::Vivo),
            change,
        )
        .await
        .expect("saved");
    }

    /// The application's card, and whether it is shown to differ.
    async fn own(&self) -> (ChannelView, bool) {
        let port = &self.world.services.basic_configs;
        let config = port.get(&self.root, self.application.access_id).await.expect("shown");
        let view = config.channels.iter().find(|view| view.channel == Channel::Vivo);
        (view.expect("a card").clone(), config.differing.contains(&Channel::Vivo))
    }

    /// The Access IDs of the applications that the IM application's page shows to differ.
    async fn differing(&self) -> Vec<AccessId> {
        let port = &self.world.services.im_applications;
        let channels = port.channels(&self.root, self.im).await.expect("shown");
        let vivo = channels.iter().find(|channel| channel.view.channel == Channel::Vivo);
        let differing = &vivo.expect("a card").differing;
        differing.iter().map(|to| to.access_id).collect()
    }

    /// The secret with which the application sends.
    async fn sends_with(&self) -> String {
        let lane = LaneKey::main(self.application.id, Channel::Vivo);
        let port = &self.world.services.credentials;
        let found = port.credential(lane, Environment::Production).await.expect("stored");
        match &*found.credential {
            Credential::Vivo { app_secret, .. } => app_secret.reveal().to_owned(),
            other => panic!("{other:?}"),
        }
    }
}

fn vivo(secret: &str) -> [(&'static str, &str); 3] {
    [("app_id", "10004"), ("app_key", "key"), ("app_secret", secret)]
}

#[tokio::test]
async fn an_authorised_application_follows_what_the_im_application_has() {
    let pair = Pair::apart().await;
    pair.save_im(true, "one").await;
    assert!(!pair.own().await.0.configured);
    pair.authorise().await;
    assert_eq!(pair.sends_with().await, "one");
    for secret in ["two", "three"] {
        pair.save_im(true, secret).await;
        assert_eq!(pair.sends_with().await, secret);
        let (view, differs) = pair.own().await;
        assert!(view.configured && !differs && view.is_unverified());
    }
    assert_eq!(pair.differing().await, []);
}

#[tokio::test]
async fn a_channel_that_is_new_to_both_reaches_the_application_too() {
    let pair = Pair::new().await;
    pair.save_im(true, "one").await;
    assert_eq!(pair.sends_with().await, "one");
    assert!(pair.own().await.0.receipts.is_some(), "it has a receipt address");
}

#[tokio::test]
async fn a_card_changed_by_hand_is_left_alone_and_shown_to_differ_until_the_settings_are_taken_over() {
    let pair = Pair::new().await;
    pair.save_im(true, "one").await;
    pair.save_own(true, "by-hand").await;
    pair.save_im(true, "two").await;
    assert_eq!(pair.sends_with().await, "by-hand");
    assert!(pair.own().await.1);
    assert_eq!(pair.differing().await, [pair.application.access_id]);

    let port = &pair.world.services.basic_configs;
    port.take_over(&pair.root, pair.application.access_id, Channel::Vivo)
        .await
        .expect("taken over");
    assert_eq!(pair.sends_with().await, "two");
    assert!(!pair.own().await.1);
    assert_eq!(pair.differing().await, []);
    pair.save_im(true, "three").await;
    assert_eq!(pair.sends_with().await, "three");
}

#[tokio::test]
async fn a_card_that_was_there_before_the_authorisation_is_left_alone() {
    let pair = Pair::apart().await;
    pair.save_own(true, "before").await;
    pair.save_im(true, "one").await;
    pair.authorise().await;
    pair.save_im(true, "two").await;
    assert_eq!(pair.sends_with().await, "before");
    assert_eq!(pair.differing().await, [pair.application.access_id]);
}

#[tokio::test]
async fn the_same_typed_twice_is_no_difference() {
    let pair = Pair::new().await;
    pair.save_own(true, "same").await;
    pair.save_im(true, "same").await;
    assert_eq!(pair.differing().await, []);
    pair.save_im(true, "other").await;
    assert_eq!(pair.sends_with().await, "other");
}

#[tokio::test]
async fn a_switch_turned_by_hand_stays_and_one_that_was_not_follows() {
    let pair = Pair::new().await;
    pair.save_im(true, "one").await;
    pair.save_im(false, "one").await;
    assert!(!pair.own().await.0.enabled, "it follows");
    pair.save_own(true, "").await;
    pair.save_im(false, "two").await;
    let (view, differs) = pair.own().await;
    assert!(view.enabled && !differs);
    assert_eq!(pair.sends_with().await, "two");
}

#[tokio::test]
async fn a_revoked_application_keeps_what_it_has_and_follows_no_more() {
    let pair = Pair::new().await;
    pair.save_im(true, "one").await;
    let port = &pair.world.services.authorisations;
    let page = port.page(&pair.root, pair.application.product).await.expect("shown");
    let made = page.applications[0].authorised.as_ref().expect("authorised").id;
    port.revoke(&pair.root, made).await.expect("revoked");
    pair.save_im(true, "two").await;
    assert_eq!(pair.sends_with().await, "one");
    assert!(!pair.own().await.1);
    assert_eq!(pair.differing().await, []);
    let port = &pair.world.services.basic_configs;
    let taken = port
        .take_over(&pair.root, pair.application.access_id, Channel::Vivo)
        .await;
    assert_eq!(taken, Err(Problem::NotFound(What::Authorisation)));
}

#[tokio::test]
async fn the_trouble_of_the_old_settings_is_over_with_the_new_ones() {
    let pair = Pair::new().await;
    pair.save_im(true, "one").await;
    let lane = LaneKey::main(pair.application.id, Channel::Vivo);
    let port = &pair.world.services.credentials;
    let used = port.credential(lane, Environment::Production).await.expect("stored");
    let trouble = Some(("10003".to_owned(), "no such app".to_owned()));
    port.report_trouble(lane, used.version, trouble).await;
    assert!(pair.own().await.0.trouble.is_some());
    pair.save_im(true, "two").await;
    assert!(pair.own().await.0.trouble.is_none());
}

#[tokio::test]
async fn an_im_application_keeps_the_android_vendors_only_and_what_is_wrong_is_told_by_field() {
    let pair = Pair::apart().await;
    let port = &pair.world.services.im_applications;
    let shown = port.channels(&pair.root, pair.im).await.expect("shown");
    assert_eq!(shown.len(), 7);
    assert!(shown.iter().all(|channel| !channel.view.configured));
    let apns = port
        .save_channel(&pair.root, pair.im, Channel::Apns, card(true, &[]))
        .await;
    assert_eq!(apns, Err(Problem::NotFound(What::VendorChannel)));
    let half = port
        .save_channel(&pair.root, pair.im, Channel::Vivo, card(true, &[("app_id", "x")]))
        .await;
    let Err(Problem::Invalid(faults)) = half else {
        panic!("{half:?}");
    };
    assert_eq!(faults.len(), 3, "{faults:?}");
}

#[tokio::test]
async fn settings_are_changed_by_those_who_may_only() {
    let pair = Pair::new().await;
    pair.save_im(true, "one").await;
    pair.save_own(true, "by-hand").await;
    let access_id = pair.application.access_id;
    let viewer = &[(pair.application.id, Preset::ReadOnly)];
    let viewer = pair.world.sub(&pair.root, "viewer", viewer).await;
    let services = &pair.world.services;
    let denied = |missing| Problem::Forbidden {
        missing,
        ask: "root".into(),
    };
    let taken = services
        .basic_configs
        .take_over(&viewer, access_id, Channel::Vivo)
        .await;
    assert_eq!(taken, Err(denied(Action::Configure)));
    let port = &services.im_applications;
    let seen = port.channels(&viewer, pair.im).await.map(drop);
    assert_eq!(seen, Err(denied(Action::ManageImApplications)));
    let saved = port
        .save_channel(&viewer, pair.im, Channel::Vivo, card(true, &vivo("two")))
        .await;
    assert_eq!(saved, Err(denied(Action::ManageImApplications)));
    let stranger = pair.world.root("stranger").await;
    let saved = port
        .save_channel(&stranger, pair.im, Channel::Vivo, card(true, &vivo("two")))
        .await;
    assert_eq!(saved, Err(Problem::NotFound(What::ImApplication)));
    assert_eq!(pair.sends_with().await, "by-hand");
}
