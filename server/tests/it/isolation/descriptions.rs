//! Provisioning: a description that names the other's things against one that names what nobody has, and what is told of
//! our own.

use super::Neighbours;
use crate::{
    provisioning::{APPLY, STATE, key_of},
    support::im::problem_or_json,
};
use axum::{body::Body, http::Request};
use domain::{Secret, api_key::Scope};
use serde_json::{Value, json};

async fn told(world: &Neighbours, key: &Secret, document: &Value) -> (u16, String) {
    let request = Request::post(format!("{APPLY}?dry_run=true"))
        .header("authorization", format!("Bearer {}", key.reveal()))
        .body(Body::from(document.to_string()))
        .unwrap();
    let (status, answer) = problem_or_json(&world.app, request).await;
    (status, answer.to_string())
}

/// Descriptions about somebody's product and IM application.
fn about(product: &str, im: &str) -> [Value; 4] {
    let authorisation = json!([{ "im_application": im, "product": product, "platform": "android" }]);
    [
        json!({ "products": [{
            "name": product, "access_point": "ap-guangzhou",
            "applications": [{ "platform": "android", "channels": { "vivo": { "app_secret": { "fingerprint": "01234567" } } } }],
        }]}),
        json!({ "products": [{ "name": product, "access_point": "ap-shanghai", "applications": [{ "platform": "ios" }] }] }),
        json!({ "im_applications": [{ "name": im, "access_point": "ap-guangzhou", "enabled": false }] }),
        json!({ "authorisations": authorisation }),
    ]
}

pub async fn tell_nothing(world: &Neighbours, wrong: &mut Vec<String>) {
    let key = key_of(&world.app, world.us.report.root.id, Scope::Provision).await;
    let [(product, no_product), (im, no_im)]: [(String, String); 2] = world.them.names().try_into().unwrap();
    for (theirs, nothing) in about(&product, &im).iter().zip(&about(&no_product, &no_im)) {
        let (answer, control) = (told(world, &key, theirs).await, told(world, &key, nothing).await);
        let plain = |text: &str| {
            text.replace(&no_product, "#")
                .replace(&no_im, "#")
                .replace(&product, "#")
                .replace(&im, "#")
        };
        let (answer, control) = ((answer.0, plain(&answer.1)), (control.0, plain(&control.1)));
        if answer != control {
            wrong.push(format!("provisioning:\n  {answer:?}\n  {control:?}"));
        }
    }
    let request = Request::get(STATE).header("authorization", format!("Bearer {}", key.reveal()));
    let (status, state) = problem_or_json(&world.app, request.body(Body::empty()).unwrap()).await;
    let state = state.to_string();
    if status != 200 || !state.contains("Messenger") || state.contains(&product) || state.contains(&im) {
        wrong.push(format!("provisioning tells {status} {state}"));
    }
}
