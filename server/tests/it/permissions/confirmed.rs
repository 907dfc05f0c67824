//! Everything that can be asked, asked by somebody who signed in too long ago to see secrets, delete or grant.

use super::{Walk, ask, calls::call_of};
use crate::support::{World, im::text_message};
use axum::http::StatusCode;
use server::permissions::{CONFIRMED, RULES};

const TEN_MINUTES_MS: i64 = 10 * 60_000;

#[tokio::test]
async fn what_shows_deletes_or_grants_asks_who_is_there_and_nothing_else_does() {
    let walk = Walk::start().await;
    walk.app.im().call("openim/sendmsg", text_message("bob", 1)).await;
    let ids = walk.ids().await;
    let root = walk.signed_in(World::ROOT, World::PASSWORD, walk.root.account).await;
    walk.app.clock.advance_ms(TEN_MINUTES_MS);
    let mut wrong = Vec::new();
    for (path, _) in RULES {
        let Some(mut call) = call_of(path, &ids) else { continue };
        if *path == "/ui/packages/remove" {
            // One that is there: nothing is removed before the proof.
            call.fields = vec![("access_id", ids.android.clone()), ("package", ids.package.clone())];
        }
        let answer = ask(&walk.app, &root.browser, path, &call, &ids).await;
        let asks = answer.status == StatusCode::FORBIDDEN && answer.text == r#""Unconfirmed""#;
        if asks != CONFIRMED.contains(path) {
            wrong.push(format!("{path}: {} {}", answer.status, answer.text));
        }
    }
    assert!(wrong.is_empty(), "against the table:\n{}", wrong.join("\n"));
    let unruled = CONFIRMED
        .iter()
        .find(|path| !RULES.iter().any(|(ruled, _)| ruled == *path));
    assert_eq!(unruled, None, "has no rule");
}
