//! What is told of alarms: to whom, by whom, and how often.

use super::{
    NOW,
    alarms::{CHAT, fresh, refuse, round},
    product,
};
use crate::control::{Control, Notice, entity::channel_trouble};
use domain::{
    RecipientId, Secret, Timestamp,
    account::Actor,
    alarm::recipient::{GIVE_UP_MS, Language, Means, News, QuietHours, RecipientDraft},
};
use sea_orm::EntityTrait;

fn draft(address: &str) -> RecipientDraft {
    RecipientDraft {
        means: Means::Webhook,
        address: address.into(),
        language: Language::Zh,
        quiet: Some(QuietHours { from: 1320, until: 450 }),
        enabled: true,
    }
}

/// Looks for alarms and makes notices of them.
async fn noted(control: &Control, now: Timestamp) -> u64 {
    round(control, now).await;
    control.make_notices(now).await.expect("made")
}

async fn due(control: &Control, now: Timestamp) -> Vec<RecipientId> {
    let due = control.due_recipients(now).await.expect("read");
    due.into_iter().map(|due| due.view.id).collect()
}

async fn take(control: &Control, id: RecipientId, now: Timestamp) -> Option<Vec<Notice>> {
    control.take_notices(id, now).await.expect("taken")
}

fn news(notices: &[Notice]) -> Vec<News> {
    notices.iter().map(|notice| notice.news).collect()
}

async fn mend(control: &Control) {
    let cleared = channel_trouble::Entity::delete_many()
        .exec(&control.connections.write)
        .await;
    cleared.expect("cleared");
}

/// One recipient is told everything once, by one node at a time.
pub(super) async fn are_told(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there").id.0;
    let first = draft("https://ops.example.com/1");
    let id = control
        .create_recipient(actor, &first, "form", NOW)
        .await
        .expect("made");
    let again = control.create_recipient(actor, &first, "form", NOW).await;
    assert_eq!(again.expect("made before"), id, "a form makes one");
    let off = RecipientDraft {
        enabled: false,
        ..draft("https://ops.example.com/2")
    };
    control.create_recipient(actor, &off, "", NOW).await.expect("made");
    let secret = Secret::new("whs_0123456789abcd");
    control
        .issue_recipient_secret(actor, id, &secret)
        .await
        .expect("issued");
    assert_eq!(control.recipient_secret(id).await.expect("opened"), Some(secret));
    let view = control.recipient(actor, id).await.expect("there");
    assert_eq!(
        (view.quiet, view.hint.as_deref(), view.waiting),
        (first.quiet, Some("abcd"), 0)
    );

    assert_eq!(noted(control, NOW).await, 0);
    refuse(control, application, "10000").await;
    assert_eq!(noted(control, NOW).await, 1, "to the one that is on");
    assert_eq!(noted(control, NOW).await, 0, "once");
    assert_eq!(due(control, NOW).await, [id]);
    let taken = take(control, id, NOW).await.expect("its turn");
    assert_eq!(news(&taken), [News::Raised]);
    assert_eq!(taken[0].alarm.application, Some((CHAT, "Chat Android".to_owned())));
    assert_eq!(
        take(control, id, NOW.plus_secs(59)).await,
        None,
        "another node has the turn"
    );
    assert_eq!(due(control, NOW.plus_secs(59)).await, []);
    let failed = control.end_notices(id, &taken, Some(("503", None)), NOW).await;
    failed.expect("written");
    assert_eq!(due(control, NOW.plus_secs(4)).await, []);
    let later = NOW.plus_secs(5);
    assert_eq!(due(control, later).await, [id]);
    let taken = take(control, id, later).await.expect("its turn");
    control.end_notices(id, &taken, None, later).await.expect("written");
    let view = control.recipient(actor, id).await.expect("there");
    assert_eq!((view.told_at, view.waiting, view.fault.as_str()), (Some(later), 0, ""));

    mend(control).await;
    assert_eq!(noted(control, later).await, 1);
    let taken = take(control, id, later.plus_secs(1)).await.expect("its turn");
    assert_eq!(news(&taken), [News::Ended]);
    control.end_notices(id, &taken, None, later).await.expect("written");
    assert_eq!(due(control, later.plus_secs(1)).await, []);
}

/// What is over before it could be told is not told, nor what could not be for days; what is deleted takes all with it.
pub(super) async fn are_left_out(control: &Control, actor: &Actor) {
    let made = control.create_product(actor, &product("Chat", CHAT.0)).await;
    made.expect("created");
    let application = control.application(actor, CHAT).await.expect("there");
    let first = draft("https://ops.example.com/1");
    let id = control.create_recipient(actor, &first, "", NOW).await.expect("made");
    refuse(control, application.id.0, "10000").await;
    assert_eq!(noted(control, NOW).await, 1);
    mend(control).await;
    assert_eq!(noted(control, NOW.plus_secs(5)).await, 1);
    assert_eq!(control.recipient(actor, id).await.expect("there").waiting, 2);
    let taken = take(control, id, NOW.plus_secs(6)).await.expect("its turn");
    assert_eq!(taken, [], "it is over");
    control
        .end_notices(id, &taken, None, NOW.plus_secs(6))
        .await
        .expect("written");
    let view = control.recipient(actor, id).await.expect("there");
    assert_eq!((view.waiting, view.told_at), (0, None));

    // Raised and ended between two looks of who tells.
    refuse(control, application.id.0, "10000").await;
    round(control, NOW.plus_secs(7)).await;
    mend(control).await;
    assert_eq!(noted(control, NOW.plus_secs(8)).await, 0);

    refuse(control, application.id.0, "10000").await;
    assert_eq!(noted(control, NOW.plus_secs(9)).await, 1);
    let late = NOW.plus_ms(GIVE_UP_MS + 10_000);
    assert_eq!(take(control, id, late).await.expect("its turn"), []);
    control.end_notices(id, &[], None, late).await.expect("written");
    mend(control).await;
    assert_eq!(noted(control, late).await, 0, "nobody knows that it began");

    refuse(control, application.id.0, "10000").await;
    assert_eq!(noted(control, late).await, 1);
    let deleted = control.delete_application(actor, CHAT, &application.name).await;
    deleted.expect("deleted");
    assert_eq!(due(control, late).await, []);
    control.delete_recipient(actor, id).await.expect("deleted");
    let ended = control.end_notices(id, &[], None, late).await;
    ended.expect("nobody is left");
    assert_eq!(control.recipients(actor).await.expect("read"), []);
}

#[tokio::test]
async fn notices_of_alarms_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor) = fresh(folder.path()).await;
    are_told(&control, &actor).await;
}

#[tokio::test]
async fn notices_of_alarms_are_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let (control, actor) = fresh(folder.path()).await;
    are_left_out(&control, &actor).await;
}
