//! Alarms on `PostgreSQL`.

use super::control;
use crate::control::tests::{alarms::come_and_go, tenant};

#[tokio::test]
async fn alarms_come_and_go_with_their_causes_on_postgresql() {
    if let Some(control) = control("homing_alarms").await {
        let actor = tenant(&control).await;
        come_and_go(&control, &actor).await;
    }
}
