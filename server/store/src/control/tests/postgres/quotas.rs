//! Spent quotas on `PostgreSQL`.

use super::control;
use crate::control::tests::{quotas::comes_and_goes, tenant};

#[tokio::test]
async fn a_spent_quota_lasts_until_its_end_or_until_it_is_cleared_on_postgresql() {
    if let Some(control) = control("homing_quotas").await {
        let actor = tenant(&control).await;
        comes_and_goes(&control, &actor).await;
    }
}
