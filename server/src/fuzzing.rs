//! Fuzz entry points of the doors: functions that take any bytes and panic when a promise is broken.
//!
//! `fuzz/` feeds them with libFuzzer; `tests/it/fuzzing` replays its corpus and runs them as property tests, those of the
//! dispatcher with them. Nothing else calls them.

mod messages;
mod provisioning;
mod receipts;
mod tickets;

pub use dispatcher::fuzzing::Target;
pub use messages::offline_push;
pub use provisioning::provisioning;
pub use receipts::{
    receipt_honor, receipt_huawei, receipt_meizu, receipt_oppo, receipt_signature, receipt_vivo, receipt_xiaomi,
};
pub use tickets::usersig;

/// All of them by name, which is also that of the folder of their corpus.
pub const TARGETS: &[Target] = &[
    ("offline_push", offline_push),
    ("provisioning", provisioning),
    ("receipt_honor", receipt_honor),
    ("receipt_huawei", receipt_huawei),
    ("receipt_meizu", receipt_meizu),
    ("receipt_oppo", receipt_oppo),
    ("receipt_signature", receipt_signature),
    ("receipt_vivo", receipt_vivo),
    ("receipt_xiaomi", receipt_xiaomi),
    ("usersig", usersig),
];
