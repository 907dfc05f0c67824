//! Alarms on `PostgreSQL`.

use super::control;
use crate::control::tests::{
    alarm_notices::{are_left_out, are_told},
    alarms::{are_of_all_nodes_that_see_the_messages, are_of_nodes, come_and_go, end_with_what_they_are_about},
    tenant,
};

#[tokio::test]
async fn alarms_come_and_go_with_their_causes_on_postgresql() {
    if let Some(control) = control("homing_alarms").await {
        let actor = tenant(&control).await;
        come_and_go(&control, &actor).await;
    }
}

#[tokio::test]
async fn alarms_end_with_what_they_are_about_on_postgresql() {
    if let Some(control) = control("homing_alarms_end").await {
        let actor = tenant(&control).await;
        end_with_what_they_are_about(&control, &actor).await;
    }
}

#[tokio::test]
async fn alarms_are_of_nodes_on_postgresql() {
    if let Some(control) = control("homing_alarms_nodes").await {
        let actor = tenant(&control).await;
        are_of_nodes(&control, &actor).await;
    }
}

#[tokio::test]
async fn notices_of_alarms_are_told_on_postgresql() {
    if let Some(control) = control("homing_notices").await {
        let actor = tenant(&control).await;
        are_told(&control, &actor).await;
    }
}

#[tokio::test]
async fn notices_of_alarms_are_left_out_on_postgresql() {
    if let Some(control) = control("homing_notices_out").await {
        let actor = tenant(&control).await;
        are_left_out(&control, &actor).await;
    }
}

#[tokio::test]
async fn alarms_are_of_all_nodes_that_see_the_messages_on_postgresql() {
    if let Some(control) = control("homing_alarms_all").await {
        let actor = tenant(&control).await;
        are_of_all_nodes_that_see_the_messages(&control, &actor).await;
    }
}
