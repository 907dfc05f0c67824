//! Where a delivery stands.

use super::{Locale, names::pick};
use domain::delivery::DeliveryState;

/// The short name, for badges and filters.
pub const fn name(locale: Locale, state: DeliveryState) -> &'static str {
    let (en, zh) = match state {
        DeliveryState::Queued => ("Waiting", "等待发送"),
        DeliveryState::Sending => ("Sending", "发送中"),
        DeliveryState::Retrying => ("Retrying", "等待重试"),
        DeliveryState::Sent => ("Sent", "已发送"),
        DeliveryState::Reached => ("Reached", "已抵达"),
        DeliveryState::Clicked => ("Clicked", "已点击"),
        DeliveryState::Skipped => ("Not sent", "未发送"),
        DeliveryState::Failed => ("Failed", "失败"),
        DeliveryState::Expired => ("Expired", "已过期"),
        DeliveryState::Cancelled => ("Cancelled", "已取消"),
    };
    pick(locale, en, zh)
}

/// What the state means, one click away from the badge.
pub const fn meaning(locale: Locale, state: DeliveryState) -> &'static str {
    let (en, zh) = match state {
        DeliveryState::Queued => ("Accepted and waiting for its turn.", "已接收，正在排队。"),
        DeliveryState::Sending => ("On its way to the vendor.", "正在发往厂商。"),
        DeliveryState::Retrying => (
            "A try failed for a passing reason. It will be tried again within its time to live.",
            "上次发送因临时原因失败，将在有效期内重试。",
        ),
        DeliveryState::Sent => (
            "The vendor accepted it. Whether it was shown on the device is told by “Reached”.",
            "厂商已接收。是否在设备上展示以“已抵达”为准。",
        ),
        DeliveryState::Reached => (
            "The vendor or the device reports that it arrived.",
            "厂商或设备回报消息已抵达。",
        ),
        DeliveryState::Clicked => (
            "The device reports that the notification was clicked.",
            "设备回报通知已被点击。",
        ),
        DeliveryState::Skipped => (
            "It was decided not to send it. The reason says why.",
            "系统判定不发送，原因见说明。",
        ),
        DeliveryState::Failed => ("It was refused for good.", "消息被最终拒绝。"),
        DeliveryState::Expired => (
            "Its time to live ran out before it could be sent.",
            "在有效期内未能发送。",
        ),
        DeliveryState::Cancelled => ("It was called off.", "已被取消。"),
    };
    pick(locale, en, zh)
}
