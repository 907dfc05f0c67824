//! Everything that can be asked, asked by a sub-account that must set up a second step first: what does not set one up
//! takes it for a stranger.

use super::{Walk, ask, calls::call_of};
use crate::support::{World, im::text_message};
use domain::ports::Factors;
use server::permissions::{Needs, RULES};

/// All that sets one up, or proves who is there for that.
const SETTING_UP: [&str; 9] = [
    "/ui/account/confirm",
    "/ui/account/confirm-code",
    "/ui/account/enable-codes",
    "/ui/account/new-codes",
    "/ui/account/owed",
    "/ui/passkeys/add",
    "/ui/passkeys/confirm",
    "/ui/passkeys/confirm-ways",
    "/ui/passkeys/new",
];

#[tokio::test]
async fn who_owes_a_second_step_is_a_stranger_to_all_but_what_sets_one_up() {
    let walk = Walk::start().await;
    walk.app.im().call("openim/sendmsg", text_message("bob", 1)).await;
    let ids = walk.ids().await;
    let demanded = walk
        .app
        .server
        .services
        .control
        .factors
        .demand_second_step(&walk.root, true)
        .await;
    assert_eq!(demanded, Ok(()));
    let (owing, stranger) = (walk.app.browser(), walk.app.browser());
    assert!(owing.sign_in(World::SUB, World::SUB_PASSWORD).await);
    let mut wrong = Vec::new();
    for (path, needs) in RULES {
        if *needs == Needs::Nothing {
            continue;
        }
        let Some(call) = call_of(path, &ids) else { continue };
        let theirs = ask(&walk.app, &owing, path, &call, &ids).await;
        let nobody_s = ask(&walk.app, &stranger, path, &call, &ids).await;
        // Uploads show the page that they lead to.
        let turned_away = theirs.status == nobody_s.status && theirs.text == nobody_s.text
            || theirs.text.contains("Set up a second step");
        if turned_away == SETTING_UP.contains(path) {
            wrong.push(format!("{path}: {} {}", theirs.status, theirs.text));
        }
    }
    assert!(wrong.is_empty(), "against the list:\n{}", wrong.join("\n"));
}
